import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { finishImport, startImport } from '../records/imports/import-log.ts';
import { readPriceDetailsSince, writePriceDetails, type DeliveredPriceDetail } from '../records/price-details/price-detail-writer.ts';
import { readShops } from '../records/shops/shops.ts';
import { readShopsOfOrders } from '../records/orders/stored-orders.ts';
import { keepQuarantine, type QuarantinedRecord } from '../records/runs/sync-log.ts';
import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { atOnce } from '../kernel/turns.ts';
import type { Json } from '../kernel/json.ts';
import type { PriceDetail } from '../model/price-detail.ts';
import { imaginedShop, shopsNamed, type PlatformId, type Shop } from '../model/shop.ts';
import type { PriceDetailRecords } from '../platforms/platform.ts';
import { DocumentRefused } from '../platforms/stream.ts';
import type { AdoptProgress, AdoptResult, AdoptRoom } from './adopt.ts';
import { readRecords } from './record-file.ts';
import { openSpool, type Spool, type SpooledRecord } from './spool.ts';

export interface AdoptDetailsRequest {
  readonly source: Readable;
  readonly file: string;
  readonly platform: PlatformId;
  readonly records: PriceDetailRecords;
  /** The stored shop whose orders they are of; a dry run takes any name. Default: the one that most of the orders belong to. */
  readonly shop?: string | undefined;
  /** When the file was written: a price detail that was asked for later stays. */
  readonly writtenAt: Temporal.Instant;
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: (progress: AdoptProgress) => void;
}

const WRITE_BATCH = 2000;
const SHOWN_REFUSED = 20;
const LOOKED_UP = 1000;
const TURN = 200;
const STREAM = 'price_details';

/**
 * Takes over a file of price details, read to its end first and written in batches, as {@link adoptOrders} does with orders.
 * What holds the platform's refusal in place of data is left out: the shop's own run asks for it.
 * @throws AppError `file_unreadable` with the place, `file_empty`, `unknown_shop`, `import_setting_needed` when no order is known, `limit_exceeded`, `upload_stalled`
 */
export async function adoptPriceDetails(room: AdoptRoom, request: AdoptDetailsRequest): Promise<AdoptResult> {
  const { reading, writing } = room.turns ?? { reading: atOnce, writing: atOnce };
  const spool = await openSpool(room.temporaryFolder);
  try {
    const { records, without, ids } = await reading(() => spoolDetails(room, request, spool));
    return await writing(async () => writeSpooled(room, request, { spool, records, without, shop: await shopOf(room, request, ids) }));
  } finally {
    request.source.destroy();
    await spool.close();
  }
}

async function spoolDetails(
  { hash, stillMs }: AdoptRoom,
  { source, file, records: shape, onProgress }: AdoptDetailsRequest,
  spool: Spool,
): Promise<{ records: number; without: number; ids: readonly string[] }> {
  const ids: string[] = [];
  let [records, without] = [0, 0];
  for await (const found of readRecords(source, shape, { file, stillMs })) {
    const batch: SpooledRecord[] = [];
    for (const [i, record] of found.entries()) {
      records += 1;
      const id = shape.idOf(record);
      const document = id === null ? {} : shape.kept(record, hash);
      if (document === null) without += 1;
      else batch.push({ group: id ?? `?${records}`, time: records * 1000, place: records, body: JSON.stringify(document) });
      if (id !== null && ids.length < LOOKED_UP) ids.push(id);
      if (i % TURN === TURN - 1) await setImmediate();
    }
    if (records > LIMITS.lines.most) throw overLimit('lines');
    await spool.add(batch);
    onProgress?.({ phase: 'read', rows: records });
  }
  if (records === 0) throw new AppError('file_empty');
  return { records, without, ids };
}

async function shopOf({ engine }: AdoptRoom, { platform, shop: name, dryRun }: AdoptDetailsRequest, ids: readonly string[]): Promise<Shop> {
  const { shops, most } = await engine.read(async (reader) => ({
    shops: await readShops(reader, [platform]),
    most: (await readShopsOfOrders(reader, platform, ids))[0]?.shop_id,
  }));
  const named = name === undefined ? undefined : shopsNamed(shops, name)[0];
  // A dry run of orders stores no shop that their price details could find.
  if (name !== undefined && !named && dryRun) return imaginedShop({ platform, shop: name, zone: 'UTC', currency: null });
  if (name !== undefined && !named) throw new AppError('unknown_shop', { shop: name, shops: shops.map(({ shop }) => shop) });
  const found = named ?? shops.find(({ shopId }) => shopId === most);
  if (!found) throw new AppError('import_setting_needed', { setting: 'shop', option: 'shop' });
  return found;
}

