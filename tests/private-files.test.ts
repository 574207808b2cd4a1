import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { s7Apart, serverNote, startS7, startServer, temporaryFolder, writeOrderFile } from './process.ts';
import { openTestApp } from './shop-window.ts';

/** Every path below a folder that others have any right to, and the folder itself. */
function exposed(folder: string): string[] {
  const paths = [
    folder,
    ...readdirSync(folder, { recursive: true, withFileTypes: true }).map(({ parentPath, name }) => join(parentPath, name)),
  ];
  return paths.filter((path) => (statSync(path).mode & 0o077) !== 0);
}

test.skipIf(process.platform === 'win32')(
  'nobody else can read the data, keys, log, refused rows and backups, though a former version left them open; the doctor looks',
  async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    const { file, arguments: importing } = writeOrderFile(folder, 300);
    mkdirSync(data, { mode: 0o755 });
    chmodSync(data, 0o755);
    writeFileSync(join(data, 'areas.json'), '{}', { mode: 0o644 });
    writeFileSync(file, `${readFileSync(file, 'utf8')}broken,,,,,,,,,,\n`);
    expect((await s7Apart(importing, { data })).code).toBe(0);
    expect((await s7Apart(['backup', join(data, 'backups/monday')], { data })).code).toBe(0);
    expect((await s7Apart(['backup', join(folder, 'elsewhere')], { data })).code).toBe(0);
    expect([...exposed(data), ...exposed(join(folder, 'elsewhere'))]).toEqual([]);
    expect(readdirSync(join(data, 'imports'))).toHaveLength(1);

    // As a version before left them, its copies among them.
    const all = readdirSync(data, { recursive: true, withFileTypes: true }).map(({ parentPath, name }) => join(parentPath, name));
    for (const path of all) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
    chmodSync(data, 0o755);
    writeFileSync(join(data, 's7.duckdb.wal'), '', { mode: 0o644 });
    const server = await startServer(data);
    expect(exposed(data)).toEqual([]);
    expect((await s7Apart([...importing.slice(0, -1), '--shop', 'Other', '--json'], { data })).code).toBe(0);
    expect(existsSync(join(data, 's7.duckdb.wal'))).toBe(true);
    expect(exposed(data)).toEqual([]);
    expect((await s7Apart(['doctor'], { data })).out).toContain('✓ rights');

    chmodSync(join(data, 'buyer.key'), 0o640);
    const told = await s7Apart(['doctor'], { data });
    expect(told).toMatchObject({ code: 1, out: expect.stringMatching(/✗ rights .*buyer\.key/) });
    server.kill('SIGTERM');
    await server.ended;
  },
);

test.skipIf(process.platform === 'win32')("a report that is saved has the rights that the user's files have", async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  expect((await s7Apart(writeOrderFile(folder, 50).arguments, { data })).code).toBe(0);
  const [fresh, former] = [join(folder, 'fresh.json'), join(folder, 'former.json')];
  writeFileSync(former, '', { mode: 0o600 });
  for (const out of [fresh, former]) expect((await s7Apart(['report', 'SalesRank', '--out', out], { data })).code).toBe(0);
  expect(statSync(fresh).mode & 0o777).toBe(0o666 & ~process.umask());
  expect(statSync(former).mode & 0o777).toBe(0o600);
});

test('backups asked for over HTTP go into their folder and nowhere else; restoring one leaves the others where they are', async () => {
  const app = await openTestApp();
  const { dataFolder, backupFolder } = app.app.config;
  for (const folder of [
    join(dataFolder, '../outside'),
    '../outside',
    '/tmp/outside',
    'a/../../outside',
    '.',
    '',
    '..',
    backupFolder,
    dataFolder,
  ]) {
    const { status, json } = await app.send('/api/backup', { folder });
    expect([status, json.name], folder).toEqual(folder === '' ? [400, 'invalid_parameter'] : [403, 'backup_target_outside']);
  }
  for (const folder of ['monday', 'year/tuesday', join(backupFolder, 'wednesday')]) {
    const { status, json } = await app.send('/api/backup', { folder });
    expect(
      [status, existsSync(join(json.folder as string, 'backup.json')), (json.folder as string).startsWith(backupFolder)],
      folder,
    ).toEqual([200, true, true]);
  }
  expect((await app.send('/api/backup', { folder: 'monday' })).json.name).toBe('backup_target_taken');
  expect(existsSync(join(dataFolder, '../outside'))).toBe(false);
  await app.app.close();
  expect(await s7Apart(['restore', join(backupFolder, 'monday'), '--json'], { data: dataFolder })).toMatchObject({ code: 0, err: '' });
  expect(readdirSync(backupFolder).toSorted()).toEqual(['monday', 'wednesday', 'year']);
  expect((await s7Apart(['shops'], { data: dataFolder })).code).toBe(0);
});

