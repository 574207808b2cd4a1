import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepRates, readRateFetches, readRates } from '../src/records/rates/rate-book.ts';
import { setShop } from '../src/records/shop-changes.ts';
import { readShops } from '../src/records/shops/shops.ts';
import { openRateJob, ratesDue } from '../src/jobs/rates.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { readRateFile } from '../src/sync/rate-file.ts';
import { fetchRates } from '../src/sync/rates.ts';
import { askGolden, EVENING } from './golden-questions.ts';
import { openEmptyStore, storeWorld, GOLDEN_WORLD, AMAZON_ES, ES_MODA, openGoldenStore } from './golden-world.ts';
import { openTestApp } from './shop-window.ts';

type Row = Readonly<Record<string, unknown>>;

const HISTORY = [
  'Date,USD,JPY,GBP,',
  '2026-10-28,1.2,160,0.8,',
  '2026-10-23,1.1,150,0.75,',
  '2026-10-22,N/A,151,0.76,',
  '2026-10-21,x,152,0.77,',
  '21 Octember 2026,1,1,1,',
].join('\n');

/** A ZIP archive of one deflated file, as the bank packs it. */
function zipped(text: string): Buffer {
  const [packed, name] = [deflateRawSync(text), Buffer.from('eurofxref-hist.csv')];
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004');
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name, packed]);
}

describe('a file of the European Central Bank', () => {
  test('is read as CSV and as its ZIP; what is no rate is named by line and column', async () => {
    for (const bytes of [Buffer.from(HISTORY), zipped(HISTORY)]) {
      const { rates, bad } = await readRateFile(bytes);
      expect(rates).toHaveLength(10);
      expect(rates[0]).toEqual({ day: '2026-10-28', currency: 'USD', rate: '1.2' });
      expect(bad).toEqual([
        { line: 5, column: 'USD', problem: 'not_a_rate' },
        { line: 6, column: 'Date', problem: 'not_a_day' },
      ]);
    }
  });

  test('of one day names the day in words', async () => {
    expect((await readRateFile(Buffer.from('Date, USD, JPY, \n20 November 2026, 1.0823, 163.1, \n'))).rates).toEqual([
      { day: '2026-11-20', currency: 'USD', rate: '1.0823' },
      { day: '2026-11-20', currency: 'JPY', rate: '163.1' },
    ]);
  });

  test('is read as XML', async () => {
    const xml =
      `<?xml version="1.0"?><gesmes:Envelope><Cube>\n<Cube time='2026-11-20'>\n<Cube currency='USD' rate='1.0823'/><Cube ` +
      `currency='JPY' rate='none'/></Cube></Cube></gesmes:Envelope>`;
    expect(await readRateFile(Buffer.from(xml))).toEqual({
      rates: [{ day: '2026-11-20', currency: 'USD', rate: '1.0823' }],
      bad: [{ line: 3, column: 'JPY', problem: 'not_a_rate' }],
    });
  });

  test('is refused where it is another file', async () => {
    await expect(readRateFile(Buffer.from('Order ID,SKU\n1,2\n'))).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(readRateFile(Buffer.from('PK\u0003\u0004 and nothing of use'))).rejects.toMatchObject({ code: 'file_unreadable' });
  });
});

