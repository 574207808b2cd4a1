import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { finishImport, startImport } from '../engines/import-log.ts';
import type { Engine } from '../engines/engine.ts';
import type { OpenParts } from '../engines/order-documents.ts';
import { writeOrders, type DeliveredOrder } from '../engines/order-writer.ts';
import { ensureShop, ensureShopKnownAs, markCompleteUpTo, readShops } from '../engines/shops.ts';
import { keepQuarantine, type QuarantinedRecord } from '../engines/sync-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { atOnce, type ReadThenWrite } from '../kernel/turns.ts';
import type { Json } from '../kernel/json.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { Order } from '../model/order.ts';
import { imaginedShop, shopsNamed, type PlatformId, type Shop } from '../model/shop.ts';
import type { StreamName } from '../model/stream.ts';
import { DocumentRefused, type OrderRecords, type ToldShop } from '../platforms/platform.ts';
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

export interface AdoptRequest {
  readonly source: Readable;
  /** The file's name, to show; never a path. */
  readonly file: string;
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
const STREAM: StreamName = 'orders';
const ID_START = '\u001f';

/**
 * Takes over a file of a platform's own orders that another system kept: read to its end first, so that nothing of a broken
 * one is stored, then written 4,000 at a time, each batch one transaction. The same file twice changes nothing. A record that
 * makes no order goes to quarantine.
 * @throws AppError `file_unreadable` with the place, `file_empty`, `import_setting_needed`, `invalid_parameter`,
 * `limit_exceeded`, `upload_stalled`
 */
export async function adoptOrders(room: AdoptRoom, request: AdoptRequest): Promise<AdoptResult> {
  const { reading: inTurn, writing } = room.turns ?? { reading: atOnce, writing: atOnce };
  const spool = await openSpool(room.temporaryFolder);
  try {
    const reading = await inTurn(() => spoolRecords(room, request, spool));
    return await writing(async () => {
      const { shops, region } = await shopsOf(room, request, reading);
      return writeSpooled(room, request, { spool, reading, shops, region });
    });
  } finally {
    request.source.destroy();
    await spool.close();
  }
}

/** What the first reading found: how many records, and which shops they tell, each with how often. */
interface Reading {
  readonly records: number;
  readonly told: ReadonlyMap<string, { readonly shop: ToldShop; readonly records: number }>;
  readonly ids: readonly string[];
}

async function spoolRecords({ hash, stillMs }: AdoptRoom, { source, records, onProgress }: AdoptRequest, spool: Spool): Promise<Reading> {
  const told = new Map<string, { shop: ToldShop; records: number }>();
  const ids = new IdSample();
  let count = 0;
  for await (const found of readRecords(source, records, { stillMs })) {
    const batch: SpooledRecord[] = [];
    for (const [i, record] of found.entries()) {
      count += 1;
      const document = typeof record === 'object' && record !== null && !Array.isArray(record) ? records.kept(record, hash) : null;
      const shop = records.shopOf(document);
      if (shop) told.set(shop.shop, { shop, records: (told.get(shop.shop)?.records ?? 0) + 1 });
      if (told.size > LIMITS.shops.most) throw overLimit('shops');
      const order = tryOrder(records, document, NOBODYS);
      if (!(order instanceof DocumentRefused)) ids.add(order.orderId);
      const named = order instanceof DocumentRefused ? `?${count}` : order.orderId;
      const time = order instanceof DocumentRefused ? 0 : order.purchasedAt.epochMilliseconds;
      batch.push({ group: `${records.oneShop ? '' : (shop?.shop ?? '')}${ID_START}${named}`, time, place: count, body: JSON.stringify(document) });
      if (i % TURN === TURN - 1) await setImmediate();
    }
    if (count > LIMITS.lines.most) throw overLimit('lines');
    await spool.add(batch);
    onProgress?.({ phase: 'read', rows: count });
  }
  if (count === 0) throw new AppError('file_empty');
  return { records: count, told, ids: ids.ids };
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
async function shopsOf(room: AdoptRoom, request: AdoptRequest, { told, ids }: Reading): Promise<{ shops: ReadonlyMap<string, Shop>; region: string | null }> {
  const { platform, records, region, platformShopId, dryRun } = request;
  const given = region === undefined ? null : records.shopIn(region);
  if (region !== undefined && !given) throw new AppError('invalid_parameter', { name: 'region', problem: `${platform} has no market ${region}` });
  const [most] = [...told.values()].toSorted((a, b) => b.records - a.records);
  const main = given ?? most?.shop ?? null;
  const stored = await room.engine.read((reader) => readShops(reader, [platform]));
  const named = request.shop === undefined ? undefined : shopsNamed(stored, request.shop)[0];
  const ensure = async (identity: ToldShop, id: string | undefined): Promise<Shop> => {
    const known = stored.find((each) => (id !== undefined && each.connection?.platformShopId === id) || each.shop === shopsNamed(stored, identity.shop)[0]?.shop);
    if (dryRun) return known ?? imaginedShop(identity);
    return id === undefined ? (known ?? (await ensureShop(room.engine, identity))) : ensureShopKnownAs(room.engine, identity, id);
  };
  const shops = new Map<string, Shop>();
  // What an older system had fetched of a shop that is connected now is that shop's.
  const connected = request.shop === undefined && platformShopId === undefined
    ? await room.engine.read((reader) => chooseShop(reader, { platform, region: main?.region ?? null }, ids)) : null;
  const wanted = connected?.shop.connection ? connected.shop : named ? await ensure({ ...named, region: named.region ?? main?.region ?? '' }, platformShopId) : main ? await ensure({ ...main, shop: request.shop?.trim() || main.shop }, platformShopId) : null;
  if (!wanted) throw new AppError('import_setting_needed', { setting: 'region', option: 'region' });
  shops.set('', wanted);
  for (const [name, { shop }] of told) {
    const own = request.shop || records.oneShop || name === main?.shop ? wanted : await ensure(shop, undefined);
    shops.set(name, own);
  }
  return { shops, region: main?.region ?? wanted.region };
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
  const counts = { refused: 0, orders: 0, orders_new: 0, orders_changed: 0, orders_unchanged: 0 };
  const shown: AdoptResult['refused_records'][number][] = [];
  const newest = new Map<number, Temporal.Instant>();
  const spans = new FileSpans();
  const importId = request.dryRun ? null : await startImport(room.engine, {
    file: request.file, preset: `${request.platform.toLowerCase()}-order-records`, mapping: JSON.stringify({ shop: request.shop, region }), at: room.clock.now(),
  });
  const finish = async (state: 'done' | 'failed'): Promise<void> => {
    if (importId === null) return;
    const { refused, orders, ...written } = counts;
    await finishImport(room.engine, { import_id: importId, state, lines_read: reading.records, lines_refused: refused, orders_read: orders, ...written }, room.clock.now());
  };
  try {
    let done = 0;
    for await (const groups of spool.portions(WRITE_BATCH)) {
      const batches = new Map<number, { shop: Shop; batch: Batch }>();
      for (const [i, { group, records }] of groups.entries()) {
        const shop = shops.get(group.slice(0, group.indexOf(ID_START))) ?? shops.get('')!;
        const { batch } = batches.get(shop.shopId) ?? batches.set(shop.shopId, { shop, batch: { delivered: [], refused: [] } }).get(shop.shopId)!;
        for (const each of records) takeIn(batch, each, { shop, request, newest, spans });
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
    content: 'orders', file: request.file, platform: request.platform, dry_run: request.dryRun ?? false, shops: names, region, records: reading.records, without_data: 0, refused_records: shown, ...counts,
  };
}

function takeIn(batch: Batch, { place, body }: { readonly place: number; readonly body: string }, { shop, request, newest, spans }: { shop: Shop; request: AdoptRequest; newest: Map<number, Temporal.Instant>; spans: FileSpans }): void {
  const document = JSON.parse(body) as Json;
  const order = tryOrder(request.records, document, shop);
  if (order instanceof DocumentRefused) {
    // Without an id the place in the file names it, so that the same file again finds it already there.
    batch.refused.push({ record: request.records.idOf(document) ?? `${request.file} #${place}`, field: order.field, problem: order.problem, document: body });
    return;
  }
  batch.delivered.push({ shop, order, document: body });
  spans.add(shop.shopId, order.purchasedAt);
  const last = newest.get(shop.shopId);
  if (!last || Temporal.Instant.compare(order.updatedAt, last) > 0) newest.set(shop.shopId, order.updatedAt);
}

async function write(room: AdoptRoom, { shopId }: Shop, { delivered, refused }: Batch) {
  return writeOrders(room.engine, delivered, {
    source: { shopId, stream: STREAM }, parts: room.parts,
    commit: (tx) => keepQuarantine(tx, shopId, { stream: STREAM, refused, taken: delivered.map(({ order }) => order.orderId), at: room.clock.now() }),
  });
}
