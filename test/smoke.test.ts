import { expect, test } from 'vitest';
test('scaffold', () => { expect(1).toBe(1); });
