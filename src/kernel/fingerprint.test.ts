import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fingerprint } from './fingerprint.ts';

type Fact = string | number | bigint | null;

function of(facts: readonly Fact[]): bigint {
  const print = new Fingerprint();
  for (const fact of facts) {
    if (typeof fact === 'string') print.text(fact);
    else print.whole(fact);
  }
  return print.value();
}

test('the same facts have the same mark on every machine and in every version, for stores keep it', () => {
  expect(of(['S7-00001', 1_790_000_000_123_456, -1n, null, 'Camión', ''])).toBe(2_292_724_212_620_406_982n);
});

test.each<[string, Fact[], Fact[]]>([
  ['nothing and an empty text', [null], ['']],
  ['nothing and minus one', [null], [-1]],
  ['a text cut elsewhere', ['ab', 'c'], ['a', 'bc']],
  ['facts in another order', ['a', 'b'], ['b', 'a']],
  ['an amount that moves to the next column', [5n, null], [null, 5n]],
  ['amounts beyond 32 bits', [2n ** 32n], [2n ** 33n]],
  ['neighbouring instants', [1_790_000_000_123_456], [1_790_000_000_123_457]],
])('%s are told apart', (_what, one, other) => {
  expect(of(one)).not.toBe(of(other));
});

test('a number and a bigint of the same value are the same fact, and a mark has 63 bits', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.string(), (number, text) => {
      expect(of([number, text])).toBe(of([BigInt(number), text]));
      const mark = of([text, number]);
      expect(mark >= 0n && mark < 2n ** 63n).toBe(true);
    }),
  );
});

test('lists that differ in one value do not have the same mark', () => {
  const fact = fc.oneof(fc.string(), fc.maxSafeInteger(), fc.constant(null));
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger()), fc.array(fact), fc.maxSafeInteger(), fc.maxSafeInteger(), (before, after, one, other) => {
      expect(of([...before, one, ...after]) === of([...before, other, ...after])).toBe(one === other);
    }),
    { numRuns: 2000 },
  );
});

test('a hundred thousand orders that differ in little have as many marks', () => {
  const marks = new Set<bigint>();
  for (let price = 0; price < 320; price++)
    for (let id = 0; id < 320; id++) marks.add(of([`order ${id}`, 1_790_000_000_000_000, price * 10_000, price * 9000, null]));
  expect(marks.size).toBe(320 * 320);
});
