import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PLATFORM_IDS } from '../src/model/shop.ts';
import { reports } from '../src/reports/all.ts';
import { runReport } from '../src/reports/run.ts';
import { openConnectedShops, type ConnectedShops } from './connected-shops.ts';
import { naiveReports, type Row, type Tables } from './naive-report.ts';
import type { Question } from './naive-sales.ts';
import type { World } from './random-world.ts';
import { readShop } from './second-reader/simulated-shops.ts';

const NOW = '2025-06-20T10:00:00Z';
/** More days than the shops are old: everything is home. */
const HISTORY = 300;
const READER = join(import.meta.dirname, 'second-reader');
const SHOPS = ['Estrella Hogar España', 'Estrella Hogar UK', 'Lone Star Living'];
const naive = await naiveReports();

let world: ConnectedShops;
let names: ReadonlyMap<string, string>;
beforeAll(async () => {
  world = await openConnectedShops({ now: NOW, scale: 0.05, settings: { historyDays: HISTORY } });
  await world.consent('ES', 'estrella-hogar');
  await world.consent('US', 'lone-star-living');
  await world.syncAll();
  const tables = (await answer('AreaDemand', { shops: SHOPS, currency: 'native', limit: 1000 })).tables as Tables;
  names = new Map(
    tables['data']!.flatMap(({ area, area_code: code }) => (code === null ? [] : [[code as string, area as string] as const])),
  );
});
afterAll(() => world.close());

function answer(name: string, { shops, own, now: _now, ...question }: Partial<Question> & { currency?: string }) {
  const parameters = { ...question, ...(shops ? { shop: shops.join(',') } : {}), ...own };
  return runReport(
    { engine: world.shops.app.engine, clock: world.clock },
    { report: reports.find((each) => each.name === name)!, platforms: PLATFORM_IDS, parameters, language: 'en' },
  );
}

/** Hashes of buyers are the product's own: rows that differ in nothing else come in any order. */
function comparable(tables: Tables, isLeftOut: (column: string) => boolean): Tables {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => {
      const own = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !isLeftOut(name) && name !== 'buyer_id')));
      return [
        table,
        rows.some((row) => 'buyer_id' in row)
          ? own
              .map((row) => JSON.stringify(row, Object.keys(row).toSorted()))
              .toSorted()
              .map((text) => JSON.parse(text) as Row)
          : own,
      ];
    }),
  );
}

const BASE = { basis: 'created', measure: 'net', model: 'retail', group: 'none', now: NOW } as const;
const DAY = '2025-06-20';
/** What each shop is asked: windows, a span that is over, by payment, at list price and as paid. */
const QUESTIONS: Readonly<Record<string, Omit<Question, 'shops' | 'own'>>> = {
  '7 days': { ...BASE, asOf: NOW, window: '7d', limit: 1000 },
  '30 days': { ...BASE, asOf: NOW, window: '30d', limit: 1000 },
  everything: { ...BASE, asOf: NOW, window: 'all', limit: 1000 },
  'a span that is over': { ...BASE, asOf: DAY, window: 'all', from: '2025-03-28', to: '2025-05-11', limit: 1000 },
  '30 days by payment': { ...BASE, asOf: NOW, window: '30d', basis: 'paid', limit: 1000 },
  'everything at list prices': { ...BASE, asOf: NOW, window: 'all', measure: 'gross', limit: 1000 },
  'everything as paid': { ...BASE, asOf: NOW, window: 'all', measure: 'paid', limit: 1000 },
};
/** Parameters of a report's own that are asked beside its defaults. */
const OWN: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  AreaDemand: [{ level: 'country' }, { level: 'city' }],
  RepurchaseRate: [
    { variant: 'returning', within: '30', distinct: 'days' },
    { variant: 'cohort', within: '30', distinct: 'days' },
    { variant: 'window', within: '30', distinct: 'orders' },
  ],
  ReturnRate: [
    { variant: 'orders', basis: 'order' },
    { variant: 'amount', basis: 'order' },
    { variant: 'units', basis: 'event' },
    { variant: 'amount', basis: 'event' },
  ],
};
const USUAL: Readonly<Record<string, Record<string, unknown>>> = {
  AreaDemand: { level: 'region' },
  RepurchaseRate: { variant: 'window', within: '30', distinct: 'days' },
  ReturnRate: { variant: 'units', basis: 'order' },
  SalesRank: { sort: 'sales', order: 'desc' },
  BuyerAnalysis: { scoring: 'scale' },
  MonthlySalesAnalysis: { include: 'dates' },
};

test('the second reading imports nothing of the product', () => {
  const files = readdirSync(READER);
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) expect(readFileSync(join(READER, file), 'utf8'), file).not.toMatch(/from '[^']*\/src\//);
});

test('both have read as many orders and claims', async () => {
  const at = world.simulator.second();
  for (const shop of SHOPS) {
    const read = readShop(world.simulator.world, shop, { at });
    const [stored] = await world.rows(`
      SELECT (SELECT count(*) FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE h.shop = '${shop}') AS orders,
        (SELECT count(*) FROM return_lines w JOIN shops h ON h.shop_id = w.shop_id WHERE h.shop = '${shop}') AS claims`);
    expect({ shop, orders: read.length, claims: read.flatMap(({ claims }) => claims).length }).toEqual({
      shop,
      orders: Number(stored!['orders']),
      claims: Number(stored!['claims']),
    });
    expect(read.length).toBeGreaterThan(80);
  }
});

describe.each(SHOPS)('%s', (shop) => {
  let read: World;
  beforeAll(() => {
    const at = world.simulator.second();
    const { zone } = world.simulator.world.shops.find(({ name }) => name === shop)!;
    const from = Temporal.Instant.from(NOW)
      .subtract({ hours: HISTORY * 24 })
      .toZonedDateTimeISO(zone)
      .toPlainDate()
      .add({ days: 1 })
      .toString();
    const covers = { from, to: Temporal.Instant.from(NOW).toZonedDateTimeISO(zone).toPlainDate().toString() };
    const orders = readShop(world.simulator.world, shop, { at, names }).map((placed) => ({ ...placed, shop: { ...placed.shop, covers } }));
    read = { anchor: DAY, digits: 2, orders };
  });

  test.each(naive.map(({ report }) => report))('%s says what counting the documents says', async (name) => {
    const { untold, tables, check } = naive.find(({ report }) => report === name)!;
    for (const [title, asked] of Object.entries(QUESTIONS)) {
      for (const own of [USUAL[name] ?? {}, ...(title.startsWith('everything') || title === '30 days' ? (OWN[name] ?? []) : [])]) {
        const question: Question = { ...asked, shops: [shop], own };
        const counted = tables(read, question) as Tables;
        const told = await answer(name, question);
        const expected = comparable(
          { ...Object.fromEntries(Object.keys(told.tables).map((table) => [table, []])), ...counted },
          (column) => untold.includes(column) || column.startsWith('check_'),
        );
        expect({ title, own, ...comparable(told.tables as Tables, (column) => untold.includes(column)) }).toEqual({
          title,
          own,
          ...expected,
        });
        check?.(told.tables as Tables, { data: [], ...counted }, question);
      }
    }
  });
});
