import { expect, test } from 'vitest';
import type { Column, ColumnType } from '../model/tables.ts';
import type { StagedValue } from './engine.ts';
import { micros, StagedTable, type NumberCells } from './staged-table.ts';

const table = (type: ColumnType): StagedTable => new StagedTable([{ name: 'it', type }]);

test.each<[ColumnType, StagedValue]>([
  ['small', 32_768],
  ['integer', 2 ** 31],
  ['integer', 1.5],
  ['integer', '1'],
  ['big', 2 ** 53],
  ['big', 2n ** 63n],
  ['money', -(2n ** 63n) - 1n],
  ['instant', 0.5],
  ['day', '2026-02-30T'],
  ['day', 'soon'],
  ['boolean', 1],
  ['text', 1],
  ['bytes', 1n],
])('a %s column refuses %s', (type, value) => {
  expect(() => table(type).add([value])).toThrow(/it/);
});

test('numbers and bigints of one value are laid out alike, negative ones and large ones too', () => {
  for (const value of [0, -1, 1, -(2 ** 32), 2 ** 32 - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -1_234_567_890_123]) {
    const staged = table('big');
    staged.add([value]);
    expect((staged.cells[0] as NumberCells).values[0]).toBe(BigInt(value));
  }
});

test('rows filled later keep what they were added with, beyond any size it began with', () => {
  const columns: readonly Column[] = [
    { name: 'n', type: 'integer' },
    { name: 'amount', type: 'money' },
    { name: 'oid', type: 'big' },
  ];
  const staged = new StagedTable(columns);
  for (let n = 0; n < 5000; n++) staged.add([n, n % 2 === 0 ? null : BigInt(n)]);
  for (let n = 0; n < 5000; n += 3) staged.fill(n, 2, [n * 2]);
  const [numbers, amounts, oids] = staged.cells as NumberCells[];
  const valid = ({ valid: bits }: NumberCells, row: number): boolean => bits === null || (bits[row >> 3]! & (1 << (row & 7))) !== 0;
  for (let n = 0; n < 5000; n++) {
    expect([numbers!.values[n], valid(amounts!, n), valid(oids!, n)]).toEqual([n, n % 2 !== 0, n % 3 === 0]);
    if (n % 3 === 0) expect(oids!.values[n]).toBe(BigInt(n * 2));
  }
  expect(staged.length).toBe(5000);
});

test.each(['2026-03-29T00:30:00.123456Z', '1969-12-31T23:59:59.999999Z', '2199-12-31T23:59:59.999999Z'])(
  '%s keeps its microseconds',
  (text) => {
    expect(BigInt(micros(Temporal.Instant.from(text)))).toBe(Temporal.Instant.from(text).epochNanoseconds / 1000n);
  },
);
