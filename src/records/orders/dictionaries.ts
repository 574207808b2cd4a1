import type { PlatformId } from '../../model/shop.ts';
import { STAGED_LISTING, STAGED_PLACE, STAGED_SKU } from '../../model/staged-tables.ts';
import type { NamedListing, NamedListings, NamedPlaces, Names } from './batch-names.ts';
import type { Engine, Reader, Transaction } from '../../engines/engine.ts';
import { addListings, nameAs } from '../catalogue.ts';
import { raw } from '../../engines/sql.ts';
import { insertAll } from '../insertion.ts';
import type { OrderFollower } from '../kind.ts';
import { micros, StagedTable } from '../../engines/staged-table.ts';

const NAMES = ['productName', 'variant', 'image', 'category'] as const satisfies (keyof Names)[];

interface StoredListing extends Names {
  readonly listingId: number;
  readonly seenAt: number;
}

/** The stored numbers of what a batch names, by its number in the batch; undefined where no order that is taken names it. */
export interface Numbered {
  readonly listings: readonly ({ readonly skuId: number; readonly listingId: number } | undefined)[];
  readonly places: readonly (number | undefined)[];
}

/** That nothing about a listing changed is noted once a month, not once a batch. */
const SEEN_AGAIN_MICROS = 30 * 86_400_000_000;

/** How many there are and the highest number; of orders and buyers, too, whose numbers are given in the same way. */
interface Marks extends Counts {
  last_sku: number;
  last_listing: number;
  last_place: number;
  last_oid: number;
  last_buyer: number;
}

interface Counts extends Record<string, number> {
  skus: number;
  listings: number;
  places: number;
  orders: number;
  buyers: number;
}

/** What a batch that grows a store needs, and what it has to tell when it is committed. */
export interface Growth {
  readonly numbered: Numbered;
  /** The highest numbers of orders and buyers so far. */
  readonly last: { readonly oid: number; readonly buyer: number };
  /** To be called once all is committed, with how many orders and buyers were added: a batch that is undone leaves no number behind. */
  readonly keep: (added: { readonly orders: number; readonly buyers: number }) => void;
}

const ofEngine = new WeakMap<Engine, Dictionaries>();

/**
 * The SKUs, listings and places of a store with their numbers, held in memory by its one writer: some 300 bytes each.
 * The tables decide: where they have grown or shrunk by another hand, they are read again.
 */
export class Dictionaries {
  #marks: Marks | null = null;
  #skus = new Map<string, number>();
  #listings = new Map<string, StoredListing>();
  #places = new Map<string, number>();

  static of(engine: Engine): Dictionaries {
    let dictionaries = ofEngine.get(engine);
    if (!dictionaries) ofEngine.set(engine, (dictionaries = new Dictionaries()));
    return dictionaries;
  }

  /** To be called when another hand has changed what listings are called: it is read again. */
  static forget(engine: Engine): void {
    ofEngine.delete(engine);
  }

