/** The picture of a running orchestra: agents, tasks and recent facts, redrawn in place on a terminal. */
import { styleText } from 'node:util';
import type { AgentView, OrchestraView } from '../events/commands.ts';
import { cutTo, pad } from './columns.ts';
import { plainText } from './plain-text.ts';

export interface LiveViewSize {
  columns: number;
  rows: number;
}

/** Below this many fact lines the hints make room. */
const fewestFacts = 3;

/** The picture, never larger than `size`; of `factLines` (oldest first) it shows the latest that fit; `command` is what a person types. */
export function drawLiveView(
  view: OrchestraView,
  factLines: readonly string[],
  size: LiveViewSize,
  command = 'orchestra',
): string[] {
  const { columns, rows } = size;
  const agents = view.agents.map((agent) => agentLine(agent, columns));
  const top = [titleLine(view), progressLine(view, columns), '', ...agents, ''];
  const foot = ['', ...hints(view, command)];
  const hasFoot = rows - top.length - foot.length >= fewestFacts;
  const room = rows - top.length - (hasFoot ? foot.length : 0);
  const facts = room > 0 ? factLines.slice(-room).map((line) => styleText('dim', line)) : [];
  return [...top, ...facts, ...(hasFoot ? foot : [])].slice(0, rows).map((line) => cutTo(line, columns));
}

function titleLine({ name, node, version }: OrchestraView): string {
  return styleText('bold', `🎼 ${name}`) + styleText('dim', ` on ${node} · ${version}`);
}

function progressLine({ tasks }: OrchestraView, columns: number): string {
  const ended = tasks.done + tasks.closed;
  const width = Math.max(Math.min(columns - 50, 40), 10);
  const filled = tasks.total === 0 ? 0 : Math.round((ended / tasks.total) * width);
  const bar = styleText('green', '█'.repeat(filled)) + styleText('dim', '░'.repeat(width - filled));
  const parts = [`${ended}/${tasks.total} done`, `${tasks.working} under way`, `${tasks.waiting} waiting`];
  if (tasks.failed > 0) parts.push(styleText('red', `${tasks.failed} failed`));
  if (tasks.blocked > 0) parts.push(styleText('yellow', `${tasks.blocked} blocked`));
  return `${bar} ${parts.join(' · ')}`;
}

const colours = {
  idle: 'dim',
  working: 'green',
  starting: 'yellow',
  stopped: 'red',
  quarantined: 'red',
} as const;

function agentLine(agent: AgentView, columns: number): string {
  const { symbol, name, title, availability } = agent;
  const who = pad(plainText(`${symbol} ${name} ${title}`), 24);
  const state = styleText(colours[availability], pad(availability, 11));
  const task = agent.task === undefined ? '' : `#${agent.task} ${plainText(agent.taskTitle ?? '')}`;
  const words = agent.doing ?? agent.reason;
  const doing = words === undefined ? '' : styleText('dim', plainText(words));
  const room = Math.max(columns - 37, 10);
  const taskRoom = doing === '' ? room : Math.max(Math.floor(room * 0.6), 10);
  return `${who} ${state} ${pad(cutTo(task, taskRoom), doing === '' ? 0 : taskRoom)} ${doing}`.trimEnd();
}

function hints(view: OrchestraView, command: string): string[] {
  return [
    styleText(
      'dim',
      `see the panes   ${view.attach.length > 0 ? `${command} attach` : '(tmux is starting)'}`,
    ),
    styleText('dim', `write to one    ${command} send ${view.agents[0]?.name ?? 'NAME'} "hello"`),
    styleText('dim', 'stop            Ctrl-C'),
  ];
}
