/** The README's examples for the `nats` CLI, run with the official one where it can be had (facts: no package ships it). */
import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '../../src/setup/find-program.mjs';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

const named = process.env['ORCHESTRA_NATS_CLI'];
const nats = named && existsSync(named) ? named : findProgram('nats');

describe.skipIf(nats === undefined)(
  'with the official nats CLI (set ORCHESTRA_NATS_CLI, or put it in the PATH)',
  () => {
    let project: OrchestraProject;
    beforeAll(async () => {
      project = await OrchestraProject.create({
        agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
      });
      await project.up();
      await project.cli(['nats', '--write'], { env: { XDG_CONFIG_HOME: project.path('xdg') } });
    });
    afterAll(() => project.remove());

    const cli = (...args: string[]) =>
      execa(nats ?? 'nats', ['--context', 'orchestra', ...args], {
        env: { XDG_CONFIG_HOME: project.path('xdg') },
      });

    test('pub -J stores a message that the agent gets', async () => {
      const { stdout } = await cli('pub', '-J', 'orchestra.agent.kaede.inbox', 'hello from nats');
      expect(stdout).toContain('ORCH_INBOX');
      await project.fact('delivery', ({ name }) => name === 'agent.message.delivered');
    });

    test('req asks the daemon', async () => {
      const { stdout } = await cli('req', '--raw', 'orchestra.cmd.status', '{}');
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, value: { name: 'miyabi' } });
    });

    test('stream ls shows the streams', async () => {
      const { stdout } = await cli('stream', 'ls', '--names');
      expect(stdout).toContain('ORCH_EVENTS');
    });
  },
);
