/** The page's server as a supervised resource. */
import { fromPromise } from 'xstate';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import { BusError } from '../bus/bus-error.ts';
import { Admission } from '../http/admission.ts';
import type { PageSource } from '../http/app.ts';
import { HttpError } from '../http/http-error.ts';
import { type HttpServer, openHttp } from '../http/open-http.ts';
import type { ReadTransitions } from '../http/transitions-route.ts';
import { readTransitions } from '../journal/read-transitions.ts';
import { packageRoot } from '../package/package-root.ts';
import type { World } from './world.ts';

/** Pages that are open find a server that was restarted: it keeps its port, if it can, and the cookies it gave. */
export function httpActor(world: World) {
  const { ports, state } = world;
  const admission = new Admission({ owner: state.root });
  const source = pageSource(world);
  let server: HttpServer | undefined;
  const open = async (former: HttpServer | undefined): Promise<HttpServer> => {
    const options = { admission, source };
    const asked = world.config.inspector.port;
    const port = former?.port ?? asked;
    try {
      const opened = await openHttp({ ...options, port });
      return former?.note === undefined ? opened : { ...opened, note: former.note };
    } catch (error) {
      // Nobody's work waits for a page: another port is better than none.
      if (port === 0 || !(error instanceof HttpError)) throw error;
      const opened = await openHttp({ ...options, port: 0 });
      world.log.warn({ err: error, port: opened.port }, 'http.port.taken');
      if (asked === 0) return opened;
      const note = `inspector.port ${asked} cannot be used: the page is on ${opened.port} until a restart.`;
      return { ...opened, note };
    }
  };
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async ({ signal }) => {
        ports.http.empty();
        await server?.close();
        server = await open(server);
        if (signal.aborted) await server.close();
        else ports.http.fill(server);
      }),
      watchResource: fromPromise<void, ResourceInput>(async () => {
        throw await ports.http.get().lost;
      }),
      closeResource: fromPromise(async () => {
        ports.http.empty();
        await server?.close();
      }),
    },
  });
}

function pageSource(world: World): PageSource {
  const { hub, config, log } = world;
  return {
    node: config.node,
    version: world.version,
    boot: world.startedAt,
    inspectorUrl: config.inspector.url,
    agents: () =>
      Object.entries(world.config.agents).map(([name, { symbol, title }]) => ({ name, symbol, title })),
    packageRoot,
    attach: (viewer) => hub.attach(viewer),
    describeTree: () => world.describeTree(),
    readTransitions: (span) => recorded(world, span),
    failed: (error) => log.error({ err: error }, 'http.failed'),
  };
}

/** Nothing, when nothing was ever recorded or nobody waits for it any more. */
async function* recorded(world: World, span: Parameters<ReadTransitions>[0]): AsyncGenerator<object> {
  try {
    yield* readTransitions(world.ports.bus.get(), span);
  } catch (error) {
    const isAbandoned = span.signal.aborted;
    if (!isAbandoned && !(error instanceof BusError && error.code === 'no-stream')) throw error;
  }
}
