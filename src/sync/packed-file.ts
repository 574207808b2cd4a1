import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { checkInflated, checkZip, isZip } from './zip-check.ts';

const SNIFFED_BYTES = 64 * 1024;
const INFLATED_BYTES = 256 * 1024;

/**
 * A file with its gzip taken off, and its beginning, of so many bytes or all there are. A ZIP stays one, but is known to be within the
 * limits.
 * @throws AppError `limit_exceeded`
 */
export async function unpacked(source: Readable): Promise<{ readonly head: Buffer; readonly whole: Readable }> {
  let outer = source;
  for (let layers = 0; ; layers++) {
    const { head, whole } = await peek(outer);
    if (isZip(head)) return { head, whole: Readable.from([await checkedZip(whole)]) };
    if (head[0] !== 0x1f || head[1] !== 0x8b) return { head, whole };
    if (layers === LIMITS.gzip_layers.most) throw overLimit('gzip_layers');
    outer = Readable.from(inflated(whole), { objectMode: false });
  }
}

async function* inflated(packed: Readable): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: INFLATED_BYTES });
  // An error on either side ends both and reaches the reader.
  pipeline(packed, gunzip).catch((error: Error) => gunzip.destroy(error));
  let size = 0;
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    size += chunk.length;
    checkInflated(size, gunzip.bytesWritten);
    yield chunk;
  }
}

async function peek(source: Readable): Promise<{ head: Buffer; whole: Readable }> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const seen: Buffer[] = [];
  let size = 0;
  while (size < SNIFFED_BYTES) {
    const { value, done } = await chunks.next();
    if (done) break;
    seen.push(Buffer.from(value));
    size += value.length;
  }
  const rest = async function* (): AsyncGenerator<Buffer> {
    yield* seen;
    for await (const chunk of { [Symbol.asyncIterator]: () => chunks }) {
      size += chunk.length;
      if (size > LIMITS.file_bytes.most) throw overLimit('file_bytes');
      yield chunk;
    }
  };
  return { head: Buffer.concat(seen), whole: Readable.from(rest(), { objectMode: false }) };
}

async function checkedZip(whole: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of whole as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMITS.zip_bytes.most) throw overLimit('zip_bytes');
    chunks.push(chunk);
  }
  const zip = Buffer.concat(chunks);
  await checkZip(zip);
  return zip;
}
