/** Prints vitest's JSON report as one line; a test file that did not get as far as its tests counts as one failed. */
import { existsSync, readFileSync } from 'node:fs';

const file = process.argv[2] ?? '';
/** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
const report = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { testResults: [{ status: 'failed', assertionResults: [] }] };

const count = { passed: 0, failed: 0, skipped: 0 };
for (const { status, assertionResults } of report.testResults) {
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) count.failed += 1;
  for (const test of assertionResults) {
    if (test.status === 'passed' || test.status === 'failed') count[test.status] += 1;
    else count.skipped += 1;
  }
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