describe('reports over several currencies', () => {
  let store: Awaited<ReturnType<typeof openEmptyStore>>;
  beforeAll(async () => {
    store = await openGoldenStore();
    await store.engine.transaction(async (tx) => keepRates(tx, (await readRateFile(Buffer.from(HISTORY))).rates, 'ECB'));
  });
  afterAll(() => store.close());
  const ask = (parameters: Row, name = 'SalesRank') => askGolden(store.engine, name, { window: '7d', ...parameters });

  test('convert each day at the last rate published on or before it, exactly, and say which days those were', async () => {
    // TEE: 131.98 EUR + 15 GBP of Sunday the 25th at Friday's 0.75 = 20. MUG: 85.91 EUR + 1500 JPY of the 28th at 160 = 9.375
    // + 501 JPY of the 27th at the 23rd's 150 = 3.34, together 98.625, rounded once: 98.63.
    const answer = await ask({});
    expect((answer.tables.data as readonly Row[]).map(({ sku, revenue }) => [sku, revenue])).toEqual([
      ['MUG', 98.63],
      ['TEE', 151.98],
      ['SOCKS', 14.5],
      ['LAMP', 30],
      ['HAT', 24.5],
    ]);
    expect(answer.currency).toBe('EUR');
    expect(answer.exchange).toEqual([
      { pair: 'GBP/EUR', rate_days: ['2026-10-23'] },
      { pair: 'JPY/EUR', rate_days: ['2026-10-23', '2026-10-28'] },
    ]);
  });

  test('cross through the euro: 10 EUR × 0.75 would be 7.50 GBP', async () => {
    // TikTok alone: TEE 131.98 EUR by day × pounds: 22nd 36 × 0.76, 23rd 20 × 0.75, 25th 39.98 × 0.75, 27th 36 × 0.75, + 15 GBP = 114.345.
    const rows = (await askGolden(store.engine, 'SalesRank', { window: '7d', currency: 'GBP' }, ['TikTok'])).tables.data as readonly Row[];
    expect(rows.find(({ sku }) => sku === 'TEE')!['revenue']).toBe(114.35);
  });

  test('give the same money in every report', async () => {
    const [[overview], platforms, areas, months] = (await Promise.all([
      ask({}, 'Overview'),
      ask({}, 'PlatformComparison'),
      ask({ limit: 100 }, 'AreaDemand'),
      ask({}, 'MonthlySalesAnalysis'),
    ]).then((answers) => answers.map(({ tables }) => (tables['totals'] ?? tables.data) as readonly Row[]))) as [
      readonly Row[],
      readonly Row[],
      readonly Row[],
      readonly Row[],
    ];
    const total = (rows: readonly Row[], column: string): number =>
      rows.reduce((sum, row) => sum + Math.round(Number(row[column] ?? 0) * 100), 0);
    // 98.625 + 151.98 + 14.5 + 24.5 + 30 = 319.605; parts that are rounded by themselves may differ by a cent each.
    expect(overview!['revenue']).toBe(319.61);
    expect(total(months, 'total_amount')).toBe(31_961);
    expect(Math.abs(total(platforms, 'revenue') - 31_961)).toBeLessThanOrEqual(2);
    expect(Math.abs(total(areas, 'sales_amount') - 31_961)).toBeLessThanOrEqual(4);
  });

  test('are refused where a rate is more than seven days old, by day, pair and remedy', async () => {
    // Francs were published on the 1st alone.
    await store.engine.transaction((tx) => keepRates(tx, [{ day: '2026-10-01', currency: 'CHF', rate: '0.95' }], 'ECB'));
    await expect(ask({ currency: 'CHF' })).rejects.toThrow('No EUR/CHF rate for 2026-10-22');
    await expect(ask({ currency: 'CHF' })).rejects.toMatchObject({ code: 'exchange_rate_missing' });
  });

  test("prefer a rate of the seller's own for its day", async () => {
    await store.engine.transaction((tx) => keepRates(tx, [{ day: '2026-10-25', currency: 'GBP', rate: '0.5' }], 'manual'));
    expect(((await ask({})).tables.data as readonly Row[]).find(({ sku }) => sku === 'TEE')!['revenue']).toBe(161.98);
    await store.engine.transaction((tx) => keepRates(tx, [{ day: '2026-10-25', currency: 'GBP', rate: '0.9' }], 'ECB'));
    expect(((await ask({})).tables.data as readonly Row[]).find(({ sku }) => sku === 'TEE')!['revenue']).toBe(161.98);
  });

  test('leave the money of one currency as it is', async () => {
    expect((await ask({ shop: ES_MODA.shop })).exchange).toBeUndefined();
  });

  test('tell net sales without tax by the setting of each shop, the most particular rule first; without one null and why', async () => {
    const head = async () => {
      const { tables, nulls } = await ask({ shop: `${ES_MODA.shop},${AMAZON_ES.shop}` }, 'Overview');
      return [(tables.data[0] as Row)['net_sales_ex_tax'], nulls['net_sales_ex_tax']?.startsWith('VAT setting missing') ?? false];
    };
    const [amazon, tiktok] = [AMAZON_ES, ES_MODA].map(({ shop }) => shop);
    const shopNamed = async (name: string | undefined) => (await store.engine.read(readShops)).find(({ shop }) => shop === name)!;
    await setShop(store.engine, await shopNamed(tiktok), { vatRate: '21.00' });
    expect(await head()).toEqual([null, true]);
    await setShop(store.engine, await shopNamed(amazon), {
      vatRate: '21.00',
      vatRules: [
        { country: 'ES', from: '2026-10-27', rate: '10.00', remittedBy: 'seller' },
        { country: 'FR', from: null, rate: '20.00', remittedBy: 'platform' },
      ],
    });
    // TikTok 217.92 / 1.21 = 180.0992; Amazon 17.98 of the 23rd / 1.21 = 14.8595, 20.99 of the 27th to Spain / 1.10 = 19.0818: 214.0405.
    expect(await head()).toEqual([214.04, false]);
  });
});

