import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Column } from '../model/tables.ts';
import { openDuckDb } from './duckdb.ts';
import type { Engine, StagedValue, Transaction, Value } from './engine.ts';
import { raw, sql, type Sql } from './sql.ts';

let folder: string;
let engine: Engine;

const open = (file: string): Promise<Engine> =>
  openDuckDb(join(folder, file), { memoryLimit: '256MB', temporaryFolder: join(folder, 'tmp'), backupFolder: join(folder, 'backups') });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 's7-duckdb-'));
  engine = await open('store.duckdb');
  await engine.transaction((tx) => tx.run(raw('CREATE TABLE notes (name VARCHAR, number INTEGER)')));
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function valueOf(text: Sql): Promise<Value> {
  const [row] = await engine.read((reader) => reader.query(text));
  return Object.values(row!)[0]!;
}

const countNotes = (of: Engine = engine): Promise<Value> =>
  of.read(async (reader) => (await reader.query<{ n: number }>(sql`SELECT count(*) AS n FROM notes`))[0]!.n);
const addNote =
  (name: string) =>
  (tx: Transaction): Promise<void> =>
    tx.run(sql`INSERT INTO notes VALUES (${name}, 1)`);

test.each([
  ['an amount is exact text with its digits', sql`SELECT 12345678901234.5678::DECIMAL(18,4)`, '12345678901234.5678'],
  ['an amount of nothing keeps its digits', sql`SELECT 0::DECIMAL(18,4)`, '0.0000'],
  ['a negative amount below one keeps its sign', sql`SELECT -0.0001::DECIMAL(18,4)`, '-0.0001'],
  ['a sum of amounts is exact text', sql`SELECT sum(x) FROM (VALUES (0.1::DECIMAL(18,4)), (0.2::DECIMAL(18,4))) t(x)`, '0.3000'],
  ['the largest safe integer is a number', sql`SELECT 9007199254740991::BIGINT`, Number.MAX_SAFE_INTEGER],
  ['the sum of integers is a number', sql`SELECT sum(x) FROM (VALUES (1), (2)) t(x)`, 3],
  ['a day is YYYY-MM-DD', sql`SELECT DATE '0999-02-28'`, '0999-02-28'],
  ['an instant is ISO text in UTC', sql`SELECT TIMESTAMPTZ '2026-03-29 02:30:00.123456+02'`, '2026-03-29T00:30:00.123456Z'],
  ['an instant before 1970 is one, too', sql`SELECT TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'`, '1969-12-31T23:59:59.999999Z'],
  ['text keeps every sign', sql`SELECT ${'裙子 "12\'" \u0001 🧦'}`, '裙子 "12\'" \u0001 🧦'],
  ['nothing is null', sql`SELECT NULL::DECIMAL(18,4)`, null],
  ['yes and no are booleans', sql`SELECT ${true} AND NOT ${false}`, true],
  [
    'an instant given to a question is that instant',
    sql`SELECT ${Temporal.Instant.from('2026-01-01T00:00:00.5Z')}`,
    '2026-01-01T00:00:00.5Z',
  ],
  ['a whole number given to a question is an integer', sql`SELECT typeof(${5})`, 'INTEGER'],
  ['a negative number keeps its sign after a minus', sql`SELECT 1 -${-5}`, 6],
  ['a broken number given to a question is a double', sql`SELECT typeof(${0.1}) || ' ' || ${1e-7}`, 'DOUBLE 1e-07'],
  ['a number beyond the whole ones that are exact is a double', sql`SELECT typeof(${1e300})`, 'DOUBLE'],
  ['text is never read as SQL', sql`SELECT ${"'; DROP TABLE notes; --"} || ${"\\' $1"}`, "'; DROP TABLE notes; --\\' $1"],
  ['text keeps a zero byte', sql`SELECT ${'a\0b'}`, 'a\0b'],
  ['nothing given to a question is null', sql`SELECT ${null}`, null],
  ['bytes given to a question are those bytes', sql`SELECT ${new Uint8Array([0, 255, 7])}`, Buffer.from([0, 255, 7])],
])('%s', async (_promise, text, value) => {
  expect(await valueOf(text)).toEqual(value);
});

test('an integer that a number cannot hold exactly is refused, never rounded', async () => {
  for (const text of ['9007199254740992::BIGINT', '-9007199254740993::BIGINT', '170141183460469231731687303715884105727::HUGEINT']) {
    await expect(valueOf(raw(`SELECT ${text}`))).rejects.toThrow('too large to be exact');
  }
});

test('a kind of value that has no exact form on the border is refused by name', async () => {
  await expect(valueOf(sql`SELECT TIMESTAMP '2026-01-01 00:00:00'`)).rejects.toThrow('TIMESTAMP');
  await expect(valueOf(sql`SELECT [1, 2]`)).rejects.toThrow('LIST');
  await expect(valueOf(sql`SELECT ${{ a: 1 }}`)).rejects.toThrow('cannot be a parameter');
});

