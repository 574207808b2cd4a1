import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { finishImport, startImport } from '../records/imports/import-log.ts';
import type { Engine } from '../engines/engine.ts';
import { followers } from '../records/all.ts';
import type { OpenParts } from '../records/kind.ts';
import { writeOrders, type DeliveredOrder } from '../records/orders/order-writer.ts';
import { ensureShop, ensureShopKnownAs, markCompleteUpTo, readShops } from '../records/shops/shops.ts';
import { keepQuarantine, type QuarantinedRecord } from '../records/runs/sync-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { atOnce, type ReadThenWrite } from '../kernel/turns.ts';
import type { Json } from '../kernel/json.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { Order } from '../model/order.ts';
import { imaginedShop, shopsNamed, type PlatformId, type Shop } from '../model/shop.ts';
import type { OrderRecords, ToldShop } from '../platforms/platform.ts';
import { DocumentRefused } from '../platforms/stream.ts';
import { FileSpans } from './file-spans.ts';
import type { Patience } from './file-thread.ts';
import { chooseShop, IdSample } from './file-shop.ts';
import { readRecords } from './record-file.ts';
import { openSpool, type Spool, type SpooledRecord } from './spool.ts';

/** What taking over needs of its surroundings. */
export interface AdoptRoom extends Patience {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly hash: KeyedHash;
  /** Reads the documents that orders were made of before. */
  readonly parts: OpenParts;
  /** Where work goes that does not fit into memory. */
  readonly temporaryFolder: string;
  /** Whose turn it is to read, then to write. Default: at once. */
  readonly turns?: ReadThenWrite;
}

/** A file by its name, to show, never a path. */
export interface AdoptFile {
  readonly file: string;
  readonly source: Readable;
}

export interface AdoptRequest {
  /** One file, or several that tell parts of the same orders; each is read to its end before the next is asked for. */
  readonly files: AsyncIterable<AdoptFile>;
  readonly platform: PlatformId;
  readonly records: OrderRecords;
  /** The shop the orders belong to. Default: what they tell. */
  readonly shop?: string | undefined;
  /** The market, ISO 3166-1, where the orders do not tell it. */
  readonly region?: string | undefined;
  /** The platform's own id of the shop, so that a consent later finds it again. */
  readonly platformShopId?: string | undefined;
  /** Reads and checks everything, writes nothing. */
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: (progress: AdoptProgress) => void;
}

/** How far it has come: records read, then how many of them are written. */
export type AdoptProgress =
  | { readonly phase: 'read'; readonly rows: number }
  | { readonly phase: 'write'; readonly rows: number; readonly total: number; readonly orders: number };

export interface AdoptResult {
  readonly content: 'orders' | 'price_details';
  readonly file: string;
  readonly platform: PlatformId;
  readonly dry_run: boolean;
  readonly shops: readonly string[];
  /** The market of the first shop; null where nothing tells it. */
  readonly region: string | null;
  readonly records: number;
  /** Records that are but a part of an order whose rest is in no file: what a list says of it, an order without its items. Left out. */
  readonly heads: number;
  /** Records that hold the platform's refusal in place of data; left out. */
  readonly without_data: number;
  /** Set aside with their documents. */
  readonly refused: number;
  readonly refused_records: readonly { readonly record: string; readonly field: string; readonly problem: string }[];
  /** The orders that were brought, or whose price details were. */
  readonly orders: number;
  readonly orders_new: number;
  readonly orders_changed: number;
  readonly orders_unchanged: number;
}

const WRITE_BATCH = 4000;
const TURN = 200;
const SHOWN_REFUSED = 20;
/** Kept as what a sync brings home: a replay reads both by one function. */
const STREAM = 'orders';

/**
 * Takes over files of a platform's own orders that another system kept: read to their end first, so that nothing of a broken
 * one is stored, then written 4,000 at a time, each batch one transaction. The same files twice change nothing. A record that
 * makes no order goes to quarantine.
 * @throws AppError `file_unreadable` with the file and the place, `file_empty`, `import_setting_needed`, `invalid_parameter`,
 * `limit_exceeded`, `upload_stalled`
 */
