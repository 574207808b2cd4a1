import { hashText, mix } from '../random.ts';

/** Where a page ended, and what the search had been. */
export interface PageMark {
  readonly time: number;
  readonly serial: number;
  /** What the first page counted; later pages repeat it. */
  readonly total: number;
}

const BYTES = 28;

/** A page token, opaque to the caller: base64 with all of its awkward characters in it. */
export function pageTokenOf({ time, serial, total }: PageMark, binding: string, seed: number): string {
  const bytes = Buffer.alloc(BYTES);
  // These three bytes are "+/+/" in base64, and 28 of them end in "==".
  bytes.set([0xfb, 0xff, 0xbf]);
  bytes.writeUIntBE(time, 3, 6);
  bytes.writeUIntBE(serial, 9, 6);
  bytes.writeUIntBE(total, 15, 5);
  bytes.writeUInt32BE(hashText(binding), 20);
  bytes.writeUInt32BE(checkOf(bytes, seed), 24);
  return bytes.toString('base64');
}

/** What a page token says; undefined when it is none of ours or belongs to another search. */
export function readPageToken(token: string, binding: string, seed: number): PageMark | undefined {
  const bytes = Buffer.from(token, 'base64');
  if (bytes.length !== BYTES || bytes.toString('base64') !== token || bytes.readUInt32BE(24) !== checkOf(bytes, seed)) return undefined;
  if (bytes.readUInt32BE(20) !== hashText(binding)) return undefined;
  return { time: bytes.readUIntBE(3, 6), serial: bytes.readUIntBE(9, 6), total: bytes.readUIntBE(15, 5) };
}

function checkOf(bytes: Buffer, seed: number): number {
  return mix(seed, hashText(bytes.toString('latin1', 0, 24)), 77);
}
