// @ts-nocheck
const agents = [
  { name: 'kaede', symbol: '🎹', title: 'カエデ' },
  { name: 'sakura', symbol: '🎺', title: 'サクラ' },
  { name: 'tsubaki', symbol: '🥁', title: 'ツバキ' },
  { name: 'botan', symbol: '🎷', title: 'ボタン' },
];
const t0 = Date.now() - 600_000;
const P = 'ensemble/agents/agent:kaede/work';
function transitions(n) {
  const states = [
    'idle',
    { working: 'preparing' },
    { working: 'submitting' },
    { working: 'performing' },
    { working: { recording: 'going' } },
  ];
  const ev = [
    'xstate.done.actor.awaitAssignment',
    'xstate.done.actor.prepareWork',
    'xstate.done.actor.submitWork',
    'xstate.done.actor.awaitOutcome',
    'xstate.done.actor.record',
  ];
  const edges = [
    'agent.idle|xstate.done.actor.awaitAssignment|0',
    'agent.working.preparing|xstate.done.actor.prepareWork|1',
    'agent.working.submitting|xstate.done.actor.submitWork|0',
    'agent.working.performing|xstate.done.actor.awaitOutcome|0',
    'agent.working.recording.going|xstate.done.actor.recordOutcome|0',
  ];
  const out = [];
  let at = t0;
  for (let i = 0; i < n; i++) {
    at += i % 17 === 0 ? 8000 : 40 + ((i * 7919) % 300);
    const who = ['kaede', 'sakura', 'tsubaki', 'botan'][((i / 5) | 0) % 4];
    const k = i % 5;
    out.push({
      at,
      path: `ensemble/agents/agent:${who}/work`,
      machine: 'agent',
      life: who,
      event: ev[k],
      from: states[k],
      to: states[(k + 1) % 5],
      status: 'active',
      edges: [edges[k]],
    });
  }
  return out;
}
export async function shots(browser, Canned) {
  const dir = '/tmp/page-shots/';
  const only = process.env.SHOTS?.split(',');
  const o = new Canned({ agents, transitions: transitions(300) });
  o.tree.children[1].supervisor.children[1].supervisor.children[2].supervisor.children[0].state =
    'restarting';
  o.tree.children[1].supervisor.children[1].supervisor.children[2].supervisor.children[0].uptime = null;
  o.tree.children[1].supervisor.children[1].supervisor.children[2].supervisor.restarts = 2;
  const variants = [
    ['light', 1280, 800],
    ['dark', 1280, 800],
    ['light', 390, 844],
    ['dark', 390, 844],
  ];
  const link = await o.open();
  for (const [scheme, width, height] of variants) {
    const context = await browser.newContext({
      colorScheme: scheme,
      viewport: { width, height },
      deviceScaleFactor: width < 500 ? 2 : 1,
    });
    const page = await context.newPage();
    page.on('console', (m) => console.log('console', m.type(), m.text()));
    page.on('pageerror', (e) => console.log('pageerror', e));
    o.relink ??= link;
    await page.goto(scheme === 'light' && width > 500 ? link : await o.newLink());
    await page.waitForSelector('.card .chart');
    const shot = async (name) => {
      if (!only || only.includes(name))
        await page.screenshot({ path: `${dir}${name}-${scheme}-${width}.png` });
    };
    await page.waitForTimeout(300);
    await shot('overview');
    await page.goto(page.url().split('#')[0] + '#chart/' + P);
    await page.waitForSelector('.sheet .chart');
    await page.waitForTimeout(200);
    o.move(P, 'xstate.done.actor.recallAssignment', 'idle', [
      'agent.recalling|xstate.done.actor.recallAssignment|1',
    ]);
    o.move(P, 'xstate.done.actor.awaitAssignment', { working: 'preparing' }, [
      'agent.idle|xstate.done.actor.awaitAssignment|0',
    ]);
    o.move('services/overview', 'subject.changed', { following: { reconciling: 'fresh' } }, []);
    o.move('services/overview', 'xstate.done.actor.reconciliation', { following: 'resting' }, []);
    o.move(P, 'xstate.done.actor.prepareWork', { working: 'submitting' }, [
      'agent.working.preparing|xstate.done.actor.prepareWork|1',
    ]);
    o.move(P, 'xstate.done.actor.submitWork', { working: 'performing' }, [
      'agent.working.submitting|xstate.done.actor.submitWork|0',
    ]);
    o.move('ensemble/agents/agent:sakura/mailbox', 'message.arrived', { reading: 'delivering' }, []);
    await page.waitForTimeout(700);
    await shot('chart');
    if (width < 500) {
      await page.click('.pane-choice button:nth-child(1)');
      await page.waitForTimeout(100);
      await shot('tree');
      await page.click('.pane-choice button:nth-child(3)');
      await page.waitForTimeout(100);
      await shot('log');
    }
    await page.goto(
      page.url().split('#')[0] +
        `#replay?from=${new Date(t0 - 1000).toISOString()}&chart=${encodeURIComponent(P)}`,
    );
    await page.waitForSelector('.player');
    for (let i = 0; i < 84; i++) await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(700);
    await shot('replay');
    await page.goto(page.url().split('#')[0] + `#replay?from=${new Date(Date.now()).toISOString()}`);
    await page.waitForTimeout(300);
    await shot('replay-empty');
    await page.goto(page.url().split('#')[0] + `#stately`);
    await page.waitForSelector('.unreachable', { timeout: 15000 });
    await shot('stately');
    o.move(P, 'x', 'idle', []);
    await context.close();
  }
  await o.close();
}
