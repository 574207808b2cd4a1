import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const FOLDER = join(import.meta.dirname, '../../shared/reference/amazon-models');

/** Whether Amazon's models lie beside the project: what they judge is left out where they do not. */
export const HAS_MODELS = existsSync(FOLDER);

/** One request and its response of Amazon's static sandbox. */
export interface SandboxCase {
  readonly model: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly response: object;
}

/** All of them. */
export function sandboxCases(): SandboxCase[] {
  const text = readFileSync(join(FOLDER, 'fixtures/sandbox-cases.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SandboxCase);
}

/** The published rates by operation. */
export function publishedRates(): { operationId: string; model: string; path: string; rate: number | null; burst: number | null }[] {
  return JSON.parse(readFileSync(join(FOLDER, 'fixtures/rate-limits.json'), 'utf8')) as ReturnType<typeof publishedRates>;
}

/** What is wrong with an answer by one of the definitions of a model, in words; empty for nothing. */
export function faultsIn(model: string, definition: string, answer: unknown): string[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(JSON.parse(readFileSync(join(FOLDER, model), 'utf8')) as object, 'model');
  const check = ajv.getSchema(`model#/definitions/${definition}`)!;
  if (check(answer) === true) return [];
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
