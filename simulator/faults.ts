import { Random, mix } from './random.ts';
import type { Shop } from './trade/shops.ts';

/** What can go wrong on any platform. Shares are parts of all requests, 0 to 1; everything is off by default. */
export interface CommonFaults {
  /** Every answer waits so long, after the request was carried out. */
  latencyMs: number;
  /** 429 by the platform itself, whatever the rate was. */
  tooManyRequests: number;
  /** The same said within HTTP 200, in the platform's own words. */
  throttledWithin200: number;
  /** 503 with an HTML page. */
  unavailable: number;
  /** The connection breaks off without an answer. */
  reset: number;
  /** The request is carried out, then the connection breaks off: a refresh whose tokens never arrive. */
  lostAnswer: number;
  /** The request is carried out, then answered by HTTP 200 with nothing in it. */
  emptyAnswer: number;
}

/** Nothing goes wrong. */
export const NO_COMMON_FAULTS = {
  latencyMs: 0,
  tooManyRequests: 0,
  throttledWithin200: 0,
  unavailable: 0,
  reset: 0,
  lostAnswer: 0,
  emptyAnswer: 0,
} as const satisfies CommonFaults;

/** Those of a platform's faults that are a number. */
export type NumberOf<Faults> = { [Name in keyof Faults]: Faults[Name] extends number ? Name : never }[keyof Faults];

/** Whom a planted fault befalls, and when it is over; what is left out does not limit it. */
export interface PlantedFor {
  readonly shop?: Shop;
  /** The seller's account on the platform, with all of its shops and tokens. */
  readonly account?: string;
  /** So many of the calls that it is for. */
  readonly calls?: number;
  /** The first instant at which it is over. */
  readonly until?: Temporal.Instant;
}

/** Draws for one request after the other: the same seed and the same run of requests meet the same faults. */
export class Dice {
  readonly #seed: number;
  #throws = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  chance(share: number): boolean {
    return share > 0 && new Random(mix(this.#seed, 700, this.#throws++)).chance(share);
  }

  /** A whole number in [from, to]. */
  between(from: number, to: number): number {
    return new Random(mix(this.#seed, 702, this.#throws++)).between(from, to);
  }

  /** Whether an order, by its id, belongs to a share: always the same answer for the same order. */
  falls(id: string, share: number, kind: number): boolean {
    return share > 0 && new Random(mix(this.#seed, 701 + kind, Number(id.slice(3, 9)), Number(id.slice(9)))).chance(share);
  }
}

/** What a fate shares with that of the same call in another shop. */
interface Parts<Faults extends object> {
  readonly faultsIn?: (shop: Shop) => Readonly<Faults>;
  readonly met?: Set<keyof Faults>;
}

/** What is to befall one call, and what has. */
export class Fate<Faults extends object> {
  /** The faults as they stand for this call. */
  readonly faults: Readonly<Faults>;
  readonly dice: Dice;
  readonly met: Set<keyof Faults>;
  readonly #faultsIn: (shop: Shop) => Readonly<Faults>;

  constructor(faults: Readonly<Faults>, dice: Dice, { faultsIn = () => faults, met = new Set<keyof Faults>() }: Parts<Faults> = {}) {
    this.faults = faults;
    this.dice = dice;
    this.met = met;
    this.#faultsIn = faultsIn;
  }

  /** The same call as far as it is about one of its shops: what was planted for another of them does not befall it. */
  within(shop: Shop): Fate<Faults> {
    return new Fate(this.#faultsIn(shop), this.dice, { met: this.met });
  }

  /** Draws whether a fault befalls this call. */
  befalls(name: NumberOf<Faults>): boolean {
    return this.#noted(name, this.dice.chance(this.faults[name] as number));
  }

  /** Whether a fault falls on one thing, by its id; `kind` keeps the draws of different faults apart. */
  fallsOn(id: string, name: NumberOf<Faults>, kind: number): boolean {
    return this.#noted(name, this.dice.falls(id, this.faults[name] as number, kind));
  }

  /** Notes a fault that is no matter of chance, if it has done anything. */
  note(name: keyof Faults, hasHappened: boolean): void {
    this.#noted(name, hasHappened);
  }

  #noted(name: keyof Faults, hasHappened: boolean): boolean {
    if (hasHappened) this.met.add(name);
    return hasHappened;
  }
}

interface Plant<Faults> {
  readonly faults: Partial<Faults>;
  readonly where: PlantedFor;
  left: number;
}

/** The faults of one platform: those that stand for all calls, and those planted for some of them. */
export class Plants<Faults extends object> {
  /** May be changed at any time. */
  readonly standing: Faults;
  /** How many calls have met each fault. */
  readonly met: Record<keyof Faults, number>;
  readonly #dice: Dice;
  #plants: Plant<Faults>[] = [];

  constructor(standing: Faults, seed: number) {
    this.standing = standing;
    this.met = Object.fromEntries(Object.keys(standing).map((name) => [name, 0])) as Record<keyof Faults, number>;
    this.#dice = new Dice(seed);
  }

  plant(faults: Partial<Faults>, where: PlantedFor): void {
    this.#plants.push({ faults, where, left: where.calls ?? Infinity });
  }

  /** What is to befall a call of somebody: of several plants for the same fault the one planted last. */
  fateOf(
    who: { readonly shop: Shop | undefined; readonly shops?: readonly Shop[]; readonly account: string | undefined },
    now: Temporal.Instant,
  ): Fate<Faults> {
    this.#plants = this.#plants.filter(({ left, where: { until } }) => left > 0 && (!until || Temporal.Instant.compare(now, until) < 0));
    const concerned = who.shop === undefined ? (who.shops ?? []) : [who.shop];
    const met = this.#plants.filter(({ where: { shop, account } }) => {
      return (shop === undefined || concerned.includes(shop)) && (account === undefined || account === who.account);
    });
    for (const plant of met) plant.left -= 1;
    const together = (plants: readonly Plant<Faults>[]): Faults =>
      plants.reduce((sum, plant) => ({ ...sum, ...plant.faults }), this.standing);
    const faultsIn = (shop: Shop): Faults => together(met.filter(({ where }) => where.shop === undefined || where.shop === shop));
    return new Fate(together(met), this.#dice, { faultsIn });
  }

  /** Counts what a call has met. */
  count({ met }: Fate<Faults>): void {
    for (const name of met) this.met[name] += 1;
  }
}
