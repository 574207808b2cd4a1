import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonBroken, readJsonElements, type JsonElement } from './json-elements.ts';

async function* pieces(text: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  await Promise.resolve();
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function elementsOf(text: string | Uint8Array, size = 65_536): Promise<JsonElement[]> {
  const found: JsonElement[] = [];
  for await (const batch of readJsonElements(pieces(text, size), (key) => key === 'data' || key === 'orders')) found.push(...batch);
  return found;
}

const textsOf = async (text: string | Uint8Array, size?: number): Promise<unknown[]> =>
  (await elementsOf(text, size)).map((each) => JSON.parse(each.text) as unknown);

async function brokenAt(text: string, size = 65_536): Promise<string> {
  try {
    await elementsOf(text, size);
  } catch (error) {
    expect(error).toBeInstanceOf(JsonBroken);
    return (error as JsonBroken).message;
  }
  return 'whole';
}

test('whatever a list holds and wherever the file is cut into pieces, its elements come as they stand', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 3 })),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(undefined, 1, '\t'),
      async (list, size, indent) => {
        const flat = list.filter((each) => !Array.isArray(each));
        const wrapped = JSON.stringify({ code: 0, data: { orders: flat, more: [1, '}', { a: ']' }] }, tail: null }, null, indent);
        expect((await elementsOf(wrapped, size)).filter(({ inList }) => inList).map(({ text }) => JSON.parse(text) as unknown)).toEqual(
          JSON.parse(JSON.stringify(flat)),
        );
        expect(await textsOf(JSON.stringify(flat, null, indent), size)).toEqual(JSON.parse(JSON.stringify(flat)));
      },
    ),
    { numRuns: 300 },
  );
});

test('pages of lists, an object with a record under each id, an empty list and an empty file are read', async () => {
  expect(await textsOf('[[{"a":1},{"a":2}],[],[{"a":3}]]')).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  expect((await elementsOf('{"x1":{"a":1},"x2":{"a":2},"n":3,"l":[{"a":4}]}')).map(({ text, inList }) => [text, inList])).toEqual([
    ['{"a":1}', false],
    ['{"a":2}', false],
  ]);
  expect([await textsOf('[]'), await textsOf(''), await textsOf('  \n'), await textsOf('{}'), await textsOf('\uFEFF[]')]).toEqual([
    [],
    [],
    [],
    [],
    [],
  ]);
});

test('each element says where it begins', async () => {
  expect((await elementsOf('[\n  {"a":\n1},\n\n {"b":2}]', 3)).map(({ line, column }) => [line, column])).toEqual([
    [2, 3],
    [5, 2],
  ]);
});

test.each([
  ['[{"a":1},', 'line 1, column 9: the file ends in the middle'],
  ['[{"a":1},{"b":', 'line 1, column 10: what begins here never ends'],
  ['[{"a":"x}]', 'line 1, column 2: what begins here never ends'],
  ['[{"a":1}\n {"b":2}]', 'line 2, column 2: a comma is missing'],
  ['[{"a":1},]', 'line 1, column 10: a value is missing'],
  ['{"orders" [1]}', 'line 1, column 11: a colon is missing'],
  ['{"orders": [1]]', 'line 1, column 15: a comma is missing'],
  ['{orders: [1]}', 'line 1, column 2: a key is missing'],
  ['[1] [2]', 'line 1, column 5: the file goes on after its end'],
  [']', 'line 1, column 1: neither a list nor an object begins here'],
  ['\n<html>', 'line 2, column 1: neither a list nor an object begins here'],
])('%j is broken, and the place is named: %s', async (text, place) => {
  for (const size of [1, 2, 1000]) expect(await brokenAt(text, size)).toBe(place);
});

test('files that a program on a Chinese Windows wrote without saying how arrive with their signs', async () => {
  // "[{"n":"中文\"}"}]" in GB 18030, where the second byte of a sign may look like a backslash or a brace.
  const gbk = Buffer.concat([Buffer.from('[{"n":"'), Buffer.from([0xd6, 0xd0, 0xce, 0xc4, 0x81, 0x5c, 0x81, 0x7d]), Buffer.from('"}]')]);
  const sign = new TextDecoder('gb18030').decode(gbk.subarray(7, 15));
  for (const size of [1, 3, 100]) expect(await textsOf(gbk, size)).toEqual([{ n: sign }]);
  const ascii = Buffer.concat([Buffer.from(`[${'{"n":"a"},'.repeat(50)}`), gbk.subarray(1)]);
  expect((await textsOf(ascii, 64)).at(-1)).toEqual({ n: sign });
  expect(await textsOf(Buffer.from('\uFEFF[{"n":"中"}]', 'utf16le'))).toEqual([{ n: '中' }]);
});

test('a file of more than a hundred megabytes takes the memory of some of its records', async () => {
  const record = Buffer.from(`${JSON.stringify({ id: 'x'.repeat(900), list: [1, 2, { b: '"' }] })},`);
  const chunk = Buffer.concat(Array.from({ length: 250 }, () => record));
  async function* file(): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    yield Buffer.from('[');
    for (let i = 0; i < 500; i += 1) yield chunk;
    yield Buffer.from('0]');
  }
  let count = 0;
  let highest = 0;
  const before = process.memoryUsage().heapUsed;
  for await (const batch of readJsonElements(file(), () => false)) {
    count += batch.length;
    highest = Math.max(highest, process.memoryUsage().heapUsed);
  }
  expect(count).toBe(125_001);
  expect(highest - before).toBeLessThan(100e6);
});
