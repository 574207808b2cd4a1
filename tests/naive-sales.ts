import type { Place } from '../src/model/area.ts';
import type { PlatformId } from '../src/model/shop.ts';
import type { PlacedOrder } from './golden-world.ts';

/**
 * What the reports in plain loops (`naive/`) have in common: the orders of the question as sales, from the text of
 * reports.md alone: no SQL, nothing of src/reports. Slow, and simple enough to be believed.
 */

/** What is asked; the words are those of the parameters. */
export interface Question {
  readonly asOf: string;
  /** When it is asked; a day before is over. */
  readonly now: string;
  readonly window: '7d' | '30d' | 'all';
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly basis: 'created' | 'paid';
  readonly measure: 'net' | 'gross' | 'paid';
  readonly model: 'retail' | 'supply' | 'both';
  readonly group: 'none' | 'platform';
  readonly limit?: number | undefined;
  /** Names of the shops that are looked at. */
  readonly shops: readonly string[];
  /** Parameters of the report's own. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** One sold line with all that a report asks of it. */
export interface Sale {
  readonly orderKey: string;
  readonly platform: PlatformId;
  readonly sku: string;
  readonly category: string | null;
  readonly units: bigint;
  readonly money: bigint | null;
  readonly paid: bigint | null;
  readonly buyer: string | null;
  readonly place: Place;
  readonly shop: string;
  readonly purchasedAt: Temporal.Instant;
  readonly day: string;
  readonly hour: number;
  /** The day it is on the shop's clock when it is asked. */
  readonly today: string;
  readonly zone: string;
  readonly untilToday: boolean;
  readonly beforeWindow: boolean;
  readonly inWindow: boolean;
  readonly inLater: boolean;
  readonly inEarlier: boolean;
}

export interface Figures {
  readonly units: bigint;
  readonly orders: number;
  readonly money: bigint | null;
  readonly paid: bigint | null;
  readonly platforms: { readonly platform: PlatformId; readonly sales: number }[];
}

/** One answer over everything, or one for each platform with its rows marked, in the alphabet. */
export function eachGroup<T extends Record<string, object[]>>(
  world: readonly PlacedOrder[],
  question: Question,
  answer: (sales: Sale[], orders: PlacedOrder[]) => T,
): Record<string, object[]> {
  return eachPlatform(world, question, (orders) => answer(salesOf(orders, question), orders));
}

/**
 * The days a shop is known whole: one of files from the first to the last purchase it tells of, up to today; a connected one what it was
 * fetched for (`covers`).
 */
export function coveredBy(orders: readonly PlacedOrder[], { now }: Pick<Question, 'now'>): { from: string; to: string } | null {
  const { covers } = (orders[0]?.shop ?? {}) as { readonly covers?: { readonly from: string; readonly to: string } };
  if (covers) return covers;
  const days = orders.map(({ shop, order }) => dayOf(order.purchasedAt, shop.zone)).toSorted(inAlphabet);
  const last = days.findLast((day) => day <= dayOf(Temporal.Instant.from(now), orders[0]!.shop.zone));
  return last === undefined ? null : { from: days[0]!, to: last };
}

/** Whether every shop of some orders covers all days of a span of its own. */
export function allCover(orders: readonly PlacedOrder[], question: Question, spanOf: (zone: string) => Span): boolean {
  return [...groupBy(orders, ({ shop }) => shop.shop).values()].every((own) => {
    const [covered, span] = [coveredBy(own, question), spanOf(own[0]!.shop.zone)];
    return span === null || (covered !== null && covered.from <= span[0] && span[1] <= covered.to);
  });
}

/** Growth is told where there are days before, and every shop is known whole in all that are compared. */
export function grows(orders: readonly PlacedOrder[], question: Question): boolean {
  return allCover(orders, question, (zone) => {
    const { earlier, later } = spansOf(question, zone);
    return earlier && later && [earlier[0], later[1]];
  });
}

/** Whether a month is over and every shop is known whole in it, and (`inWindow`) it lies in the window. */
export function isWholeMonth(month: string, orders: readonly PlacedOrder[], question: Question, inWindow = true): boolean {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  const days = [first.toString(), first.with({ day: first.daysInMonth }).toString()] as const;
  return (
    allCover(orders, question, () => days) &&
    orders.every(({ shop }) => {
      const { today, over, window } = spansOf(question, shop.zone);
      return (days[1] < today || (days[1] === today && over)) && (!inWindow || (window![0] <= days[0] && days[1] <= window![1]));
    })
  );
}

/** The same of the orders themselves. */
export function eachPlatform<T extends Record<string, object[]>>(
  world: readonly PlacedOrder[],
  question: Question,
  answer: (orders: PlacedOrder[]) => T,
): Record<string, object[]> {
  const asked = world.filter(({ shop }) => question.shops.includes(shop.shop));
  if (question.group === 'none') return answer(asked);
  const tables: Record<string, object[]> = {};
  for (const platform of [...new Set(asked.map(({ shop }) => shop.platform))].toSorted(inAlphabet)) {
    for (const [name, rows] of Object.entries(answer(asked.filter(({ shop }) => shop.platform === platform)))) {
      (tables[name] ??= []).push(...rows.map((row) => ({ platform, ...row })));
    }
  }
  return tables;
}

export function salesOf(world: readonly PlacedOrder[], question: Question): Sale[] {
  const sales: Sale[] = [];
  for (const { shop, order } of world) {
    const at = question.basis === 'paid' ? order.paidAt : order.purchasedAt;
    if (at === null) continue;
    if (question.model !== 'both' && order.model !== question.model) continue;
    if (['unpaid', 'cancelled', 'unknown'].includes(order.status)) continue;
    const day = dayOf(at, shop.zone);
    const spans = spansOf(question, shop.zone);
    for (const line of order.lines) {
      if (line.quantity <= 0 || line.status === 'cancelled' || line.kind !== 'goods') continue;
      sales.push({
        orderKey: `${shop.shop} ${order.orderId}`,
        platform: shop.platform,
        sku: line.sku,
        category: line.category,
        units: BigInt(line.quantity),
        money: { net: line.netSales, gross: line.grossSales, paid: line.paidAmount }[question.measure],
        paid: line.paidAmount,
        buyer: order.buyer === null ? null : `${shop.platform} ${order.buyer}`,
        place: order.place,
        shop: shop.shop,
        purchasedAt: order.purchasedAt,
        day,
        hour: at.toZonedDateTimeISO(shop.zone).hour,
        today: spans.today,
        zone: shop.zone,
        untilToday: day <= spans.today,
        beforeWindow: day < spans.window![0],
        inWindow: within(day, spans.window),
        inLater: within(day, spans.later),
        inEarlier: within(day, spans.earlier),
      });
    }
  }
  return sales;
}

export type Span = readonly [from: string, to: string] | null;
const LONG_AGO = '0001-01-01';

function todayOf({ asOf }: Question, zone: string): string {
  return asOf.length === 10 ? asOf : dayOf(Temporal.Instant.from(asOf), zone);
}

/** The window, and the complete days that growth compares; a window of dates compares as many complete days as it has. */
export function spansOf(question: Question, zone: string): { today: string; over: boolean; window: Span; later: Span; earlier: Span } {
  const { window, from, to } = question;
  const today = todayOf(question, zone);
  const over = today < dayOf(Temporal.Instant.from(question.now), zone);
  const lastWhole = over ? today : shifted(today, -1);
  const compare = (days: number, last: string) => ({
    later: [shifted(last, 1 - days), last] as const,
    earlier: [shifted(last, 1 - 2 * days), shifted(last, -days)] as const,
  });
  if (from !== undefined || to !== undefined) {
    const end = to !== undefined && to < today ? to : today;
    const asked = [from ?? LONG_AGO, end] as const;
    if (from === undefined) return { today, over, window: asked, later: null, earlier: null };
    const days = Temporal.PlainDate.from(from).until(end).days + 1;
    if (days < 1) return { today, over, window: asked, later: null, earlier: null };
    return { today, over, window: asked, ...compare(days, end === today ? lastWhole : end) };
  }
  if (window === 'all') return { today, over, window: [LONG_AGO, today], later: null, earlier: null };
  const days = window === '7d' ? 7 : 30;
  return { today, over, window: [shifted(today, 1 - days), today], ...compare(days, lastWhole) };
}

export function dayOf(instant: Temporal.Instant, zone: string): string {
  return instant.toZonedDateTimeISO(zone).toPlainDate().toString();
}

export function shifted(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

export function within(day: string, span: Span): boolean {
  return span !== null && day >= span[0] && day <= span[1];
}

export function growthOf(question: Question, orders: readonly PlacedOrder[], sales: readonly Sale[]): number | null {
  if (question.from === undefined && (question.to !== undefined || question.window === 'all')) return null;
  if (!grows(orders, question)) return null;
  const [later, earlier] = [sales.filter(({ inLater }) => inLater), sales.filter(({ inEarlier }) => inEarlier)].map((of) =>
    sum(of.map(({ units }) => units)),
  );
  return percent(later! - earlier!, earlier!);
}

export function figuresOf(lines: readonly Sale[]): Figures {
  return {
    units: sum(lines.map(({ units }) => units)),
    orders: new Set(lines.map(({ orderKey }) => orderKey)).size,
    money: sumKnown(lines.map(({ money }) => money)),
    paid: sumKnown(lines.map(({ paid }) => paid)),
    platforms: Object.entries(unitsBy(lines, ({ platform }) => platform))
      .map(([platform, sales]) => ({ platform: platform as PlatformId, sales }))
      .toSorted((a, b) => b.sales - a.sales || inAlphabet(a.platform, b.platform)),
  };
}

export function unitsBy(lines: readonly Sale[], key: (sale: Sale) => string): Record<string, number> {
  return Object.fromEntries([...groupBy(lines, key)].map(([name, of]) => [name, Number(sum(of.map(({ units }) => units)))]));
}

export function groupBy<T, K>(rows: readonly T[], key: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

export function sum(values: readonly bigint[]): bigint {
  return values.reduce((all, value) => all + value, 0n);
}

export function sumKnown(values: readonly (bigint | null)[]): bigint | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known);
}

export function shown(money: bigint | null, digits: number): number | null {
  return per(money, 1n, digits);
}

export function per(money: bigint | null, pieces: bigint, digits: number): number | null {
  return money === null || pieces === 0n ? null : halfUp(money, 10_000n * pieces, digits);
}

export function percent(part: bigint, whole: bigint): number | null {
  return whole === 0n ? null : halfUp(part * 100n, whole, 2);
}

/** Counts whole steps of the last digit and goes one further when half a step or more is left. */
function halfUp(part: bigint, whole: bigint, digits: number): number {
  // Discounts above the prices make a whole that is negative.
  if (whole < 0n) return halfUp(-part, -whole, digits);
  const steps = (part < 0n ? -part : part) * 10n ** BigInt(digits);
  const count = steps / whole + ((steps % whole) * 2n >= whole ? 1n : 0n);
  return count === 0n ? 0 : Number(`${part < 0n ? '-' : ''}${count}e-${digits}`);
}

export function mostFirst(a: bigint, b: bigint): number {
  return a === b ? 0 : a > b ? -1 : 1;
}

/** What has no amount comes last. */
export function mostMoneyFirst(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return mostFirst(a, b);
}

export function inAlphabet(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
