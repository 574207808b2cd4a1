import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cleanUp,
  digests,
  errorOf,
  PROJECT,
  s7,
  serverNote,
  start,
  startServer,
  temporaryFolder,
  withStore,
  type Running,
} from './process.ts';

const EXAMPLE = join(PROJECT, 'examples/tiktok-orders-es.csv');
const ESCAPE = '\u001b';

let folder: string;
/** The example's orders, in nobody's use. */
let data: string;

beforeAll(async () => {
  folder = temporaryFolder();
  data = join(folder, 'data');
  expect(await s7(['import', EXAMPLE], { data })).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(
      /tiktok-orders-es\.csv: .*TikTok ES\n {2}2,823 rows, 2,400 orders: 2,400 new, 0 updated, 0 unchanged\n {2}Read as: day before month, point before the cents\n$/,
    ),
  });
});
afterAll(cleanUp);

/** An order file with a mapping; two rows of it cannot be read. */
function shopFile(name: string, rows: readonly string[]): string[] {
  const [file, mapping] = [join(folder, `${name}.csv`), join(folder, 'mapping.json')];
  writeFileSync(file, ['Order,Placed,SKU,Price', ...rows].join('\n'));
  writeFileSync(
    mapping,
    JSON.stringify({
      zone: 'Europe/Madrid',
      currency: 'EUR',
      shop: name,
      columns: { orderId: 'Order', purchasedAt: 'Placed', sku: 'SKU', netSales: 'Price' },
    }),
  );
  return ['import', file, '--map', mapping];
}
const ROWS = ['A1,2026-03-01 10:00,X,12.50', 'A2,2026-03-02 10:00,X,a lot', 'A3,soon,Y,3', 'A4,2026-03-04 10:00,Y,3'];

