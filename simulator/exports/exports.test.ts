import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { amazonFile } from './amazon-file.ts';
import { exportsAt } from './exports.ts';

const rowsOf = (bytes: Uint8Array): string[][] =>
  gunzipSync(bytes)
    .toString('utf8')
    .trimEnd()
    .split('\r\n')
    .map((row) => row.split('\t'));

test('an export of now ends today, holds nothing younger, and is the committed one in everything but its days', async () => {
  const now = Temporal.Instant.from('2027-02-03T10:30:00Z');
  const { Amazon, Shein } = await exportsAt(now);
  const [header, ...rows] = rowsOf(Amazon.bytes);
  const at = (name: string): number => header!.indexOf(name);
  const bought = rows.map((row) => row[at('purchase-date')]!);
  expect(bought.toSorted().at(-1)!.slice(0, 10)).toBe('2027-02-03');
  for (const column of ['purchase-date', 'last-updated-date']) {
    const youngest = rows
      .map((row) => row[at(column)]!)
      .toSorted()
      .at(-1)!;
    expect(Temporal.Instant.compare(Temporal.Instant.from(youngest), now), column).toBeLessThanOrEqual(0);
  }
  const committed = rowsOf(amazonFile().bytes);
  expect(header).toEqual(committed[0]);
  expect(rows[0]![at('amazon-order-id')]).toBe(committed[1]![at('amazon-order-id')]);
  expect(bought[0]).toBe('2026-02-03T23:01:07+00:00');
  expect(Shein.orders).toBeGreaterThan(1400);
});
