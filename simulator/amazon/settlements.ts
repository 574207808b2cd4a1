import { mix } from '../random.ts';
import { sum } from '../trade/basket.ts';
import type { AmazonWorld } from './amazon-world.ts';
import type { Ledger } from './ledger.ts';
import type { Report } from './reports.ts';
import { settlementFile } from './settlement-file.ts';
import type { Account, AmazonShop } from './shops.ts';

/** The type under which settlements are listed; nobody can ask for one. */
export const SETTLEMENT_TYPE = 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2';

const DAY = 86_400;
const PERIOD = 14 * DAY;
const KEPT_DAYS = 90;

/** Every seller's account has one settlement in each currency for each fortnight. */
export interface Settlement {
  readonly id: string;
  readonly shops: readonly AmazonShop[];
  readonly currency: string;
  /** Seconds; the end is not in it. */
  readonly start: number;
  readonly end: number;
  /** What is kept back until the next one, and what was kept back of the one before; minor unit. */
  readonly reserve: number;
  readonly previousReserve: number;
}

/** The id of the settlement in which money that became payable at a second is paid out. */
export function settlementIdAt(shop: AmazonShop, time: number): string {
  return idOf(shop, Math.floor(time / PERIOD));
}

/** The settlements of all sellers, as the documents that Amazon makes of itself. */
export class Settlements {
  readonly #world: AmazonWorld;
  readonly #ledger: Ledger;
  readonly #known = new Map<string, Report>();

  constructor(world: AmazonWorld, ledger: Ledger) {
    this.#world = world;
    this.#ledger = ledger;
  }

  /** Those of a seller that can still be fetched: for 90 days, from a day after their end on. */
  of(account: Account, nowMs: number): Report[] {
    const now = Math.floor(nowMs / 1000);
    const currencies = Map.groupBy(account.shops, ({ currency }) => currency);
    const reports: Report[] = [];
    for (const shops of currencies.values()) {
      const opening = Math.min(...shops.map((shop) => this.#world.trade.calendar(shop).opening));
      for (let period = Math.floor((now - DAY) / PERIOD) - 1; period >= 0; period--) {
        const settlement = this.#settlement(shops, period);
        const madeMs = (settlement.end + DAY) * 1000;
        if (nowMs - madeMs >= KEPT_DAYS * DAY * 1000 || settlement.end <= opening) break;
        if (madeMs <= nowMs) reports.push(this.#reportOf(account, settlement, madeMs));
      }
    }
    return reports;
  }

  #settlement(shops: readonly AmazonShop[], period: number): Settlement {
    const [shop] = shops;
    const reserveOf = (of: number): number => 100 * (mix(this.#world.seed, shop!.number, of, 93) % 40);
    return {
      id: idOf(shop!, period),
      shops,
      currency: shop!.currency,
      start: period * PERIOD,
      end: (period + 1) * PERIOD,
      reserve: reserveOf(period),
      previousReserve: reserveOf(period - 1),
    };
  }

  #reportOf(account: Account, settlement: Settlement, madeMs: number): Report {
    const known = this.#known.get(settlement.id);
    if (known !== undefined) return known;
    const ledger = this.#ledger;
    let made: string | undefined;
    const report: Report = {
      id: `6${settlement.id.slice(1)}`,
      type: SETTLEMENT_TYPE,
      account,
      marketplaceIds: settlement.shops.map(({ marketplace }) => marketplace.id),
      shops: settlement.shops,
      startMs: settlement.start * 1000,
      endMs: settlement.end * 1000,
      createdMs: madeMs,
      startsMs: madeMs,
      endsMs: madeMs,
      outcome: 'DONE',
      document: {
        // Only whoever fetches it needs it made.
        get text() {
          made ??= settlementFile(
            settlement,
            settlement.shops.flatMap((shop) => ledger.released(shop, settlement.start, settlement.end)),
          );
          return made;
        },
        charset: 'natural',
      },
      keptDays: KEPT_DAYS,
      cancelledMs: undefined,
    };
    this.#known.set(settlement.id, report);
    return report;
  }
}

/** Two digits for the account and the currency, then the period. */
function idOf(shop: AmazonShop, period: number): string {
  const currency = sum([...shop.currency].map((sign) => sign.charCodeAt(0)));
  const seller = sum([...shop.seller].map((sign) => sign.charCodeAt(0)));
  return `1${String(seller % 100).padStart(2, '0')}${String(currency % 1000).padStart(3, '0')}${String(period).padStart(6, '0')}`;
}