  /** Gives everything that a taken order names its number, in the transaction of its batch. */
  async grow(
    tx: Transaction,
    named: { readonly listings: NamedListings; readonly places: NamedPlaces },
    followers: readonly OrderFollower[],
  ): Promise<Growth> {
    const marks = await this.#refresh(tx);
    const skus = this.#growSkus(named.listings, marks.last_sku);
    const listings = this.#growListings(named.listings, skus.numberOf, marks.last_listing);
    const places = this.#growPlaces(named.places, marks.last_place);
    await insert(tx, 'skus', skus.fresh);
    if (listings.fresh.length > 0) {
      await tx.stageTable('fresh_listings', listings.fresh);
      await addListings(tx, raw('SELECT * FROM fresh_listings'));
      for (const follower of followers) await follower.describe?.(tx);
    }
    await insert(tx, 'places', places.fresh);
    await update(tx, listings.seen);
    const keep: Growth['keep'] = ({ orders, buyers }) => {
      for (const [sku, skuId] of skus.added) this.#skus.set(sku, skuId);
      for (const [key, { stored }] of listings.changed) this.#listings.set(key, stored);
      for (const [written, placeId] of places.added) this.#places.set(written, placeId);
      const [sku, listing, place] = [skus.fresh.length, listings.fresh.length, places.fresh.length];
      this.#marks = {
        skus: marks.skus + sku,
        last_sku: marks.last_sku + sku,
        listings: marks.listings + listing,
        last_listing: marks.last_listing + listing,
        places: marks.places + place,
        last_place: marks.last_place + place,
        orders: marks.orders + orders,
        last_oid: marks.last_oid + orders,
        buyers: marks.buyers + buyers,
        last_buyer: marks.last_buyer + buyers,
      };
    };
    return {
      numbered: { listings: listings.numbered, places: places.numbered },
      last: { oid: marks.last_oid, buyer: marks.last_buyer },
      keep,
    };
  }

  /** The numbers of what is known already; nothing is learnt. */
  async look(reader: Reader, { listings, places }: { readonly listings: NamedListings; readonly places: NamedPlaces }): Promise<Numbered> {
    await this.#refresh(reader);
    return {
      listings: listings.all.map(({ platform, sku, platformSku }) => {
        const skuId = this.#skus.get(sku);
        const listingId = skuId && this.#listings.get(keyOf(platform, skuId, platformSku ?? ''))?.listingId;
        return skuId && listingId ? { skuId, listingId } : undefined;
      }),
      places: places.all.map(({ written }) => this.#places.get(written)),
    };
  }

  async #refresh(reader: Reader): Promise<Marks> {
    // Counting takes no time; the highest number of a large table is read once.
    const [counts] = await reader.query<Counts>(
      raw(`
      SELECT k.*, g.*, p.*, o.*, b.*
      FROM (SELECT count(*) AS skus FROM skus) k, (SELECT count(*) AS listings FROM listings) g, (SELECT count(*) AS places FROM places) p,
        (SELECT count(*) AS orders FROM orders) o, (SELECT count(*) AS buyers FROM buyers) b`),
    );
    const held = this.#marks;
    if (held && Object.entries(counts!).every(([name, count]) => held[name] === count)) return held;
    const last = async (table: string, number: string): Promise<number> =>
      (await reader.query<{ last: number }>(raw(`SELECT coalesce(max(${number}), 0) AS last FROM ${table}`)))[0]!.last;
    const skus = await reader.query<{ sku: string; sku_id: number }>(raw('SELECT sku, sku_id FROM skus'));
    const listings = await reader.query<{
      platform: PlatformId;
      sku_id: number;
      platform_sku: string;
      listing_id: number;
      product_name: string | null;
      variant: string | null;
      image: string | null;
      category: string | null;
      seen_at: string;
    }>(raw('SELECT * FROM listings'));
    const places = await reader.query<{ written: string; place_id: number }>(raw('SELECT written, place_id FROM places'));
    this.#skus = new Map(skus.map((row) => [row.sku, row.sku_id]));
    this.#places = new Map(places.map((row) => [row.written, row.place_id]));
    this.#listings = new Map(
      listings.map((row) => [
        keyOf(row.platform, row.sku_id, row.platform_sku),
        {
          listingId: row.listing_id,
          productName: row.product_name,
          variant: row.variant,
          image: row.image,
          category: row.category,
          seenAt: micros(Temporal.Instant.from(row.seen_at)),
        },
      ]),
    );
    this.#marks = {
      ...counts!,
      last_sku: await last('skus', 'sku_id'),
      last_listing: await last('listings', 'listing_id'),
      last_place: await last('places', 'place_id'),
      last_oid: await last('orders', 'oid'),
      last_buyer: await last('buyers', 'buyer_id'),
    };
    return this.#marks;
  }

  #growSkus({ all }: NamedListings, last: number) {
    const added = new Map<string, number>();
    const fresh = new StagedTable(STAGED_SKU);
    for (const { sku, seenAt } of all) {
      if (seenAt === null || this.#skus.has(sku) || added.has(sku)) continue;
      const skuId = last + added.size + 1;
      added.set(sku, skuId);
      fresh.add([skuId, sku]);
    }
    return { added, fresh, numberOf: (sku: string): number => this.#skus.get(sku) ?? added.get(sku)! };
  }

  /** What a SKU is called follows the latest order that names it. */
  #growListings({ all }: NamedListings, skuNumber: (sku: string) => number, last: number) {
    const changed = new Map<string, { readonly of: NamedListing; readonly told: Names; readonly stored: StoredListing }>();
    const keys = all.map(({ platform, sku, platformSku, seenAt }) =>
      seenAt === null ? null : keyOf(platform, skuNumber(sku), platformSku ?? ''),
    );
    const oldestFirst = [...all.keys()]
      .filter((number) => keys[number] !== null)
      .sort((a, b) => all[a]!.seenAt! - all[b]!.seenAt! || a - b);
    let freshCount = 0;
    for (const number of oldestFirst) {
      const listing = all[number]!;
      const key = keys[number]!;
      const stored = this.#listings.get(key);
      if (stored && !tellsMore(listing, stored)) continue;
      const before = changed.get(key);
      if (!before && !stored) freshCount += 1;
      const told = coalesce(listing, before?.told);
      changed.set(key, {
        of: listing,
        told,
        stored: {
          ...coalesce(told, stored),
          listingId: (before?.stored ?? stored)?.listingId ?? last + freshCount,
          seenAt: listing.seenAt!,
        },
      });
    }
    const [fresh, seen] = [
      new StagedTable(STAGED_LISTING),
      { again: new StagedTable(STAGED_LISTING), renamed: new StagedTable(STAGED_LISTING) },
    ];
    for (const [
      key,
      {
        of: { platform, sku, platformSku },
        told,
        stored,
      },
    ] of changed) {
      const before = this.#listings.get(key);
      const table = !before ? fresh : NAMES.every((name) => before[name] === stored[name]) ? seen.again : seen.renamed;
      table.add([
        stored.listingId,
        platform,
        skuNumber(sku),
        platformSku ?? '',
        told.productName,
        told.variant,
        told.image,
        told.category,
        stored.seenAt,
      ]);
    }
    const numbered = keys.map((key, number) =>
      key === null
        ? undefined
        : { skuId: skuNumber(all[number]!.sku), listingId: (changed.get(key)?.stored ?? this.#listings.get(key)!).listingId },
    );
    return { changed, fresh, seen, numbered };
  }

  #growPlaces({ all }: NamedPlaces, last: number) {
    const added = new Map<string, number>();
    const fresh = new StagedTable(STAGED_PLACE);
    const numbered = all.map(({ written, place, taken }) => {
      if (!taken) return undefined;
      const stored = this.#places.get(written);
      if (stored !== undefined) return stored;
      const placeId = last + added.size + 1;
      added.set(written, placeId);
      fresh.add([placeId, written, place.country, place.regionCode, place.region, place.city]);
      return placeId;
    });
    return { added, fresh, numbered };
  }
}

