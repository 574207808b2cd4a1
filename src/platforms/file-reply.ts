import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../kernel/errors.ts';
import type { HttpStream } from '../kernel/http.ts';
import type { PlatformFile } from './operation.ts';

/** The file of a reply: unpacked where its bytes are gzip, whatever its headers say of them. */
export function fileOf({ headers, body }: Pick<HttpStream, 'headers' | 'body'>, host: string): PlatformFile {
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(headers.get('content-type') ?? '')?.[1]?.toLowerCase() ?? null;
  return { charset, bytes: unpacked(body, host) };
}

async function* unpacked(packed: AsyncIterable<Uint8Array>, host: string): AsyncGenerator<Uint8Array> {
  const source = packed[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < GZIP.length && !ended) {
    const next = await source.next();
    ended = next.done === true;
    if (!next.done) head = Buffer.concat([head, next.value]);
  }
  const whole = (async function* () {
    try {
      yield head;
      if (!ended) yield* { [Symbol.asyncIterator]: () => source };
    } finally {
      await source.return?.();
    }
  })();
  yield* GZIP.every((byte, i) => head[i] === byte) ? gunzipped(whole, host) : whole;
}

const GZIP = [0x1f, 0x8b];

async function* gunzipped(packed: AsyncIterable<Uint8Array>, host: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  pipeline(Readable.from(packed), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
  } catch (error) {
    if (!(error instanceof Error) || !(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error;
    throw new AppError('platform_unreachable', { host, reason: 'a packed file that breaks off' }, { cause: error });
  }
}