export async function adoptOrders(room: AdoptRoom, request: AdoptRequest): Promise<AdoptResult> {
  const { reading: inTurn, writing } = room.turns ?? { reading: atOnce, writing: atOnce };
  const spool = await openSpool(room.temporaryFolder);
  try {
    const reading = await inTurn(() => spoolFiles(room, request, spool));
    return await writing(async () => {
      const { shops, region } = await shopsOf(room, request, reading);
      return writeSpooled(room, request, { spool, reading, shops, region });
    });
  } finally {
    await spool.close();
  }
}

/** What the first reading found: the files, how many records, and which shops they tell, each with how often. */
interface Reading {
  readonly file: string;
  readonly records: number;
  readonly told: ReadonlyMap<string, { readonly shop: ToldShop; readonly records: number }>;
  /** Whether an order tells no shop. */
  readonly untold: boolean;
  readonly ids: readonly string[];
}

/** Parts that tell no time come after those that do: a group stands at its earliest. */
const NO_TIME = Number.MAX_SAFE_INTEGER;

async function spoolFiles({ hash, stillMs }: AdoptRoom, { files, records, onProgress }: AdoptRequest, spool: Spool): Promise<Reading> {
  const { parts } = records;
  const told = new Map<string, { shop: ToldShop; records: number }>();
  const names: string[] = [];
  const ids = new IdSample();
  let [count, untold] = [0, false];
  const spooled = (record: Json): SpooledRecord => {
    count += 1;
    const document = typeof record === 'object' && record !== null && !Array.isArray(record) ? records.kept(record, hash) : null;
    const shop = records.shopOf(document);
    if (shop) told.set(shop.shop, { shop, records: (told.get(shop.shop)?.records ?? 0) + 1 });
    if (told.size > LIMITS.shops.most) throw overLimit('shops');
    const order = tryOrder(records, document, NOBODYS);
    if (!(order instanceof DocumentRefused)) ids.add(order.orderId);
    const id = order instanceof DocumentRefused ? (parts ? records.idOf(document) : null) : order.orderId;
    const placed = order instanceof DocumentRefused ? (id === null ? null : parts!.placedAt(document)) : order.purchasedAt;
    const isPart = id !== null && parts?.whole([document]).length === 0;
    if (!shop && (!isPart || placed !== null)) untold = true;
    return {
      group: id ?? `?${count}`,
      time: placed?.epochMilliseconds ?? (isPart ? NO_TIME : 0),
      place: count,
      body: JSON.stringify(document),
    };
  };
  for await (const { file, source } of files) {
    names.push(file);
    try {
      for await (const found of readRecords(source, records, { file, stillMs })) {
        const batch: SpooledRecord[] = [];
        for (const [i, record] of found.entries()) {
          batch.push(spooled(record));
          if (i % TURN === TURN - 1) await setImmediate();
        }
        if (count > LIMITS.lines.most) throw overLimit('lines');
        await spool.add(batch);
        onProgress?.({ phase: 'read', rows: count });
      }
    } finally {
      source.destroy();
    }
  }
  if (count === 0) throw new AppError('file_empty');
  return { file: names.join(' + '), records: count, told, untold, ids: ids.ids };
}

/** For looking at a record before its shop is known: no mapping depends on it but the shop day, which is computed later. */
const NOBODYS: Shop = imaginedShop({ platform: 'Other', shop: '', zone: 'UTC', currency: null });

function tryOrder(records: OrderRecords, document: Json, shop: Shop): Order | DocumentRefused {
  try {
    return records.toCanonical(document, shop);
  } catch (error) {
    if (error instanceof DocumentRefused) return error;
    throw error;
  }
}

