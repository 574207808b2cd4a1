import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { runProgram } from '../src/program.ts';
import { EVERY_ORDER, returnedPieces } from '../src/records/returns/returned-pieces.ts';
import { join as listed, raw, sql, type Sql } from '../src/engines/sql.ts';

export const PROJECT = dirname(import.meta.dirname);
const MAIN = join(PROJECT, 'src/main.ts');
/** As a seller's shell has it, without the Node that the project brings along. */
const SYSTEM_PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
/** Most of a short command is reading our own sources: that need not happen a hundred times. */
const COMPILE_CACHE = join(tmpdir(), 's7-test-compile-cache');
/** A quarter of what is left is collecting garbage of starting up. */
const ROOMY = ['--min-semi-space-size=32'];

/** How a process ended and what it had said. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A process of ours that runs. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** Waits until its output so far matches. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** Types a line; only where it was started with `typing`. */
  type(line: string): void;
}

export interface Wishes {
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  /** A process group of its own, so that a signal to the group does not reach the tests. */
  readonly detached?: boolean;
  /** Whether its input is a person's. */
  readonly typing?: boolean;
}

const leftovers: (() => unknown)[] = [];

/** Cleans up after the test; what a `beforeAll` made is cleaned up by {@link cleanUp}. */
function afterwards(clean: () => unknown): void {
  try {
    onTestFinished(async () => void (await clean()));
  } catch {
    leftovers.push(clean);
  }
}

/** To be given to `afterAll` where `beforeAll` starts processes or makes folders. */
export async function cleanUp(): Promise<void> {
  for (const clean of leftovers.splice(0).toReversed()) await clean();
}

/** A clean environment. */
function environmentOf({ data, env = {} }: Pick<Wishes, 'data' | 'env'>): Record<string, string | undefined> {
  return {
    PATH: SYSTEM_PATH,
    HOME: process.env['HOME'],
    S7_PORT: '0',
    S7_THREADS: '1',
    ...(data === undefined ? {} : { S7_DATA_DIR: data }),
    ...env,
  };
}

