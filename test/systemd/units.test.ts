import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package/package-root.ts';
import { findProgram } from '../../src/setup/find-program.mjs';

const analyze = findProgram('systemd-analyze');

describe.skipIf(analyze === undefined)('units (skipped without systemd-analyze)', () => {
  test('systemd finds nothing to object to', async () => {
    const unit = join(packageRoot, 'systemd/orchestra.service');
    const { all } = await execa(analyze ?? '', ['--user', 'verify', '--man=no', unit], {
      all: true,
      reject: false,
    });
    expect(all?.split('\n').filter((line) => line.includes('orchestra.service'))).toEqual([]);
  });
});
