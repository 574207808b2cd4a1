import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileNameOf } from '../scripts/report-files.ts';
import { AppError } from '../src/kernel/errors.ts';
import { reports } from '../src/reports/all.ts';
import type { ReportAnswer } from '../src/reports/run.ts';
import { askGolden, questionFiles, questionsOf } from './golden-questions.ts';
import { openEmptyStore, openGoldenStore } from './golden-world.ts';

/** A question that a report refuses is kept as its refusal. */
type Golden = ReportAnswer | { readonly refused: string };

const FOLDER = join(import.meta.dirname, 'golden');

let store: Awaited<ReturnType<typeof openEmptyStore>>;
beforeAll(async () => {
  store = await openGoldenStore();
});
afterAll(() => store.close());

/** Answers as JSON with one row on one line, so that a changed figure is one changed line. */
function goldenText(answers: Readonly<Record<string, Golden>>): string {
  const listed = (open: string, parts: readonly string[], close: string): string => `${open}\n${parts.join(',\n')}\n${close}`;
  const tablesText = (tables: ReportAnswer['tables']): string =>
    listed(
      '{',
      Object.entries(tables).map(
        ([name, rows]) =>
          `${JSON.stringify(name)}: ${listed(
            '[',
            rows.map((row) => `  ${JSON.stringify(row)}`),
            ']',
          )}`,
      ),
      '}',
    );
  const answerText = (answer: Golden): string => {
    if ('refused' in answer) return JSON.stringify(answer);
    const { tables, ...beside } = answer;
    return listed(
      '{',
      [
        ...Object.entries(beside).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`),
        `"tables": ${tablesText(tables)}`,
      ],
      '}',
    );
  };
  return `${listed(
    '{',
    Object.entries(answers).map(([title, answer]) => `${JSON.stringify(title)}: ${answerText(answer)}`),
    '}',
  )}\n`;
}

describe.each(reports.map(({ name }) => name))('%s', (name) => {
  test('answers every question of its golden file to the cent', async () => {
    const file = join(FOLDER, `${fileNameOf(name)}.json`);
    const answers: Record<string, Golden> = {};
    for (const [title, [parameters, platforms]] of Object.entries(await questionsOf(name))) {
      answers[title] = await askGolden(store.engine, name, parameters, platforms).catch((error: unknown) => {
        if (error instanceof AppError && error.status < 500) return { refused: error.code };
        throw error;
      });
    }
    if (process.env['S7_WRITE_GOLDEN'] === '1') {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, goldenText(answers));
    }
    expect(existsSync(file), `${file} is missing; S7_WRITE_GOLDEN=1 writes it`).toBe(true);
    expect(JSON.parse(JSON.stringify(answers))).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});

test('golden files and questions belong to reports that there are', () => {
  const known = reports.map(({ name }) => fileNameOf(name));
  const files = [...readdirSync(FOLDER).map((file) => file.replace(/\.json$/, '')), ...questionFiles()];
  expect(files.filter((file) => !known.includes(file))).toEqual([]);
});
