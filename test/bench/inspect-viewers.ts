/** The real server of the page, and browsers that are open on it: processes of their own, so that their cost is not ours. */
import { execa } from 'execa';
import { Admission } from '../../src/http/admission.ts';
import { openHttp } from '../../src/http/open-http.ts';
import type { InspectionHub } from '../../src/inspection/hub.ts';

/** Reads a stream of events to its end and throws it away. Runs from its text alone. */
const reader = `
const [url, cookie] = process.argv.slice(1);
const { body } = await fetch(url, { headers: { cookie } });
let isFirst = true;
for await (const chunk of body) if (isFirst) { isFirst = false; process.stdout.write('connected'); }
`;

export interface Viewers {
  /** Ends them and the server. */
  end(): Promise<void>;
}

export async function openViewers(hub: InspectionHub, count: number): Promise<Viewers> {
  const admission = new Admission({ owner: 'benchmark' });
  const source = {
    node: 'local',
    version: '0',
    boot: 'benchmark',
    inspectorUrl: 'https://stately.ai/inspect',
    agents: () => [],
    packageRoot: '/nowhere',
    attach: hub.attach.bind(hub),
    describeTree: () => null,
    readTransitions: async function* () {},
    failed: (error: unknown) => {
      throw error;
    },
  };
  const server = await openHttp({ port: 0, admission, source });
  const url = `http://127.0.0.1:${server.port}/api/live`;
  const { secret } = admission.redeem(admission.issue('/')) ?? {};
  const cookie = `${admission.cookieName}=${secret}`;
  const readers = Array.from({ length: count }, () =>
    execa(process.execPath, ['--input-type=module', '--eval', reader, url, cookie], {
      reject: false,
      buffer: false,
    }),
  );
  await Promise.all(readers.map(({ stdout }) => new Promise((resolve) => stdout.once('data', resolve))));
  return {
    end: async () => {
      await server.close();
      for (const reading of readers) reading.kill();
      await Promise.all(readers);
    },
  };
}
