import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../src/engines/sql.ts';
import {
  cleanUp,
  digests,
  errorOf,
  faults,
  s7,
  startS7,
  startServer,
  temporaryFolder,
  untilWriting,
  withStore,
  writeOrderFile,
} from './process.ts';

let folder: string;
let importing: string[];
/** Data with orders, and a backup of them; neither is touched by any test. */
let original: string;
let backup: string;

beforeAll(async () => {
  folder = temporaryFolder();
  original = join(folder, 'original');
  backup = join(folder, 'backup');
  ({ arguments: importing } = writeOrderFile(folder, 500));
  expect((await s7(importing, { data: original })).code).toBe(0);
  expect(await s7(['backup', backup], { data: original })).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(new RegExp(`^${backup} {2}\\d+\\.\\d MB\n$`)),
  });
});
afterAll(cleanUp);

const NOTHING_THERE = (data: string): unknown => ({ data: existsSync(data), beside: readdirSync(dirname(data)) });

/** A copy of the backup that may be damaged. */
function copyOfBackup(): string {
  const copy = join(temporaryFolder(), 'backup');
  cpSync(backup, copy, { recursive: true });
  return copy;
}

test('a restored backup holds exactly what was there, the buyers among it, and goes on where it stopped', async () => {
  const data = join(temporaryFolder(), 'data');
  const ending = await s7(['restore', backup, '--json'], { data });
  expect(JSON.parse(ending.out)).toEqual({ dataFolder: data, former: null });
  expect(await withStore(data, digests)).toEqual(await withStore(original, digests));
  expect(readFileSync(join(data, 'buyer.key'), 'utf8')).toBe(readFileSync(join(original, 'buyer.key'), 'utf8'));
  const again = await s7(importing, { data });
  expect(JSON.parse(again.out)).toMatchObject({ orders_new: 0, orders_changed: 0, orders_unchanged: 500 });
  expect(statSync(data).mode & 0o777).toBe(0o700);
});

test('what stood in the place of a restored backup is kept beside it, whole', async () => {
  const data = join(temporaryFolder(), 'data');
  const other = writeOrderFile(temporaryFolder(), 100);
  await s7(other.arguments, { data });
  const before = await withStore(data, digests);
  const ending = await s7(['restore', backup, '--json'], { data });
  const { former } = JSON.parse(ending.out) as { former: string };
  expect(former).toContain(`${data}.before-restore-`);
  expect(await withStore(former, digests)).toEqual(before);
  expect(await withStore(data, digests)).toEqual(await withStore(original, digests));
});

test.each<[string, (folder: string) => void]>([
  ['without its data file', (copy) => rmSync(join(copy, 's7.duckdb'))],
  ['without its buyer key', (copy) => rmSync(join(copy, 'buyer.key'))],
  ['without its note, as one that was cut off', (copy) => rmSync(join(copy, 'backup.json'))],
  ['with a note of something else', (copy) => writeFileSync(join(copy, 'backup.json'), '{"version":"0.1.0"}')],
  ['without its secret key', (copy) => rmSync(join(copy, 'secret.key'))],
  ['with another buyer key', (copy) => writeFileSync(join(copy, 'buyer.key'), `${'ab'.repeat(32)}\n`)],
  ['whose data file is longer', (copy) => appendFileSync(join(copy, 's7.duckdb'), 'x')],
  [
    'whose data file differs in one byte',
    (copy) => {
      const bytes = readFileSync(join(copy, 's7.duckdb'));
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(join(copy, 's7.duckdb'), bytes);
    },
  ],
  ['that is not there', (copy) => rmSync(copy, { recursive: true })],
])('a backup %s is refused, and the data are not touched', async (_what, damage) => {
  const copy = copyOfBackup();
  damage(copy);
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data);
  writeFileSync(join(data, 's7.duckdb'), 'what is there');
  const ending = await s7(['restore', copy, '--json'], { data });
  expect(errorOf(ending)).toMatchObject({ name: 'backup_invalid', msg: expect.stringContaining(copy) });
  expect(ending.code).toBe(1);
  expect(NOTHING_THERE(data)).toEqual({ data: true, beside: ['data'] });
  expect(readFileSync(join(data, 's7.duckdb'), 'utf8')).toBe('what is there');
});

