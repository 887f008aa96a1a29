// @ts-nocheck
import { chromium } from 'playwright-core';
import { test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { StubInspector } from './stub-inspector.ts';

test('real', async () => {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const stub = await StubInspector.start();
  const agent = (title, symbol, role) => ({
    title,
    symbol,
    roles: [role],
    adapter: 'command',
    mode: 'kept',
    accept: 'none',
    command: ['cat'],
  });
  const project = await OrchestraProject.create({
    agents: { kaede: agent('カエデ', '🎹', 'codegen'), sakura: agent('サクラ', '🎺', 'review') },
    config: { inspector: { url: stub.url } },
  });
  try {
    await project.up();
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await page.goto(JSON.parse((await project.cli(['inspect', '--no-open', '--json'])).stdout).url);
    await page.waitForSelector('.card .chart');
    await project.writeIssue('1-one', { title: 'One' });
    await project.fact('t', ({ name }) => name === 'task.accepted');
    await project.cli(['tree', 'kill', 'ensemble/agents/agent:sakura/session']);
    await page.waitForTimeout(500);
    await page.screenshot({ path: '/tmp/page-shots/real-overview.png' });
    await page.click('.tree-row[data-path="ensemble/agents/agent:kaede/work"]');
    await page.waitForTimeout(800);
    await page.screenshot({ path: '/tmp/page-shots/real-work.png' });
    await page.click('.tree-row[data-path="ensemble/agents/agent:kaede"]');
    await page.waitForTimeout(500);
    await page.screenshot({ path: '/tmp/page-shots/real-family.png' });
    await page.getByText('Own chart').click();
    await page.waitForTimeout(500);
    await page.screenshot({ path: '/tmp/page-shots/real-supervisor.png' });
    await page.click('text=Replay');
    await page.waitForSelector('.player');
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(500);
    await page.screenshot({ path: '/tmp/page-shots/real-replay.png' });
    await page.click('text=Stately');
    await page.waitForTimeout(1500);
    await page.screenshot({ path: '/tmp/page-shots/real-stately.png' });
    await page.click('text=Live');
    project.daemon.kill('SIGTERM');
    await project.daemon.ended;
    await page.waitForSelector('.banner');
    await page.waitForTimeout(300);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.screenshot({ path: '/tmp/page-shots/real-away.png' });
  } finally {
    await project.remove();
    await browser.close();
    stub.close();
  }
}, 120000);
