/** The path that a person probably meant. */
import { expect, test } from 'vitest';
import { describeTree } from '../../src/supervision/describe-tree.ts';
import { nearestPath } from '../../src/supervision/nearest-path.ts';
import { supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { openStage } from './stage.ts';

test.each([
  ['ensemble/agents/agent:kaede/pan', 'ensemble/agents/agent:kaede/pane'],
  ['ensemble/agent/agent:kaede', 'ensemble/agents/agent:kaede'],
  ['pane', 'ensemble/agents/agent:kaede/pane'],
  ['agent:sakura/pane', 'ensemble/agents/agent:sakura/pane'],
  ['sakura', 'ensemble/agents/agent:sakura'],
  ['sakrua', 'ensemble/agents/agent:sakura'],
  ['sesion', 'ensemble/agents/agent:kaede/session'],
  ['ensemble/agents/agent:kaede/whatever/it/is', 'ensemble/agents/agent:kaede'],
  ['nowhere', undefined],
])('%s → %s', async (typed, nearest) => {
  const { worker, start } = openStage();
  const agent = (name: string) => supervisorSpec(`agent:${name}`, {}, [worker('pane'), worker('session')]);
  const agents = supervisorSpec('agents', {}, [agent('kaede'), agent('sakura')]);
  const { supervisor } = await start({}, [supervisorSpec('ensemble', {}, [agents])]);
  expect(nearestPath(describeTree(supervisor), typed)).toBe(nearest);
});
