import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSpool, type SpooledRecord } from './spool.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 's7-spool-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What comes out when the records go in, so many at a time. */
async function groupsOf(records: readonly SpooledRecord[], atOnce = 4096): Promise<{ group: string; records: { place: number; body: string }[] }[]> {
  const spool = await openSpool(folder);
  try {
    for (let i = 0; i < records.length; i += atOnce) await spool.add(records.slice(i, i + atOnce));
    const groups = await Array.fromAsync(spool.groups());
    expect(await spool.count()).toBe(groups.length);
    return groups;
  } finally {
    spool.close();
  }
}

test('the rows of an order come together in the order of the file, orders by their earliest time, however scattered they stand', async () => {
  const records = [
    { group: 'late', time: 900, place: 1, body: 'late 1' },
    { group: 'early', time: 500, place: 2, body: 'early 2' },
    { group: 'late', time: 800, place: 7, body: 'late 7' },
    { group: 'middle', time: 600, place: 8, body: 'middle 8' },
    { group: 'early', time: 999, place: 3000, body: 'early 3000' },
    { group: 'early', time: -1, place: 4, body: 'early 4' },
  ];
  expect(await groupsOf(records, 2)).toEqual([
    { group: 'early', records: [{ place: 2, body: 'early 2' }, { place: 4, body: 'early 4' }, { place: 3000, body: 'early 3000' }] },
    { group: 'middle', records: [{ place: 8, body: 'middle 8' }] },
    { group: 'late', records: [{ place: 1, body: 'late 1' }, { place: 7, body: 'late 7' }] },
  ]);
});

test('a file without rows gives no orders', async () => {
  expect(await groupsOf([])).toEqual([]);
});

test('any rows in any portions come out whole, grouped and in order', async () => {
  const record = fc.record({
    group: fc.constantFrom('', 'a', 'A', 'ä', 'shop\u001forder', '订单'), time: fc.integer({ min: -5, max: 5 }), body: fc.string({ unit: 'binary' }),
  });
  await fc.assert(fc.asyncProperty(fc.array(record, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), async (made, atOnce) => {
    const records = made.map((each, place) => ({ ...each, place }));
    const expected = [...Map.groupBy(records, ({ group }) => group)]
      .map(([group, of]) => ({ group, first: Math.min(...of.map(({ time }) => time)), records: of.map(({ place, body }) => ({ place, body })) }))
      .toSorted((a, b) => a.first - b.first || Buffer.compare(Buffer.from(a.group), Buffer.from(b.group)))
      .map(({ group, records: of }) => ({ group, records: of }));
    expect(await groupsOf(records, atOnce)).toEqual(expected);
  }), { numRuns: 25 });
});

test('what memory cannot take goes to disk, nothing of it is lost, and the disk is empty again afterwards', async () => {
  const orders = 60_000;
  const spool = await openSpool(folder, 64);
  let spilled = 0;
  const text = 'a row of an order file with everything that stands in it. '.repeat(9);
  for (let start = 0; start < orders * 3; start += 4096) {
    const length = Math.min(4096, orders * 3 - start);
    // Three rows an order, a whole file's length apart.
    await spool.add(Array.from({ length }, (_, i) => {
      const place = start + i;
      return { group: `order ${(place * 7919) % orders}`, time: (place * 31) % 1_000_003, place, body: `${text}${place}` };
    }));
    spilled = Math.max(spilled, readdirSync(folder).length);
  }
  let [groups, rows, last] = [0, 0, -1];
  for await (const { group, records } of spool.groups()) {
    spilled = Math.max(spilled, readdirSync(folder).length);
    const first = Math.min(...records.map(({ place }) => (place * 31) % 1_000_003));
    if (first < last || records.length !== 3) throw new Error(`${group} has ${records.length} rows, at ${first} after ${last}`);
    for (const { place, body } of records) if (body !== `${text}${place}` || group !== `order ${(place * 7919) % orders}`) throw new Error(`row ${place} is in ${group}`);
    last = first;
    groups += 1;
    rows += records.length;
  }
  spool.close();
  expect({ groups, rows, left: readdirSync(folder) }).toEqual({ groups: orders, rows: orders * 3, left: [] });
  expect(spilled).toBeGreaterThan(0);
});
