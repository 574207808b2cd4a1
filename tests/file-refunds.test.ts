import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { readMissingOrders } from '../src/records/gaps/gaps.ts';
import { readImports } from '../src/records/imports/import-log.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { raw } from '../src/engines/sql.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { parseMapping, type MappingInput } from '../src/platforms/mapping.ts';
import { reports } from '../src/reports/all.ts';
import { runReport } from '../src/reports/run.ts';
import { importFile, type ImportResult } from '../src/sync/import.ts';
import { replay } from '../src/sync/replay.ts';
import { partsOf } from './part-reading.ts';
import { followers } from '../src/records/all.ts';

const clock = fixedClock('2026-03-20T12:00:00Z');
const hash = keyedHash(Buffer.from('test'));
const MAPPING: MappingInput = {
  name: 'till',
  zone: 'Europe/London',
  currency: 'GBP',
  refunds: { column: 'Invoice', startsWith: 'c', order: 'Of' },
  kinds: { POST: 'charge' },
  columns: { orderId: 'Invoice', purchasedAt: 'Date', sku: 'Code', skuName: 'Name', kind: 'Code', quantity: 'Qty', unitPrice: 'Price' },
};
const FILE = `Invoice,Date,Code,Name,Qty,Price,Of
100,2026-03-01 10:00,MUG,Mug,3,4.50,
100,2026-03-01 10:00,POST,Postage,1,2.00,
C7,2026-03-05 23:30,MUG,Mug,-1,4.50,
C7,2026-03-05 23:30,POST,Postage,-1,2.00,
C8,2026-03-06 09:00,OLD,Old lamp,-2,10.00,
C9,2026-03-07 09:00,MUG,Mug,-1,4.50,100
`;

let engine: Engine;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 's7-refunds-'));
  engine = await openDuckDb(join(folder, 's7.duckdb'), { memoryLimit: '500MB', temporaryFolder: folder, threads: 1 });
  await prepareStore(engine);
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const bring = (
  text = FILE,
  { dryRun = false, mapping = MAPPING }: { dryRun?: boolean; mapping?: MappingInput } = {},
): Promise<ImportResult> =>
  importFile(
    { engine, clock, hash, parts: partsOf(hash), presets: [], temporaryFolder: folder },
    {
      source: Readable.from([Buffer.from(text)]),
      file: 'till.csv',
      settings: {},
      describe: String,
      dryRun,
      mapped: { preset: presetOf(parseMapping(mapping)), mapping },
    },
  );
const ask = async (name: string, parameters: Record<string, unknown> = {}) => {
  const { tables, warnings } = await runReport(
    { engine, clock },
    { report: reports.find((each) => each.name === name)!, platforms: ['Other'], parameters, language: 'en' },
  );
  return { ...(tables as unknown as Record<'data' | 'by_platform', Record<string, unknown>[]>), warnings };
};
const rows = (text: string) => engine.read((reader) => reader.query(raw(text)));

test('refunds of a file are no orders: they are counted apart, and a dry run shows them', async () => {
  const looked = await bring(FILE, { dryRun: true });
  expect(looked).toMatchObject({ import_id: null, rows: 6, orders: 1, orders_new: 0, refunds: 3, refunds_new: 0 });
  expect(looked.sample).toEqual([
    expect.objectContaining({ orderId: '100' }),
    expect.objectContaining({ returnId: 'C7', orderId: null, refundAmount: '6.5000' }),
    expect.objectContaining({ returnId: 'C8' }),
    expect.objectContaining({ returnId: 'C9', orderId: '100' }),
  ]);
  expect(await rows('SELECT count(*) AS n FROM returns')).toEqual([{ n: 0 }]);
  expect(await bring()).toMatchObject({ orders: 1, orders_new: 1, refunds: 3, refunds_new: 3, refused: 0 });
  expect(await rows('SELECT order_id FROM orders')).toEqual([{ order_id: '100' }]);
  const [record] = await engine.read((reader) => readImports(reader, 1));
  expect(record).toMatchObject({ orders_read: 1, refunds_read: 3, refunds_new: 3, refunds_changed: 0, refunds_unchanged: 0 });
});

test('the same file twice changes nothing, and a corrected refund takes the place of the first', async () => {
  await bring();
  const state = 'SELECT return_id, order_id, oid, refund_amount, event_day FROM returns ORDER BY 1';
  const before = await rows(state);
  expect(await bring()).toMatchObject({ orders_unchanged: 1, refunds_new: 0, refunds_changed: 0, refunds_unchanged: 3 });
  expect(await rows(state)).toEqual(before);
  expect(await bring(FILE.replace('-2,10.00', '-2,11.00'))).toMatchObject({ refunds_changed: 1, refunds_unchanged: 2 });
  expect(await rows("SELECT sum(refund_amount) AS amount, count(*) AS n FROM returns WHERE return_id = 'C8'")).toEqual([
    { amount: '22.0000', n: 1 },
  ]);
});

