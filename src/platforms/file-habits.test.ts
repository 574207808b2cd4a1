import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moneyText } from '../model/money.ts';
import { DateHabit, NumberHabit } from './file-habits.ts';
import { isDamagedId, LongIds } from './file-ids.ts';

/** What a file with these amounts makes of them: the mark that it decided on, and each amount. */
function amounts(
  texts: readonly string[],
  { currency = 'EUR', stated, decided }: { currency?: string | null; stated?: '.' | ','; decided?: '.' | ',' } = {},
): [string | null, ...(string | null | undefined)[]] {
  const habit = new NumberHabit(stated, decided);
  for (const text of texts) habit.seeAmount(text, currency);
  const mark = habit.decide();
  return [
    mark,
    ...texts.map((text) => {
      const read = habit.amount(text, currency);
      return read ? moneyText(read.amount).slice(0, -2) : read;
    }),
  ];
}

test.each([
  [['12.99', '1.234'], '.', '12.99', '1.23'],
  [['12,99', '1.234'], ',', '12.99', '1234.00'],
  [['1.250.000', '125.000'], ',', '1250000.00', '125000.00'],
  [['1,250,000', '125,000'], '.', '1250000.00', '125000.00'],
  [['1,234.50', '1,234'], '.', '1234.50', '1234.00'],
  [['1.234,50', '1.234'], ',', '1234.50', '1234.00'],
  [['0,125', '3.500'], ',', '0.12', '3500.00'],
  [['0.00', '7,50', '1,000'], ',', '0.00', '7.50', '1.00'],
])('what one amount of a file shows holds for those that could be read either way: %o', (texts, mark, ...read) => {
  expect(amounts(texts)).toEqual([mark, ...read]);
});

test('amounts that can be read one way only are, though a file mixes styles', () => {
  expect(amounts(['5,05', '5.05', '1.234,50', '1,234.50', '€ 7,5', '7.25 €'])).toEqual([
    null,
    '5.05',
    '5.05',
    '1234.50',
    '1234.50',
    '7.50',
    '7.25',
  ]);
});

test('where nothing shows it, or rows show both, the file is refused with the question; a setting answers it', () => {
  for (const texts of [['1.234'], ['1,234', '0.00'], ['1.234', '5,05', '5.05']]) {
    expect(() => amounts(texts)).toThrow(expect.objectContaining({ code: 'import_decimal_mark_needed' }));
    expect(amounts(texts, { decided: '.' })[0]).toBe('.');
  }
  expect([amounts(['1.234'], { decided: '.' })[1], amounts(['1.234'], { decided: ',' })[1]]).toEqual(['1.23', '1234.00']);
});

test.each([
  ['IDR', 'IDR 125.000', '125000.00'],
  ['VND', '89.000 ₫', '89000.00'],
  ['JPY', '1,280', '1280.00'],
  ['KRW', '₩12.500', '12500.00'],
  [null, 'Rp125.000', '125000.00'],
  [null, '89.000đ', '89000.00'],
  ['CLP', '-12.990', '-12990.00'],
])('three digits behind a mark are thousands where there are no cents: %s %s', (currency, text, read) => {
  expect(amounts([text], { currency })).toEqual([null, read]);
});

test('pieces tell, and are told, the same way', () => {
  const habit = new NumberHabit(undefined, undefined);
  for (const text of ['2.00', '1.000', '3']) habit.seeQuantity(text);
  expect([habit.decide(), ...['2.00', '1.000', '3', '1,000', '2,5'].map((text) => habit.quantity(text))]).toEqual([
    '.',
    2,
    1,
    3,
    1000,
    undefined,
  ]);
});

test('what a mapping states is not doubted: an amount in the other style is refused', () => {
  expect(amounts(['1.234,50', '12.99'], { stated: ',' })).toEqual([',', '1234.50', undefined]);
});

test('whatever amounts a file holds, written in one style they come back to the cent', () => {
  const cents = fc.bigInt({ min: 1n, max: 10n ** 11n });
  fc.assert(
    fc.property(fc.array(cents, { minLength: 2, maxLength: 8 }), fc.constantFrom('.', ','), fc.boolean(), (all, mark, grouped) => {
      const written = all.map((each) => {
        const whole = String(each / 100n);
        return `${grouped ? whole.replace(/\B(?=(\d{3})+$)/g, mark === '.' ? ',' : '.') : whole}${mark}${String(each % 100n).padStart(2, '0')}`;
      });
      expect(amounts(written).slice(1)).toEqual(all.map((each) => moneyText(each * 100n).slice(0, -2)));
    }),
    { numRuns: 300 },
  );
});

const BOTH = ['DD/MM/YYYY HH:mm', 'MM/DD/YYYY HH:mm', 'iso'];
/** What a file with these dates makes of them: the order that it decided on, and each day. */
function days(
  texts: readonly string[],
  {
    forms = BOTH,
    order,
    strict = false,
    hint = null,
  }: { forms?: readonly string[]; order?: 'dmy' | 'mdy'; strict?: boolean; hint?: 'dmy' | 'mdy' | null } = {},
): (string | null)[] {
  const habit = new DateHabit(forms, { order, strict });
  for (const text of texts) habit.see(text, hint);
  return [
    habit.decide(),
    ...texts.map((text) => {
      const read = habit.read(text);
      return typeof read === 'number' ? new Date(read).toISOString().slice(0, 10) : null;
    }),
  ];
}

