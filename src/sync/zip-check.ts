import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';

const LOCAL = { signature: 0x04034b50, flags: 6, method: 8, packed: 18, name: 26, extra: 28, length: 30 } as const;
const CENTRAL = { signature: 0x02014b50, name: 28, extra: 30, comment: 32, packed: 20, plain: 24, offset: 42, length: 46 } as const;
const END = { signature: Buffer.from('PK\u0005\u0006'), entries: 10, offset: 16, length: 22 } as const;
const HEADER = Buffer.from('PK');
const UNKNOWN = 0xffff_ffff;
const SIZE_BEHIND = 8;
const DEFLATED = 8;
const ZIP64 = 1;
const PIECE_BYTES = 256 * 1024;
/** Below it a file that unpacks to many times its size does no harm. */
const HARMLESS_BYTES = 64 * 2 ** 20;

/** Whether a file begins as a ZIP archive, which a workbook is. */
export function isZip(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) === LOCAL.signature;
}

/** @throws AppError `limit_exceeded` when so much was made of so little that it is no file but a trap */
export function checkInflated(bytes: number, packed: number): void {
  if (bytes > LIMITS.file_bytes.most) throw overLimit('file_bytes');
  if (bytes > HARMLESS_BYTES && bytes > packed * LIMITS.inflated_ratio.most) throw overLimit('inflated_ratio');
}

/**
 * Unpacks every part of a ZIP archive that a reader could find, one after the other as well as by its directory, and keeps nothing of it:
 * the sizes that an archive tells of itself are what its maker wrote. What is damaged is left to who reads it.
 * @throws AppError `limit_exceeded`
 */
export async function checkZip(zip: Buffer): Promise<void> {
  const seen = new Set<number>();
  let total = 0;
  const check = async (at: number): Promise<number> => {
    const start = at + LOCAL.length + zip.readUInt16LE(at + LOCAL.name) + zip.readUInt16LE(at + LOCAL.extra);
    const told = zip.readUInt32LE(at + LOCAL.packed);
    const known = told !== UNKNOWN && (zip.readUInt16LE(at + LOCAL.flags) & SIZE_BEHIND) === 0;
    const end = known ? Math.min(zip.length, start + told) : zip.length;
    seen.add(at);
    if (seen.size > LIMITS.zip_entries.most) throw overLimit('zip_entries');
    if (zip.readUInt16LE(at + LOCAL.method) !== DEFLATED) return known ? end : start;
    const isSheet = /(?:^|[/\\])worksheets[/\\]/i.test(zip.toString('latin1', at + LOCAL.length, start));
    const { bytes, packed } = await inflate(zip.subarray(start, end), (soFar) => {
      checkInflated(total + soFar, zip.length);
      if (!isSheet && soFar > LIMITS.workbook_part_bytes.most) throw overLimit('workbook_part_bytes');
    });
    total += bytes;
    return known ? end : start + packed;
  };
  for (let at = 0; at >= 0 && at + LOCAL.length <= zip.length;) {
    if (zip.readUInt32LE(at) === LOCAL.signature) at = await check(at);
    else if (zip.readUInt32LE(at) === CENTRAL.signature) break;
    // What stands behind a part whose size follows it.
    else at = zip.indexOf(HEADER, at + 1);
  }
  for (const at of directory(zip)) {
    if (!seen.has(at) && at + LOCAL.length <= zip.length && zip.readUInt32LE(at) === LOCAL.signature) await check(at);
  }
}

/** Where the parts begin, by the archive's directory. */
function* directory(zip: Buffer): Generator<number> {
  const end = zip.lastIndexOf(END.signature);
  if (end < 0 || end + END.length > zip.length) return;
  let at = zip.readUInt32LE(end + END.offset);
  // Where it cannot be told, all that look like one are looked at.
  if (at === UNKNOWN || at + CENTRAL.length > zip.length || zip.readUInt32LE(at) !== CENTRAL.signature)
    at = zip.indexOf('PK\u0001\u0002', 0, 'latin1');
  while (at >= 0 && at + CENTRAL.length <= zip.length && zip.readUInt32LE(at) === CENTRAL.signature) {
    const extra = at + CENTRAL.length + zip.readUInt16LE(at + CENTRAL.name);
    const next = extra + zip.readUInt16LE(at + CENTRAL.extra);
    const offset = zip.readUInt32LE(at + CENTRAL.offset);
    if (offset !== UNKNOWN) yield offset;
    else yield* longOffset(zip, { at, extra, next });
    at = next + zip.readUInt16LE(at + CENTRAL.comment);
  }
}

/** The offset of a part in the form for archives above 4 GB, which some programs write for small ones, too. */
function* longOffset(zip: Buffer, { at, extra, next }: { at: number; extra: number; next: number }): Generator<number> {
  for (let field = extra; field + 4 <= Math.min(next, zip.length);) {
    const length = zip.readUInt16LE(field + 2);
    const before = [CENTRAL.plain, CENTRAL.packed].filter((size) => zip.readUInt32LE(at + size) === UNKNOWN).length * 8;
    if (zip.readUInt16LE(field) === ZIP64 && before + 8 <= length && field + 4 + before + 8 <= zip.length)
      yield Number(zip.readBigUInt64LE(field + 4 + before));
    field += 4 + length;
  }
}

/** How much a part unpacks to, and of how many bytes; `check` is told on the way. What is damaged ends it. */
async function inflate(packed: Buffer, check: (bytes: number) => void): Promise<{ bytes: number; packed: number }> {
  const stream = Readable.from(pieces(packed), { objectMode: false }).pipe(createInflateRaw({ chunkSize: PIECE_BYTES }));
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      check(bytes);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
  }
  return { bytes, packed: stream.bytesWritten };
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
