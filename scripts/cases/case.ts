import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { PROJECT_FOLDER } from '../../src/config.ts';

/** Where the cases stand: beside the project, which does not need them. */
export const CASES_FOLDER = join(PROJECT_FOLDER, '../shared/cases');

/** An input that once failed: what is right, and how it is seen what comes of it now. */
export interface Case {
  /** `folder/name`, as it is told and asked for. */
  readonly name: string;
  readonly right: string;
  run(): Promise<Outcome>;
}

/** What came of a case. */
export interface Outcome {
  readonly got: string;
  readonly passed: boolean;
}

/** A case whose answer is one value. */
export function equal(name: string, right: unknown, ask: () => Promise<unknown>): Case {
  return oneOf(name, [right], ask);
}

/** A case that may be right in several ways. */
export function oneOf(name: string, rights: readonly unknown[], ask: () => Promise<unknown>): Case {
  return {
    name,
    right: rights.map(shown).join(' or '),
    async run() {
      const got = await ask();
      return { got: shown(got), passed: rights.some((right) => isDeepStrictEqual(right, got)) };
    },
  };
}

/** A case of which `right` says in words what has to hold. */
export function judged(name: string, right: string, run: () => Promise<Outcome>): Case {
  return { name, right, run };
}

/** The bytes of an input. */
export function input(...path: readonly string[]): Buffer {
  return readFileSync(join(CASES_FOLDER, ...path));
}

/** The inputs in a folder, by name. */
export function inputs(...path: readonly string[]): string[] {
  return readdirSync(join(CASES_FOLDER, ...path)).toSorted();
}

/** A value on one line. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}