describe("the bank's rates", () => {
  let bank: Server;
  let url: string;
  const asked: string[] = [];
  let fails = false;
  beforeAll(async () => {
    bank = createServer((request, reply) => {
      asked.push(request.url!);
      if (fails) reply.writeHead(503).end('closed');
      else reply.end('<Cube><Cube time="2026-10-28"><Cube currency="GBP" rate="0.87"/></Cube></Cube>');
    });
    await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(bank.address() as AddressInfo).port}/stats/eurofxref`;
  });
  afterAll(() => bank.close());

  test('are fetched whole the first time, then the last 90 days; a failure is told and changes nothing', async () => {
    const store = await openEmptyStore();
    const room = { engine: store.engine, clock: fixedClock(EVENING), ratesUrl: url };
    expect(await fetchRates(room)).toEqual({ rates: 1, bad: [], first_day: '2026-10-28', last_day: '2026-10-28' });
    await fetchRates(room);
    expect(asked).toEqual(['/stats/eurofxref/eurofxref-hist.xml', '/stats/eurofxref/eurofxref-hist-90d.xml']);
    fails = true;
    await expect(fetchRates(room)).rejects.toMatchObject({ code: 'rates_not_fetched' });
    fails = false;
    expect(await store.engine.read((reader) => readRates(reader, { limit: 10 }))).toHaveLength(1);
    expect(await store.engine.read(readRateFetches)).toMatchObject({ fetchedAt: EVENING, historyAt: EVENING });
    await store.close();
  });

  test('are fetched by themselves once a day, only where something is sold in another currency, and never stop the server', async () => {
    const store = await openEmptyStore();
    const told: string[] = [];
    const run = async (): Promise<void> => {
      const job = openRateJob({
        engine: store.engine,
        clock: fixedClock(EVENING),
        ratesUrl: url,
        reportingCurrency: 'EUR',
        onFailure: (error) => told.push(error.code),
        onSuccess: (what) => told.push(what),
      });
      job.start();
      await job.close();
    };
    await storeWorld(
      store.engine,
      GOLDEN_WORLD.filter(({ shop }) => shop.currency === 'EUR'),
    );
    await run();
    expect(told).toEqual([]);
    await storeWorld(
      store.engine,
      GOLDEN_WORLD.filter(({ shop }) => shop.currency !== 'EUR'),
    );
    await run();
    await run();
    expect(told).toEqual(['exchange rates']);
    await store.close();
  });

  test(
    'are fetched as soon as something is sold in another currency, by what is committed and no clock; a failure is not tried again ' +
      'and again',
    async () => {
      const store = await openEmptyStore();
      const told: string[] = [];
      const until = async (count: number): Promise<void> => {
        while (told.length < count)
          await new Promise((resolve) => {
            setTimeout(resolve, 20);
          });
      };
      const job = openRateJob({
        engine: store.engine,
        clock: fixedClock(EVENING),
        ratesUrl: url,
        reportingCurrency: 'EUR',
        onFailure: (error) => told.push(error.code),
        onSuccess: (what) => told.push(what),
      });
      fails = true;
      job.start();
      await storeWorld(
        store.engine,
        GOLDEN_WORLD.filter(({ shop }) => shop.currency === 'EUR'),
      );
      expect(told).toEqual([]);
      await storeWorld(
        store.engine,
        GOLDEN_WORLD.filter(({ shop }) => shop.currency === 'GBP'),
      );
      await until(1);
      // What is written now, the note of the failure among it, tries nothing again; another currency does.
      await store.engine.transaction((tx) => keepRates(tx, [{ day: '2020-01-02', currency: 'CHF', rate: '1' }], 'manual'));
      fails = false;
      expect(told).toEqual(['rates_not_fetched']);
      expect(await store.engine.read(readRateFetches)).toMatchObject({ fetchedAt: null, triedAt: EVENING });
      await storeWorld(
        store.engine,
        GOLDEN_WORLD.filter(({ shop }) => shop.currency === 'JPY'),
      );
      await until(2);
      expect(told).toEqual(['rates_not_fetched', 'exchange rates']);
      await job.close();
      expect(await store.engine.read(readRateFetches)).toMatchObject({ fetchedAt: EVENING, currencies: ['EUR', 'GBP', 'JPY'] });
      await store.close();
    },
  );

  test('are due when the bank has published since they were fetched', () => {
    const at = (text: string) => Temporal.Instant.from(text);
    expect(ratesDue(null, at('2026-10-28T10:00:00Z'))).toBe(true);
    expect(ratesDue('2026-10-28T15:00:00Z', at('2026-10-28T15:20:00Z'))).toBe(false);
    expect(ratesDue('2026-10-28T15:00:00Z', at('2026-10-28T15:31:00Z'))).toBe(true);
    expect(ratesDue('2026-10-28T15:31:00Z', at('2026-10-29T15:00:00Z'))).toBe(false);
  });
});

test('rates are imported, set, listed and taken back over HTTP', async () => {
  const app = await openTestApp();
  try {
    const form = new FormData();
    form.append('file', new Blob([HISTORY]), 'eurofxref-hist.csv');
    const imported = (await (await fetch(`${app.url}/api/fx/import`, { method: 'POST', body: form })).json()) as Row;
    expect(imported).toMatchObject({ code: 0, rates: 10, first_day: '2026-10-21', last_day: '2026-10-28' });
    await app.send('/api/fx', { rates: [{ day: '2026-10-28', currency: 'GBP', rate: '0.81' }] });
    const listed = async (): Promise<unknown> => ((await app.get('/api/fx?currency=GBP&from=2026-10-28')).json as Row)['data'];
    expect(await listed()).toEqual([
      { day: '2026-10-28', currency: 'GBP', rate: '0.80000000', source: 'ECB' },
      { day: '2026-10-28', currency: 'GBP', rate: '0.81000000', source: 'manual' },
    ]);
    await app.send('/api/fx', { rates: [{ day: '2026-10-28', currency: 'GBP', rate: null }] });
    expect(await listed()).toHaveLength(1);
    expect((await app.send('/api/fx', { rates: [{ day: '2026-10-28', currency: 'EUR', rate: '2' }] })).status).toBe(400);
    expect((await app.send('/api/fx/fetch', {})).status).toBe(503);
  } finally {
    await app.close();
  }
});