/** The shops by what records tell; under the empty name the one of those that tell none. */
async function shopsOf(
  room: AdoptRoom,
  request: AdoptRequest,
  { told, untold, ids }: Reading,
): Promise<{ shops: ReadonlyMap<string, Shop>; region: string | null }> {
  const { platform, records, region, platformShopId, dryRun } = request;
  const given = region === undefined ? null : records.shopIn(region);
  if (region !== undefined && !given)
    throw new AppError('invalid_parameter', { name: 'region', problem: `${platform} has no market ${region}` });
  const [most] = [...told.values()].toSorted((a, b) => b.records - a.records);
  const main = given ?? most?.shop ?? null;
  const stored = await room.engine.read((reader) => readShops(reader, [platform]));
  const named = request.shop === undefined ? undefined : shopsNamed(stored, request.shop)[0];
  const ensure = async (identity: ToldShop, id: string | undefined): Promise<Shop> => {
    const known = stored.find(
      (each) => (id !== undefined && each.connection?.platformShopId === id) || each.shop === shopsNamed(stored, identity.shop)[0]?.shop,
    );
    if (dryRun) return known ?? imaginedShop(identity);
    return id === undefined ? (known ?? (await ensureShop(room.engine, identity))) : ensureShopKnownAs(room.engine, identity, id);
  };
  const shops = new Map<string, Shop>();
  const isOne = request.shop !== undefined || records.oneShop;
  // What an older system had fetched of a shop that is connected now is that shop's.
  const chosen =
    request.shop === undefined && platformShopId === undefined
      ? await room.engine.read((reader) => chooseShop(reader, { platform, region: main?.region ?? null }, ids))
      : null;
  const connected = chosen?.shop.connection ? chosen.shop : null;
  if (!isOne) for (const [name, { shop }] of told) shops.set(name, await ensure(shop, undefined));
  const own = async (): Promise<Shop> => {
    if (connected) return connected;
    if (named) return ensure({ ...named, region: named.region ?? main?.region ?? '' }, platformShopId);
    if (!main) throw new AppError('import_setting_needed', { setting: 'region', option: 'region' });
    const identity = { ...main, shop: (isOne && request.shop?.trim()) || main.shop };
    return shops.get(identity.shop) ?? ensure(identity, platformShopId);
  };
  if (untold || (isOne && told.size > 0)) {
    const shop = await own();
    for (const name of ['', ...(isOne ? told.keys() : [])]) shops.set(name, shop);
  }
  return { shops, region: main?.region ?? shops.get('')?.region ?? null };
}

interface Writing {
  readonly spool: Spool;
  readonly reading: Reading;
  readonly shops: ReadonlyMap<string, Shop>;
  readonly region: string | null;
}

interface Batch {
  readonly delivered: DeliveredOrder[];
  readonly refused: QuarantinedRecord[];
}

