import { Fingerprint } from '../../kernel/fingerprint.ts';
import type { Place } from '../../model/area.ts';
import type { OrderLine, ProductName } from '../../model/order.ts';
import type { PlatformId } from '../../model/shop.ts';

/** What a product is called; null where it was never told. */
export interface Names extends ProductName {
  readonly image: string | null;
  readonly category: string | null;
}

/** One product as one platform calls it, as an order names it. */
export interface NamedListing extends Names {
  readonly number: number;
  readonly platform: PlatformId;
  readonly sku: string;
  readonly platformSku: string | null;
  /** What tells it apart from any other, in 63 bits. */
  readonly mark: bigint;
  /** When the last order that is taken and names it was placed, in microseconds; null while none does. */
  seenAt: number | null;
}

/** The listings a batch names, each once. */
export class NamedListings {
  readonly all: NamedListing[] = [];
  /** By the word that tells products apart best: few share it. */
  readonly #alike = new Map<string, NamedListing[]>();

  /** The listing of a line, and its number in the batch. */
  find(
    platform: PlatformId,
    { sku, platformSku, productName, variant, image, category }: OrderLine,
  ): { readonly number: number; readonly mark: bigint } {
    const word = platformSku ?? sku;
    let alike = this.#alike.get(word);
    if (!alike) this.#alike.set(word, (alike = []));
    for (const known of alike) {
      if (
        known.sku === sku &&
        known.platformSku === platformSku &&
        known.platform === platform &&
        known.productName === productName &&
        known.variant === variant &&
        known.image === image &&
        known.category === category
      )
        return known;
    }
    const mark = new Fingerprint()
      .text(platform)
      .text(sku)
      .text(platformSku)
      .text(productName)
      .text(variant)
      .text(image)
      .text(category)
      .value();
    const listing = { number: this.all.length, platform, sku, platformSku, productName, variant, image, category, mark, seenAt: null };
    this.all.push(listing);
    alike.push(listing);
    return listing;
  }

  /** An order that is taken names it. */
  name(number: number, at: number): void {
    const listing = this.all[number]!;
    if (listing.seenAt === null || listing.seenAt < at) listing.seenAt = at;
  }
}

interface NamedPlace {
  readonly number: number;
  readonly written: string;
  readonly place: Place;
  readonly mark: bigint;
  taken: boolean;
}

/** The places a batch names, each once. */
export class NamedPlaces {
  readonly all: NamedPlace[] = [];
  readonly #known = new Map<string, NamedPlace>();

  /** The place of an order, and its number in the batch. */
  find({ writtenPlace: written, place }: { readonly writtenPlace: string; readonly place: Place }): {
    readonly number: number;
    readonly mark: bigint;
  } {
    let known = this.#known.get(written);
    if (!known) {
      const mark = new Fingerprint().text(written).text(place.country).text(place.regionCode).text(place.region).text(place.city).value();
      known = { number: this.all.length, written, place, mark, taken: false };
      this.all.push(known);
      this.#known.set(written, known);
    }
    return known;
  }

  /** An order that is taken names it. */
  name(number: number): void {
    this.all[number]!.taken = true;
  }
}
