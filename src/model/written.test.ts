import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_MONEY, moneyText } from './money.ts';
import { dateReader, readAmount, readQuantity } from './written.ts';

/** What a form makes of a text: the local time, the instant (it ends in Z), or nothing. */
function readDate(form: string, text: string): string | undefined {
  return shown(dateReader([form])(text));
}

function shown(value: ReturnType<ReturnType<typeof dateReader>>): string | undefined {
  return typeof value === 'number'
    ? Temporal.Instant.fromEpochMilliseconds(value).toZonedDateTimeISO('UTC').toPlainDateTime().toString()
    : value?.toString();
}

test.each([
  ['DD/MM/YYYY HH:mm:ss', '05/03/2026 07:08:09', '2026-03-05T07:08:09'],
  ['DD/MM/YYYY HH:mm:ss', '5/3/2026 7:08:09', '2026-03-05T07:08:09'],
  ['DD/MM/YYYY HH:mm', '31/12/2025 23:59', '2025-12-31T23:59:00'],
  ['MM/DD/YYYY hh:mm:ss A', '03/01/2026 09:00:00 AM', '2026-03-01T09:00:00'],
  ['MM/DD/YYYY hh:mm:ss A', '03/01/2026 12:00:00 AM', '2026-03-01T00:00:00'],
  ['MM/DD/YYYY hh:mm:ss A', '03/01/2026 12:00:00 PM', '2026-03-01T12:00:00'],
  ['MM/DD/YYYY hh:mm:ss A', '03/01/2026 11:59:59 pm', '2026-03-01T23:59:59'],
  ['MM/DD/YYYY hh:mm:ss A', '3/1/2026 9:00:00\u202fp.m.', '2026-03-01T21:00:00'],
  ['MM-DD-YY', '04-30-22', '2022-04-30T00:00:00'],
  ['YYYY/MM/DD HH:mm', '2026/08/01 10:20', '2026-08-01T10:20:00'],
  ['DD MMMM YYYY HH:mm', '18 agosto 2025 10:20', '2025-08-18T10:20:00'],
  ['DD MMMM YYYY HH:mm', '1 juil. 2026 08:31', '2026-07-01T08:31:00'],
  ['DD MMMM YYYY HH:mm', '1 März 2026 08:31', '2026-03-01T08:31:00'],
  ['DD [de] MMMM [de] YYYY HH:mm', '18 de Agosto de 2025 10:20', '2025-08-18T10:20:00'],
  ['DD [de] MMMM [de] YYYY HH:mm', '1 de março de 2026 00:00', '2026-03-01T00:00:00'],
  ['MMMM DD, YYYY', 'Jun 8, 2025', '2025-06-08T00:00:00'],
  ['DD.MM.YYYY [um] HH:mm [Uhr]', '24.12.2025 um 18:00 Uhr', '2025-12-24T18:00:00'],
  ['YYYYMMDDHHmmss', '20260305070809', '2026-03-05T07:08:09'],
])('the form %s reads "%s"', (form, text, expected) => {
  expect(readDate(form, text)).toBe(expected);
});

test.each([
  ['iso', '9999-12-31'],
  ['iso', '9999-12-31T00:00:00Z'],
  ['iso', '0001-01-01T00:00:00'],
  ['iso', '1899-12-31'],
  ['iso', '2200-01-01'],
  ['DD/MM/YYYY', '31/12/9999'],
  ['DD/MM/YYYY HH:mm:ss', '01/01/0001 00:00:00'],
])('as %s, %s is no date: it is what programs write for "never"', (form, text) => {
  expect(readDate(form, text)).toBeUndefined();
});

test.each([
  ['2026-03-05', '2026-03-05T00:00:00'],
  ['2026-03-05 07:08', '2026-03-05T07:08:00'],
  ['2026-03-05T07:08:09.123', '2026-03-05T07:08:09.123'],
  ['2026-03-05T07:08:09Z', '2026-03-05T07:08:09Z'],
  ['2026-03-05 07:08:09 UTC', '2026-03-05T07:08:09Z'],
  ['2017-06-05T06:57:28+09:00', '2017-06-04T21:57:28Z'],
  ['2009-01-01T10:50:49-08:00', '2009-01-01T18:50:49Z'],
  ['2026-03-05 07:08:09 -0500', '2026-03-05T12:08:09Z'],
  ['2026-03-05 07:08:09+00', '2026-03-05T07:08:09Z'],
])('an ISO date keeps its own offset, or has none: %s', (text, expected) => {
  expect(readDate('iso', text)).toBe(expected);
});

