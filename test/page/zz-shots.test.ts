import { chromium } from 'playwright-core';
import { test } from 'vitest';
import { CannedOrchestra } from './canned-orchestra.ts';
import { shots } from './zz-shots.ts';

test('shots', async () => {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try { await shots(browser, CannedOrchestra); } finally { await browser.close(); }
}, 300_000);