interface Writing {
  readonly spool: Spool;
  readonly records: number;
  readonly without: number;
  readonly shop: Shop;
}

async function writeSpooled(
  room: AdoptRoom,
  request: AdoptDetailsRequest,
  { spool, records, without, shop }: Writing,
): Promise<AdoptResult> {
  const counts = { refused: 0, orders: 0, orders_new: 0, orders_changed: 0, orders_unchanged: 0 };
  const shown: AdoptResult['refused_records'][number][] = [];
  const importId = request.dryRun
    ? null
    : await startImport(room.engine, {
        file: request.file,
        preset: `${request.platform.toLowerCase()}-price-details`,
        mapping: JSON.stringify({ shop: shop.shop }),
        at: room.clock.now(),
      });
  const finish = async (state: 'done' | 'failed'): Promise<void> => {
    if (importId === null) return;
    const { refused, orders, ...written } = counts;
    await finishImport(
      room.engine,
      { import_id: importId, state, lines_read: records, lines_refused: refused, orders_read: orders, ...written },
      room.clock.now(),
    );
  };
  try {
    for await (const groups of spool.portions(WRITE_BATCH)) {
      const delivered: DeliveredPriceDetail[] = [];
      const refused: QuarantinedRecord[] = [];
      for (const [i, { group, records: bodies }] of groups.entries()) {
        if (i % TURN === TURN - 1) await setImmediate();
        // Asked for twice, the later answer stands further down.
        const { place, body } = bodies.at(-1)!;
        const detail = tryDetail(request.records, JSON.parse(body) as Json);
        if (detail instanceof DocumentRefused)
          refused.push({
            record: group.startsWith('?') ? `${request.file} #${place}` : group,
            field: detail.field,
            problem: detail.problem,
            document: body,
          });
        else delivered.push({ detail, document: body });
      }
      const written = request.dryRun ? { added: 0, changed: 0, unchanged: 0 } : await write(room, shop, { delivered, refused, request });
      counts.orders_new += written.added;
      counts.orders_changed += written.changed;
      counts.orders_unchanged += written.unchanged;
      counts.orders += delivered.length;
      counts.refused += refused.length;
      for (const { record, field, problem } of refused) if (shown.length < SHOWN_REFUSED) shown.push({ record, field, problem });
      request.onProgress?.({ phase: 'write', rows: counts.orders + counts.refused, total: records - without, orders: counts.orders });
    }
    await finish('done');
  } catch (error) {
    await finish('failed').catch(() => undefined);
    throw error;
  }
  return {
    content: 'price_details',
    file: request.file,
    platform: request.platform,
    dry_run: request.dryRun ?? false,
    shops: [shop.shop],
    region: shop.region,
    records,
    heads: 0,
    without_data: without,
    refused_records: shown,
    ...counts,
  };
}

function tryDetail(records: PriceDetailRecords, document: Json): PriceDetail | DocumentRefused {
  try {
    return records.toCanonical(document);
  } catch (error) {
    if (error instanceof DocumentRefused) return error;
    throw error;
  }
}

async function write(
  { engine, clock }: AdoptRoom,
  shop: Shop,
  {
    delivered,
    refused,
    request,
  }: { delivered: readonly DeliveredPriceDetail[]; refused: readonly QuarantinedRecord[]; request: AdoptDetailsRequest },
) {
  return engine.transaction(async (tx) => {
    const now = clock.now();
    const at = Temporal.Instant.compare(request.writtenAt, now) < 0 ? request.writtenAt : now;
    const orderIds = delivered.map(({ detail }) => detail.orderId);
    const later = await readPriceDetailsSince(tx, shop.shopId, { orderIds, at });
    const older = delivered.filter(({ detail }) => !later.has(detail.orderId));
    const written = await writePriceDetails(tx, shop, { delivered: older, source: { shopId: shop.shopId, stream: STREAM }, at });
    await keepQuarantine(tx, shop.shopId, { stream: STREAM, refused, taken: orderIds, at: now });
    return { ...written, unchanged: written.unchanged + later.size };
  });
}
