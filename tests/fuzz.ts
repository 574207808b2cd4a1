import fc from 'fast-check';

/**
 * The same cases every time, so that a failure says that something changed; S7_FUZZ_SEED=random looks at others, S7_FUZZ_SEED=… at one
 * run's again.
 */
const SEED = process.env['S7_FUZZ_SEED'] ?? '20261126';
/** More in a long run: S7_FUZZ=10 multiplies them all. */
const FACTOR = Number(process.env['S7_FUZZ'] ?? 1);

/** How a property is tried; fast-check prints seed, path and the smallest case that fails. */
export function tries<T = unknown>(runs: number): fc.Parameters<T> {
  return { numRuns: Math.ceil(runs * FACTOR), ...(SEED === 'random' ? {} : { seed: Number(SEED) }) };
}

/** Texts that programs trip over. */
export const HOSTILE: readonly string[] = [
  '',
  ' ',
  '\0',
  '\uFEFF',
  '\u001d',
  '\u001e',
  '\u001f',
  '\uD800',
  '💥',
  "'",
  '"',
  "'; DROP TABLE orders; --",
  '%',
  '%00',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-0',
  '0',
  '-1',
  '1e400',
  '9007199254740993',
  '99999999999999999999',
  '0.00001',
  '1,5',
  '١٢',
  'true',
  'False',
  '[]',
  '{}',
  'a,b',
  'TikTok',
  'orders',
  '2026-02-30',
  '2026-11-20',
  '-271821-04-20',
  '+275760-09-13T00:00:00Z',
  '0000-00-00',
  '2026-11-20T10:00:00Z',
  'x'.repeat(5000),
];

/** Values that JSON can hold and nobody expects. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE, null, true, false, 0, -1, 0.1, 1e21, Number.MAX_SAFE_INTEGER, 2 ** 53, -1e-7, [], {}, [[]], [null], {
    a: null,
  }),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue({ maxDepth: 2 }),
);

type Mutable = Record<string, unknown> | unknown[];

/** A document with up to four of its values replaced, taken away, doubled or renamed, anywhere in it. */
export function bent(document: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    place: fc.nat(),
    kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'double', 'rename'),
    value: anyJson,
    name: fc.constantFrom(...HOSTILE),
  });
  return fc.array(change, { maxLength: 4 }).map((changes) => {
    const copy = structuredClone(document);
    for (const { place, kind, value, name } of changes) {
      const places = placesIn(copy);
      if (places.length === 0) break;
      const { holder, key } = places[place % places.length]!;
      if (Array.isArray(holder)) {
        if (kind === 'double') holder.push(structuredClone(holder[Number(key)]));
        else if (kind === 'remove') holder.splice(Number(key), 1);
        else holder[Number(key)] = structuredClone(value);
      } else if (kind === 'remove') delete holder[key];
      else if (kind === 'rename')
        Object.defineProperty(holder, name, { value: holder[key], enumerable: true, configurable: true, writable: true });
      else holder[key] = structuredClone(value);
    }
    return copy;
  });
}

function placesIn(value: unknown, found: { holder: Mutable; key: string }[] = []): { holder: Mutable; key: string }[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Mutable, key });
    placesIn((value as Record<string, unknown>)[key], found);
  }
  return found;
}
