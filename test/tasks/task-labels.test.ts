/** The labels by which people see where a task stands: exactly the right ones of all that we ever set. */
import { expect, test } from 'vitest';
import { entryStage, labelChange, withoutOurs } from '../../src/tasks/task-labels.ts';
import { claim, finish, taskAfter, taskIn } from './sample-task.ts';

const stageLabels = { codegen: 'status:todo', review: 'status:review' };
const agents = ['kaede', 'sakura'];

const inReview = taskAfter(taskIn('waiting'), claim, finish(1, 'done'));

test.each([
  ['waiting for the first stage', taskIn('waiting'), ['status:todo']],
  ['assigned the first stage', taskIn('assigned'), ['status:in-progress', 'assigned:kaede']],
  ['worked on at the first stage', taskIn('working'), ['status:in-progress', 'assigned:kaede']],
  ['waiting for a later stage', inReview, ['status:review']],
  ['worked on at a later stage', taskAfter(inReview, claim), ['status:review', 'assigned:kaede']],
  ['blocked', taskIn('blocked'), ['status:blocked']],
  ['failed', taskIn('failed'), ['status:failed']],
  ['done', taskIn('done'), ['status:done']],
  ['closed', taskIn('closed'), []],
])('%s', (_name, task, labels) => {
  const { add, remove } = labelChange(task, stageLabels, agents);
  expect(add).toEqual(labels);
  const ours = [
    'status:todo',
    'status:review',
    'status:in-progress',
    'status:done',
    'status:failed',
    'status:blocked',
    'assigned:kaede',
    'assigned:sakura',
  ];
  expect([...add, ...remove].toSorted()).toEqual(ours.toSorted());
});

test('a stage without a label of its own is called after itself', () => {
  const task = taskIn('waiting', { flow: ['deploy'] });
  expect(labelChange(task, {}, []).add).toEqual(['status:deploy']);
});

test('an issue enters at the stage whose label it carries, else at the first', () => {
  const flow = ['codegen', 'review', 'deploy'];
  expect(entryStage(['bug', 'status:review'], flow, stageLabels)).toBe(1);
  expect(entryStage(['status:deploy'], flow, stageLabels)).toBe(2);
  expect(entryStage(['bug', 'status:in-progress'], flow, stageLabels)).toBe(0);
  expect(entryStage([], flow, stageLabels)).toBe(0);
});

test('what people say of an issue is what is left without ours', () => {
  expect(withoutOurs(['bug', 'status:todo', 'assigned:kaede', '📝 docs'])).toEqual(['bug', '📝 docs']);
});
