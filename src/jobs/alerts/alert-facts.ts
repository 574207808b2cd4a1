import { readAuthorizations, type Authorization } from '../../records/shops/authorizations.ts';
import { readDayReturns, readDayUnits, type DayFigure } from '../../records/orders/day-figures.ts';
import type { Engine } from '../../engines/engine.ts';
import { readCoverage, type Coverage } from '../../records/shops/coverage.ts';
import { readUnequalDays } from '../../records/day-check/day-check.ts';
import { readRateFetches, readUnratedDays, type RateFetches, type UnratedDays } from '../../records/rates/rate-book.ts';
import { readShops } from '../../records/shops/shops.ts';
import { readCheckpoint, readQuarantineCounts, readRuns, runOf, type QuarantineCount, type SyncRun } from '../../records/runs/sync-log.ts';
import { addDays, shopDay } from '../../model/shop-day.ts';
import type { Shop } from '../../model/shop.ts';

/** How far back figures are compared. */
export const HISTORY_DAYS = 7 * 13;

const MOST_DIFFERING = 1000;

/** A shop that is fetched, with how far its orders have come. */
export interface FetchedShop {
  readonly shop: Shop;
  readonly authorization: Authorization | undefined;
  /** Everything that changed up to here is in the store; null before the first window. */
  readonly reached: Temporal.Instant | null;
  readonly lastRun: SyncRun | undefined;
  /** The days that are known whole; of days before only what changed later. */
  readonly covered: Coverage['days'];
  /** Units by day, oldest first; a day without any has no entry. */
  readonly sold: ReadonlyMap<string, number>;
  readonly returned: ReadonlyMap<string, number>;
}

/** Everything that the definitions of alerts look at, of one state of the data. */
export interface AlertFacts {
  readonly now: Temporal.Instant;
  /** Since when this process looks after the shops; null when none does. What lay still before is not its doing. */
  readonly since: Temporal.Instant | null;
  readonly syncMinutes: number;
  readonly reportingCurrency: string;
  readonly fetchesRates: boolean;
  readonly shops: readonly Shop[];
  readonly fetched: readonly FetchedShop[];
  /** Those that were not let go. */
  readonly authorizations: readonly Authorization[];
  readonly quarantine: readonly QuarantineCount[];
  readonly differing: readonly {
    readonly shop_id: number;
    readonly day: string;
    readonly platform_orders: number;
    readonly stored_orders: number;
  }[];
  /** What cannot be converted to the reporting currency for want of rates, and what was done to get them. */
  readonly unrated: readonly UnratedDays[];
  readonly rateFetches: RateFetches;
}

/** What is not read from the store. */
export type AlertLook = Pick<AlertFacts, 'now' | 'since' | 'syncMinutes' | 'reportingCurrency' | 'fetchesRates'>;

/** Reads the facts. */
export function readAlertFacts(engine: Engine, given: AlertLook): Promise<AlertFacts> {
  return engine.read(async (reader) => {
    const shops = await readShops(reader);
    const authorizations = (await readAuthorizations(reader)).filter(({ state }) => state !== 'disconnected');
    const connected = shops.filter(({ connection }) => connection !== null);
    const ids = connected.map(({ shopId }) => shopId);
    const from = addDays(shopDay(given.now, 'UTC'), -HISTORY_DAYS - 1);
    const runs = await readRuns(reader);
    const [units, returns] = [await readDayUnits(reader, ids, from), await readDayReturns(reader, ids, from)];
    const coverage = await readCoverage(reader, connected, given.now);
    const fetched: FetchedShop[] = [];
    for (const shop of connected) {
      fetched.push({
        shop,
        authorization: authorizations.find(({ authorizationId }) => authorizationId === shop.connection!.authorizationId),
        reached: (await readCheckpoint(reader, shop.shopId, 'orders'))?.coveredTo ?? null,
        lastRun: runOf(runs, shop, 'orders'),
        covered: coverage.get(shop.shopId)!.days,
        sold: byDay(units, shop),
        returned: byDay(returns, shop),
      });
    }
    return {
      ...given,
      shops,
      fetched,
      authorizations,
      quarantine: await readQuarantineCounts(reader),
      differing: await readUnequalDays(reader, MOST_DIFFERING),
      unrated: await readUnratedDays(reader, { to: given.reportingCurrency, until: shopDay(given.now, 'UTC') }),
      rateFetches: await readRateFetches(reader),
    };
  });
}

function byDay(figures: readonly DayFigure[], { shopId }: Shop): Map<string, number> {
  return new Map(figures.filter(({ shop_id }) => shop_id === shopId).map(({ day, units }) => [day, units]));
}