test('staged rows come back as they went in, over many chunks, empty cells among them', async () => {
  const columns: readonly Column[] = [
    { name: 'n', type: 'integer' },
    { name: 'tiny', type: 'small' },
    { name: 'hash', type: 'big' },
    { name: 'word', type: 'text' },
    { name: 'amount', type: 'money' },
    { name: 'at', type: 'instant' },
    { name: 'on_day', type: 'day' },
    { name: 'sold', type: 'boolean' },
    { name: 'body', type: 'bytes' },
  ];
  const at = 1_790_000_000_123_456n;
  const row = (n: number): StagedValue[] =>
    n % 3 === 0
      ? [n, null, null, null, null, null, null, null, null]
      : [n, n % 100, 9_007_199_254_740_991n, `ñ ${n}`, -1n - BigInt(n), at, '2026-02-28', n % 2 === 0, new Uint8Array([n % 256])];
  const rows = Array.from({ length: 5000 }, (_, n) => row(n));
  await engine.transaction(async (tx) => {
    await tx.stage('staged', columns, rows);
    const back = await tx.query(sql`SELECT * FROM staged ORDER BY n`);
    expect(back).toHaveLength(5000);
    expect(back[0]).toEqual({ n: 0, tiny: null, hash: null, word: null, amount: null, at: null, on_day: null, sold: null, body: null });
    expect(back[4999]).toEqual({
      n: 4999,
      tiny: 99,
      hash: Number.MAX_SAFE_INTEGER,
      word: 'ñ 4999',
      amount: '-0.5000',
      at: '2026-09-21T14:13:20.123456Z',
      on_day: '2026-02-28',
      sold: false,
      body: Buffer.from([4999 % 256]),
    });
    const [sum] = await tx.query(sql`SELECT count(*) AS all_rows, count(word) AS filled, sum(amount) AS amount FROM staged`);
    expect(sum).toEqual({ all_rows: 5000, filled: 3333, amount: '-833.5000' });
    await tx.stage('staged', columns, []);
    expect(await tx.query(sql`SELECT * FROM staged`)).toEqual([]);
  });
});

test('a change that fails on the way leaves nothing behind, and the next one works', async () => {
  const before = await countNotes();
  await expect(
    engine.transaction(async (tx) => {
      await addNote('half')(tx);
      throw new Error('the power went');
    }),
  ).rejects.toThrow('the power went');
  await expect(
    engine.transaction(async (tx) => {
      await addNote('half')(tx);
      await tx.run(sql`INSERT INTO notes VALUES ('x', 'not a number'::INTEGER)`);
    }),
  ).rejects.toThrow('Could not convert');
  expect(await countNotes()).toBe(before);
  await engine.transaction(addNote('whole'));
  expect(await countNotes()).toBe(Number(before) + 1);
});

test('a question sees one state of the data from its beginning to its end, whatever is written meanwhile', async () => {
  const before = await countNotes();
  await engine.read(async (reader) => {
    const count = async (): Promise<Value> => (await reader.query<{ n: number }>(sql`SELECT count(*) AS n FROM notes`))[0]!.n;
    expect(await count()).toBe(before);
    await engine.transaction(addNote('meanwhile'));
    expect(await count()).toBe(before);
  });
  expect(await countNotes()).toBe(Number(before) + 1);
});

test('a question cannot change data', async () => {
  await expect(engine.read((reader) => reader.query(sql`INSERT INTO notes VALUES ('sneaked in', 1) RETURNING name`))).rejects.toThrow(
    'read-only',
  );
});

