import { readXlsx, type Workbook } from 'hucre/xlsx';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ShownAnswer } from '../src/reports/answers.ts';
import { column, report, type Report } from '../src/reports/report.ts';
import { csvText, toCsv } from '../src/surfaces/csv.ts';
import type { TableRow } from '../src/surfaces/digits.ts';
import { toXlsx } from '../src/surfaces/xlsx.ts';

/** What strangers may have named their products. */
const NASTY = [
  '=1+1',
  '+34600',
  '-2',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  "'=1",
  "''+x",
  "'plain",
  '=HYPERLINK("http://evil","x")',
  'a,b',
  'say "hi"',
  'two\nlines',
  '00123',
  '123456789012345678',
  '1e5',
  '2026-01-01',
  'TRUE',
  '马德里',
  '_x0041_',
  'bell\u0007',
  ' spaced ',
  '',
];

const row = z.strictObject({
  sku: column(z.string(), 'text', 'SKU.'),
  day: column(z.string().nullable(), 'day', 'Day.'),
  sales: column(z.int(), 'count', 'Units.'),
  revenue: column(z.number().nullable(), 'money', 'Money.'),
  share: column(z.number().nullable(), 'percent', 'Share.'),
  platforms: column(z.array(z.string()), 'list', 'Platforms.'),
  extra: column(z.int().optional(), 'count', 'Only sometimes.'),
});
const tables = {
  data: { title: { en: 'SKUs: by [units]', zh: '按销量排列的 SKU', es: 'SKU por unidades' }, row },
  totals: {
    title: { en: 'A title that is longer than what Excel takes', zh: '合计', es: 'Totales' },
    row: z.strictObject({ currency: column(z.string(), 'text', 'Currency.'), amount: column(z.number().nullable(), 'money', 'Amount.') }),
  },
  more: {
    title: { en: 'A title that is longer than what Excel bears', zh: '更多', es: 'Más' },
    row: z.strictObject({ sku: column(z.string(), 'text', 'SKU.') }),
  },
};
const made = report({
  name: 'Made',
  version: 3,
  title: { en: 'Made up', zh: '虚构', es: 'Inventado' },
  question: { en: 'What?', zh: '什么？', es: '¿Qué?' },
  parameters: z.strictObject({}),
  rows: 10,
  tables,
  compute: () => Promise.resolve({ data: [] }),
}) as unknown as Report;

function answer(data: readonly TableRow[], more: Partial<ShownAnswer> = {}): ShownAnswer {
  return {
    data,
    report: { name: 'Made', version: 3 },
    filters: { platforms: ['TikTok', 'Amazon'], shop: null, from: '2026-01-01' },
    asOf: '2026-10-28',
    currency: 'EUR',
    exchange: [{ pair: 'GBP/EUR', rate_days: ['2026-10-23', '2026-10-26'] }],
    freshness: [{ platform: 'TikTok', shop: 'ES-Moda', complete_at: null, covers_from: '2026-10-01', covers_to: '2026-10-28' }],
    row_count: data.length,
    maturity: { orders: 10, open_orders: 2, open_share: 20, returns_open_share: null },
    nulls: { revenue: 'No price.' },
    warnings: ['Mind the gap.'],
    ...more,
  };
}
const line = (sku: string): TableRow => ({ sku, day: '2026-10-25', sales: 3, revenue: -12.5, share: 79.31, platforms: ['TikTok', '=x'] });
const csvOf = (text: z.ZodObject, rows: readonly TableRow[], currency: string | null = 'EUR'): string =>
  [...toCsv(text, rows, { currency })].join('');

async function book(shown: ShownAnswer, language: 'en' | 'zh' | 'es' = 'en', raw = false): Promise<Workbook> {
  return readXlsx(await toXlsx(made, shown, { language, raw }), { readStyles: true });
}

