import type { AlertValues } from '../../records/alerts/alert-log.ts';
import { median, spreadsOff } from '../../kernel/robust.ts';
import { addDays, instantOfLocal, shopDay } from '../../model/shop-day.ts';
import type { FetchedShop } from './alert-facts.ts';

/** A figure beside its history: as usual, not to be told, or off. */
export type Off = 'usual' | 'unknown' | { readonly firm: boolean; readonly values: AlertValues };

const FIRM_SPREADS = 4;
const HELD_SPREADS = 2.5;

const SALES = { weeks: 12, fewest: 6, usualUnits: 20, firmPart: 0.5, heldPart: 0.3 } as const;
const RETURNS = { weeks: 8, fewest: 4, soldUnits: 100, returnedUnits: 10, part: 0.5, points: 0.02 } as const;

/** The last complete day's units against the same weekday's; a median and its spread bear a few odd days. */
export function salesOff(shop: FetchedShop, now: Temporal.Instant): Off {
  const day = lastCompleteDay(shop, now);
  if (!day) return 'unknown';
  const days = Array.from({ length: SALES.weeks }, (_, i) => addDays(day, -7 * (i + 1))).filter((each) => isWithin(shop, each));
  const history = days.map((each) => shop.sold.get(each) ?? 0);
  const usual = median(history);
  if (usual === undefined || history.length < SALES.fewest || usual < SALES.usualUnits) return 'usual';
  const units = shop.sold.get(day) ?? 0;
  // Counts of independent sales scatter by the root of their number: less is no spread.
  const spreads = Math.abs(spreadsOff(units, history, Math.sqrt(usual)));
  const part = Math.abs(units - usual) / usual;
  if (spreads < HELD_SPREADS || part < SALES.heldPart) return 'usual';
  return { firm: spreads >= FIRM_SPREADS && part >= SALES.firmPart, values: { day, units, usual } };
}

/** What came back in the last seven complete days as part of what was sold in them, against the weeks before. */
export function returnRateOff(shop: FetchedShop, now: Temporal.Instant): Off {
  const day = lastCompleteDay(shop, now);
  if (!day) return 'unknown';
  const weekOf = (last: string): { sold: number; returned: number } => {
    const days = Array.from({ length: 7 }, (_, i) => addDays(last, -i));
    const sum = (figures: ReadonlyMap<string, number>): number => days.reduce((total, each) => total + (figures.get(each) ?? 0), 0);
    return { sold: sum(shop.sold), returned: sum(shop.returned) };
  };
  const { sold, returned } = weekOf(day);
  const history = Array.from({ length: RETURNS.weeks }, (_, i) => addDays(day, -7 * (i + 1)))
    .filter((last) => isWithin(shop, addDays(last, -6)))
    .map(weekOf)
    .filter((week) => week.sold >= RETURNS.soldUnits)
    .map((week) => week.returned / week.sold);
  const usual = median(history);
  if (usual === undefined || history.length < RETURNS.fewest || sold < RETURNS.soldUnits || returned < RETURNS.returnedUnits)
    return 'usual';
  const rate = returned / sold;
  const spreads = spreadsOff(rate, history, Math.sqrt(Math.max(usual, RETURNS.points) / sold));
  if (spreads < HELD_SPREADS || rate <= usual) return 'usual';
  const firm = spreads >= FIRM_SPREADS && rate >= usual * (1 + RETURNS.part) && rate >= usual + RETURNS.points;
  return { firm, values: { day, rate: percent(rate), usual: percent(usual) } };
}

/** A share as a figure of percent with one digit. */
function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}

/** Yesterday on the shop's clock, once everything of it is in the store. */
function lastCompleteDay({ shop, reached }: FetchedShop, now: Temporal.Instant): string | null {
  const today = shopDay(now, shop.zone);
  const began = instantOfLocal(Date.parse(`${today}T00:00:00Z`), shop.zone);
  return reached && Temporal.Instant.compare(reached, began) >= 0 ? addDays(today, -1) : null;
}

/** Before its first day a shop sold nothing because it was not there, and of days before those that are known whole a part is known. */
function isWithin({ sold, covered }: FetchedShop, day: string): boolean {
  const [first] = sold.keys();
  return first !== undefined && day >= first && covered !== null && day >= covered.from;
}
