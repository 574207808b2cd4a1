/** The quick checks: format, types, lint with floating promises and import cycles, unused code, generated docs. `npm run check` */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A check by name, and the command that makes it: a JavaScript file with its arguments. */
const CHECKS: readonly (readonly [string, string, ...string[]])[] = [
  ['format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--cache', '--log-level=warn', '**/*.ts'],
  ['types', 'node_modules/typescript/bin/tsc', '-p', '.'],
  ['lint', 'node_modules/oxlint/bin/oxlint', '--type-aware'],
  ['unused code', 'node_modules/knip/bin/knip.js'],
  ['generated docs', 'scripts/write-docs.ts', '--check'],
];

/** Runs every check and says how each went; true when all are fine. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  let failed = 0;
  for (const [name, script, ...args] of CHECKS) {
    const started = performance.now();
    const fine = (await run(script, args)) === 0;
    if (!fine) failed += 1;
    console.log(`${fine ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  }
  return { passed: CHECKS.length - failed, failed };
}

/** Runs a script on this Node with its output shown; its exit code. */
export function run(script: string, args: readonly string[]): Promise<number> {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const child = spawn(process.execPath, [fileURLToPath(new URL(`../${script}`, import.meta.url)), ...args], {
    stdio: 'inherit',
    cwd: folder,
  });
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)));
}

if (import.meta.main && (await runChecks()).failed > 0) process.exitCode = 1;
