import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './json.ts';
import { parseLosslessJson } from './lossless-json.ts';

test.each([
  ['{"id":576461413038785753}', { id: '576461413038785753' }],
  ['{"id": -576461413038785753, "n": 1.5}', { id: '-576461413038785753', n: 1.5 }],
  ['[1,\n 1234567890123456]', [1, '1234567890123456']],
  ['{"id":"576461413038785753","time":1767225600}', { id: '576461413038785753', time: 1_767_225_600 }],
  [
    '{"text":"order :1234567890123456789, 1e99","x":0.1234567890123456}',
    { text: 'order :1234567890123456789, 1e99', x: 0.123_456_789_012_345_6 },
  ],
])('whole numbers of 16 digits or more keep them all, as text; everything else is as ever: %s', (text, value) => {
  expect(parseLosslessJson(text)).toEqual(value);
});

test.each(['', '<html>', '{"id":576461413038785753'])('what is no JSON gives nothing: %s', (text) => {
  expect(parseLosslessJson(text)).toBeUndefined();
});

test('JSON without long numbers means what it always meant', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      if (!/\d{16}/.test(text)) expect(parseLosslessJson(text)).toEqual(parseJson(text));
    }),
  );
});
