import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../src/kernel/errors.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { keepRates } from '../src/records/rates/rate-book.ts';
import { reports } from '../src/reports/all.ts';
import { engineKeeps } from './engine-keeps/engine-keeps.ts';
import { askGolden, questionsOf, type Questions } from './golden-questions.ts';
import { openEmptyStore, openGoldenStore } from './golden-world.ts';
import { openPglite, type PgliteEngine } from './pglite-engine.ts';
import { temporaryFolder } from './process.ts';

/** One for the whole file: it takes seconds to start. */
let postgres: PgliteEngine;
beforeAll(async () => {
  postgres = await openPglite();
  await prepareStore(postgres);
});
afterAll(() => postgres.close());

describe('PostgreSQL', () => {
  const backupFolder = join(temporaryFolder(), 'backups');
  engineKeeps(
    () => {
      mkdirSync(backupFolder);
      return Promise.resolve({ engine: postgres, backupFolder, openCopy: openPglite });
    },
    { tries: 6 },
  );
});

describe('reports on PostgreSQL', () => {
  const CONVERTED: Questions = { 'all, converted, 30 days': [{ window: '30d' }], 'all, in yen': [{ window: '7d', currency: 'JPY' }] };
  let store: Awaited<ReturnType<typeof openEmptyStore>>;
  beforeAll(async () => {
    store = await openGoldenStore();
    await store.engine.transaction((tx) =>
      keepRates(
        tx,
        ['2026-03-27', '2026-09-30', '2026-10-01', '2026-10-13', '2026-10-20', '2026-10-27'].flatMap((day) => [
          { day, currency: 'GBP', rate: '0.8765' },
          { day, currency: 'JPY', rate: '163.07' },
        ]),
        'ECB',
      ),
    );
    await postgres.copy(store.engine);
  });
  afterAll(() => store.close());

  test.each(reports.map(({ name }) => name))('%s answers every golden question alike, from the same texts', async (name) => {
    for (const [title, [parameters, platforms]] of Object.entries({ ...(await questionsOf(name)), ...CONVERTED })) {
      const [here, there] = await Promise.all(
        [store.engine, postgres].map((engine) =>
          askGolden(engine, name, parameters, platforms).catch((error: unknown) => {
            if (error instanceof AppError && error.status < 500) return { refused: error.code };
            throw new Error(`${title}: ${String(error)}`, { cause: error });
          }),
        ),
      );
      expect(JSON.parse(JSON.stringify(there)), title).toEqual(JSON.parse(JSON.stringify(here)));
    }
  });
});