/** Starts any command in a clean environment; it is killed when the test is over. */
export function start(
  command: readonly [string, ...string[]],
  { data, env = {}, cwd = PROJECT, uid, detached, typing }: Wishes = {},
): Running {
  const [file, ...rest] = command;
  const child = spawn(file, rest, {
    cwd,
    detached: detached ?? false,
    stdio: [typing ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...environmentOf({ data, env }) },
  });
  let [out, err] = ['', ''];
  let heard = Promise.withResolvers<void>();
  const hear = (): void => {
    heard.resolve();
    heard = Promise.withResolvers();
  };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    hear();
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    hear();
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    hear();
    return { code, signal, out, err };
  });
  afterwards(() => {
    child.kill('SIGKILL');
    return ended;
  });
  return {
    pid: child.pid!,
    ended,
    async said(pattern) {
      for (;;) {
        const found = pattern.exec(out + err);
        if (found) return found;
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended without saying ${pattern}:\n${out}${err}`);
        await heard.promise;
      }
    },
    kill: (signal) => void child.kill(signal),
    type: (line) => void child.stdin!.write(`${line}\n`),
  };
}

/** Starts the program on the Node of the tests. */
export function startS7(args: readonly string[], wishes: Wishes = {}): Running {
  return start([process.execPath, ...ROOMY, MAIN, ...args], wishes);
}

/** Runs the program to its end, in a process of its own: where what the process is or leaves matters. */
export function s7Apart(args: readonly string[], wishes: Wishes = {}): Promise<Ending> {
  return startS7(args, wishes).ended;
}

let turn: Promise<unknown> = Promise.resolve();

/** Runs the program to its end as {@link s7Apart} does, in this process: most of a short command is starting one. One after the other. */
export function s7(args: readonly string[], { data, env = {} }: Pick<Wishes, 'data' | 'env'> = {}): Promise<Ending> {
  const ending = turn.then(() => runHere(args, environmentOf({ data, env })));
  turn = ending.catch(() => undefined);
  return ending;
}

/** Runs the program with an environment and hears what it says, which a thread has for itself. */
async function runHere(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Promise<Ending> {
  const before = { ...process.env };
  const become = (wished: Readonly<Record<string, string | undefined>>): void => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    for (const [name, value] of Object.entries(wished)) if (value !== undefined) process.env[name] = value;
  };
  const said = { stdout: '', stderr: '' };
  const writers = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (piece: Uint8Array | string) => {
      said[name] += typeof piece === 'string' ? piece : Buffer.from(piece).toString();
      return true;
    };
  become(environment);
  try {
    return { code: await runProgram(args, 0o666 & ~process.umask()), signal: null, out: said.stdout, err: said.stderr };
  } finally {
    become(before);
    for (const name of ['stdout', 'stderr'] as const) process[name].write = writers[name];
  }
}

/** Starts a server on a port of the system's choice and waits until it answers. */
export async function startServer(data: string, wishes: Omit<Wishes, 'data'> = {}): Promise<Running & { url: string }> {
  const server = startS7(['serve'], { data, ...wishes });
  const [, url] = await server.said(/S7StarERP .* (http:\S+)/);
  return { ...server, url: url! };
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 's7-test-'));
  afterwards(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The note a server leaves in its data folder; undefined when there is none. */
export function serverNote(data: string): { url: string; pid: number; key: string } | undefined {
  const file = join(data, 'server.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { url: string; pid: number; key: string }) : undefined;
}

/** Waits until an import has begun to write orders: the first of its batches goes to the disk. */
export async function untilWriting(data: string): Promise<void> {
  const log = join(data, 's7.duckdb.wal');
  for await (const _ of watch(data)) if (existsSync(log) && statSync(log).size > 100_000) return;
}

/** Whether a process is there; one that has ended and waits for its parent is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The error that the program wrote as JSON. */
export function errorOf({ err }: Ending): { name: string; msg: string; hint: string } {
  return JSON.parse(err.trimEnd().split('\n').at(-1)!) as { name: string; msg: string; hint: string };
}

/** Whether somebody takes connections on a port of this machine. */
export async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A port nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Writes an order file with its mapping: orders in two shops, every third with two lines, the same for the same number. */
export function writeOrderFile(folder: string, orders: number): { file: string; arguments: string[]; lines: number } {
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  const rows: string[] = [];
  const second: string[] = [];
  for (let i = 0; i < orders; i++) {
    const placed = new Date(Date.UTC(2026, 0, 1) + Math.floor((i * 300 * 86_400_000) / orders)).toISOString();
    for (let line = 0; line < (i % 3 === 0 ? 2 : 1); line++) {
      // Orders do not stand by number, and the lines of one order stand far apart.
      (line === 0 ? rows : second).push(
        [
          `K-${(i * 7919) % orders}`,
          placed,
          i % 5 === 0 ? 'South' : 'North',
          `SKU-${random(400)}`,
          `Thing ${random(3)}`,
          1 + random(3),
          (random(9000) / 100).toFixed(2),
          ['void', 'back'][random(10)] ?? 'sold',
          ['Madrid', 'Sevilla', 'Valencia', 'Bizkaia'][random(4)],
          `Town ${random(300)}`,
          `c${random(orders)}`,
        ].join(','),
      );
    }
  }
  const [file, mapping] = [join(folder, 'orders.csv'), join(folder, 'mapping.json')];
  writeFileSync(file, `${['Order,Placed,Shop,SKU,Name,Pieces,Price,State,Region,City,Customer', ...rows, ...second].join('\n')}\n`);
  writeFileSync(
    mapping,
    JSON.stringify({
      name: 'own',
      zone: 'Europe/Madrid',
      currency: 'EUR',
      shop: { column: 'Shop' },
      statuses: { sold: 'completed', void: 'cancelled', back: { status: 'completed', outcome: 'returned' } },
      columns: {
        orderId: 'Order',
        purchasedAt: 'Placed',
        sku: 'SKU',
        skuName: 'Name',
        quantity: 'Pieces',
        netSales: 'Price',
        status: 'State',
        region: 'Region',
        city: 'City',
        buyer: 'Customer',
      },
    }),
  );
  return { file, arguments: ['import', file, '--map', mapping, '--json'], lines: rows.length + second.length };
}

/** Works with the data of a folder that nobody has open. */
export async function withStore<T>(data: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openDuckDb(join(data, 's7.duckdb'), { memoryLimit: '1GB', temporaryFolder: join(data, 'tmp'), threads: 1 });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

const KEPT = {
  orders: `
    SELECT h.platform, h.shop, h.zone, o.* EXCLUDE (oid, shop_id, place_id, buyer_id, block_id, document_no, fingerprint), p.* EXCLUDE (place_id),
      CASE WHEN b.hash IS NULL THEN NULL ELSE min(o.order_id) OVER (PARTITION BY h.platform, b.hash) END AS first_order_of_buyer,
      l.* EXCLUDE (oid, shop_id, sku_id, listing_id, place_id), k.sku, g.platform, g.platform_sku, q.written
    FROM orders o JOIN shops h ON h.shop_id = o.shop_id
    LEFT JOIN places p ON p.place_id = o.place_id LEFT JOIN buyers b ON b.buyer_id = o.buyer_id
    LEFT JOIN lines l ON l.oid = o.oid LEFT JOIN places q ON q.place_id = l.place_id
    LEFT JOIN skus k ON k.sku_id = l.sku_id LEFT JOIN listings g ON g.listing_id = l.listing_id`,
  skus: 'SELECT sku FROM skus',
  places: 'SELECT * EXCLUDE (place_id) FROM places',
  buyers: 'SELECT platform, count(*) AS buyers FROM buyers GROUP BY platform',
  listings: 'SELECT g.* EXCLUDE (listing_id, sku_id), k.sku FROM listings g JOIN skus k ON k.sku_id = g.sku_id',
  shops: 'SELECT platform, shop, zone, currency FROM shops',
  documents: 'SELECT sum(documents) AS documents FROM blocks',
} as const;

/**
 * A digest of each kind of thing that is stored, by what names it in the trade: without the store's own numbers, and with
 * buyers told apart by their orders, for each folder hashes them with a key of its own.
 */
export async function digests(engine: Engine): Promise<Record<string, string>> {
  return engine.read(async (reader) => {
    const found: Record<string, string> = {};
    for (const [name, query] of Object.entries(KEPT)) {
      const [row] = await reader.query<{ rows: number; digest: string }>(
        raw(`SELECT count(*) AS rows, md5(coalesce(string_agg(t::VARCHAR, chr(10) ORDER BY t::VARCHAR), '')) AS digest FROM (${query}) t`),
      );
      found[name] = `${row!.rows} ${row!.digest}`;
    }
    return found;
  });
}

/** The sums of days as the orders have them. */
const DAYS = `
  SELECT shop_id, shop_day, paid_day, model, currency, status, outcome, buyer_id IS NOT NULL AS buyer_told, count(*) AS orders,
    sum(line_count)::bigint AS line_count, sum(units)::bigint AS units, sum(unpriced_units)::bigint AS unpriced_units,
    count(*) FILTER (WHERE gross_sales IS NOT NULL) AS gross_known, count(*) FILTER (WHERE net_sales IS NOT NULL) AS net_known,
    count(*) FILTER (WHERE paid_amount IS NOT NULL) AS paid_known,
    sum(gross_sales) AS gross_sales, sum(net_sales) AS net_sales, sum(paid_amount) AS paid_amount
  FROM orders GROUP BY shop_id, shop_day, paid_day, model, currency, status, outcome, buyer_id IS NOT NULL, units > 0`;

const RETURNED = returnedPieces(EVERY_ORDER);

/** The rows of a table that are not among those it should have, and those that it lacks. */
function differing(table: string, wanted: Sql): Sql {
  const stored = raw(`SELECT * FROM ${table}`);
  return sql`(${stored} EXCEPT ALL (${wanted})) UNION ALL ((${wanted}) EXCEPT ALL ${stored})`;
}

/**
 * What would be wrong with the stored orders, as a count: halves, doubles, lines of nothing, names without things, and what is not what
 * follows from the rest.
 */
const FAULTS = {
  halves: sql`SELECT count(*) FROM orders o WHERE line_count <> (SELECT count(*) FROM lines l WHERE l.oid = o.oid)`,
  loose_lines: sql`SELECT count(*) FROM lines WHERE oid NOT IN (SELECT oid FROM orders)`,
  doubles: sql`SELECT count(*) FROM (SELECT 1 FROM orders GROUP BY shop_id, order_id HAVING count(*) > 1) AS d`,
  shared_numbers: sql`SELECT count(*) - count(DISTINCT oid) FROM orders`,
  double_skus: sql`SELECT count(*) - count(DISTINCT sku) FROM skus`,
  double_places: sql`SELECT count(*) - count(DISTINCT written) FROM places`,
  double_buyers: sql`SELECT count(*) - count(DISTINCT (platform, hash)) FROM buyers`,
  double_listings: sql`SELECT count(*) - count(DISTINCT (platform, sku_id, platform_sku)) FROM listings`,
  nameless_lines: sql`SELECT count(*) FROM lines WHERE sku_id NOT IN (SELECT sku_id FROM skus) OR listing_id NOT IN (SELECT listing_id
    FROM listings)`,
  double_claims: sql`SELECT count(*) - count(DISTINCT (shop_id, return_id, kind = 'cancellation')) FROM returns`,
  loose_claim_lines: sql`SELECT count(*) FROM return_lines WHERE rid NOT IN (SELECT rid FROM returns)`,
  double_price_details: sql`SELECT count(*) - count(DISTINCT (shop_id, order_id)) FROM price_details`,
  double_products: sql`SELECT count(*) - count(DISTINCT (shop_id, product_id)) FROM products`,
  without_document: sql`SELECT count(*) FROM orders WHERE block_id NOT IN (SELECT block_id FROM blocks)`,
  loose_documents: sql`SELECT count(*) FROM order_documents WHERE oid NOT IN (SELECT oid FROM orders) OR block_id NOT IN (SELECT block_id
    FROM blocks)`,
  not_their_own: sql`SELECT count(*) FROM orders o WHERE oid IN (SELECT oid FROM order_documents)
        AND NOT EXISTS (SELECT 1 FROM order_documents d WHERE d.oid = o.oid AND d.block_id = o.block_id AND d.document_no = o.document_no)`,
  single_documents: sql`SELECT count(*) FROM (SELECT 1 FROM order_documents GROUP BY oid HAVING count(*) < 2
    OR count(*) > count(DISTINCT (block_id, document_no))) AS d`,
  wrong_days: sql`SELECT count(*) FROM (${differing('order_days', raw(DAYS))}) AS d`,
  wrong_returned_pieces: sql`SELECT count(*) FROM (${differing('returned_pieces', RETURNED)}) AS d`,
} as const satisfies Record<string, Sql>;

/** How often each thing is wrong with a store, or those that are asked for. All 0 when whole. */
export async function faults(
  engine: Engine,
  which = Object.keys(FAULTS) as readonly (keyof typeof FAULTS)[],
): Promise<Partial<Record<keyof typeof FAULTS, number>>> {
  const counts = which.map((name) => sql`(${FAULTS[name]}) AS ${raw(name)}`);
  const [row] = await engine.read((reader) => reader.query<Record<keyof typeof FAULTS, number>>(sql`SELECT ${listed(counts, ', ')}`));
  return row!;
}
