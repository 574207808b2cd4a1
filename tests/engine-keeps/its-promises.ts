import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine, StagedValue } from '../../src/engines/engine.ts';
import { raw, sql, type Sql } from '../../src/engines/sql.ts';
import { NUMBERED, type NumberedTable } from '../../src/model/numbered.ts';
import type { Column } from '../../src/model/tables.ts';
import type { EngineWorld } from './engine-world.ts';

/** A database that a suite runs on. */
export interface OpenedEngine {
  readonly engine: Engine;
  /** Where it may write backups. */
  readonly backupFolder: string;
  /** Opens one. */
  openCopy(path: string): Promise<Engine>;
}

const VALUES: readonly (readonly [promise: string, text: Sql, value: unknown])[] = [
  ['an amount is exact text with its digits', sql`SELECT 12345678901234.5678::DECIMAL(18,4) AS v`, '12345678901234.5678'],
  ['an amount of nothing keeps its digits', sql`SELECT 0::DECIMAL(18,4) AS v`, '0.0000'],
  ['the largest safe integer is a number', sql`SELECT 9007199254740991::BIGINT AS v`, Number.MAX_SAFE_INTEGER],
  ['a day is YYYY-MM-DD', sql`SELECT DATE '0999-02-28' AS v`, '0999-02-28'],
  ['an instant is ISO text in UTC', sql`SELECT TIMESTAMPTZ '2026-03-29 02:30:00.123456+02' AS v`, '2026-03-29T00:30:00.123456Z'],
  ['an instant before 1970 is one, too', sql`SELECT TIMESTAMPTZ '1969-12-31 23:59:59.999999+00' AS v`, '1969-12-31T23:59:59.999999Z'],
  ['text keeps every sign', sql`SELECT ${'裙子 "12\'" \u0001 🧦'} AS v`, '裙子 "12\'" \u0001 🧦'],
  ['text is never read as SQL', sql`SELECT ${"'; DROP TABLE shops; --"} AS v`, "'; DROP TABLE shops; --"],
  ['nothing is null', sql`SELECT NULL::DECIMAL(18,4) AS v`, null],
  ['yes and no are booleans', sql`SELECT ${true} AND NOT ${false} AS v`, true],
  ['an instant given is that instant', sql`SELECT ${Temporal.Instant.from('2026-01-01T00:00:00.5Z')} AS v`, '2026-01-01T00:00:00.5Z'],
  ['a negative number keeps its sign after a minus', sql`SELECT 1 -${-5} AS v`, 6],
  ['bytes given are those bytes', sql`SELECT ${new Uint8Array([0, 255, 7])} AS v`, Buffer.from([0, 255, 7])],
];

