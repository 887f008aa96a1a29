/** Routing: which rule fits an issue, and what does not matter in labels and titles. */
import { describe, expect, test } from 'vitest';
import { normalize, type RoutedIssue, type RoutingRule, route } from '../../machines/scheduling/routing.ts';

const short = ['codegen', 'pr'];
const whole = ['codegen', 'review', 'pr', 'deploy'];

const rule = (conditions: Partial<RoutingRule>): RoutingRule => ({
  labels: [],
  title: [],
  types: [],
  agents: {},
  flow: short,
  ...conditions,
});
const issue = (change: Partial<RoutedIssue>): RoutedIssue => ({ title: 'x', labels: [], ...change });
const fits = (found: Partial<RoutedIssue>, conditions: Partial<RoutingRule>): boolean =>
  route(issue(found), [rule(conditions)], whole).flow.length === short.length;

describe('labels', () => {
  test.each([
    ['Documentation', 'documentation'],
    ['📝 docs', 'docs'],
    ['docs', '📝 Docs'],
    ['👩‍💻 work', 'work'],
    ['❤️ love', 'love'],
    ['1️⃣ first', '1 first'],
    ['🇯🇵 japan', 'japan'],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿 england', 'england'],
    ['👍🏽 ok', 'ok'],
    ['type:  bug ', 'type: bug'],
    ['ＢＵＧ', 'bug'],
    ['ﾊﾞｸﾞ', 'バグ'],
    ['cafe\u0301', 'caf\u00e9'],
  ])('%j is %j', (label, named) => {
    expect(fits({ labels: [label] }, { labels: [named] })).toBe(true);
  });

  test.each([
    ['bugs', 'bug'],
    ['type: bug', 'bug'],
    ['', 'bug'],
  ])('%j is not %j', (label, named) => {
    expect(fits({ labels: [label] }, { labels: [named] })).toBe(false);
  });

  test('any of several will do', () => {
    expect(fits({ labels: ['b'] }, { labels: ['a', 'b'] })).toBe(true);
    expect(fits({ labels: [] }, { labels: ['a', 'b'] })).toBe(false);
  });
});

describe('title', () => {
  test.each([
    ['Fix a bug in the parser', 'bug'],
    ['BUG: it fails', 'bug'],
    ['🐛bug', 'bug'],
    ['a (bug)', 'bug'],
    ['bug', 'bug'],
    ['the pull   request', 'pull request'],
    ['A typo, again', 'typo'],
    ['Ａ ＴＹＰＯ', 'typo'],
    ['update to v2.0 now', 'v2.0'],
    ['use c++ here', 'c++'],
    ['ログイン画面のバグを直す', 'バグ'],
    ['ドキュメント', 'ドキュメント'],
    ['APIのドキュメント', 'api'],
    ['新しいAPIを足す', 'api'],
    ['été à la plage', 'été'],
  ])('%j has %j', (title, words) => {
    expect(fits({ title }, { title: [words] })).toBe(true);
  });

  test.each([
    ['the debugger', 'bug'],
    ['bugs', 'bug'],
    ['bug2', 'bug'],
    ['déjà', 'j'],
    ['update to v2x0', 'v2.0'],
    ['pull the request', 'pull request'],
    ['use abc++ here', 'c++'],
    ['the asp.network', '.net'],
    ['myapiを直す', 'apiを'],
    ['バケツ', 'バグ'],
    ['anything', ''],
    ['anything', '🐛'],
  ])('%j has no %j', (title, words) => {
    expect(fits({ title }, { title: [words] })).toBe(false);
  });

  test('the words are words, not a pattern', () => {
    expect(fits({ title: 'anything' }, { title: ['.*'] })).toBe(false);
    expect(fits({ title: 'what (now' }, { title: ['(now'] })).toBe(true);
    expect(fits({ title: 'aab' }, { title: ['a+b'] })).toBe(false);
  });
});

describe('types', () => {
  test('case and emoji do not matter; an issue without a type has none of them', () => {
    expect(fits({ type: '🐛 Bug' }, { types: ['task', 'bug'] })).toBe(true);
    expect(fits({ type: 'feature' }, { types: ['bug'] })).toBe(false);
    expect(fits({}, { types: ['bug'] })).toBe(false);
  });
});

describe('rules', () => {
  const both = { labels: ['docs'], title: ['typo'] };

  test('all kinds of conditions must hold', () => {
    expect(fits({ labels: ['docs'], title: 'a typo' }, both)).toBe(true);
    expect(fits({ labels: ['docs'], title: 'a page' }, both)).toBe(false);
    expect(fits({ labels: [], title: 'a typo' }, both)).toBe(false);
    expect(fits({ labels: ['docs'], title: 'a typo' }, { ...both, types: ['bug'] })).toBe(false);
  });

  test('a rule without conditions fits everything', () => {
    expect(fits({ title: 'anything' }, {})).toBe(true);
  });

  test('the first one that fits decides, wholly', () => {
    const rules = [
      rule({ labels: ['a'], flow: ['pr'], agents: { pr: 'tsubaki' } }),
      rule({ labels: ['b'], flow: ['review'], agents: { review: 'sakura' } }),
    ];
    expect(route(issue({ labels: ['b', 'a'] }), rules, whole)).toEqual({
      flow: ['pr'],
      agents: { pr: 'tsubaki' },
    });
    expect(route(issue({ labels: ['b'] }), rules, whole)).toEqual({
      flow: ['review'],
      agents: { review: 'sakura' },
    });
  });

  test('no rule, or one without a flow, means the default flow', () => {
    expect(route(issue({}), [], whole)).toEqual({ flow: whole, agents: {} });
    const pinned = rule({ flow: undefined, agents: { codegen: 'kaede' } });
    expect(route(issue({}), [pinned], whole)).toEqual({ flow: whole, agents: { codegen: 'kaede' } });
  });

  test('what it gives out is not the rule itself', () => {
    const given = rule({ agents: { codegen: 'kaede' } });
    const routing = route(issue({}), [given], whole);
    routing.flow.push('more');
    routing.agents['pr'] = 'botan';
    expect(given).toEqual(rule({ agents: { codegen: 'kaede' } }));
  });
});

test('normalizing twice is normalizing once', () => {
  for (const text of ['📝 Docs', 'Ｆｕｌｌ', 'a  \n b', '👩‍💻', 'ﾊﾞｸﾞ', ''])
    expect(normalize(normalize(text))).toBe(normalize(text));
});
