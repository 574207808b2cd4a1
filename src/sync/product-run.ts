import { followers } from '../records/all.ts';
import type { DeliveredRecord } from '../records/kind.ts';
import { fillListings, markGone, readKnownProducts, refreshOffers } from '../records/products/product-writer.ts';
import { productStore } from '../records/products/products.ts';
import { keepQuarantine, NAMELESS, NO_COUNTS, type QuarantinedRecord, type RunCounts } from '../records/runs/sync-log.ts';
import type { Json } from '../kernel/json.ts';
import { ofShop } from '../model/feed.ts';
import type { Product } from '../model/product.ts';
import type { Shop } from '../model/shop.ts';
import { DocumentRefused, type ProductMention, type ProductStream } from '../platforms/stream.ts';
import { planOf, type Plan } from './plan.ts';
import type { RunProgress, RunRoom, RunSource } from './window-run.ts';

const STREAM = 'products';
/** Details that are in one transaction. */
const BATCH = 25;

/** What a listing and the details that are not stored yet will take. */
export async function planProducts(room: RunRoom, stream: ProductStream, { shop, call }: RunSource): Promise<Plan> {
  const total = await stream.count(call);
  const known = await room.engine.read((reader) => readKnownProducts(reader, shop.shopId));
  const fresh = Math.max(0, (total ?? 0) - known.size);
  return planOf(total, Math.ceil((total ?? 0) / stream.pageSize) + 1 + fresh, stream.perSecond);
}

/**
 * Lists a shop's products, asks for those that are new or changed, and notes which are gone: not in the listing, and not given when
 * asked for by id. A run that was stopped asks again only for what it did not come to.
 * @throws AppError what the platform or the store refuses; whatever came before is kept
 */
export async function runProducts(
  room: RunRoom,
  stream: ProductStream,
  source: RunSource,
  onProgress: (progress: RunProgress) => void,
): Promise<RunCounts> {
  const { engine, clock, hash } = room;
  const { shop, call, signal } = source;
  const counts = { ...NO_COUNTS };
  const known = await engine.read((reader) => readKnownProducts(reader, shop.shopId));
  const listed = new Map<string, ProductMention>();
  for await (const mentions of stream.list(call, clock.now())) {
    for (const mention of mentions) listed.set(mention.productId, mention);
    if (signal.aborted) return counts;
  }
  const missed = [...known].filter(([id, { gone }]) => !gone && !listed.has(id)).map(([id]) => id);
  const asked = [...listed.values()].filter(({ productId, updatedAt }) => {
    const stored = known.get(productId);
    return !stored || updatedAt === null || !stored.updatedAt.equals(updatedAt);
  });
  const wanted = [...asked.map(({ productId }) => productId), ...missed];
  for (let i = 0; i < wanted.length && !signal.aborted; i += BATCH) {
    const batch: Batch = { delivered: [], refused: [], taken: [] };
    const gone: string[] = [];
    for (const productId of wanted.slice(i, i + BATCH)) {
      // A frozen or deleted one is not given: what the listing says of it is all there is.
      const document = (await stream.byId(call, productId, hash)) ?? listed.get(productId)?.document;
      if (document === undefined) gone.push(productId);
      else take(stream, shop, { document, batch });
    }
    const at = clock.now();
    const written = await productStore.write(engine, batch.delivered, {
      source: room.keepDocuments ? { stream: STREAM } : null,
      at,
      followers,
      async commit(tx) {
        await keepQuarantine(tx, ofShop(shop.shopId), { stream: STREAM, refused: batch.refused, taken: batch.taken, at });
        await markGone(tx, shop.shopId, gone, at);
      },
    });
    counts.documents += batch.delivered.length + batch.refused.length;
    counts.added += written.added;
    counts.changed += written.changed + gone.length;
    counts.unchanged += written.unchanged;
    counts.quarantined += batch.refused.length;
    onProgress({ ...counts, phase: 'history', window: null, share: Math.min(1, (i + BATCH) / wanted.length), remainingSeconds: null });
  }
  await engine.transaction(async (tx) => {
    const offers: Batch = { delivered: [], refused: [], taken: [] };
    for (const { document } of listed.values()) take(stream, shop, { document, batch: offers });
    await refreshOffers(
      tx,
      shop.shopId,
      offers.delivered.map(({ item }) => item),
    );
    await fillListings(tx);
  });
  return counts;
}

interface Batch {
  readonly delivered: DeliveredRecord<Product>[];
  readonly refused: QuarantinedRecord[];
  readonly taken: string[];
}

function take(
  stream: ProductStream,
  shop: Shop,
  { document, batch: { delivered, refused, taken } }: { document: Json; batch: Batch },
): void {
  try {
    const item = stream.toCanonical(document);
    delivered.push({ shop, item, document: JSON.stringify(document) });
    taken.push(item.productId);
  } catch (error) {
    if (!(error instanceof DocumentRefused)) throw error;
    refused.push({
      record: stream.idOf(document) ?? NAMELESS,
      field: error.field,
      problem: error.problem,
      document: JSON.stringify(document),
    });
  }
}
