import type { NumberedTable } from '../../model/numbered.ts';
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

/** How many there are. */
interface Counts extends Record<string, number> {
  skus: number;
  listings: number;
  places: number;
}

/** What a batch that grows a store needs, and what it has to tell when it is committed. */
export interface Growth {
  readonly numbered: Numbered;
  /** To be called once all is committed: of a batch that is undone nothing is remembered. */
  readonly keep: () => void;
}

const ofEngine = new WeakMap<Engine, Dictionaries>();

/**
 * The SKUs, listings and places of a store with their numbers, held in memory by its one writer: some 300 bytes each.
 * The tables decide: where they have grown or shrunk by another hand, they are read again.
 */
export class Dictionaries {
  #counts: Counts | null = null;
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
    const counts = await this.#refresh(tx);
    const skus = await this.#growSkus(tx, named.listings);
    const listings = await this.#growListings(tx, named.listings, skus.numberOf);
    const places = await this.#growPlaces(tx, named.places);
    await insert(tx, 'skus', skus.fresh);
    if (listings.fresh.length > 0) {
      await tx.stageTable('fresh_listings', listings.fresh);
      await addListings(tx, raw('SELECT * FROM fresh_listings'));
      for (const follower of followers) await follower.describe?.(tx);
    }
    await insert(tx, 'places', places.fresh);
    await update(tx, listings.seen);
    const keep = (): void => {
      for (const [sku, skuId] of skus.added) this.#skus.set(sku, skuId);
      for (const [key, { stored }] of listings.changed) this.#listings.set(key, stored);
      for (const [written, placeId] of places.added) this.#places.set(written, placeId);
      this.#counts = {
        skus: counts.skus + skus.fresh.length,
        listings: counts.listings + listings.fresh.length,
        places: counts.places + places.fresh.length,
      };
    };
    return { numbered: { listings: listings.numbered, places: places.numbered }, keep };
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

  async #refresh(reader: Reader): Promise<Counts> {
    const [counts] = await reader.query<Counts>(
      raw(`
      SELECT k.*, g.*, p.*
      FROM (SELECT count(*) AS skus FROM skus) k, (SELECT count(*) AS listings FROM listings) g, (SELECT count(*) AS places FROM places) p`),
    );
    const held = this.#counts;
    if (held && Object.entries(counts!).every(([name, count]) => held[name] === count)) return held;
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
    this.#counts = counts!;
    return counts!;
  }

  async #growSkus(tx: Transaction, { all }: NamedListings) {
    const added = await numberEach(
      tx,
      'skus',
      all.flatMap(({ sku, seenAt }) => (seenAt === null || this.#skus.has(sku) ? [] : [sku])),
    );
    const fresh = new StagedTable(STAGED_SKU);
    for (const [sku, skuId] of added) fresh.add([skuId, sku]);
    return { added, fresh, numberOf: (sku: string): number => this.#skus.get(sku) ?? added.get(sku)! };
  }

  /** What a SKU is called follows the latest order that names it. */
  async #growListings(tx: Transaction, { all }: NamedListings, skuNumber: (sku: string) => number) {
    const changed = new Map<string, { readonly of: NamedListing; readonly told: Names; readonly stored: StoredListing }>();
    const keys = all.map(({ platform, sku, platformSku, seenAt }) =>
      seenAt === null ? null : keyOf(platform, skuNumber(sku), platformSku ?? ''),
    );
    const oldestFirst = [...all.keys()]
      .filter((number) => keys[number] !== null)
      .sort((a, b) => all[a]!.seenAt! - all[b]!.seenAt! || a - b);
    const added = await numberEach(
      tx,
      'listings',
      oldestFirst.map((number) => keys[number]!).filter((key) => !this.#listings.has(key)),
    );
    for (const number of oldestFirst) {
      const listing = all[number]!;
      const key = keys[number]!;
      const stored = this.#listings.get(key);
      if (stored && !tellsMore(listing, stored)) continue;
      const told = coalesce(listing, changed.get(key)?.told);
      changed.set(key, {
        of: listing,
        told,
        stored: {
          ...coalesce(told, stored),
          listingId: stored?.listingId ?? added.get(key)!,
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

  async #growPlaces(tx: Transaction, { all }: NamedPlaces) {
    const unknown = all.filter(({ written, taken }) => taken && !this.#places.has(written));
    const added = await numberEach(
      tx,
      'places',
      unknown.map(({ written }) => written),
    );
    const fresh = new StagedTable(STAGED_PLACE);
    for (const { written, place } of unknown)
      fresh.add([added.get(written)!, written, place.country, place.regionCode, place.region, place.city]);
    const numbered = all.map(({ written, taken }) => (taken ? (this.#places.get(written) ?? added.get(written)!) : undefined));
    return { added, fresh, numbered };
  }
}

/** Takes a number for each name that is told, in that order, once where it comes several times. */
async function numberEach(tx: Transaction, table: NumberedTable, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const each = [...new Set(names)];
  if (each.length === 0) return new Map();
  const first = await tx.numbers(table, each.length);
  return new Map(each.map((name, i) => [name, first + i]));
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
