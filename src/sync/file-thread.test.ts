import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { LIMITS } from '../kernel/limits.ts';
import { readElementsInThread, readRatesInThread, readTableInThread } from './file-thread.ts';

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test('rows come from the thread as they stand in the file, in order, with their lines', async () => {
  const text = `a,b,c\n${Array.from({ length: 5000 }, (_, i) => `${i},"x\ny ${i}",€`).join('\n')}\n`;
  const rows = (await Array.fromAsync(readTableInThread(pieces(text.slice(0, 1000), text.slice(1000))))).flat();
  expect(rows).toHaveLength(5001);
  expect(rows[0]).toEqual({ line: 1, cells: ['a', 'b', 'c'] });
  expect(rows.at(-1)).toEqual({ line: 10_001, cells: ['4999', 'x\ny 4999', '€'] });
});

test('what stands between cells and rows on the way is a blank where a cell holds it', async () => {
  const rows = (await Array.fromAsync(readTableInThread(pieces('a,b\n1\u001f2,3\u001e4\n')))).flat();
  expect(rows[1]!.cells).toEqual(['1 2', '3 4']);
});

test('elements of JSON and the place where it breaks come over as they are', async () => {
  const elements = (await Array.fromAsync(readElementsInThread(pieces('{"ORDERS":[{"id":1},2]}'), ['orders']))).flat();
  expect(elements.map(({ text, inList }) => [text, inList])).toEqual([
    ['{"id":1}', true],
    ['2', true],
  ]);
  await expect(Array.fromAsync(readElementsInThread(pieces('[{"id":1},\n}'), []))).rejects.toMatchObject({
    name: 'JsonBroken',
    line: 2,
    column: 1,
  });
});

test('an error of the reading keeps its name and values', async () => {
  await expect(Array.fromAsync(readTableInThread(pieces('a,"b')))).rejects.toMatchObject({
    code: 'file_unreadable',
    values: { reason: expect.stringContaining('never closed') },
  });
  await expect(Array.fromAsync(readTableInThread(pieces(`${'x'.repeat(200_000)}\n`)))).rejects.toMatchObject({
    code: 'limit_exceeded',
    details: { limit: 'cell_characters', most: LIMITS.cell_characters.most },
  });
});

test('an error of who sends is theirs; without a name of ours the file is called broken off', async () => {
  const failing = (error: Error): AsyncGenerator<Uint8Array> =>
    (async function* () {
      yield Buffer.from('a,b\n');
      throw error;
    })();
  await expect(Array.fromAsync(readTableInThread(failing(new AppError('unknown_parameter', { names: ['x'] }))))).rejects.toMatchObject({
    code: 'unknown_parameter',
  });
  await expect(
    Array.fromAsync(readTableInThread(failing(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })))),
  ).rejects.toMatchObject({ code: 'file_unreadable', values: { reason: 'ECONNRESET' } });
});

test('what explodes in memory ends its thread, and is told so; the next file is read', async () => {
  const lines = Array.from({ length: 60 }, () => 'no day at all\n'.repeat(10_000));
  await expect(readRatesInThread(pieces('Date,USD\n', ...lines), { heapMb: 20 })).rejects.toMatchObject({
    code: 'limit_exceeded',
    details: { limit: 'thread_memory' },
  });
  expect(await readRatesInThread(pieces('Date,USD\n2026-11-20,1.08\n'))).toEqual({
    rates: [{ day: '2026-11-20', currency: 'USD', rate: '1.08' }],
    bad: [],
  });
});

test('no more of a file is taken in than its reader keeps up with', async () => {
  let sent = 0;
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      sent += 1;
      await setImmediate();
      yield Buffer.from('1,2\n'.repeat(16_384));
    }
  };
  const rows = readTableInThread(endless());
  for (let i = 0; i < 10; i++) await rows.next();
  let before = -1;
  // The reader rests: what is underway comes to an end by itself.
  while (before !== sent) {
    before = sent;
    for (let i = 0; i < 2000; i++) await setImmediate();
  }
  expect(sent).toBeLessThan(40);
  await rows.return({ encoding: null });
});

test('a file that is still sent while its reader turns away lets go of its sender', async () => {
  const sender = { ended: false };
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        await setImmediate();
        yield Buffer.from('1,2\n'.repeat(1000));
      }
    } finally {
      sender.ended = true;
    }
  };
  for await (const rows of readTableInThread(endless())) if (rows.length > 0) break;
  for (let i = 0; i < 10_000 && !sender.ended; i++) await setImmediate();
  expect(sender.ended).toBe(true);
});

test('who sends nothing for a while is told so', async () => {
  const never = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a,b\n');
    await new Promise(() => undefined);
  };
  await expect(Array.fromAsync(readTableInThread(never(), {}, { stillMs: 2000 }))).rejects.toMatchObject({ code: 'upload_stalled' });
});
