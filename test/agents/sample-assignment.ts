/** An assignment for tests. */
import type { Assignment } from '../../src/events/commands.ts';

export const sampleAssignment = (change: Partial<Assignment> = {}): Assignment => ({
  task: '7',
  title: 'Greet people in Japanese',
  body: 'Say こんにちは.',
  stage: 'codegen',
  token: 3,
  attempt: 1,
  maxAttempts: 3,
  reason: '',
  evidence: '',
  worktree: '/state/worktrees/7',
  branch: 'orchestra/7',
  taskFile: '/state/agents/kaede/task.md',
  labels: ['bug'],
  ...change,
});
