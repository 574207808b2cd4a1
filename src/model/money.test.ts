import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencyDigits, growth, MAX_MONEY, moneyPer, moneyText, percent, ratio, roundMoney, toMoney } from './money.ts';

test.each([
  ['12.34', 123_400n],
  ['0.99', 9_900n],
  ['-12.5', -125_000n],
  ['+3', 30_000n],
  ['007', 70_000n],
  ['0', 0n],
  ['-0', 0n],
  ['0.0001', 1n],
  ['1.50000', 15_000n],
  ['99999999999999.9999', MAX_MONEY],
])('the amount %s is kept to the last digit', (text, amount) => {
  expect(toMoney(text)).toBe(amount);
});

test.each(['', ' ', '1e3', '1,5', '.5', '5.', '--1', '0x10', 'NaN', 'Infinity', '1 000', '12.34 EUR', '1.00001', '1'.repeat(35)])(
  'what is no amount is not taken for one: "%s"',
  (text) => {
    expect(toMoney(text)).toBeUndefined();
  },
);

test('every amount survives being written out and read again', () => {
  fc.assert(fc.property(fc.bigInt({ min: -MAX_MONEY, max: MAX_MONEY }), (amount) => toMoney(moneyText(amount)) === amount));
});

test('amounts are written with four digits, cents never lost to a sign or a leading zero', () => {
  expect([123_400n, -1n, 0n, 10_000n, -125_000n].map(moneyText)).toEqual(['12.3400', '-0.0001', '0.0000', '1.0000', '-12.5000']);
});

test.each([
  [10_050n, 2, 1.01],
  [10_049n, 2, 1],
  [-10_050n, 2, -1.01],
  [-10_049n, 2, -1],
  [5_000n, 0, 1],
  [-5_000n, 0, -1],
  [4_999n, 0, 0],
  [10_005n, 3, 1.001],
  [-49n, 2, 0],
  [123_456n, 2, 12.35],
  [123_450n, 4, 12.345],
])('half a cent is rounded away from zero, once: %s ten-thousandths to %i digits are %d', (amount, digits, shown) => {
  expect(roundMoney(amount, digits)).toBe(shown);
});

test('what rounds to nothing is 0, never -0', () => {
  expect(Object.is(roundMoney(-1n, 2), 0)).toBe(true);
  expect(Object.is(ratio(0n, -3n, 2), 0)).toBe(true);
});

test('a figure per nothing is unknown, not 0 and not infinite', () => {
  expect([moneyPer(100_000n, 0n, 2), percent(1n, 0n), growth(0n, 5n), ratio(0n, 0n, 2)]).toEqual([null, null, null, null]);
});

test('an average is rounded once, from the exact sum', () => {
  expect(moneyPer(100_000n, 3n, 2)).toBe(3.33);
  expect(moneyPer(200_000n, 3n, 2)).toBe(6.67);
  expect(moneyPer(-200_000n, 3n, 2)).toBe(-6.67);
  expect(moneyPer(1_000_000n, 3n, 0)).toBe(33);
});

test('shares and growth are percent with two digits', () => {
  expect([percent(23n, 29n), percent(1n, 3n), percent(2n, 3n), percent(5n, 4n), percent(-1n, 8n)]).toEqual([
    79.31, 33.33, 66.67, 125, -12.5,
  ]);
  expect([growth(100n, 150n), growth(150n, 100n), growth(100n, 100n), growth(3n, 4n), growth(100n, 0n)]).toEqual([
    50, -33.33, 0, 33.33, -100,
  ]);
});

test('growth out of a loss points up', () => {
  expect([growth(-100n, 50n), growth(-100n, -150n)]).toEqual([150, -50]);
});

test('a rounded quotient is the nearest there is, and of two equally near ones the one further from zero', () => {
  const whole = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n });
  fc.assert(
    fc.property(
      whole,
      whole.filter((d) => d !== 0n),
      fc.integer({ min: 0, max: 4 }),
      (numerator, denominator, digits) => {
        const scale = 10n ** BigInt(digits);
        const shown = BigInt(Math.round(ratio(numerator, denominator, digits)! * Number(scale)));
        const size = (value: bigint): bigint => (value < 0n ? -value : value);
        const miss = 2n * size(shown * denominator - numerator * scale);
        if (miss === size(denominator)) return size(shown * denominator) > size(numerator * scale);
        return miss < size(denominator);
      },
    ),
  );
});

test('a sum beyond what a computer number holds exactly is still right to the cent', () => {
  expect(roundMoney(90_071_992_547_409_915_000n, 0)).toBe(9_007_199_254_740_992);
  expect(ratio(10n ** 30n, 10n ** 28n, 2)).toBe(100);
});

test.each([
  ['EUR', 2],
  ['USD', 2],
  ['IDR', 2],
  ['JPY', 0],
  ['VND', 0],
  ['KRW', 0],
  ['CLP', 0],
  ['KWD', 3],
  ['TND', 3],
  ['XXX', 2],
  [null, 2],
])('the currency %s is shown with %i digits', (currency, digits) => {
  expect(currencyDigits(currency)).toBe(digits);
});
