import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openVault } from './vault.ts';

const vault = openVault(Buffer.alloc(32, 1));

test('a sealed secret opens where it was put, shows nothing of itself, and is never sealed alike twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 8 }), fc.string(), (secret, place) => {
      const sealed = vault.seal(secret, place);
      expect(vault.open(sealed, place)).toBe(secret);
      expect(sealed).not.toContain(secret);
      expect(vault.seal(secret, place)).not.toBe(sealed);
    }),
  );
});

test("a secret in another's place, under another key, or changed by one bit does not open", () => {
  const sealed = vault.seal('refresh token', 'authorizations:1:tokens');
  expect(() => vault.open(sealed, 'authorizations:2:tokens')).toThrow();
  expect(() => openVault(randomBytes(32)).open(sealed, 'authorizations:1:tokens')).toThrow();
  expect(() => vault.open('plain text', 'authorizations:1:tokens')).toThrow('not a sealed secret');
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 7) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => vault.open(`v1.${changed.toString('base64url')}`, 'authorizations:1:tokens')).toThrow();
  }
});

test('a signed text comes back only whole and from this vault', () => {
  const signed = vault.sign('{"nonce":"1"}');
  expect(vault.verify(signed)).toBe('{"nonce":"1"}');
  expect(encodeURIComponent(signed)).toBe(signed);
  expect(openVault(randomBytes(32)).verify(signed)).toBeUndefined();
  const [body, mark] = signed.split('.') as [string, string];
  for (const foreign of [
    '',
    '.',
    body,
    `${body}.`,
    `.${mark}`,
    `${Buffer.from('{"nonce":"2"}').toString('base64url')}.${mark}`,
    `${body}.${mark.slice(0, -2)}`,
  ]) {
    expect(vault.verify(foreign)).toBeUndefined();
  }
});