const COLUMNS: readonly Column[] = [
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

/** What {@link Engine} says, held to it. */
export function keepsItsPromises(world: EngineWorld, opened: () => OpenedEngine): void {
  const setting = (name: string) => (tx: { run(text: Sql): Promise<void> }) =>
    tx.run(sql`INSERT INTO settings (name, value) VALUES (${name}, 'x')`);
  const settings = async (): Promise<string[]> =>
    (await world.rows<{ name: string }>(sql`SELECT name FROM settings WHERE value = 'x' ORDER BY name`)).map(({ name }) => name);

  test('values cross the border exactly, each in one form', async () => {
    for (const [promise, text, value] of VALUES) expect({ promise, value: (await world.rows(text))[0]!['v'] }).toEqual({ promise, value });
    await expect(world.rows(sql`SELECT 9007199254740993::BIGINT AS v`)).rejects.toThrow('too large to be exact');
  });

  test('staged rows come back as they went in, empty cells among them, and take the place of those before', async () => {
    const at = 1_790_000_000_123_456n;
    const row = (n: number): StagedValue[] =>
      n % 3 === 0
        ? [n, null, null, null, null, null, null, null, null]
        : [n, n % 100, 9_007_199_254_740_991n, `ñ ${n}`, -1n - BigInt(n), at, '2026-02-28', n % 2 === 0, new Uint8Array([n % 256])];
    await world.engine.transaction(async (tx) => {
      await tx.stage(
        'staged',
        COLUMNS,
        Array.from({ length: 5000 }, (_, n) => row(n)),
      );
      expect(await tx.query(sql`SELECT * FROM staged WHERE n IN (0, 4999) ORDER BY n`)).toEqual([
        { n: 0, tiny: null, hash: null, word: null, amount: null, at: null, on_day: null, sold: null, body: null },
        {
          n: 4999,
          tiny: 99,
          hash: Number.MAX_SAFE_INTEGER,
          word: 'ñ 4999',
          amount: '-0.5000',
          at: '2026-09-21T14:13:20.123456Z',
          on_day: '2026-02-28',
          sold: false,
          body: Buffer.from([4999 % 256]),
        },
      ]);
      const [sum] = await tx.query(sql`SELECT count(*) AS every, count(word) AS filled, sum(amount) AS amount FROM staged`);
      expect(sum).toEqual({ every: 5000, filled: 3333, amount: '-833.5000' });
      await tx.stage('staged', COLUMNS, []);
      expect(await tx.query(sql`SELECT * FROM staged`)).toEqual([]);
    });
  });

  test('a change that fails on the way leaves nothing behind, and the next one works', async () => {
    const half = world.engine.transaction(async (tx) => {
      await setting('half')(tx);
      throw new Error('the power went');
    });
    await expect(half).rejects.toThrow('the power went');
    await expect(
      world.engine.transaction(async (tx) => {
        await setting('half')(tx);
        await tx.run(sql`INSERT INTO settings (name, value) VALUES ('half', 'x'), ('half', ('not a number'::INTEGER)::varchar)`);
      }),
    ).rejects.toThrow();
    await world.engine.transaction(setting('whole'));
    expect(await settings()).toEqual(['whole']);
  });

  test('a question cannot change data', async () => {
    await expect(world.rows(sql`INSERT INTO settings (name, value) VALUES ('sneaked in', 'x') RETURNING name`)).rejects.toThrow(
      /read-only/i,
    );
    expect(await settings()).not.toContain('sneaked in');
  });

  test('writers wait for one another in the order they came, and whoever reads beside them sees one state', async () => {
    const steps: string[] = [];
    const write = (name: string, fails = false): Promise<void> =>
      world.engine.transaction(async (tx) => {
        steps.push(`${name} begins`);
        await setting(`turn ${name}`)(tx);
        steps.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    const count = sql`SELECT count(*) AS n FROM settings WHERE name LIKE 'turn %'`;
    const written = Promise.allSettled([write('a'), write('b', true), write('c')]);
    const seen = await Promise.all(
      Array.from({ length: 6 }, () => world.engine.read((reader) => Promise.all([reader.query(count), reader.query(count)]))),
    );
    for (const [one, other] of seen) expect(one).toEqual(other);
    expect((await written).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(await settings()).toEqual(expect.arrayContaining(['turn a', 'turn c']));
  });

  test('a number is given once, whoever takes it at the same time and whatever is undone', async () => {
    const take = (count: number, fails: boolean): Promise<number[]> =>
      world.engine.transaction(async (tx) => {
        const first = await tx.numbers('imports', count);
        const next = await tx.numbers('imports', 1);
        if (fails) throw new Error('undone');
        return [...Array.from({ length: count }, (_, i) => first + i), next];
      });
    const before = await take(1, false);
    const taken = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => take(1 + (i % 4), i % 3 === 2)));
    const kept = taken.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    expect(new Set(kept).size).toBe(kept.length);
    expect(kept).toHaveLength(28);
    expect(Math.min(...kept)).toBeGreaterThan(Math.max(...before));
    await expect(world.engine.transaction((tx) => tx.numbers('imports', 0))).rejects.toThrow(RangeError);
  });

  test('every table whose rows bear a number has numbers of its own, and a table that is ahead of them is told', async () => {
    const tables = Object.keys(NUMBERED) as NumberedTable[];
    const first = await world.engine.transaction(async (tx) => {
      const taken: number[] = [];
      for (const table of tables) taken.push(await tx.numbers(table, 1), (await tx.numbers(table, 5)) + 4);
      return taken;
    });
    for (const [i] of tables.entries()) expect(first[2 * i + 1]! - first[2 * i]!).toBe(5);
    expect((await world.engine.health()).behind).toEqual([]);
    await world.engine.transaction((tx) => tx.run(sql`INSERT INTO skus (sku_id, sku) VALUES (2000000000, 'by hand')`));
    expect((await world.engine.health()).behind).toEqual(['skus']);
    await world.engine.transaction((tx) => tx.run(sql`DELETE FROM skus WHERE sku_id = 2000000000`));
  });

  test('the mark stays while data are only looked at, and is a new one after each change; those who watch are told', async () => {
    let told = 0;
    const ignore = world.engine.watch(() => (told += 1));
    const mark = await world.engine.mark();
    await world.rows(sql`SELECT count(*) AS n FROM settings`);
    await world.engine.health();
    expect([await world.engine.mark(), told]).toEqual([mark, 0]);
    const marks = new Set([mark]);
    for (const name of ['mark 1', 'mark 2', 'mark 3']) {
      await world.engine.transaction(setting(name));
      marks.add(await world.engine.mark());
    }
    expect([marks.size, told]).toEqual([4, 3]);
    ignore();
    await world.engine.transaction((tx) => tx.run(sql`DELETE FROM settings WHERE name LIKE 'mark %'`));
    expect([marks.has(await world.engine.mark()), told]).toEqual([false, 3]);
  });

  test('a job is done by one at a time: who comes meanwhile does nothing, who comes after it, or after it failed, does it', async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<string>();
    const first = world.engine.lease('a job', () => held);
    let others = 0;
    const come = (): Promise<number | undefined> => world.engine.lease('a job', () => Promise.resolve((others += 1)));
    expect(await Promise.all([come(), come(), world.engine.lease('another job', () => Promise.resolve('done'))])).toEqual([
      undefined,
      undefined,
      'done',
    ]);
    letGo('done');
    expect([await first, others]).toEqual(['done', 0]);
    await expect(world.engine.lease('a job', () => Promise.reject(new Error('the power went')))).rejects.toThrow('the power went');
    expect(await come()).toBe(1);
  });

  test('what is left for quiet times changes nothing that is stored, and takes nothing from those who read', async () => {
    const before = await settings();
    const beside = Promise.all([settings(), settings()]);
    await world.engine.tidy();
    expect(await beside).toEqual([before, before]);
    await world.engine.tidy();
    expect(await settings()).toEqual(before);
  });

  test('the database says which one it is and what it takes on disk', async () => {
    const { database, bytes, logBytes } = await world.engine.health();
    expect(database).toMatch(/^[A-Z]\w+ v?\d+\.\d+/);
    expect(bytes).toBeGreaterThan(10_000);
    expect(logBytes).toBeLessThanOrEqual(bytes);
  });

  test('a backup is a whole copy that opens by itself, goes on with its numbers, and takes the place of nothing', async () => {
    const path = join(opened().backupFolder, 'copy of "mine\'s"');
    const last = await world.engine.transaction((tx) => tx.numbers('orders', 3));
    await world.engine.backup(path);
    await expect(world.engine.backup(path)).rejects.toThrow();
    const kept = await settings();
    await world.engine.transaction(setting('after the backup'));
    const copy = await opened().openCopy(path);
    try {
      const rows = await copy.read((reader) => reader.query(raw(`SELECT name FROM settings WHERE value = 'x' ORDER BY name`)));
      expect(rows.map(({ name }) => name)).toEqual(kept);
      expect(await copy.transaction((tx) => tx.numbers('orders', 1))).toBe(last + 3);
      expect((await copy.health()).behind).toEqual([]);
    } finally {
      await copy.close();
    }
  });
}