describe('a text of a stranger', () => {
  test('is never a formula in the CSV, and is the same text again without the apostrophe', () => {
    const text = csvOf(row, NASTY.map(line));
    const cells = Papa.parse<Record<string, string>>(text.slice(1), { header: true, newline: '\r\n', skipEmptyLines: 'greedy' }).data.map(
      ({ sku }) => sku!,
    );
    expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([]);
    expect(cells.map(csvText)).toEqual(NASTY);
    expect(text).toContain('-12.50');
  });

  test('is a text in the workbook, never a formula, a number or a date', async () => {
    const { sheets } = await book(answer(NASTY.map(line)));
    const [sheet] = sheets;
    const skus = sheet!.rows.slice(1).map(([sku]) => sku ?? '');
    expect(skus).toEqual(NASTY.map((text) => text));
    expect([...(sheet!.cells ?? new Map()).values()].filter((cell) => cell.formula !== undefined)).toEqual([]);
  });

  test('that is longer than a cell may be is cut, so that the workbook still opens', async () => {
    const { sheets } = await book(answer([line('x'.repeat(40_000))]));
    expect(String(sheets[0]!.rows[1]![0])).toHaveLength(32_767);
  });
});

describe('a workbook', () => {
  test('has a sheet for each table under its title, a frozen header, and one that tells about them, in the asked language', async () => {
    const shown = answer([line('A')], { totals: [{ currency: 'EUR', amount: 1 }], more: [] });
    const [english, chinese] = [await book(shown), await book(shown, 'zh')];
    expect(english.sheets.map(({ name }) => name)).toEqual([
      'SKUs  by  units',
      'A title that is longer than wha',
      'A title that is longer than 2',
      'About',
    ]);
    expect(chinese.sheets.map(({ name }) => name)).toEqual(['按销量排列的 SKU', '合计', '更多', '说明']);
    expect(english.sheets.map(({ freezePane }) => freezePane?.rows)).toEqual([1, 1, 1, 1]);
    expect(english.sheets[0]!.rows[0]).toEqual(['SKU', 'Day', 'Units sold', 'Sales (EUR)', 'Share (%)', 'By platform']);
    expect(chinese.sheets[0]!.rows[0]).toEqual(['SKU', '日期', '销量', '销售额（EUR）', '占比（%）', '各平台']);
    const about = Object.fromEntries(english.sheets[3]!.rows.map(([what, value]) => [what, value]));
    expect(about).toMatchObject({
      Report: 'Made up (Made)',
      Question: 'What?',
      Version: '3',
      'As of': '2026-10-28',
      Currency: 'EUR',
      Rows: '1',
      'Rates: GBP/EUR': '2026-10-23, 2026-10-26',
      'Filter: Platforms': 'TikTok, Amazon',
      'Filter: Shop': '–',
      'Data up to: TikTok ES-Moda': '–',
      'Orders that may still change': '2 of 10',
      'Not known: Sales (EUR)': 'No price.',
      'To know': 'Mind the gap.',
      'Column: SKUs  by  units · Units sold': 'sales: Units. (number)',
    });
    expect(chinese.sheets[3]!.rows[1]).toEqual(['报表', '虚构 (Made)']);
    expect(chinese.sheets[3]!.rows).toContainEqual(['筛选：平台', 'TikTok、Amazon']);
  });

  test('holds figures as figures and days as days, shown by their unit', async () => {
    const rows = [line('A'), { ...line('B'), day: null, revenue: null, share: null, extra: 4 }];
    const totals = [
      { currency: 'EUR', amount: 1.5 },
      { currency: 'JPY', amount: 2001 },
      { currency: 'KWD', amount: 1.234 },
    ];
    const { sheets } = await book(answer(rows, { totals, more: [] }));
    expect(sheets[0]!.rows.slice(1)).toEqual([
      ['A', new Date('2026-10-25T00:00:00Z'), 3, -12.5, 79.31, 'TikTok; =x', null],
      ['B', null, 3, null, null, 'TikTok; =x', 4],
    ]);
    const format = (sheet: number, cell: string): string | undefined => sheets[sheet]!.cells?.get(cell)?.style?.numFmt;
    expect(['1,0', '1,1', '1,3', '1,4', '1,5'].map((cell) => format(0, cell))).toEqual(['@', 'yyyy-mm-dd', '#,##0.00', '0.00"%"', '@']);
    expect(['1,1', '2,1', '3,1'].map((cell) => format(1, cell))).toEqual(['#,##0.00', '#,##0', '#,##0.000']);
    expect(sheets[0]!.columns?.map(({ width }) => (width ?? 0) > 4)).not.toContain(false);
  });

  test('is filtered and printed as it comes: a button on each title, a page wide, the titles on each page, one font', async () => {
    const { sheets } = await book(answer([line('A'), line('B')]));
    expect(sheets[0]).toMatchObject({
      autoFilter: { range: 'A1:F3' },
      pageSetup: { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: '$1:$1' },
    });
    const fonts = [...(sheets[0]!.cells ?? new Map()).values()].flatMap(({ style }) => style?.font?.name ?? []);
    expect(new Set(fonts)).toEqual(new Set(['Arial']));
  });

  test('shows a picture as a link, and no other address of a stranger', async () => {
    const pictured = report({
      ...made,
      tables: {
        data: {
          title: tables.data.title,
          row: z.strictObject({ sku: row.shape.sku, image: column(z.string().nullable(), 'text', 'Picture.') }),
        },
      },
    });
    const rows = [
      { sku: 'https://evil.example/a', image: 'https://p16.example/a.jpg' },
      { sku: 'B', image: 'javascript:alert(1)' },
      { sku: 'C', image: null },
    ];
    const { sheets } = await readXlsx(await toXlsx(pictured, answer(rows), { language: 'es' }), { readStyles: true });
    expect(sheets[0]!.rows.map(([, image]) => image)).toEqual(['Imagen', 'Imagen', 'javascript:alert(1)', null]);
    const links = [...(sheets[0]!.cells ?? new Map()).entries()].flatMap(([at, { hyperlink }]) =>
      hyperlink ? [[at, hyperlink.target]] : [],
    );
    expect(links).toEqual([['1,1', 'https://p16.example/a.jpg']]);
  });

  test('writes what is longer than its column over several lines, so that a page is as wide as paper', async () => {
    const long = { ...line('A'), platforms: Array.from({ length: 5 }, (_, at) => `172971770534920040${at}`) };
    const { sheets } = await book(answer([line('A'), long]));
    const wraps = ['1,5', '2,5'].map((cell) => sheets[0]!.cells?.get(cell)?.style?.alignment?.wrapText ?? false);
    expect(wraps).toEqual([false, true]);
    const heights = [1, 2].map((row) => sheets[0]!.rowDefs?.get(row)?.height);
    expect(heights).toEqual([undefined, 39]);
    expect(sheets[0]!.columns![5]!.width).toBeLessThanOrEqual(44);
    expect(sheets[3]!.columns!.map(({ width }) => width)).toEqual([44, 100]);
  });

  test('for programs has the keys and lists as JSON, and a CSV for people has titles and text', async () => {
    const { sheets } = await book(answer([line('A')]), 'es', true);
    expect(sheets[0]!.rows.slice(0, 2)).toEqual([
      ['sku', 'day', 'sales', 'revenue', 'share', 'platforms'],
      ['A', new Date('2026-10-25T00:00:00Z'), 3, -12.5, 79.31, '["TikTok","=x"]'],
    ]);
    const told = [...toCsv(row, [line('A')], { currency: 'EUR', words: { report: 'Made', language: 'zh' } })].join('');
    expect(told).toBe('\uFEFFSKU,日期,销量,销售额（EUR）,占比（%）,各平台\r\nA,2026-10-25,3,-12.50,79.31,TikTok；=x\r\n');
  });

  test('of amounts in yen shows no cents', async () => {
    const { sheets } = await book(answer([line('A')], { currency: 'JPY' }));
    expect(sheets[0]!.cells?.get('1,3')?.style?.numFmt).toBe('#,##0');
    expect(csvOf(row, [{ ...line('A'), revenue: 1500 }], 'JPY')).toContain(',1500,');
  });

  test('of many rows is written while the server does other things', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => line(`SKU-${at}`));
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const bytes = await toXlsx(made, answer(rows), { language: 'en' });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(20);
    expect((await readXlsx(bytes)).sheets[0]!.rows).toHaveLength(20_001);
  });
});
