import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The page: everything in files of its own, so that a policy without inline scripts or styles holds. */
export default defineConfig({
  root: join(import.meta.dirname, 'src/page'),
  base: '/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: join(import.meta.dirname, 'dist/page'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
