import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSpool, type SpooledRecord } from './spool.ts';

/** Two names that the spool first takes for one. */
const SAME_HASH = ['order 20a9rdgosg', 'order 2tf484qtu9v'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 's7-spool-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What comes out when the records go in, so many at a time. */
async function groupsOf(
  records: readonly SpooledRecord[],
  atOnce = 4096,
): Promise<{ group: string; records: { place: number; body: string }[] }[]> {
  const spool = await openSpool(folder);
  try {
    for (let i = 0; i < records.length; i += atOnce) await spool.add(records.slice(i, i + atOnce));
    return (await Array.fromAsync(spool.portions(3))).flat() as Awaited<ReturnType<typeof groupsOf>>;
  } finally {
    await spool.close();
  }
}

test('the rows of an order come together as the file has them, orders by their earliest time, however scattered they stand', async () => {
  const records = [
    { group: 'late', time: 900_000, place: 1, body: 'late 1' },
    { group: 'early', time: 500_000, place: 2, body: 'early 2' },
    { group: 'late', time: 800_000, place: 7, body: 'late 7' },
    { group: 'middle', time: 600_000, place: 8, body: 'middle 8' },
    { group: 'early', time: -1000, place: 4, body: 'early 4' },
    { group: 'early', time: 999_000, place: 3000, body: 'early 3000' },
  ];
  expect(await groupsOf(records, 2)).toEqual([
    {
      group: 'early',
      records: [
        { place: 2, body: 'early 2' },
        { place: 4, body: 'early 4' },
        { place: 3000, body: 'early 3000' },
      ],
    },
    { group: 'middle', records: [{ place: 8, body: 'middle 8' }] },
    {
      group: 'late',
      records: [
        { place: 1, body: 'late 1' },
        { place: 7, body: 'late 7' },
      ],
    },
  ]);
});

test('two orders whose names have the same hash stay two', async () => {
  expect(new Set(SAME_HASH.map((name) => crc32(name))).size).toBe(1);
  const records = SAME_HASH.map((group, place) => ({ group, time: place * 1000, place, body: group }));
  expect(await groupsOf(records)).toEqual(SAME_HASH.map((group, place) => ({ group, records: [{ place, body: group }] })));
});

test('a file without rows gives no orders', async () => {
  expect(await groupsOf([])).toEqual([]);
});

test('any rows in any portions come out whole, grouped and in order', async () => {
  const record = fc.record({
    group: fc.constantFrom('', 'a', 'A', 'ä', 'shop\u001forder', '订单', ...SAME_HASH),
    time: fc.integer({ min: -5, max: 5 }).map((second) => second * 1000),
    body: fc.string({ unit: 'binary' }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), async (made, atOnce) => {
      const records = made.map((each, place) => ({ ...each, place }));
      const expected = [...Map.groupBy(records, ({ group }) => group)]
        .map(([group, of]) => ({
          group,
          first: Math.min(...of.map(({ time }) => time)),
          records: of.map(({ place, body }) => ({ place, body })),
        }))
        .toSorted((a, b) => a.first - b.first);
      const groups = await groupsOf(records, atOnce);
      // Those that share a hash stand where the first of them belongs.
      const hashOf = (group: string): string => (SAME_HASH.includes(group) ? SAME_HASH[0]! : group);
      const firstOf = new Map<string, number>();
      for (const { group, first } of expected) firstOf.set(hashOf(group), Math.min(first, firstOf.get(hashOf(group)) ?? first));
      const order = groups.map(({ group }) => firstOf.get(hashOf(group))!);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      const byName = (of: readonly { group: string; records: unknown }[]): unknown =>
        Object.fromEntries(of.map(({ group, records: rows }) => [group, rows]));
      expect(byName(groups)).toEqual(byName(expected));
      expect(groups).toHaveLength(expected.length);
    }),
    { numRuns: 25 },
  );
});

test('however much there is, it waits on disk, portions are bounded by groups and bytes, and the disk is empty afterwards', async () => {
  const orders = 60_000;
  const spool = await openSpool(folder);
  const text = 'a row of an order file with everything that stands in it. '.repeat(9);
  for (let start = 0; start < orders * 3; start += 4096) {
    const length = Math.min(4096, orders * 3 - start);
    // Three rows an order, a whole file's length apart.
    await spool.add(
      Array.from({ length }, (_, i) => {
        const place = start + i;
        return { group: `order ${(place * 7919) % orders}`, time: ((place * 31) % 1_000_003) * 1000, place, body: `${text}${place}` };
      }),
    );
  }
  const [spooled] = readdirSync(folder);
  expect(statSync(join(folder, spooled!)).size).toBeGreaterThan(orders * 3 * text.length);
  let [groups, rows, last, longest] = [0, 0, -1, 0];
  for await (const portion of spool.portions(50_000)) {
    longest = Math.max(longest, portion.length);
    for (const { group, records } of portion) {
      const first = Math.min(...records.map(({ place }) => (place * 31) % 1_000_003));
      if (first < last || records.length !== 3) throw new Error(`${group} has ${records.length} rows, at ${first} after ${last}`);
      for (const { place, body } of records)
        if (body !== `${text}${place}` || group !== `order ${(place * 7919) % orders}`) throw new Error(`row ${place} is in ${group}`);
      last = first;
      groups += 1;
      rows += records.length;
    }
  }
  await spool.close();
  expect({ groups, rows, left: readdirSync(folder) }).toEqual({ groups: orders, rows: orders * 3, left: [] });
  expect(longest).toBeLessThan(25_000);
});