test(
  'a refund that names no order counts on its own day, by its SKU, whether that was ever sold or not; one that names its order is ' +
    'tied to it',
  async () => {
    await bring();
    const back = await ask('ReturnRate', { basis: 'event' });
    expect(
      back.data.map(({ sku_id, sku_name, sell_count, return_count, refund_amount }) => [
        sku_id,
        sku_name,
        sell_count,
        return_count,
        refund_amount,
      ]),
    ).toEqual([
      ['MUG', 'Mug', 3, 2, 9],
      ['OLD', 'Old lamp', 0, 2, 20],
      ['POST', 'Postage', 0, 0, 2],
    ]);
    const sold = await ask('ReturnRate');
    expect(sold.data.map(({ sku_id, return_count, refund_amount }) => [sku_id, return_count, refund_amount])).toEqual([['MUG', 1, 4.5]]);
    expect(sold.warnings).toContainEqual(expect.stringContaining('2 refunds name no order'));
    expect(back.warnings).not.toContainEqual(expect.stringContaining('name no order'));
    const orders = await ask('ReturnRate', { basis: 'event', variant: 'orders' });
    expect(orders.by_platform.map(({ return_count }) => return_count)).toEqual([3]);
    const days = await ask('Reconcile');
    expect(
      days.data.map(({ day, orders: count, returned_units, refunded_amount }) => [day, count, returned_units, refunded_amount]),
    ).toEqual([
      ['2026-03-07', 0, 1, 4.5],
      ['2026-03-06', 0, 2, 20],
      ['2026-03-05', 0, 1, 6.5],
      ['2026-03-01', 1, 0, 0],
    ]);
    expect(await rows('SELECT order_id FROM returns WHERE oid IS NOT NULL')).toEqual([{ order_id: '100' }]);
  },
);

test('nobody looks for the order of a refund that names none', async () => {
  await bring(FILE.replace(',4.50,100', ',4.50,999'));
  const missing = await engine.read((reader) => readMissingOrders(reader, 1, { followers, stream: 'gaps', limit: 10, at: clock.now() }));
  expect(missing).toEqual(['999']);
});

test('refunds are made anew from their kept rows, and are what they were', async () => {
  await bring();
  const room = { engine, hash, platforms: [], presets: [], presetOf: (mapping: unknown) => presetOf(parseMapping(mapping)) };
  const again = (accept: boolean) => replay(room, { accept, figures: async () => null });
  expect(await again(false)).toMatchObject({
    read: 4,
    kept: { without_document: 0, not_told_apart: 0, refused: 0 },
    refused: [],
    tables: {},
  });
  await engine.transaction((tx) => tx.run(raw("UPDATE returns SET refund_amount = 1 WHERE return_id = 'C8'")));
  expect((await again(true)).tables).toMatchObject({ returns: { changed: 1 } });
  expect(await rows("SELECT refund_amount FROM returns WHERE return_id = 'C8'")).toEqual([{ refund_amount: '20.0000' }]);
  expect((await again(false)).tables).toEqual({});
});

test('rows of one id that are a sale and its refund are an order and a refund', async () => {
  const mapping: MappingInput = {
    ...MAPPING,
    refunds: { column: 'Type', startsWith: 'Refund', order: 'Invoice' },
    columns: { ...MAPPING.columns, orderId: 'Invoice' },
  };
  const text = 'Invoice,Date,Code,Name,Qty,Price,Type\n5,2026-03-01,MUG,Mug,2,4.50,Sale\n5,2026-03-04,MUG,Mug,1,4.50,Refund\n';
  expect(await bring(text, { mapping })).toMatchObject({ orders: 1, refunds: 1 });
  expect(await rows('SELECT order_id, oid IS NOT NULL AS tied, refund_amount, event_day FROM returns')).toEqual([
    { order_id: '5', tied: true, refund_amount: '4.5000', event_day: '2026-03-04' },
  ]);
});

test('a file without the column that tells refunds is not read as if it had none', async () => {
  await expect(bring(FILE, { mapping: { ...MAPPING, refunds: { column: 'Kind of row', startsWith: 'C' } } })).rejects.toMatchObject({
    code: 'mapping_column_missing',
    values: { columns: ['Kind of row'] },
  });
});
