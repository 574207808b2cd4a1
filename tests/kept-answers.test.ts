import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Engine } from '../src/engines/engine.ts';
import { writeOrders } from '../src/records/orders/order-writer.ts';
import { eraseShop, setShop } from '../src/records/shop-changes.ts';
import { ensureShop, readShops } from '../src/records/shops/shops.ts';
import { sql } from '../src/engines/sql.ts';
import { PLATFORM_IDS } from '../src/model/shop.ts';
import { openAnswers, readAnswer, type Answers, type KeptAnswer } from '../src/reports/answers.ts';
import { column, report, type Report } from '../src/reports/report.ts';
import type { ReportRequest } from '../src/reports/run.ts';
import { salesRank } from '../src/reports/sales-rank.ts';
import { ES, EVENING } from './golden-questions.ts';
import { ES_MODA, GOLDEN_WORLD, openEmptyStore, storeWorld, TOKYO } from './golden-world.ts';
import { EXAMPLES, NOW, openTestApp, type TestApp } from './shop-window.ts';
import { followers } from '../src/records/all.ts';

let store: Awaited<ReturnType<typeof openEmptyStore>>;
let engine: Engine;
let now: string;
/** How often the counting report was computed. */
let computed: number;
let gate: Promise<void>;
const clock = { now: () => Temporal.Instant.from(now) };

/** A report that tells how many units are stored, and counts how often it was asked. */
const counting = report({
  name: 'Counting',
  version: 1,
  title: { en: 'Counting', zh: '计数', es: 'Recuento' },
  question: { en: 'How many?', zh: '多少？', es: '¿Cuántos?' },
  parameters: z.strictObject({}),
  rows: 10,
  tables: {
    data: { title: { en: 'Units', zh: '件数', es: 'Unidades' }, row: z.strictObject({ units: column(z.int(), 'count', 'Units sold.') }) },
  },
  async compute({ reader, scope }) {
    computed += 1;
    await gate;
    return {
      data: await reader.query<{ units: number }>(
        sql`SELECT coalesce(sum(units), 0)::bigint AS units FROM orders WHERE ${scope.salesOrders} AND ${scope.current}`,
      ),
    };
  },
}) as unknown as Report;

function ask(answers: Answers, wish: Partial<ReportRequest> = {}): Promise<KeptAnswer> {
  return answers.find({ report: counting, platforms: PLATFORM_IDS, parameters: { currency: 'native' }, language: 'en', ...wish });
}
const unitsOf = (answer: KeptAnswer): unknown => (readAnswer(answer).data[0] as { units: number }).units;

beforeAll(async () => {
  store = await openEmptyStore();
  engine = store.engine;
  await storeWorld(engine, GOLDEN_WORLD);
});
afterAll(() => store.close());
beforeEach(() => {
  now = EVENING;
  computed = 0;
  gate = Promise.resolve();
});

