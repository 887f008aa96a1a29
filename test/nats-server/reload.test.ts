import { expect, test } from 'vitest';
import { connectAs, launch, temporaryFolder } from './launched-server.ts';

test('a reload lets a new agent in and disconnects no one', async () => {
  const server = await launch(await temporaryFolder(), { agents: ['kaede'] });
  const connections = [await connectAs(server, 'daemon'), await connectAs(server, 'kaede')];
  const clientIds = connections.map(({ info }) => info?.client_id);

  await server.reload(['kaede', 'botan']);

  await connectAs(server, 'botan');
  // A client that had been cut off would have a new id after this answer.
  await Promise.all(connections.map((connection) => connection.flush()));
  expect(connections.map(({ info }) => info?.client_id)).toEqual(clientIds);
});

test('a reload cuts off a removed agent', async () => {
  const server = await launch(await temporaryFolder());
  const sakura = await connectAs(server, 'sakura');
  const cutOff = (async () => {
    for await (const { type } of sakura.status()) if (type === 'disconnect') return type;
    return 'closed';
  })();
  await server.reload(['kaede']);
  expect(await cutOff).toMatch(/disconnect|closed/);
});

test('reloads take their turn, and one with a bad name changes nothing', async () => {
  const server = await launch(await temporaryFolder(), { agents: [] });
  const results = await Promise.allSettled([
    server.reload(['kaede']),
    server.reload(['Kaede!']),
    server.reload(['kaede', 'tsubaki']),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  await connectAs(server, 'tsubaki');
});

test('a server that has ended cannot be reloaded', async () => {
  const server = await launch(await temporaryFolder());
  process.kill(server.pid, 'SIGKILL');
  await server.exited;
  for (const agents of [['kaede', 'sakura', 'botan'], ['kaede']]) {
    await expect(server.reload(agents)).rejects.toMatchObject({ code: 'not-running' });
  }
});
