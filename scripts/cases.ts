/** Runs every case of ../shared/cases and prints what each gives and what is right. `npm run cases [part of a name…]` */
import { existsSync } from 'node:fs';
import prepareRun from '../tests/prepared-data.ts';
import { CASES_FOLDER, type Case, type Outcome } from './cases/case.ts';

if (!existsSync(CASES_FOLDER)) {
  console.log('There are no cases beside the project (../shared/cases): nothing was run.');
  process.exit(0);
}

// They read their inputs when they are loaded, which are not everywhere.
const { numberCases } = await import('./cases/numbers.ts');
const { simulatedCases } = await import('./cases/simulated.ts');
const { importCases } = await import('./cases/imports.ts');
const { adoptCases } = await import('./cases/adopted.ts');
const { personalCases } = await import('./cases/personal.ts');
const { gateCases } = await import('./cases/gate.ts');
const { stallCases } = await import('./cases/stalls.ts');

const WIDEST = 240;
const wanted = process.argv.slice(2);
const cases = [...simulatedCases, ...numberCases, ...importCases, ...adoptCases, ...personalCases, ...gateCases, ...stallCases].filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);

const cleanUp = prepareRun();
let failed = 0;
for (const each of cases) {
  const { got, passed } = await outcomeOf(each);
  if (!passed) failed += 1;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${each.name}\n       gives ${cut(got)}${passed ? '' : `\n       right ${cut(each.right)}`}`);
}
cleanUp();
console.log(`${cases.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;

/** A case that breaks off has failed, the others go on. */
function outcomeOf(each: Case): Promise<Outcome> {
  return each
    .run()
    .catch((error: unknown) => ({ got: error instanceof Error ? `${error.name}: ${error.message}` : String(error), passed: false }));
}

/** On one line; inputs hold control characters on purpose. */
function cut(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > WIDEST ? `${line.slice(0, WIDEST)}…` : line;
}