test.each([
  ['iso', '2026-02-29'],
  ['iso', '2026-02-30T10:00:00Z'],
  ['iso', '2026-13-01'],
  ['iso', '2026-03-05 24:30'],
  ['iso', '05/03/2026'],
  ['iso', 'yesterday'],
  ['iso', ''],
  ['iso', '2026-03-05T07:08:09+99:00'],
  ['iso', '2026-03-05 and more'],
  ['DD/MM/YYYY', '31/02/2026'],
  ['DD/MM/YYYY', '00/01/2026'],
  ['DD/MM/YYYY', '01/13/2026'],
  ['DD/MM/YYYY', '01/02/26'],
  ['DD/MM/YYYY HH:mm', '01/02/2026 24:00'],
  ['DD/MM/YYYY HH:mm', '01/02/2026 10:60'],
  ['DD/MM/YYYY HH:mm', '01/02/2026'],
  ['MM/DD/YYYY hh:mm:ss A', '01/02/2026 13:00:00 PM'],
  ['MM/DD/YYYY hh:mm:ss A', '01/02/2026 13:00:00'],
  ['DD MMMM YYYY', '1 Brumaire 2026'],
  ['DD MMMM YYYY', '31 abril 2026'],
])('a date that does not exist or is not in that form is refused, never bent: %s of "%s"', (form, text) => {
  expect(readDate(form, text)).toBeUndefined();
});

test('the first form that fits wins, so a month-first file with AM and PM is never read day first', () => {
  const read = dateReader(['MM/DD/YYYY hh:mm:ss A', 'DD/MM/YYYY HH:mm:ss']);
  expect(shown(read('03/01/2026 09:00:00 AM'))).toBe('2026-03-01T09:00:00');
  expect(shown(read('03/01/2026 09:00:00'))).toBe('2026-01-03T09:00:00');
});

test.each(['HH:mm', 'DD/MM', 'MM/YYYY', 'DD/DD/MM/YYYY', 'tomorrow'])('a form without day, month and year is refused: %s', (form) => {
  expect(() => dateReader([form])).toThrow();
});

test('months are known by their long and short names in six languages', () => {
  const read = dateReader(['DD MMMM YYYY']);
  for (const language of ['en', 'es', 'pt', 'fr', 'it', 'de']) {
    for (const [month, style] of Array.from({ length: 12 }, (_, i) => [i + 1, i % 2 ? 'long' : 'short'] as const)) {
      const name = new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' }).format(Date.UTC(2026, month - 1, 15));
      expect([name, shown(read(`15 ${name.toUpperCase()} 2026`))]).toEqual([name, `2026-${String(month).padStart(2, '0')}-15T00:00:00`]);
    }
  }
});

test.each([
  ['12.99', '.', '12.9900', null],
  ['-3', '.', '-3.0000', null],
  ['+3', '.', '3.0000', null],
  ['0', '.', '0.0000', null],
  ['THB 120.00', '.', '120.0000', 'THB'],
  ['EUR 1,234.50', '.', '1234.5000', 'EUR'],
  ['12.50 USD', '.', '12.5000', 'USD'],
  ['IDR189950', '.', '189950.0000', 'IDR'],
  ['-EUR 5.00', '.', '-5.0000', 'EUR'],
  ['EUR -5.00', '.', '-5.0000', 'EUR'],
  ['₹647.62', '.', '647.6200', null],
  ['$1,234,567.89', '.', '1234567.8900', null],
  ['US$ 3.00', '.', '3.0000', null],
  ['₹1,00,000.00', '.', '100000.0000', null],
  ["CHF 1'234.50", '.', '1234.5000', 'CHF'],
  ['1 234.50', '.', '1234.5000', null],
  ['(3.00)', '.', '-3.0000', null],
  ['(EUR 3.00)', '.', '-3.0000', 'EUR'],
  ['1,234', '.', '1234.0000', null],
  ['12.', '.', '12.0000', null],
  ['12,99', ',', '12.9900', null],
  ['1.234,50 €', ',', '1234.5000', null],
  ['R$ 1.234,50', ',', '1234.5000', null],
  ['1.234', ',', '1234.0000', null],
  ['1 234,50', ',', '1234.5000', null],
  ['1\u202f234,50', ',', '1234.5000', null],
  ['-0,75', ',', '-0.7500', null],
  ['1,234', ',', '1.2340', null],
] as const)('the amount "%s" (decimals after "%s") is %s', (text, decimalMark, amount, currency) => {
  const value = readAmount(text, decimalMark);
  expect(value && { amount: moneyText(value.amount), currency: value.currency }).toEqual({ amount, currency });
});

