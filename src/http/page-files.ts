/** The page as it was built, and the drawings of the machines: files of this package and nothing else. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

/** @param root the folder of the package */
export function pageFiles(root: string): Hono {
  const files = new Hono();
  const page = join(root, 'dist/page');
  const charts = join(root, 'machines/charts');
  if (existsSync(charts)) {
    files.get(
      '/charts/*',
      serveStatic({ root: charts, rewriteRequestPath: (path) => path.slice('/charts'.length) }),
    );
  }
  if (existsSync(page)) files.get('/*', serveStatic({ root: page }));
  else files.get('/', (c) => c.html(notBuiltPage, 503));
  return files;
}

const notBuiltPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Miyabi Orchestra</title>
<h1>The page has not been built</h1>
<p><code>npm run build</code> builds it; then restart the orchestra.</p>
</html>
`;
