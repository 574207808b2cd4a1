import { createHmac, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

/**
 * Replaces an identifier by a keyed hash: 63 bits, equal for equal inputs, useless without the key.
 * @param parts what together names the person, e.g. platform and buyer id
 */
export type KeyedHash = (...parts: readonly string[]) => bigint;

/** A keyed hash (HMAC-SHA256, first 63 bits) over length-prefixed parts, so that no two lists of parts collide by joining. */
export function keyedHash(key: Uint8Array): KeyedHash {
  return (...parts) => {
    const mac = createHmac('sha256', key);
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
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new Error(`${path} does not hold a key of 64 hexadecimal digits`);
  return Buffer.from(text, 'hex');
}