test.each(['', '  ', '-', '--', '/', 'N/A', 'n/a', 'NA', 'null', 'None'])('"%s" says that there is no amount', (text) => {
  expect(readAmount(text)).toBeNull();
});

test.each([
  'abc',
  '1e3',
  '12.34.56',
  'EUR',
  '(3.00',
  '3.00)',
  '12,99',
  '1,23,4',
  '1.234,50',
  '12-13',
  '1.00001',
  '100000000000000',
  '٣',
  '= 1',
  '1 2 3',
])('what is no amount is refused rather than guessed: "%s"', (text) => {
  expect(readAmount(text)).toBeUndefined();
});

test.each(['12.99', '1,234.50', '1.5'])('in a file with decimal commas "%s" is refused, not read a hundred times too high', (text) => {
  expect(readAmount(text, ',')).toBeUndefined();
});

test('no cell, whatever is in it, stops the reading of amounts', () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
    fc.string({ unit: fc.constantFrom('1', '0', '.', ',', "'", ' ', '-', '+', '(', ')', '€', 'E', 'U', 'R', '/') }),
  );
  fc.assert(
    fc.property(cell, fc.constantFrom('.' as const, ',' as const), (text, mark) => {
      const value = readAmount(text, mark);
      return value === null || value === undefined || (value.amount <= MAX_MONEY && value.amount >= -MAX_MONEY);
    }),
    { numRuns: 2000 },
  );
});

test('a cell of endless blanks costs no time', () => {
  const started = performance.now();
  for (const text of [`(${' '.repeat(50_000)}x`, `1${' '.repeat(50_000)}x`, `-${' 1'.repeat(50_000)}x`])
    expect(readAmount(text)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(500);
});

test.each(['.', ','] as const)(
  'every amount written with grouped digits and currency is read back exactly (decimals after "%s")',
  (mark) => {
    const grouping = mark === '.' ? ',' : '.';
    fc.assert(
      fc.property(fc.bigInt({ min: -MAX_MONEY, max: MAX_MONEY }), (amount) => {
        const [whole, fraction] = moneyText(amount < 0n ? -amount : amount).split('.');
        const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, grouping);
        return readAmount(`${amount < 0n ? '-' : ''}EUR ${grouped}${mark}${fraction}`, mark)?.amount === amount;
      }),
    );
  },
);

test.each([
  ['2', 2],
  ['2.0', 2],
  ['1.000', 1],
  ['-1', -1],
  ['+3', 3],
  [' 4 ', 4],
  ['0', 0],
  ['1,000', 1000],
  ['12,345', 12_345],
])('the quantity "%s" is %i pieces', (text, pieces) => {
  expect(readQuantity(text)).toBe(pieces);
});

test('in a file with decimal commas the quantity "2,0" is 2 pieces and "1.000" a thousand', () => {
  expect([readQuantity('2,0', ','), readQuantity('1.000', ','), readQuantity('1,000', ',')]).toEqual([2, 1000, 1]);
});

test.each(['', '1.5', 'two', '1 piece', '2,0', '1,00', '-', '1e3', '10000000000'])('"%s" is no quantity', (text) => {
  expect(readQuantity(text)).toBeUndefined();
});