describe('an answer is kept', () => {
  test('for all who ask the same, however they spell it, and computed once for those who ask at the same time', async () => {
    const answers = openAnswers({ engine, clock });
    const same = [
      {},
      { parameters: { currency: 'native', window: 'all' } },
      { parameters: { limit: '10', shop: '', currency: 'native' } },
      { parameters: { currency: 'native', format: 'csv' } },
    ];
    const given = await Promise.all([...same, ...same].map((wish) => ask(answers, wish)));
    expect(new Set(given.map(({ tag }) => tag)).size).toBe(1);
    expect(computed).toBe(1);
    now = '2026-10-28T18:30:00Z';
    expect((await ask(answers)).tag).toBe(given[0]!.tag);
  });

  test('apart from those to other questions, and in each language by itself', async () => {
    const answers = openAnswers({ engine, clock });
    const wishes: Partial<ReportRequest>[] = [
      {},
      { window: '7d' },
      { platforms: ['TikTok'] },
      { parameters: { shop: ES } },
      { parameters: { currency: 'native', asOf: '2026-10-01' } },
      { parameters: { currency: 'native', nonsense: '1' } },
      { language: 'zh' },
      { language: 'es' },
      { report: { ...counting, version: 2 } },
      { report: salesRank },
    ];
    const given = await Promise.all(wishes.map((wish) => ask(answers, wish)));
    expect(new Set(given.map(({ tag }) => tag)).size).toBe(wishes.length);
    expect(readAnswer(given[5]!).warnings).toContain('Not known here and ignored: nonsense.');
    const warned = await Promise.all(
      (['en', 'zh', 'es'] as const).map((language) => ask(answers, { language, parameters: { currency: 'native', nonsense: '1' } })),
    );
    expect(new Set(warned.map((answer) => readAnswer(answer).warnings.join())).size).toBe(3);
  });

  test('until anything is committed, whatever it was, and never in the words of before', async () => {
    const answers = openAnswers({ engine, clock });
    const [first] = GOLDEN_WORLD;
    const shop = await ensureShop(engine, { ...ES_MODA, shop: 'Second shop' });
    const order = {
      ...first!.order,
      orderId: 'later',
      lines: first!.order.lines.map((line) => ({ ...line, lineId: `later-${line.lineId}` })),
    };
    const writes: readonly (readonly [string, number, () => Promise<unknown>])[] = [
      ['orders', 3, () => writeOrders(engine, [{ shop, order, document: '' }], { source: { importId: 2 }, followers })],
      ['a name', 0, () => setShop(engine, shop, { name: 'Renamed shop' })],
      ['a setting of no report', 0, () => engine.transaction((tx) => tx.run(sql`INSERT INTO settings VALUES ('a mark', 'x')`))],
      ['an erased shop', -3, () => eraseShop(engine, shop.shopId)],
    ];
    let before = await ask(answers);
    for (const [what, more, write] of writes) {
      await write();
      const after = await ask(answers);
      expect(unitsOf(after), what).toBe((unitsOf(before) as number) + more);
      expect(after.tag, what).not.toBe(before.tag);
      before = after;
    }
  });

  test('no longer than the run that computes it has the newest data', async () => {
    const answers = openAnswers({ engine, clock });
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    const slow = ask(answers);
    await expect.poll(() => computed).toBe(1);
    await engine.transaction((tx) => tx.run(sql`DELETE FROM settings WHERE name = 'a mark'`));
    const later = ask(answers);
    resolve();
    expect((await slow).tag).not.toBe((await later).tag);
    expect((await ask(answers)).tag).toBe((await later).tag);
  });

  test('until it is another day on the clock of one of the shops', async () => {
    const answers = openAnswers({ engine, clock });
    // 16:00 in Madrid is midnight in Tokyo, whose 29th has the one unit of O3.
    now = '2026-10-28T14:59:59Z';
    const wish = { platforms: ['Other'] as const, parameters: { window: '7d' } };
    const before = await ask(answers, wish);
    now = '2026-10-28T15:00:00Z';
    const after = await ask(answers, wish);
    expect([unitsOf(before), unitsOf(after)]).toEqual([3, 4]);
    // The shop moves to a clock on which it is still the 28th.
    const [tokyo] = (await engine.read((reader) => readShops(reader, ['Other']))).filter(({ shop }) => shop === TOKYO.shop);
    await setShop(engine, tokyo!, { zone: 'Europe/Madrid' });
    expect(unitsOf(await ask(answers, wish))).toBe(4);
    expect(readAnswer(await ask(answers, wish)).filters['to']).toBe('2026-10-28');
    await setShop(engine, { ...tokyo!, zone: 'Europe/Madrid' }, { zone: TOKYO.zone });
  });

  test('as long as there is room: of many the ones asked for last, and one that is too large not at all', async () => {
    const one = (await ask(openAnswers({ engine, clock }))).json.length;
    const answers = openAnswers({ engine, clock }, { keptBytes: 4 * one });
    computed = 0;
    const days = Array.from({ length: 10 }, (_, at) => ({ parameters: { currency: 'native', asOf: `2026-10-${10 + at}` } }));
    for (const wish of days) await ask(answers, wish);
    await ask(answers, days.at(-1));
    expect(computed).toBe(10);
    await ask(answers, days[0]);
    expect(computed).toBe(11);
    const tight = openAnswers({ engine, clock }, { keptBytes: one / 2 });
    const [first, second] = [await ask(tight), await ask(tight)];
    expect(first.tag).not.toBe(second.tag);
    expect(first.json).toEqual(second.json);
  });

  test('only when it is one: what was refused is asked again', async () => {
    const answers = openAnswers({ engine, clock });
    const failing = { ...counting, compute: () => Promise.reject(new Error('no')) };
    await expect(ask(answers, { report: failing })).rejects.toThrow('no');
    expect(unitsOf(await ask(answers))).toBeGreaterThan(0);
    await expect(ask(answers, { parameters: { window: 'soon' } })).rejects.toMatchObject({ code: 'invalid_parameter' });
  });

  test('under a name that no other run of the program gives', async () => {
    const tags = await Promise.all([1, 2, 3].map(async () => (await ask(openAnswers({ engine, clock }))).tag));
    expect(new Set(tags).size).toBe(3);
  });
});

