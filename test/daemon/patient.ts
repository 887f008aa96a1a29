/** Imported for its effect: several processes a test, perhaps on a machine that stands still now and then; the limits only end what hangs. */
import { vi } from 'vitest';
import { waiting } from './wait-until.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
waiting.timeout = 110_000;
