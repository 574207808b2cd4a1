import { expect, test } from 'vitest';
import { fittingTable, toTable } from './tables.ts';

const rows = [
  {
    sku: 'HOM-1',
    name: '北欧风实木床头灯 三档调光 带无线充电 客厅卧室两用',
    sold: 12_345,
    money: 1234.5,
    at: '2026-11-30T10:14:05.123456Z',
  },
  { sku: 'HOM-2', name: 'Lamp', sold: 7, money: null, at: null },
];
const columns = [
  { name: 'sku', title: 'SKU' },
  { name: 'name', title: '商品名称' },
  { name: 'sold' },
  { name: 'money', digits: 2 },
  { name: 'at' },
];
const widths = (text: string): number[] =>
  text.split('\n').map((line) => [...line].reduce((sum, letter) => sum + (letter >= '\u1100' && letter !== '…' ? 2 : 1), 0));

test('a table fits its line: long texts lose their ends, then columns go from the right, and how many is told', () => {
  for (const width of [80, 60, 40, 20]) {
    const { text, leftOut } = fittingTable(rows, columns, { width, language: 'zh' });
    expect(Math.max(...widths(text)), `${width}`).toBeLessThanOrEqual(width);
    expect(text.includes('at')).toBe(leftOut === 0);
  }
  expect(fittingTable(rows, columns, { width: 40 }).leftOut).toBeGreaterThan(0);
});

test('in little room a long title stands over two lines, and its column no wider than it needs', () => {
  const sold = [{ sku: 'A', sold: 12, share: 92.01 }];
  const titled = [
    { name: 'sku', title: 'SKU' },
    { name: 'sold', title: 'Unidades vendidas' },
    { name: 'share', title: '% de las ventas' },
  ];
  const lines = (width: number): string[] =>
    fittingTable(sold, titled, { width, language: 'es' })
      .text.split('\n')
      .map((line) => line.trimEnd());
  expect(lines(80)).toEqual(['SKU  Unidades  % de las', '     vendidas    ventas', 'A          12     92,01']);
  expect(lines(200)).toEqual(['SKU  Unidades vendidas  % de las ventas', 'A                   12            92,01']);
});

test('the first column stays, however narrow the terminal is', () => {
  expect(fittingTable(rows, columns, { width: 3 }).text).toContain('HOM-1');
});

test('counts have separators, amounts their digits, instants no seconds, what is not known a dash', () => {
  const text = toTable(rows, columns, { language: 'es' });
  expect(text).toContain('12.345');
  expect(text).toContain('1234,50');
  expect(text).toMatch(/2026-11-30 \d\d:\d\d(?!:)/);
  expect(text.split('\n')[2]).toContain('–');
});
