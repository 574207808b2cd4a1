import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

/**
 * Replaces an identifier by a keyed hash: 63 bits, equal for equal inputs, useless without the key.
 * @param parts what together names the person, e.g. platform and buyer id
 */
export type KeyedHash = (...parts: readonly string[]) => bigint;

/** A keyed hash (HMAC-SHA256, first 63 bits) over length-prefixed parts, so that no two lists of parts collide by joining. */
export function keyedHash(key: Uint8Array): KeyedHash {
  const secret = createSecretKey(key);
  return (...parts) => {
    const mac = createHmac('sha256', secret);
    for (const part of parts) mac.update(`${Buffer.byteLength(part)}:${part}`);
    return mac.digest().readBigUInt64BE(0) >> 1n;
  };
}

/**
 * The 32-byte key kept in a file only its owner may read (mode 0600), made on first use.
 * The file appears whole or not at all: two processes that start together end with the same key.
 * @throws Error when the file holds anything but 64 hexadecimal digits
 */
export function openKeyFile(path: string): Uint8Array {
  try {
    return readKey(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const draft = `${path}.${process.pid}.new`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readKey(path);
}

function readKey(path: string): Uint8Array {
  const text = readFileSync(path, 'utf8').trim();
  const key = keyFromHex(text);
  if (!key) throw new Error(`${path} does not hold a key of 64 hexadecimal digits`);
  return key;
}

/** Keeps secrets at rest and tells whether a text is our own. */
export interface Vault {
  /** AES-256-GCM; `place` says where the secret belongs and is checked on opening, so that none can be put in another's place. */
  seal(secret: string, place: string): string;
  /** @throws Error when the text was sealed with another key, for another place, or changed */
  open(sealed: string, place: string): string;
  /** The text with a mark that only this key makes; opaque and fit for a URL. */
  sign(text: string): string;
  /** The text, or undefined when the mark is missing or not ours. */
  verify(signed: string): string | undefined;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEAL_VERSION = 'v1.';

/** A vault on a 32-byte key. */
export function openVault(key: Uint8Array): Vault {
  const keyFor = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', `s7star-erp ${purpose}`, 32));
  const sealing = keyFor('sealing');
  const signing = keyFor('signing');
  const markOf = (text: string): Buffer => createHmac('sha256', signing).update(text).digest();
  return {
    seal(secret, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return SEAL_VERSION + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed, place) {
      if (!sealed.startsWith(SEAL_VERSION)) throw new Error('not a sealed secret');
      const bytes = Buffer.from(sealed.slice(SEAL_VERSION.length), 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    },
    sign: (text) => `${Buffer.from(text).toString('base64url')}.${markOf(text).toString('base64url')}`,
    verify(signed) {
      const [body = '', mark = ''] = signed.split('.');
      const text = Buffer.from(body, 'base64url').toString('utf8');
      const given = Buffer.from(mark, 'base64url');
      const wanted = markOf(text);
      return given.length === wanted.length && timingSafeEqual(given, wanted) ? text : undefined;
    },
  };
}

/** Reads a key of 64 hexadecimal digits; undefined when it is none. */
export function keyFromHex(text: string): Uint8Array | undefined {
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
}