test('changes wait for one another and run in the order they came, one that fails does not stop the next', async () => {
  const steps: string[] = [];
  const work = (name: string, fails = false) =>
    engine.transaction(async (tx) => {
      steps.push(`${name} begins`);
      await addNote(name)(tx);
      await valueOf(sql`SELECT 1`);
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  const results = await Promise.allSettled([work('a'), work('b', true), work('c')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('more questions at once than there are connections all get their answer', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => valueOf(sql`SELECT ${i}::integer`)));
  expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('a backup made while questions are asked is a whole copy that opens by itself, and takes the place of nothing', async () => {
  mkdirSync(join(folder, 'backups'));
  const target = join(folder, 'backups', 'copy of "mine\'s".duckdb');
  const before = await countNotes();
  await engine.read(async () => {
    await engine.backup(target);
    await engine.transaction(addNote('after the backup'));
  });
  expect(await countNotes()).toBe(Number(before) + 1);
  const copy = await open('backups/copy of "mine\'s".duckdb');
  onTestFinished(() => copy.close());
  expect(await countNotes(copy)).toBe(before);
  await copy.transaction(addNote('in the copy'));
});

test('no statement by anybody reads or writes another file, opens another database, brings an extension or unlocks it', async () => {
  const secret = join(folder, 'secret.csv');
  writeFileSync(secret, 'name\nBoris\n');
  for (const statement of [
    `SELECT * FROM read_csv('${secret}')`,
    `SELECT * FROM read_text('${secret}')`,
    `SELECT * FROM read_blob('/etc/hostname')`,
    `SELECT * FROM glob('${folder}/*')`,
    `SELECT * FROM '${secret}'`,
    `COPY notes TO '${join(folder, 'out.csv')}'`,
    `COPY notes FROM '${secret}'`,
    `EXPORT DATABASE '${join(folder, 'out')}'`,
    `ATTACH '${join(folder, 'other.duckdb')}'`,
    `ATTACH '${join(folder, 'backups/../other.duckdb')}'`,
    'INSTALL httpfs',
    'LOAD httpfs',
    `SELECT * FROM read_csv('https://example.com/a.csv')`,
    'SET enable_external_access = true',
    'SET lock_configuration = false',
    `SET allowed_directories = ['/']`,
    `SET memory_limit = '1TB'`,
    `SET temp_directory = '/tmp'`,
  ]) {
    await expect(
      engine.transaction((tx) => tx.run(raw(statement))),
      statement,
    ).rejects.toThrow(/disabled|locked|does not exist|cannot/i);
    await expect(
      engine.read((reader) => reader.query(raw(statement))),
      statement,
    ).rejects.toThrow(/disabled|locked|does not exist|read-only|cannot/i);
  }
  expect(readdirSync(folder).filter((name) => /^(?:out|other)/.test(name))).toEqual([]);
});

test('questions that are asked at once see the same state, whatever is written meanwhile', async () => {
  const before = Number(await countNotes());
  const written = (async () => {
    for (let i = 0; i < 150; i++) await engine.transaction(addNote(`beside ${i}`));
  })();
  const seen = new Set<number>();
  while ((seen.values().toArray().at(-1) ?? before) < before + 150) {
    const counts = await engine.read((reader) =>
      Promise.all(Array.from({ length: 3 }, async () => (await reader.query<{ n: number }>(sql`SELECT count(*) AS n FROM notes`))[0]!.n)),
    );
    expect(new Set(counts).size).toBe(1);
    seen.add(counts[0]!);
  }
  await written;
  expect(seen.size).toBeGreaterThan(5);
  expect(await countNotes()).toBe(before + 150);
});

test('where one of several questions fails, the others end before the next reading begins', async () => {
  await expect(
    engine.read((reader) =>
      Promise.all([
        reader.query(sql`SELECT count(*) AS n FROM range(20000000)`),
        reader.query(sql`SELECT nothing_like_that`),
        reader.query(sql`SELECT count(*) AS n FROM notes`),
      ]),
    ),
  ).rejects.toThrow('nothing_like_that');
  expect(await countNotes()).toBeGreaterThan(0);
});

test('what is under way ends well when the data are closed, and nothing begins after', async () => {
  const closed = await open('closing.duckdb');
  await closed.transaction((tx) => tx.run(raw('CREATE TABLE notes AS SELECT range AS number FROM range(300000)')));
  const under = [
    closed.read((reader) => reader.query(sql`SELECT count(DISTINCT a.number * b.range) AS n FROM notes a, range(5) b`)),
    closed.transaction((tx) => tx.run(sql`DELETE FROM notes`)),
  ];
  const closing = closed.close();
  await expect(closed.read(() => Promise.resolve())).rejects.toThrow('closed');
  await expect(closed.transaction(() => Promise.resolve())).rejects.toThrow('closed');
  await Promise.all([...under, closing]);
  const again = await open('closing.duckdb');
  onTestFinished(() => again.close());
  expect(await countNotes(again)).toBe(0);
});

test('a damaged data file is called damaged, and is left as it is', async () => {
  const text = 'this was a data file once'.repeat(1000);
  writeFileSync(join(folder, 'damaged.duckdb'), text);
  await expect(open('damaged.duckdb')).rejects.toMatchObject({ code: 'store_unreadable', values: { file: 'damaged.duckdb' } });
  expect(readFileSync(join(folder, 'damaged.duckdb'), 'utf8')).toBe(text);
});

test('a new data file appears whole: nothing half-made is left, and what a lost one left behind does not get into it', async () => {
  writeFileSync(join(folder, 'lost.duckdb.wal'), 'the end of a lost file');
  const fresh = await open('lost.duckdb');
  onTestFinished(() => fresh.close());
  expect(existsSync(join(folder, 'lost.duckdb.wal'))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
});

test('a log that has grown is taken into the file once nobody reads; a short one is left', async () => {
  const file = 'logged.duckdb';
  const logged = await open(file);
  onTestFinished(() => logged.close());
  const logBytes = (): number => statSync(join(folder, `${file}.wal`), { throwIfNoEntry: false })?.size ?? 0;
  await logged.transaction(async (tx) => {
    await tx.run(raw('CREATE TABLE notes (name VARCHAR, number INTEGER)'));
    await addNote('short')(tx);
  });
  const short = logBytes();
  await logged.tidy();
  expect([short > 0, logBytes()]).toEqual([true, short]);
  for (let i = 0; i < 10; i++)
    await logged.transaction((tx) => tx.run(raw(`INSERT INTO notes SELECT md5(i::varchar), i FROM range(15000) AS r(i)`)));
  expect(logBytes()).toBeGreaterThan(4e6);
  await logged.read(async () => {
    await logged.tidy();
    expect(logBytes()).toBeGreaterThan(4e6);
  });
  await logged.tidy();
  expect(logBytes()).toBeLessThan(1000);
  expect(await countNotes(logged)).toBe(150_001);
});
