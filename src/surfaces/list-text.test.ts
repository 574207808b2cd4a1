import { expect, test } from 'vitest';
import { listText } from './list-text.ts';

test('lists and objects are read as text, in the way of a language', () => {
  const shares = [
    { platform: 'TikTok', sales: 1251 },
    { platform: 'Amazon', sales: null },
  ];
  expect(listText(shares, 'en')).toBe('TikTok 1,251; Amazon');
  expect(listText(shares, 'zh')).toBe('TikTok 1,251；Amazon');
  expect(listText({ lost: 1, damaged: 2.5 }, 'es')).toBe('lost 1; damaged 2,5');
  expect(listText(['A', 'B'], 'en')).toBe('A; B');
  expect(listText({ 'total-fee': null }, 'en')).toBe('total-fee –');
  expect(listText([], 'en')).toBe('');
});
