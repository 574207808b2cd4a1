/** Everything that must hold: the quick checks, then every test. Ends with one line, `N passed, N failed`. `npm test` */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runChecks } from './check.ts';

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const checks = await runChecks();
const folder = mkdtempSync(join(tmpdir(), 's7-test-'));
const output = join(folder, 'vitest.json');
const code = await run('node_modules/vitest/vitest.mjs', [
  'run',
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${output}`,
  ...process.argv.slice(2),
]);
const report = JSON.parse(readFileSync(output, 'utf8')) as VitestReport;
rmSync(folder, { recursive: true });

const skipped = report.testResults.flatMap(({ assertionResults }) =>
  assertionResults.filter(({ status }) => status === 'skipped' || status === 'pending'),
);
for (const { fullName } of skipped) console.log(`skipped: ${fullName}`);
const browserSkipped = report.testResults.some(
  ({ name, assertionResults }) => name.includes('browser') && assertionResults.some(({ status }) => status !== 'passed'),
);
let failed = checks.failed + report.numFailedTests;
// A file that does not even load has no failed test, yet nothing of it held.
if (failed === 0 && code !== 0) failed = report.testResults.filter(({ status }) => status === 'failed').length || 1;
if (process.env['CI'] === 'true' && browserSkipped) {
  console.log('The browser tests were skipped or failed; here they have to run.');
  failed += 1;
}
if (failed > 0) process.exitCode = 1;
const seconds = processorSeconds();
if (seconds !== null) console.log(`processor time: ${(seconds / 60).toFixed(1)} minutes, of this process and all that it started`);
console.log(`${checks.passed + report.numPassedTests} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);

/** User and system time of this process and of all that have ended below it; only Linux tells. */
function processorSeconds(): number | null {
  if (process.platform !== 'linux') return null;
  // The name stands in brackets and may hold anything; the times are its 12th to 15th followers, in hundredths of a second.
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const times = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15);
  return times.reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}