test.each([
  [['3/1/2026 9:00', '3/25/2026 9:00'], 'mdy', '2026-03-01', '2026-03-25'],
  [['3/1/2026 9:00', '25/3/2026 9:00'], 'dmy', '2026-01-03', '2026-03-25'],
  [['13/1/2026 9:00', '2026-03-05 10:00'], 'dmy', '2026-01-13', '2026-03-05'],
  [['5/5/2026 9:00', '2026-03-05'], null, '2026-05-05', '2026-03-05'],
])('one row that can be read one way only decides for all: %o', (texts, order, ...read) => {
  expect(days(texts)).toEqual([order, ...read]);
});

test(
  'where no row shows it, or rows show both, the file is refused with the question; a setting answers it, and rows that contradict it ' +
    'cannot be read',
  () => {
    for (const texts of [['3/1/2026 9:00'], ['3/1/2026 9:00', '25/3/2026 9:00', '3/25/2026 9:00']]) {
      expect(() => days(texts)).toThrow(expect.objectContaining({ code: 'import_date_order_needed' }));
    }
    expect(days(['3/1/2026 9:00', '25/3/2026 9:00'], { order: 'mdy' })).toEqual(['mdy', '2026-03-01', null]);
  },
);

test('the form the platform itself writes decides where no row proves another', () => {
  expect([days(['3/1/2026 9:00'], { hint: 'mdy' }), days(['3/1/2026 9:00', '25/3/2026 9:00'], { hint: 'mdy' })]).toEqual([
    ['mdy', '2026-03-01'],
    ['dmy', '2026-01-03', '2026-03-25'],
  ]);
});

test("a form that stands alone is the file's, unless its rows prove the other: of a mapping that is asked about", () => {
  const forms = ['DD/MM/YYYY'];
  expect(days(['03/01/2026'], { forms })).toEqual(['dmy', '2026-01-03']);
  expect(days(['03/01/2026', '03/25/2026'], { forms })).toEqual(['mdy', '2026-03-01', '2026-03-25']);
  expect(() => days(['03/01/2026', '03/25/2026'], { forms, strict: true })).toThrow(
    expect.objectContaining({ code: 'import_date_order_needed' }),
  );
  expect(days(['03/01/2026', '25/01/2026', '03/25/2026'], { forms, strict: true })).toEqual(['dmy', '2026-01-03', '2026-01-25', null]);
});

test('whatever days a file holds, written in one order they come back, or the file is asked about', () => {
  const day = fc
    .date({ min: new Date('2001-01-01'), max: new Date('2098-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(
      fc.array(day, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('dmy' as const, 'mdy' as const),
      fc.boolean(),
      (all, order, padded) => {
        const written = all.map((each) => {
          const [year, month, date] = each.split('-').map((part) => (padded ? part : String(Number(part))));
          return `${order === 'dmy' ? `${date}/${month}` : `${month}/${date}`}/${year} 9:05`;
        });
        const told = all.some((each) => Number(each.slice(8)) > 12);
        const open = all.some((each) => each.slice(5, 7) !== each.slice(8));
        if (told || !open) expect(days(written).slice(1)).toEqual(all);
        else expect(() => days(written)).toThrow(expect.objectContaining({ code: 'import_date_order_needed' }));
      },
    ),
    { numRuns: 500 },
  );
});

test.each(['5.79906E+17', '5,79906E+17', '1E+15', '5.8e17', '-1.2E+10', '########', '#N/A', '#REF!'])(
  '%s is an id that a spreadsheet damaged',
  (text) => {
    expect(isDamagedId(text)).toBe(true);
  },
);

test.each(['579905969878844579', '404-1000000-0000001', '5E17', '12E3', 'GSO1A000001', 'A#1', '#1001', 'E+17', 'RED-5.5E', ''])(
  '%s is an id',
  (text) => {
    expect(isDamagedId(text)).toBe(false);
  },
);

const verdict = (ids: readonly string[]): string => {
  const watched = new LongIds();
  for (const id of ids) watched.see(id);
  return watched.verdict;
};

test(
  'ids that end in zeros from the sixteenth digit on are damaged where that is no chance, doubtful where there is but one, and fine ' +
    'among others',
  () => {
    const counted = (count: number, zeros: string): string[] => Array.from({ length: count }, (_, i) => `${579905969878844 + i}${zeros}`);
    expect(verdict(counted(2, '000'))).toBe('lost');
    expect(verdict(counted(1, '000'))).toBe('doubtful');
    expect(verdict([...counted(1, '000'), ...counted(3000, '123')])).toBe('fine');
    expect(verdict([...counted(40, '0'), ...counted(300, '5')])).toBe('fine');
    expect(verdict(['579905969878840000', '100000000000000', 'A000000000000000000'].slice(1))).toBe('fine');
  },
);