async function writeSpooled(room: AdoptRoom, request: AdoptRequest, { spool, reading, shops, region }: Writing): Promise<AdoptResult> {
  const counts = { heads: 0, refused: 0, orders: 0, orders_new: 0, orders_changed: 0, orders_unchanged: 0 };
  const shown: AdoptResult['refused_records'][number][] = [];
  const newest = new Map<number, Temporal.Instant>();
  const spans = new FileSpans();
  const importId = request.dryRun
    ? null
    : await startImport(room.engine, {
        file: reading.file,
        preset: `${request.platform.toLowerCase()}-order-records`,
        mapping: JSON.stringify({ shop: request.shop, region }),
        at: room.clock.now(),
      });
  const finish = async (state: 'done' | 'failed'): Promise<void> => {
    if (importId === null) return;
    const { heads: _, refused, orders, ...written } = counts;
    await finishImport(
      room.engine,
      { import_id: importId, state, lines_read: reading.records, lines_refused: refused, orders_read: orders, ...written },
      room.clock.now(),
    );
  };
  try {
    let done = 0;
    for await (const groups of spool.portions(WRITE_BATCH)) {
      const batches = new Map<string, { shop: Shop; batch: Batch }>();
      for (const [i, { records }] of groups.entries()) {
        const orders = wholeOf(request.records, records);
        if (orders.length === 0) counts.heads += records.length;
        for (const each of orders) {
          const shop = shops.get(request.records.shopOf(each.document)?.shop ?? '') ?? shops.get('')!;
          const { batch } =
            batches.get(shop.shop) ?? batches.set(shop.shop, { shop, batch: { delivered: [], refused: [] } }).get(shop.shop)!;
          takeIn(batch, each, { shop, request, file: reading.file, newest, spans });
        }
        done += records.length;
        if (i % TURN === TURN - 1) await setImmediate();
      }
      for (const { shop, batch } of batches.values()) {
        const written = request.dryRun ? null : await write(room, shop, batch);
        counts.orders_new += written?.added ?? 0;
        counts.orders_changed += written?.changed ?? 0;
        counts.orders_unchanged += written?.unchanged ?? 0;
        counts.orders += batch.delivered.length;
        counts.refused += batch.refused.length;
        for (const { record, field, problem } of batch.refused) if (shown.length < SHOWN_REFUSED) shown.push({ record, field, problem });
      }
      request.onProgress?.({ phase: 'write', rows: done, total: reading.records, orders: counts.orders });
    }
    if (!request.dryRun) {
      for (const [shopId, at] of newest) await markCompleteUpTo(room.engine, shopId, at);
      await room.engine.transaction((tx) => spans.keep(tx, room.clock.now()));
    }
    await finish('done');
  } catch (error) {
    // The first error is the one to tell.
    await finish('failed').catch(() => undefined);
    throw error;
  }
  const names = [...new Set([...shops.values()].map(({ shop }) => shop))].toSorted();
  return {
    content: 'orders',
    file: reading.file,
    platform: request.platform,
    dry_run: request.dryRun ?? false,
    shops: names,
    region,
    records: reading.records,
    without_data: 0,
    refused_records: shown,
    ...counts,
  };
}

interface Placed {
  readonly place: number;
  readonly document: Json;
  readonly body: string;
}

/** The orders that the records of a group make up; none where they are but parts of one. */
function wholeOf({ parts }: OrderRecords, records: readonly { readonly place: number; readonly body: string }[]): Placed[] {
  const told = records.map(({ place, body }) => ({ place, body, document: JSON.parse(body) as Json }));
  if (!parts || told.some(({ document }) => document === null)) return told;
  const { place } = told[0]!;
  return parts.whole(told.map(({ document }) => document)).map((document) => ({ place, document, body: JSON.stringify(document) }));
}

function takeIn(
  batch: Batch,
  { place, document, body }: Placed,
  {
    shop,
    request,
    file,
    newest,
    spans,
  }: { shop: Shop; request: AdoptRequest; file: string; newest: Map<number, Temporal.Instant>; spans: FileSpans },
): void {
  const order = tryOrder(request.records, document, shop);
  if (order instanceof DocumentRefused) {
    // Without an id the place in the file names it, so that the same file again finds it already there.
    batch.refused.push({
      record: request.records.idOf(document) ?? `${file} #${place}`,
      field: order.field,
      problem: order.problem,
      document: body,
    });
    return;
  }
  batch.delivered.push({ shop, order, document: body });
  spans.add(shop.shopId, order.purchasedAt);
  const last = newest.get(shop.shopId);
  if (!last || Temporal.Instant.compare(order.updatedAt, last) > 0) newest.set(shop.shopId, order.updatedAt);
}

async function write(room: AdoptRoom, { shopId }: Shop, { delivered, refused }: Batch) {
  return writeOrders(room.engine, delivered, {
    source: { stream: STREAM },
    followers,
    parts: room.parts,
    commit: (tx) =>
      keepQuarantine(tx, shopId, { stream: STREAM, refused, taken: delivered.map(({ order }) => order.orderId), at: room.clock.now() }),
  });
}