test('data that can no longer be opened are replaced by a backup', async () => {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data);
  writeFileSync(join(data, 's7.duckdb'), 'once a data file');
  expect((await s7(['restore', backup], { data })).code).toBe(0);
  expect(await withStore(data, digests)).toEqual(await withStore(original, digests));
});

test('nothing is restored while the server runs', async () => {
  const data = join(temporaryFolder(), 'data');
  const server = await startServer(data);
  const ending = await s7(['restore', backup, '--json'], { data });
  expect(errorOf(ending)).toMatchObject({ name: 'server_running', msg: expect.stringContaining(String(server.pid)) });
  expect(ending.code).toBe(1);
  expect(await s7(['shops'], { data })).toMatchObject({ code: 0, out: expect.stringContaining('No shops yet') });
});

test('nothing is restored under an import that runs without a server', async () => {
  const data = join(temporaryFolder(), 'data');
  const many = writeOrderFile(temporaryFolder(), 11_000);
  mkdirSync(data);
  const importer = startS7(many.arguments, { data });
  await untilWriting(data);
  const ending = await s7(['restore', backup, '--json'], { data });
  // It may have come to its end meanwhile; then there is nothing to protect.
  if (ending.code === 0) return;
  expect(errorOf(ending)).toMatchObject({ name: 'store_in_use', msg: expect.stringContaining(`pid ${importer.pid}`) });
  expect(JSON.parse((await importer.ended).out)).toMatchObject({ orders: 11_000 });
});

test('a backup is never written over anything', async () => {
  const taken = join(temporaryFolder(), 'taken');
  mkdirSync(taken);
  const ending = await s7(['backup', taken, '--json'], { data: original });
  expect(errorOf(ending)).toMatchObject({ name: 'backup_target_taken', hint: 'Name a folder that does not exist yet.' });
  expect(ending.code).toBe(1);
  expect(readdirSync(taken)).toEqual([]);
});

test('a backup to where no folder can be made is refused by name', async () => {
  const ending = await s7(['backup', join(backup, 'backup.json/deeper'), '--json'], { data: original });
  expect(errorOf(ending)).toMatchObject({ name: 'folder_not_writable', msg: expect.stringContaining('backup.json/deeper') });
  expect(ending.code).toBe(1);
});

test('what a backup that was killed left behind does not stand in the way of the next', async () => {
  const target = join(temporaryFolder(), 'monday');
  mkdirSync(`${target}.partial`);
  writeFileSync(join(`${target}.partial`, 's7.duckdb'), 'half a file');
  const ending = await s7(['backup', target, '--json'], { data: original });
  expect(JSON.parse(ending.out)).toMatchObject({ folder: target, bytes: statSync(join(target, 's7.duckdb')).size });
  expect(readdirSync(target).toSorted()).toEqual(['backup.json', 'buyer.key', 's7.duckdb', 'secret.key']);
  expect(existsSync(`${target}.partial`)).toBe(false);
});

test('a backup made while an import runs is whole: no half orders, everything of the batches that were in', async () => {
  const data = join(temporaryFolder(), 'data');
  const many = writeOrderFile(temporaryFolder(), 13_000);
  await startServer(data);
  const importer = startS7(many.arguments, { data });
  await untilWriting(data);
  const target = join(temporaryFolder(), 'backup');
  expect(await s7(['backup', target], { data })).toMatchObject({ code: 0, err: '' });
  expect(await importer.ended).toMatchObject({ code: 0, err: '' });

  const restored = join(temporaryFolder(), 'data');
  expect((await s7(['restore', target], { data: restored })).code).toBe(0);
  const { orders, found } = await withStore(restored, async (engine) => ({
    orders: (await engine.read((reader) => reader.query<{ n: number }>(sql`SELECT count(*) AS n FROM orders`)))[0]!.n,
    found: await faults(engine),
  }));
  expect(Object.values(found).every((count) => count === 0)).toBe(true);
  expect([0, 10_000, 13_000]).toContain(orders);
});
