import { DuckDBInstance } from '@duckdb/node-api';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDb } from './duckdb.ts';

const [HEADERS, BLOCK] = [12_288, 262_144];
/** How much of a block came onto the disk before the process was killed. */
const WRITTEN = 4096;
const TABLES = 30;
const UPDATE = 'UPDATE t0 SET n = n + 1';
const SUMS = `SELECT ${Array.from({ length: TABLES }, (_, i) => `(SELECT sum(n)::integer + sum(m)::integer FROM t${i})`).join(', ')}`;

let folder: string;
let [before, log, torn] = [Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0)];

/** Runs statements on a file as no engine of ours does, and closes it; what they say is given back. */
async function onFile(path: string, ...statements: string[]): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    let rows: unknown[][] = [];
    for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRows();
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 's7-torn-'));
  const [file, cut, whole] = ['file', 'cut', 'whole'].map((name) => join(folder, name)) as [string, string, string];
  await onFile(
    file,
    ...Array.from({ length: TABLES }, (_, i) => `CREATE TABLE t${i} AS SELECT range AS n, range * ${i} AS m FROM range(3000)`),
    'CHECKPOINT',
    ...Array.from({ length: 20 }, (_, i) => `UPDATE t${i} SET n = n + 1`),
    'CHECKPOINT',
  );
  before = readFileSync(file);
  for (const copy of [cut, whole]) copyFileSync(file, copy);
  // The log as it is while a checkpoint is under way, and the file as that checkpoint leaves it.
  await expect(onFile(cut, "SET debug_checkpoint_abort = 'before_header'", UPDATE, 'CHECKPOINT')).rejects.toThrow('aborted before header');
  log = readFileSync(`${cut}.wal`);
  const metadata = (await onFile(file, 'SELECT block_id::integer FROM pragma_metadata_info()')).map(([id]) => HEADERS + Number(id) * BLOCK);
  await onFile(whole, UPDATE, 'CHECKPOINT');
  const after = readFileSync(whole);
  torn = Buffer.from(before);
  for (const at of metadata) after.copy(torn, at, at, at + WRITTEN);
});
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, bytes: Buffer, itsLog: Buffer | null): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  if (itsLog) writeFileSync(`${path}.wal`, itsLog);
  return path;
}

const open = (path: string) => openDuckDb(path, { memoryLimit: '256MB', temporaryFolder: join(folder, 'tmp') });

describe('a file whose process ended while a block was written', () => {
  test('is one that DuckDB does not open', async () => {
    expect(torn.equals(before)).toBe(false);
    await expect(onFile(put('refused', torn, log), 'SELECT 1')).rejects.toThrow('does not match stored checksum');
  });

  test('is opened with everything that was committed, and is whole from then on', async () => {
    const path = put('mended', torn, log);
    const engine = await open(path);
    await engine.close();
    expect(await onFile(path, SUMS)).toEqual(await onFile(join(folder, 'whole'), SUMS));
  });

  test('is refused and left as it is where no checkpoint was under way, or more is wrong with it', async () => {
    const spoilt = Buffer.from(torn).fill(0xff, HEADERS + 20, HEADERS + BLOCK);
    for (const [name, bytes, itsLog] of [
      ['no-log', torn, null],
      ['other-log', torn, log.subarray(0, -60)],
      ['spoilt', spoilt, log],
    ] as const) {
      const path = put(name, bytes, itsLog);
      await expect(open(path)).rejects.toMatchObject({ code: 'store_unreadable' });
      expect(readFileSync(path).equals(bytes)).toBe(true);
    }
  });
});
