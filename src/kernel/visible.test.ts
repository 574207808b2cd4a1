import { expect, test } from 'vitest';
import { cleanName, isVisible, plainText, visible, visibleLines } from './visible.ts';

test.each([
  ['a title of the window', '\u001B]0;pwned\u0007', '\\u001b]0;pwned\\u0007'],
  ['a colour', '\u001B[31mred', '\\u001b[31mred'],
  ['a colour in one sign', '\u009B31mred', '\\u009b31mred'],
  ['what is turned round', 'a\u202Egnp.exe', 'a\\u202egnp.exe'],
  ['what is isolated', '\u2066a\u2069', '\\u2066a\\u2069'],
  ['the mark of Arabic', '\u061C', '\\u061c'],
  ['a line that another is written over', 'a\rb', 'a\\u000db'],
  ['lines of every kind', 'a\nb\u2028c\u2029d\u0085e', 'a\\u000ab\\u2028c\\u2029d\\u0085e'],
  ['backspaces, tabs and the end of text', 'a\b\t\u0000\u007F', 'a\\u0008\\u0009\\u0000\\u007f'],
])('%s is spelt and does nothing', (_what, text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(isVisible(text)).toBe(false);
  expect(isVisible(shown)).toBe(true);
});

test('letters of every script, pictures and spaces are shown as they are', () => {
  for (const text of ['Piñata 星 ★', 'فستان', '👩‍👩‍👧 e\u0301 \u00A0\u3000', '"\'\\u001b']) expect(visible(text)).toBe(text);
});

test('lines stay lines where there are several, and JSON says the same as before', () => {
  expect(visibleLines('a\nb\r\nc\rd')).toBe('a\nb\r\nc\\u000dd');
  const value = { name: '\u001B[2J\u202Eevil\u009B\u007F\n' };
  expect(JSON.parse(visibleLines(JSON.stringify(value)))).toEqual(value);
});

test('a name is kept without them, and without the room they took', () => {
  expect(cleanName(' \u202ETienda\u0007\tSol \u200F')).toBe('Tienda Sol');
  expect(cleanName('\u0000')).toBe('');
});

test('a text of a document is left as it is unless it holds signs that are no text', () => {
  expect(plainText('Cable  1\u00A0m · negro')).toBe('Cable  1\u00A0m · negro');
  expect(plainText('\u001B[2JTaza\u202E azul\u0007')).toBe('[2JTaza azul');
});
