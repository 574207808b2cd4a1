/**
 * Kills by the hundred: each kind of work is cut off by SIGKILL at 50 moments spread over it, and what was found is written down. `npm run
 * chaos`
 */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from './check.ts';

const LEDGER = resolve(import.meta.dirname, '../bench/results/kills.md');

process.env['S7_KILLS'] ??= '50';
process.env['S7_LEDGER'] ??= LEDGER;
// The ledger of the run before says nothing of this one.
rmSync(process.env['S7_LEDGER'], { force: true });
process.exitCode = await run('node_modules/vitest/vitest.mjs', [
  'run',
  'tests/kill.test.ts',
  'tests/sync-kill.test.ts',
  ...process.argv.slice(2),
]);