function keyOf(platform: PlatformId, skuId: number, platformSku: string): string {
  return `${platform}\u001f${skuId}\u001f${platformSku}`;
}

/** What is told, else what was told before. */
function coalesce(told: Names, before: Names | undefined): Names {
  const { productName, variant } = before && !isNamed(told) ? before : told;
  return { productName, variant, image: told.image ?? before?.image ?? null, category: told.category ?? before?.category ?? null };
}

/** Product and variant are told together: a product without a variant is not given the one of before. */
function isNamed({ productName, variant }: Names): boolean {
  return productName !== null || variant !== null;
}

function tellsMore(listing: NamedListing, stored: StoredListing): boolean {
  const known = coalesce(listing, stored);
  return (
    listing.seenAt! >= stored.seenAt &&
    (listing.seenAt! >= stored.seenAt + SEEN_AGAIN_MICROS || NAMES.some((name) => (known[name] ?? '') !== (stored[name] ?? '')))
  );
}

async function insert(tx: Transaction, table: 'skus' | 'places', fresh: StagedTable): Promise<void> {
  if (fresh.length === 0) return;
  await tx.stageTable(`fresh_${table}`, fresh);
  await tx.run(insertAll(table, raw(`fresh_${table}`)));
}

/** Notes what listings are called now, and that others were seen again: an instant is written faster than names. */
async function update(tx: Transaction, { again, renamed }: { readonly again: StagedTable; readonly renamed: StagedTable }): Promise<void> {
  if (again.length > 0) {
    await tx.stageTable('seen_again', again);
    await tx.run(raw('UPDATE listings SET seen_at = s.seen_at FROM seen_again s WHERE s.listing_id = listings.listing_id'));
  }
  if (renamed.length > 0) {
    await tx.stageTable('renamed', renamed);
    await tx.run(
      raw(`
      UPDATE listings SET image = coalesce(s.image, listings.image), category = coalesce(s.category, listings.category), seen_at = s.seen_at
      FROM renamed s WHERE s.listing_id = listings.listing_id`),
    );
    await nameAs(tx, raw('SELECT listing_id, product_name, variant FROM renamed WHERE product_name IS NOT NULL OR variant IS NOT NULL'));
  }
}
