import { Readable } from 'node:stream';
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpacked } from './packed-file.ts';

/** An archive of one part whose sizes stand behind it, as programs write that do not know them before. */
function streamed(text: Buffer): Buffer {
  const head = Buffer.alloc(31);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(8, 6);
  head.writeUInt16LE(8, 8);
  head.writeUInt16LE(1, 26);
  head.write('a', 30);
  const packed = deflateRawSync(text, { level: 9 });
  const behind = Buffer.alloc(16);
  behind.writeUInt32LE(0x08074b50, 0);
  behind.writeUInt32LE(crc32(text), 4);
  behind.writeUInt32LE(packed.length, 8);
  behind.writeUInt32LE(text.length, 12);
  return Buffer.concat([head, packed, behind]);
}

const read = async (bytes: Buffer): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync((await unpacked(Readable.from([bytes]))).whole as AsyncIterable<Buffer>));

test('an archive within the limits comes through as it is, also where sizes stand behind the parts', async () => {
  const zip = Buffer.concat([streamed(Buffer.from('one')), streamed(Buffer.from('two'.repeat(1000)))]);
  expect(await read(zip)).toEqual(zip);
});

test('of parts whose sizes stand behind them all are looked at', async () => {
  const zip = Buffer.concat([streamed(Buffer.from('one')), streamed(Buffer.alloc(80 * 2 ** 20))]);
  await expect(read(zip)).rejects.toMatchObject({ code: 'limit_exceeded', details: { limit: 'inflated_ratio' } });
});

test('an archive that is cut off or damaged is left to who reads it', async () => {
  const zip = streamed(Buffer.from('x'.repeat(5000)));
  for (const bytes of [zip.subarray(0, 20), zip.subarray(0, 35), Buffer.concat([zip.subarray(0, 33), Buffer.alloc(40, 7)])])
    expect(await read(bytes)).toEqual(bytes);
});
