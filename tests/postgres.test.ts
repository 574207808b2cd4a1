import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../src/engines/engine.ts';
import { keepRates } from '../src/records/rates/rate-book.ts';
import { AppError } from '../src/kernel/errors.ts';
import { reports } from '../src/reports/all.ts';
import { askGolden, questionsOf, type Questions } from './golden-questions.ts';
import { GOLDEN_WORLD, openEmptyStore, storeWorld } from './golden-world.ts';
import { openPostgres, type Postgres } from './pglite-engine.ts';

let store: Awaited<ReturnType<typeof openEmptyStore>>;
let postgres: Postgres;
beforeAll(async () => {
  store = await openEmptyStore();
  await storeWorld(store.engine, GOLDEN_WORLD);
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
  postgres = await openPostgres();
  await postgres.copy(store.engine);
});
afterAll(async () => {
  await postgres.close();
  await store.close();
});

const CONVERTED: Questions = { 'all, converted, 30 days': [{ window: '30d' }], 'all, in yen': [{ window: '7d', currency: 'JPY' }] };

test.each(reports.map(({ name }) => name))('%s answers every golden question alike on PostgreSQL, from the same texts', async (name) => {
  for (const [title, [parameters, platforms]] of Object.entries({ ...(await questionsOf(name)), ...CONVERTED })) {
    const [here, there] = await Promise.all(
      [store.engine, postgres as unknown as Engine].map((engine) =>
        askGolden(engine, name, parameters, platforms).catch((error: unknown) => {
          if (error instanceof AppError && error.status < 500) return { refused: error.code };
          throw new Error(`${title}: ${String(error)}`, { cause: error });
        }),
      ),
    );
    expect(JSON.parse(JSON.stringify(there)), title).toEqual(JSON.parse(JSON.stringify(here)));
  }
});
