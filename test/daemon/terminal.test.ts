/** `orchestra up` as a person sees it: in a terminal of 80 columns, which here is a pane of a tmux server of its own. */
import { execa } from 'execa';
import stringWidth from 'string-width';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { orchestraCommand } from './daemon-process.ts';
import { expectNothingRuns } from './nothing-runs.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
const tmux = async (...args: string[]) =>
  (await execa('tmux', ['-S', project.path('screen'), '-f', '/dev/null', ...args])).stdout;
const screen = () => tmux('capture-pane', '-p');

beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: {
        title: 'カエデ',
        symbol: '🎹',
        roles: ['codegen'],
        adapter: 'command',
        command: ['sleep', '4000'],
      },
    },
    issues: { '1-one': { title: '長い題名'.repeat(20) } },
  });
  const command = [process.execPath, orchestraCommand, 'up'];
  await tmux('-u', 'new-session', '-d', '-x', '80', '-y', '24', '-c', project.folder, 'sh');
  await tmux('send-keys', `exec 3>&1; ${command.join(' ')}; echo "ended with $?"`, 'Enter');
});
afterEach(async () => {
  await tmux('kill-server').catch(() => '');
  await project.remove();
});

test('a live picture within 80 columns; Ctrl-C ends in good order and leaves the terminal as it was', async () => {
  // It may be looked at in the middle of being drawn.
  const parts = [
    /🎹 kaede カエデ +working +#1 長い題名/u,
    /orchestra attach/u,
    /orchestra send kaede/u,
    /stop +Ctrl-C/u,
  ];
  const picture = await waitUntil(
    'the agent at work in the picture',
    async () => {
      const shown = await screen();
      return parts.every((part) => part.test(shown)) && shown;
    },
    screen,
  );
  expect(picture.split('\n').filter((line) => stringWidth(line) > 80)).toEqual([]);
  await tmux('send-keys', 'C-c');
  await waitUntil('the end', async () => (await screen()).includes('ended with 0'), screen);
  expect(await screen()).toContain('0 of 1 tasks done');
  await tmux('kill-server');
  await expectNothingRuns(project.folder);
});