test('the folder of backups is the one of the settings; a key from afar chooses no other, the command line here does', async () => {
  const folder = temporaryFolder();
  const [data, backups] = [join(folder, 'data'), join(folder, 'backups')];
  const key = 'a-key-that-nobody-guesses';
  const server = await startServer(data, { env: { S7_API_KEY: key, S7_BACKUP_DIR: backups } });
  const ask = async (target: string): Promise<unknown> =>
    (
      await fetch(`${server.url}/api/backup`, {
        method: 'POST',
        body: JSON.stringify({ folder: target }),
        headers: { 'content-type': 'application/json', 'x-api-key': key },
      })
    ).json();
  expect(await ask('monday')).toMatchObject({ code: 0, folder: join(backups, 'monday') });
  expect(await ask(join(folder, 'elsewhere'))).toMatchObject({ name: 'backup_target_outside' });
  expect(await s7Apart(['backup', join(folder, 'elsewhere')], { data })).toMatchObject({ code: 0, err: '' });
  expect(readdirSync(join(folder, 'elsewhere')).toSorted()).toEqual(['backup.json', 'buyer.key', 's7.duckdb', 'secret.key']);
});

test('a server that others reach does not start without a key, and a command that makes one is told; the CLI works on', async () => {
  const data = join(temporaryFolder(), 'data');
  const env = { S7_PUBLIC_URL: 'https://erp.example.com' };
  const ending = await s7Apart(['serve'], { data, env });
  expect(ending.code).toBe(1);
  expect(ending.err).toContain('S7_PUBLIC_URL');
  const command = /`(node -p .*)`/.exec(ending.err)![1]!;
  expect(command).toContain('S7_API_KEY=');
  expect(existsSync(data)).toBe(false);
  expect(await s7Apart(['shops'], { data, env })).toMatchObject({ code: 0, err: '' });
  await startS7(['serve'], { data, env: { ...env, S7_API_KEY: 'a-key-that-nobody-guesses' } }).said(
    /S7StarERP .* https:\/\/erp\.example\.com\n/,
  );
  expect(serverNote(data)).toBeDefined();
  expect(await s7Apart(['shops', '--json'], { data, env })).toMatchObject({ code: 0, err: '' });
});

test('signs that move a terminal come out of no command, from no file name, in no error; and no shop is called by them', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const evil = '\u001B]0;pwned\u0007\u001B[31mRED\u202Eevil\u009B2J';
  const file = join(folder, `orders${evil.replaceAll('/', '')}.csv`);
  writeFileSync(
    file,
    `Order,Date,SKU,Name,Amount,Status,City,Shop\n1,2026-11-20,"S${evil}","N${evil}",10,ok,"C${evil}","Tienda ` +
      `${evil}"\n2,2026-11-20,S2,N2,10,"odd${evil}",Madrid,"Tienda ${evil}"\n`,
  );
  const mapping = join(folder, 'mapping.json');
  writeFileSync(
    mapping,
    JSON.stringify({
      name: 'own',
      zone: 'Europe/Madrid',
      currency: 'EUR',
      shop: { column: 'Shop' },
      statuses: { ok: 'completed' },
      columns: { orderId: 'Order', purchasedAt: 'Date', sku: 'SKU', skuName: 'Name', netSales: 'Amount', status: 'Status', city: 'City' },
    }),
  );
  // oxlint-disable-next-line no-control-regex
  const moving = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
  const said: string[] = [];
  for (const args of [
    ['import', file, '--map', mapping, '--dry-run'],
    ['import', file, '--map', mapping],
    ['import', file, '--map', mapping, '--json'],
    ['import', file, '--map', mapping, '--shop', `x${evil}`],
    ['import', `${file}.not`],
    ['shops'],
    ['shops', '--json'],
    ['shops', 'set', `no${evil}`, '--vat', '3'],
    ['doctor'],
    ['doctor', '--json'],
    ['report', 'SalesRank'],
    ['report', 'SalesRank', '--json'],
    ['report', 'AreaDemand', '--level', 'city'],
    ['report', 'SalesRank', '--shop', `no${evil}`],
    ['report', `no${evil}`],
    ['replay'],
  ]) {
    const { out, err, code } = await s7Apart(args, { data });
    expect(moving.exec(out + err), `${args.join(' ')}\n${out}${err}`).toBe(null);
    if (args.includes('--json') && code === 0) expect(JSON.parse(out)).toBeTruthy();
    said.push(out + err);
  }
  expect(said.join('\n')).toContain('\\u001b]0;pwned');
  const [{ shop }] = JSON.parse((await s7Apart(['shops', '--json'], { data })).out) as [{ shop: string }];
  expect(shop).toBe('Tienda ]0;pwned [31mRED evil 2J');
  expect(await s7Apart(['shops', 'set', shop, '--name', `New${evil}`, '--json'], { data })).toMatchObject({
    code: expect.any(Number),
    out: '',
  });
});