describe('over HTTP', () => {
  const RANK = '/api/TikTok/DataScience/SalesRank_30d/';
  let shops: TestApp;
  beforeAll(async () => {
    shops = await openTestApp({}, clock);
    await shops.import(EXAMPLES.TikTok);
  });
  afterAll(() => shops.close());
  beforeEach(() => {
    now = NOW;
  });

  test('a caller that has the answer gets 304 and no body, in each format by itself', async () => {
    for (const format of ['', '?format=csv', '?format=csv&table=by_platform', '?format=xlsx']) {
      const first = await shops.get(`${RANK}${format}`);
      const tag = first.headers.get('etag')!;
      expect(tag).toMatch(/^"[\w-]+"$/);
      expect(first.headers.get('cache-control')).toBe('private, no-cache');
      expect(first.headers.get('vary')).toContain('Accept-Language');
      for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const again = await shops.get(`${RANK}${format}`, { 'if-none-match': known });
        expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', tag]);
      }
      expect((await shops.get(`${RANK}${format}`, { 'if-none-match': '"other"' })).status).toBe(200);
    }
    const tags = await Promise.all(
      ['', '?format=csv', '?format=csv&table=by_platform', '?format=xlsx'].map(async (format) =>
        (await shops.get(`${RANK}${format}`)).headers.get('etag'),
      ),
    );
    expect(new Set(tags).size).toBe(4);
  });

  test('the answer in another language is another one', async () => {
    const [english, chinese] = await Promise.all(
      ['en', 'zh'].map((language) => shops.get(`${RANK}?nonsense=1`, { 'accept-language': language })),
    );
    expect(english!.headers.get('etag')).not.toBe(chinese!.headers.get('etag'));
    expect(chinese!.json.warnings).toContain('以下参数未知，已忽略：nonsense。');
    const asked = await shops.get(`${RANK}?nonsense=1`, { 'accept-language': 'zh', 'if-none-match': english!.headers.get('etag')! });
    expect(asked.status).toBe(200);
  });

  test('what an import brought home is in the next answer, and so is a new day', async () => {
    const all = '/api/Multiplatform/DataScience/SalesRank/?currency=native';
    const before = await shops.get(all);
    await shops.import(EXAMPLES.Shein);
    const after = await shops.get(all, { 'if-none-match': before.headers.get('etag')! });
    expect(after.status).toBe(200);
    expect([before.json.freshness.length, after.json.freshness.length]).toEqual([1, 2]);
    const today = await shops.get(RANK);
    now = '2026-11-22T23:30:00Z';
    const tomorrow = await shops.get(RANK, { 'if-none-match': today.headers.get('etag')! });
    expect([today.json.filters.to, tomorrow.json.filters.to]).toEqual(['2026-11-22', '2026-11-23']);
  });
});
