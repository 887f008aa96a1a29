/** What stands in an issue of a result, for the person who follows it; pure. All of it but the frame is foreign text. */
import type { TaskRecord } from '../tasks/task-record.ts';
import type { TaskResult } from './task-results.ts';

/** A tracker takes 65,536 characters and people fewer. */
const longestNote = 4_000;
const longestEvidence = 4_000;

/** Markdown. */
export function resultComment(task: TaskRecord, result: TaskResult): string {
  switch (result.end) {
    case 'completed':
      return paragraphs('**Done.** Every stage of the flow is done.', stageNotes(task));
    case 'failed':
      return paragraphs(
        `**Failed** at ${result.stage}: ${attempts(task.maxAttempts)} used up. A person decides how it goes on.`,
        note(result),
        fenced(task.evidence),
        `\`orchestra task retry ${task.issue.id}\` gives it another try.`,
      );
    case 'blocked':
      return paragraphs(
        `**Blocked** at ${result.stage}: ${result.agent} cannot go on without a person.`,
        note(result),
        `Once it is answered here, \`orchestra task retry ${task.issue.id}\` lets it go on.`,
      );
    case null:
      return paragraphs(`${result.stage} ${words[result.outcome]}, ${result.agent}.`, note(result));
  }
}

const words = {
  done: 'done',
  failed: 'failed, it is tried again',
  blocked: 'blocked',
  released: 'taken back',
};

const attempts = (count: number): string =>
  count === 1 ? 'the only attempt is' : `all ${count} attempts are`;

const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

const note = ({ summary }: TaskResult): string => quoted(summary);

/** The last word on each stage. */
function stageNotes({ flow, history }: TaskRecord): string {
  const lines = [...new Set(flow)].flatMap((stage) => {
    const last = history.findLast((entry) => entry.stage === stage && entry.outcome === 'done');
    if (!last) return [];
    const said = cut(last.summary.replace(/\s+/gu, ' ').trim(), 500);
    return [`- ${stage}, ${last.agent}${said === '' ? '' : `: ${said}`}`];
  });
  return lines.join('\n');
}

/** As a quotation, so that it cannot be taken for the frame. */
function quoted(text: string): string {
  const trimmed = cut(text.trim(), longestNote);
  return trimmed === ''
    ? ''
    : trimmed
        .split(/\r\n?|\n/u)
        .map((line) => `> ${line}`)
        .join('\n');
}

/** In a fence longer than any within. */
function fenced(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const kept = trimmed.length <= longestEvidence ? trimmed : `…${trimmed.slice(-longestEvidence)}`;
  const longest = Math.max(2, ...[...kept.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `What its program printed last:\n\n${fence}text\n${kept}\n${fence}`;
}

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;
