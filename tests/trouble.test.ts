import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sql } from '../src/engines/sql.ts';
import {
  cleanUp,
  digests,
  errorOf,
  faults,
  PROJECT,
  s7Apart,
  serverNote,
  start,
  startServer,
  temporaryFolder,
  withStore,
  writeOrderFile,
} from './process.ts';
import { tableDigests } from './table-digests.ts';

const isRoot = process.getuid?.() === 0;
const ORDERS = 500;
const NOBODY = 65_534;

let folder: string;
let importing: string[];
/** A data folder with orders, to be copied: each test may do with it as it likes. */
let original: string;

beforeAll(async () => {
  folder = temporaryFolder();
  original = join(folder, 'original');
  ({ arguments: importing } = writeOrderFile(folder, ORDERS));
  expect((await s7Apart(importing, { data: original })).code).toBe(0);
});
afterAll(cleanUp);

function copy(): string {
  const data = join(temporaryFolder(), 'data');
  cpSync(original, data, { recursive: true });
  return data;
}

/** A small disk of its own; null where the tests may not mount one. */
function smallDisk(megabytes: number): { path: string; grow: (megabytes: number) => void } | null {
  const path = join(temporaryFolder(), 'disk');
  mkdirSync(path);
  const mount = (options: string): void => void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
  try {
    mount(`size=${megabytes}m`);
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', path]));
  return { path, grow: (more) => mount(`remount,size=${more}m`) };
}

describe('a data file that another process holds', () => {
  test('is named with the program and number of that process', async () => {
    const data = copy();
    const holder = start([
      process.execPath,
      '--input-type=module',
      '-e',
      `
      const { DuckDBInstance } = await import(${JSON.stringify(join(PROJECT, 'node_modules/@duckdb/node-api/lib/index.js'))});
      const held = await DuckDBInstance.create(${JSON.stringify(join(data, 's7.duckdb'))});
      console.log('held'); setInterval(() => held, 1000);`,
    ]);
    await holder.said(/held/);
    const [shops, serve] = await Promise.all([s7Apart(['shops', '--json'], { data }), s7Apart(['serve'], { data })]);
    expect(errorOf(shops)).toMatchObject({
      name: 'store_in_use',
      msg: expect.stringMatching(new RegExp(`in use by node \\(pid ${holder.pid}`)),
    });
    expect(serve).toMatchObject({ code: 1, err: expect.stringContaining(`pid ${holder.pid}`) });
    holder.kill('SIGKILL');
    await holder.ended;
    expect((await s7Apart(['shops'], { data })).code).toBe(0);
  });

  test('is named when it is a server of ours that no longer answers, and not touched by a restore', async () => {
    const data = copy();
    const server = await startServer(data);
    const backup = join(temporaryFolder(), 'backup');
    expect((await s7Apart(['backup', backup], { data })).code).toBe(0);
    server.kill('SIGSTOP');
    const [shops, restore] = await Promise.all([s7Apart(['shops', '--json'], { data }), s7Apart(['restore', backup, '--json'], { data })]);
    expect(errorOf(shops)).toMatchObject({ name: 'store_in_use', msg: expect.stringContaining(`pid ${server.pid}, node main.ts serve`) });
    expect(errorOf(restore)).toMatchObject({ name: 'store_in_use', msg: expect.stringContaining(`pid ${server.pid}`) });
    server.kill('SIGCONT');
    expect(await s7Apart(['shops'], { data })).toMatchObject({ code: 0, err: '' });
  });

  test('does not outlast a server that was killed: the next command takes over what it left', async () => {
    const data = copy();
    const server = await startServer(data);
    server.kill('SIGKILL');
    await server.ended;
    expect(serverNote(data)?.pid).toBe(server.pid);
    expect(await s7Apart(['shops'], { data })).toMatchObject({ code: 0, err: '' });
  });

  test('two commands that begin with an empty folder at the same moment end with one whole data file', async () => {
    const data = join(temporaryFolder(), 'data');
    const endings = await Promise.all([s7Apart(importing, { data }), s7Apart(importing, { data }), s7Apart(['shops', '--json'], { data })]);
    for (const ending of endings) if (ending.code !== 0) expect(errorOf(ending).name).toBe('store_in_use');
    const last = await s7Apart(importing, { data });
    expect(JSON.parse(last.out)).toMatchObject({ orders: ORDERS });
    expect(await withStore(data, digests)).toEqual(await withStore(original, digests));
  });
});

describe('a port that is taken', () => {
  test('by another S7StarERP is said to be, with its process number', async () => {
    const server = await startServer(copy());
    const port = new URL(server.url).port;
    expect(await s7Apart(['serve'], { data: copy(), env: { S7_PORT: port } })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken by S7StarERP (pid ${server.pid}).`),
    });
  });

  test('by any other program is named with it on Linux, and a hint how to choose another', async () => {
    const other = createServer((_, answer) => answer.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const { code, err } = await s7Apart(['serve'], { data: copy(), env: { S7_PORT: String(port) } });
    expect(code).toBe(1);
    expect(err).toContain('S7_PORT=8001');
    expect(err).toMatch(process.platform === 'linux' ? new RegExp(`taken by node .*\\(pid ${process.pid}\\)`) : /taken by/);
  });

  test('by a program that takes connections and never answers does not hold the start up for long', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    onTestFinished(() => silent.closeAllConnections());
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    expect(await s7Apart(['serve'], { data: copy(), env: { S7_PORT: String(port) } })).toMatchObject({
      code: 1,
      err: expect.stringContaining(`Port ${port}`),
    });
    silent.close();
  });

  test('an address that is not of this machine is called a wrong setting', async () => {
    const env = { S7_HOST: '203.0.113.7', S7_API_KEY: 'a key that nobody guesses' };
    expect(await s7Apart(['serve'], { data: copy(), env })).toMatchObject({
      code: 1,
      err: expect.stringContaining('S7_HOST is not right: 203.0.113.7 is no address of this machine'),
    });
  });
});

test('a home that cannot be written and a data folder with spaces and Chinese letters in its path change nothing', async () => {
  const home = join(temporaryFolder(), 'a file');
  writeFileSync(home, 'no folder can be made in it');
  const data = join(temporaryFolder(), 'mis datos de la tienda', '店铺 数据');
  cpSync(original, data, { recursive: true });
  const server = await startServer(data, { env: { HOME: home, USERPROFILE: home, S7_BACKUP_DIR: join(data, 'copias y 备份') } });
  const ask = async (path: string, init: RequestInit = {}) => (await fetch(`${server.url}${path}`, init)).json();
  const form = new FormData();
  form.append('mapping', readFileSync(join(folder, 'mapping.json'), 'utf8'));
  form.append('file', new Blob([readFileSync(join(folder, 'orders.csv'))]), 'pedidos de 十一月.csv');
  expect(await ask('/api/import', { method: 'POST', body: form })).toMatchObject({
    file: 'pedidos de 十一月.csv',
    orders: ORDERS,
    orders_unchanged: ORDERS,
  });
  expect(await ask('/api/Other/DataScience/SalesRank/')).toMatchObject({ code: 0, data: expect.any(Array) });
  const body = JSON.stringify({ folder: 'lunes 周一' });
  expect(await ask('/api/backup', { method: 'POST', body, headers: { 'content-type': 'application/json' } })).toMatchObject({
    code: 0,
    folder: join(data, 'copias y 备份', 'lunes 周一'),
  });
  server.kill('SIGTERM');
  const { code, out, err } = await server.ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(data);
  expect(await withStore(join(data, 'copias y 备份', 'lunes 周一'), digests)).toEqual(await withStore(original, digests));
});

describe('a data folder that cannot be written', () => {
  test('for want of rights is named, and the command ends with 1', async () => {
    const data = copy();
    chmodSync(join(data, '..'), 0o755);
    for (const path of [data, join(data, 's7.duckdb')]) chmodSync(path, path === data ? 0o555 : 0o444);
    // Rights do not bind root: nobody asks.
    const wishes = isRoot ? { uid: NOBODY } : {};
    const [there, below] = await Promise.all([
      s7Apart(['shops', '--json'], { data, ...wishes }),
      s7Apart(['shops', '--json'], { data: join(data, 'deeper/still'), ...wishes }),
    ]);
    for (const ending of [there, below]) {
      expect(errorOf(ending)).toMatchObject({ name: 'folder_not_writable', msg: expect.stringContaining(data) });
      expect(ending.code).toBe(1);
    }
    chmodSync(data, 0o755);
  });

  test('for it lies on a read-only disk, below a file or where no folder can be, is named, too', async ({ skip }) => {
    const disk = smallDisk(20);
    if (!disk) return skip('mounting is not allowed here');
    cpSync(original, join(disk.path, 'data'), { recursive: true });
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);
    const folders = ['data', 'new/data', 'data/buyer.key/data'].map((name) => join(disk.path, name));
    for (const ending of await Promise.all([...folders, '/proc/new/data'].map((data) => s7Apart(['shops', '--json'], { data })))) {
      expect(errorOf(ending)).toMatchObject({ name: 'folder_not_writable', msg: expect.stringMatching(/\/(disk\/(data|new)|proc\/new)/) });
      expect(ending.code).toBe(1);
    }
  });
});

describe('a full disk', () => {
  test('ends an import by name and leaves whole orders only; with more room the same command completes it', async ({ skip }) => {
    const disk = smallDisk(4);
    if (!disk) return skip('mounting is not allowed here');
    const data = join(disk.path, 'data');
    const many = writeOrderFile(temporaryFolder(), 13_000);
    const ending = await s7Apart(many.arguments, { data });
    expect(errorOf(ending).name).toBe('disk_full');
    expect(ending.code).toBe(1);
    expect(Object.values(await withStore(data, faults)).every((count) => count === 0)).toBe(true);
    expect((await s7Apart(['doctor'], { data })).out).toContain('cut off: orders.csv');
    disk.grow(100);
    const again = await s7Apart(many.arguments, { data });
    expect(JSON.parse(again.out)).toMatchObject({ orders: 13_000, orders_changed: 0 });
    expect(Object.values(await withStore(data, faults)).every((count) => count === 0)).toBe(true);
  });

  test('ends a replay by name with nothing changed; with more room it is done', async ({ skip }) => {
    const disk = smallDisk(40);
    if (!disk) return skip('mounting is not allowed here');
    const data = join(disk.path, 'data');
    const many = writeOrderFile(temporaryFolder(), 6000);
    expect((await s7Apart(many.arguments, { data })).code).toBe(0);
    await withStore(data, (engine) =>
      engine.transaction((tx) => tx.run(sql`UPDATE imports SET mapping = replace(mapping, '"void":"cancelled"', '"void":"completed"')`)),
    );
    const before = await withStore(data, tableDigests);
    const { bavail, bsize } = statfsSync(disk.path);
    writeFileSync(join(disk.path, 'filler'), Buffer.alloc(bavail * bsize - 200_000));
    const ending = await s7Apart(['replay', '--accept', '--json'], { data });
    expect(errorOf(ending).name).toBe('disk_full');
    expect(ending.code).toBe(1);
    rmSync(join(disk.path, 'filler'));
    expect(await withStore(data, tableDigests)).toEqual(before);
    expect(JSON.parse((await s7Apart(['replay', '--accept', '--json'], { data })).out)).toMatchObject({
      accepted: true,
      read: 6000,
      tables: { orders: { fields: { status: expect.any(Number) } } },
    });
  });

  test('ends a backup by name and leaves nothing of it', async ({ skip }) => {
    const disk = smallDisk(1);
    if (!disk) return skip('mounting is not allowed here');
    const ending = await s7Apart(['backup', join(disk.path, 'backup'), '--json'], { data: copy() });
    expect(errorOf(ending).name).toBe('disk_full');
    expect(existsSync(join(disk.path, 'backup')) || existsSync(join(disk.path, 'backup.partial'))).toBe(false);
  });
});

describe('a data folder that is not as it was', () => {
  test('without its buyer key, or with another, is not opened and gets no new key; with the right one it is', async () => {
    const data = copy();
    const [key, safe] = [join(data, 'buyer.key'), join(data, 'safe')];
    renameSync(key, safe);
    const without = await s7Apart(['shops', '--json'], { data });
    expect(errorOf(without)).toMatchObject({ name: 'key_file_lost', hint: expect.stringContaining('buyer.key') });
    expect({ code: without.code, made: existsSync(key) }).toEqual({ code: 1, made: false });
    for (const content of [`${'ab'.repeat(32)}\n`, 'not a key']) {
      writeFileSync(key, content);
      expect(errorOf(await s7Apart(['shops', '--json'], { data })).name).toBe('key_file_lost');
    }
    copyFileSync(safe, key);
    expect((await s7Apart(['shops'], { data })).code).toBe(0);
  });

  test('with a damaged data file is said to be, with a way out, and left as it is', async () => {
    const data = copy();
    const file = join(data, 's7.duckdb');
    const bytes = readFileSync(file);
    for (const damaged of [
      Buffer.from('gone'),
      bytes.subarray(0, bytes.length / 2),
      Buffer.concat([bytes.subarray(0, 20_000), Buffer.alloc(bytes.length - 20_000, 0xff)]),
    ]) {
      writeFileSync(file, damaged);
      const ending = await s7Apart(['shops', '--json'], { data });
      expect(errorOf(ending)).toMatchObject({ name: 'store_unreadable', hint: expect.stringContaining('s7 restore') });
      expect(ending.code).toBe(1);
      expect(readFileSync(file).equals(damaged)).toBe(true);
    }
    rmSync(file);
    expect(await s7Apart(['shops'], { data })).toMatchObject({ code: 0, out: expect.stringContaining('No shops yet') });
  });

  test('written by a newer version is refused and left as it is', async () => {
    const data = copy();
    await withStore(data, (engine) => engine.transaction((tx) => tx.run(sql`INSERT INTO schema_version VALUES (99)`)));
    const before = readFileSync(join(data, 's7.duckdb'));
    const ending = await s7Apart(['shops', '--json'], { data });
    expect(errorOf(ending)).toMatchObject({ name: 'store_newer', msg: expect.stringContaining('schema 99') });
    expect(ending.code).toBe(1);
    expect(readFileSync(join(data, 's7.duckdb')).equals(before)).toBe(true);
  });
});