describe('without a server', () => {
  test('version and help are told even when the settings are wrong and the data folder cannot be', async () => {
    const broken = { data: '/proc/nowhere', env: { S7_PORT: 'broken' } };
    const [version, help, ofImport, ofReport] = await Promise.all(
      [['--version'], ['--help'], ['import', '--help'], ['report', '--help']].map((args) => s7(args, broken)),
    );
    expect(version).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(help).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Exit codes: 0 done, 1 failed, 2 not understood.') });
    for (const command of [
      'connect',
      'import',
      'report',
      'shops',
      'sync',
      'token',
      'doctor',
      'backup',
      'restore',
      'mcp',
      'serve',
      'simulate',
      'demo',
    ])
      expect(help!.out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(ofImport).toMatchObject({ code: 0, out: expect.stringContaining('--refused <file>') });
    expect(ofReport).toMatchObject({ code: 0, out: expect.stringContaining('--as-of <value>') });
  });

  test('a wrong setting is named, with what is wrong about it, as text or as JSON', async () => {
    const wrong = { data, env: { S7_PORT: 'broken' } };
    const [asText, asJson] = await Promise.all([s7(['shops'], wrong), s7(['shops', '--json'], wrong)]);
    expect(asText).toMatchObject({ code: 1, out: '', err: expect.stringContaining('✗ The setting S7_PORT is not right') });
    expect(errorOf(asJson)).toMatchObject({ name: 'setting_invalid', hint: expect.stringContaining('.env.example') });
    expect(asJson).toMatchObject({ code: 1, out: '' });
  });

  test('what cannot be understood ends with 2 and says what could', async () => {
    // The rest of them: wrong-turns.test.ts, without a process for each.
    const ending = await s7(['imprt'], { data });
    expect(ending).toEqual({
      code: 2,
      signal: null,
      out: '',
      err: expect.stringMatching(/^✗ There is no command imprt\.\n {2}Did you mean import\?/),
    });
  });

  test('an import of a file that is not there ends with 1 and names it', async () => {
    const ending = await s7(['import', 'no-such-orders.csv', '--json'], { data });
    expect(errorOf(ending)).toMatchObject({ name: 'file_missing', msg: 'There is no file no-such-orders.csv.' });
    expect(ending).toMatchObject({ code: 1, out: '' });
  });

  test('rows that cannot be read are counted and listed by line, column and reason; they fail the import only where asked', async () => {
    const list = join(folder, 'refused.csv');
    const ending = await s7([...shopFile('lenient', ROWS), '--refused', list], { data: join(folder, 'lenient') });
    expect(ending).toMatchObject({ code: 0, err: '' });
    expect(ending.out).toContain('4 rows, 2 orders: 2 new');
    expect(ending.out).toContain(
      `2 rows not imported:\n    1 × The amount or currency cannot be read (at most four digits after the point).\n    1 × The date ` +
        `cannot be read.\n  List: ${list}`,
    );
    expect(readFileSync(list, 'utf8')).toMatch(/^\uFEFFline,column,reason\r?\n3,"Price","[^"]+"\r?\n4,"Placed","[^"]+"\r?\n$/);
    expect(await s7([...shopFile('strict', ROWS), '--strict'], { data: join(folder, 'strict') })).toMatchObject({
      code: 1,
      err: '',
      out: expect.stringMatching(/2 rows not imported:\n {4}row 3, Price: \S.*\n {4}row 4, Placed: \S.*\n$/),
    });
  });

  test('a file of which nothing came in ends with 1', async () => {
    const ending = await s7([...shopFile('nothing', [ROWS[1]!]), '--json'], { data: join(folder, 'nothing') });
    expect(ending.code).toBe(1);
    expect(JSON.parse(ending.out)).toMatchObject({ rows: 1, refused: 1, orders: 0 });
  });

  test('a list of refused rows that cannot be written is named, not called a fault inside', async () => {
    const ending = await s7([...shopFile('unlisted', ROWS), '--refused', join(folder, 'no/such/folder.csv'), '--json'], {
      data: join(folder, 'unlisted'),
    });
    expect(errorOf(ending)).toMatchObject({ name: 'folder_not_writable', msg: expect.stringContaining('no/such/folder.csv') });
    expect(ending.code).toBe(1);
  });

  test('a dry run tells what would come in and writes nothing', async () => {
    const before = await withStore(data, digests);
    const file = shopFile('dry', ROWS);
    const [forPeople, forPrograms] = [await s7([...file, '--dry-run'], { data }), await s7([...file, '--dry-run', '--json'], { data })];
    expect(forPeople).toMatchObject({ code: 0, out: expect.stringContaining('2 orders (preview, nothing saved)') });
    expect(JSON.parse(forPrograms.out)).toMatchObject({
      import_id: null,
      dry_run: true,
      orders: 2,
      orders_new: 0,
      refused: 2,
      sample: [{ orderId: 'A1' }, { orderId: 'A4' }],
    });
    expect(await withStore(data, digests)).toEqual(before);
  });

  test('a reader who has enough of the output is no error', async () => {
    const ending = await start(
      [
        'sh',
        '-c',
        `"${process.execPath}" "${join(PROJECT, 'src/main.ts')}" --help | head -n 1; "${process.execPath}" ` +
          `"${join(PROJECT, 'src/main.ts')}" report SalesRank --json | head -c 20`,
      ],
      { data },
    ).ended;
    expect(ending).toMatchObject({ err: '', out: expect.stringContaining('Usage: s7') });
  });

  test('with NO_COLOR there are no escape codes, neither in a file nor in a terminal', async () => {
    const inTerminal = (args: string, env: Record<string, string>) =>
      existsSync('/usr/bin/script')
        ? start(['script', '-qec', `"${process.execPath}" "${join(PROJECT, 'src/main.ts')}" ${args}`, '/dev/null'], {
            data,
            env: { TERM: 'xterm-256color', ...env },
          }).ended
        : undefined;
    const plain = [
      await s7(['import', 'no-such-orders.csv'], { data, env: { NO_COLOR: '1' } }),
      await inTerminal('doctor', { NO_COLOR: '1' }),
    ];
    for (const ending of plain) if (ending) expect(ending.out + ending.err).not.toContain(ESCAPE);
    const coloured = await inTerminal('doctor', {});
    if (coloured) expect(coloured.out).toContain(`${ESCAPE}[32m✓`);
  });

  test('tables for people have their columns under one another, and notes on what to know', async () => {
    const [shops, report] = [
      await s7(['shops'], { data }),
      await s7(['report', 'SalesRank', '--as-of', '2026-11-22', '--limit', '3'], { data }),
    ];
    const [head, row] = shops.out.split('\n');
    expect(head!.indexOf('Time zone')).toBe(row!.indexOf('Europe/Madrid'));
    expect(report.out).toMatch(/^Sales rank · … – 2026-11-22 · TikTok.* · EUR\n/);
    const lines = report.out.split('\n');
    const top = lines.findIndex((line) => line.includes('Product name'));
    const end = lines[top]!.indexOf('Units sold') + 'Units sold'.length;
    for (const line of lines.slice(top + 1, top + 4)) expect(line.slice(end - 3, end + 1)).toMatch(/^\d{3} $/);
  });

  test('people are answered in the language of S7_LANG', async () => {
    const ending = await s7(['import', 'no-such-orders.csv'], { data, env: { S7_LANG: 'es' } });
    expect(ending.err).toContain('No existe el archivo no-such-orders.csv.');
  });
});

describe('with a running server', () => {
  /** What is asked of both: the same answers, whoever has the data open. */
  const QUESTIONS = [
    ['shops', '--json'],
    ['report', 'SalesRank', '--window', '30d', '--as-of', '2026-11-22', '--json'],
    ['report', 'getAreaDemand_all', '--as-of', '2026-11-22', '--level', 'city', '--limit', '5', '--platform', 'TikTok', '--json'],
    ['report', 'monthlysalesanalysis', '--from', '2026-01-01', '--to', '2026-06-30', '--as-of', '2026-11-22', '--json'],
    ['report', 'SalesRank_7d', '--as-of', '2026-11-22', '--format', 'csv'],
    ['report', '--json'],
  ];
  const alone: string[] = [];
  let server: Running & { url: string };

  beforeAll(async () => {
    for (const question of QUESTIONS) {
      const { code, out, err } = await s7(question, { data });
      expect({ question, code, err }).toEqual({ question, code: 0, err: '' });
      alone.push(out);
    }
    server = await startServer(data, { env: { S7_API_KEY: 'a key that nobody guesses', S7_HOST: '127.0.0.2' } });
  });

  test('every question has the answer it has without one, key and address of the server being known to us', async () => {
    const answers = await Promise.all(QUESTIONS.map((question) => s7(question, { data })));
    expect(answers.map(({ out, err }) => err + out)).toEqual(alone);
    for (const [i, question] of QUESTIONS.entries()) if (question.includes('--json')) expect(JSON.parse(alone[i]!)).toBeTruthy();
  });

  test('the answer in a file is the one that the API gives', async () => {
    const file = join(folder, 'answer.json');
    expect(await s7(['report', 'SalesRank_30d', '--as-of', '2026-11-22', '--shop', 'TikTok ES', '--out', file], { data })).toMatchObject({
      code: 0,
      out: '',
      err: '',
    });
    const answer = await fetch(`${server.url}/api/Multiplatform/DataScience/SalesRank_30d/?asOf=2026-11-22&shop=TikTok%20ES`, {
      headers: { authorization: 'Bearer a key that nobody guesses' },
    });
    const wanted = (await answer.json()) as { data: unknown[] };
    expect(wanted.data.length).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(wanted);
    const csv = join(folder, 'answer.csv');
    await s7(['report', 'SalesRank_30d', '--as-of', '2026-11-22', '--format', 'csv', '--out', csv], { data });
    expect(readFileSync(csv, 'utf8')).toMatch(/^\uFEFF\w+,/);
    expect(readFileSync(csv, 'utf8').split('\r\n')).toHaveLength(wanted.data.length + 2);
  });

  test('one table of the answer is told where it is asked for, a workbook goes into a file, and what cannot be is refused', async () => {
    const asked = ['report', 'SalesRank_30d', '--as-of', '2026-11-22'];
    const [table, nowhere, noFile] = await Promise.all([
      s7([...asked, '--table', 'by_platform'], { data }),
      s7([...asked, '--table', 'nope'], { data }),
      s7([...asked, '--format', 'xlsx'], { data }),
    ]);
    expect(table.out).toContain('The top 5 of each platform');
    expect(table.out).not.toContain('SKUs by units');
    expect(nowhere).toMatchObject({ code: 2, out: '', err: expect.stringContaining('data, by_platform') });
    expect(noFile).toMatchObject({ code: 2, out: '', err: expect.stringContaining('xlsx needs --out FILE') });
    const book = join(folder, 'answer.XLSX');
    expect(await s7([...asked, '--out', book], { data })).toMatchObject({ code: 0, out: '', err: '' });
    expect(readFileSync(book).subarray(0, 2).toString()).toBe('PK');
  });

  test('an import goes through the server, which holds the data; the doctor too', async () => {
    expect(serverNote(data)).toMatchObject({ url: server.url, pid: server.pid });
    const ending = await s7(['import', EXAMPLE, '--json'], { data });
    expect(ending).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ending.out)).toMatchObject({ orders: 2400, orders_new: 0, orders_changed: 0, orders_unchanged: 2400 });
    const [forPeople, forPrograms] = await Promise.all([s7(['doctor'], { data }), s7(['doctor', '--json'], { data })]);
    expect(forPeople).toMatchObject({ code: 0, out: expect.stringContaining('✓ shops') });
    expect((JSON.parse(forPrograms.out) as { check: string; state: string }[]).some(({ state }) => state === 'problem')).toBe(false);
  });

  test('a refusal of the server is told as it would be without one', async () => {
    const ending = await s7(['report', 'SalesRank', '--shop', 'Nowhere', '--json'], { data });
    expect(errorOf(ending)).toMatchObject({
      name: 'unknown_shop',
      msg: 'No shop is called Nowhere.',
      hint: expect.stringContaining('TikTok ES'),
    });
    expect(ending.code).toBe(2);
  });
});
