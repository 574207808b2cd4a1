import type { Coverage } from '../engines/coverage.ts';
import type { Reader } from '../engines/engine.ts';
import { every, isOneOf, join, raw, some, sql, type Sql } from '../engines/sql.ts';
import { currencyDigits, sumPer } from '../model/money.ts';
import { addDays } from '../model/shop-day.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import type { Span, Window } from '../model/window.ts';
import { convertedName, convertedRelation, type MoneyFacts } from './conversion.ts';
import { lackingDays, type LackingDays } from './covered.ts';
import type { CommonParameters } from './parameters.ts';

/** What is known of an answer before it is computed. */
export interface ScopeFacts extends MoneyFacts {
  readonly shops: readonly Shop[];
  readonly windows: readonly Window[];
  /** The shops are all there are: no row need be asked whose it is. */
  readonly everyShop: boolean;
  /** What is known whole of each shop. */
  readonly coverage: ReadonlyMap<number, Coverage>;
}

/** The amounts of the tables that reports read. */
const AMOUNTS = ['gross_sales', 'net_sales', 'paid_amount'] as const;
const LINE_AMOUNTS = [...AMOUNTS, 'tax_amount'] as const;

/** Which orders a report looks at, and how it writes money: the words of reports.md as SQL, in one place. */
export class Scope {
  readonly shops: readonly Shop[];
  readonly windows: readonly Window[];
  /** The one currency of the amounts; null when none is known or several stand side by side. */
  readonly currency: string | null;
  /** Several currencies that are not to be added up. */
  readonly sideBySide: boolean;
  /** How amounts of other currencies become amounts of this one; null where there is nothing to convert. */
  readonly conversion: MoneyFacts['conversion'];
  /** The rate for want of which currencies stand side by side. */
  readonly missingRate: MoneyFacts['missingRate'];
  readonly coverage: ReadonlyMap<number, Coverage>;
  /** The days that growth would compare and that are not known whole: with any of them nothing is compared. */
  readonly growthLacks: readonly LackingDays[];
  readonly #everyShop: boolean;
  readonly #parameters: CommonParameters;

  constructor(facts: ScopeFacts, parameters: CommonParameters) {
    this.conversion = facts.conversion;
    this.missingRate = facts.missingRate;
    this.#everyShop = facts.everyShop;
    this.shops = facts.shops;
    this.coverage = facts.coverage;
    this.growthLacks = lackingDays(facts, ({ growth }) => growth && { from: growth.earlier.from, to: growth.later.to });
    this.windows = this.growthLacks.length === 0 ? facts.windows : facts.windows.map((window) => ({ ...window, growth: null }));
    this.currency = facts.currency;
    this.sideBySide = facts.sideBySide;
    this.#parameters = parameters;
  }

  /** The column of the day an order belongs to. */
  get day(): Sql {
    return raw(this.#parameters.basis === 'paid' ? 'paid_day' : 'shop_day');
  }

  /** The column of the instant that decides the day. */
  get instant(): Sql {
    return raw(this.#parameters.basis === 'paid' ? 'paid_at' : 'purchased_at');
  }

  /** The column of the amount that is measured, of {@link Scope.orders} and {@link Scope.lines}. */
  get amount(): Sql {
    return this.in(this.#measured);
  }

  /** The column of the amount that is measured, as it is stored. */
  get storedAmount(): Sql {
    return raw(this.#measured);
  }

  /** The column of an amount in the currency of the answer. */
  in(amount: string): Sql {
    return raw(this.conversion ? convertedName(amount) : amount);
  }

  /** The orders, their amounts in the currency of the answer; stands in FROM in place of the table. */
  get orders(): Sql {
    return this.converted(raw('orders'), 'orders', AMOUNTS);
  }

  /**
   * The sums of the orders by day, their amounts in the currency of the answer; stands in FROM where nothing but days, states and sums is asked.
   * Conditions on orders hold of them too; what `count(*)` is of orders is `sum(orders)` here.
   */
  get orderDays(): Sql {
    return this.converted(raw('order_days'), 'order_days', AMOUNTS);
  }

  /** The order lines, their amounts in the currency of the answer; stands in FROM in place of the table. */
  get lines(): Sql {
    return this.converted(raw('lines'), 'lines', LINE_AMOUNTS);
  }

  /** Any relation with `shop_day` and `currency` under a name, its amounts in the currency of the answer as {@link Scope.in} calls them. */
  converted(relation: Sql, name: string, amounts: readonly string[]): Sql {
    if (this.conversion) return convertedRelation(this.conversion, relation, { name, amounts });
    return relation.text === name ? relation : sql`${relation} AS ${raw(name)}`;
  }

  /** The same where amounts are added up or compared: null where several currencies stand side by side. */
  get addableAmount(): Sql {
    return this.sideBySide ? sql`NULL::decimal(18,4)` : this.amount;
  }

  get platforms(): readonly PlatformId[] {
    return [...new Set(this.shops.map(({ platform }) => platform))];
  }

  platformOf(shopId: number): PlatformId {
    return this.shops.find((shop) => shop.shopId === shopId)!.platform;
  }

  /** Growth can be told: there is a span before, and all of its days are known. */
  get grows(): boolean {
    return this.windows.some(({ growth }) => growth !== null);
  }

  /** Rows of the window. */
  get current(): Sql {
    return this.#within((window) => window.current);
  }

  /** Rows of the window by another column of days. */
  currentBy(day: Sql): Sql {
    return this.#within((window) => window.current, day);
  }

  /** Rows of the days before the window, as far as the shop is known whole. */
  get before(): Sql {
    return this.#known(({ current: { from } }) => (from === null ? null : { from: null, to: addDays(from, -1) }));
  }

  /** Rows of every day up to today that the shop is known whole from: what says who is new. */
  get history(): Sql {
    return this.#known(({ today }) => ({ from: null, to: today }));
  }

  /** Rows of days that have not begun yet, where the window goes up to today. */
  get ahead(): Sql {
    return some(this.windows.flatMap(({ shopIds, today, current, partialDay }) =>
      (partialDay && current.to === today ? [every([isOneOf(sql`shop_id`, shopIds), sql`${this.day} > ${today}::date`])] : [])));
  }

  /** The days of the window that are not known whole. */
  get lacks(): readonly LackingDays[] {
    return lackingDays(this, ({ current }) => current);
  }

  /** Whether a month (`YYYY-MM`) is over and all its days are known whole, of all shops or of some. */
  isKnownMonth(month: string, shops = this.shops): boolean {
    const { from, to } = daysOfMonth(month);
    return this.#windowsOf(shops).every(({ today, over }) => to < today || (to === today && over))
      && shops.every(({ shopId }) => this.covers(shopId, from) && this.covers(shopId, to));
  }

  /** The same of a month that lies in the window whole. */
  isWholeMonth(month: string, shops = this.shops): boolean {
    const { from, to } = daysOfMonth(month);
    return this.#windowsOf(shops).every(({ current }) => (current.from ?? '') <= from && to <= current.to) && this.isKnownMonth(month, shops);
  }

  #windowsOf(shops: readonly Shop[]): readonly Window[] {
    const ids = new Set(shops.map(({ shopId }) => shopId));
    return this.windows.filter(({ shopIds }) => shopIds.some((id) => ids.has(id)));
  }

  /** Whether a day of a shop is known whole, or as far as it has come. */
  covers(shopId: number, day: string): boolean {
    const days = this.coverage.get(shopId)?.days;
    return days !== null && days !== undefined && days.from <= day && day <= days.to;
  }

  /** Rows of every day up to today. */
  get untilToday(): Sql {
    return this.#within(({ today }) => ({ from: null, to: today }));
  }

  /** The day that is not over yet; of several clocks the earliest. */
  get today(): string {
    return this.#todays[0]!;
  }

  /** The same; of several clocks the latest. */
  get latestToday(): string {
    return this.#todays.at(-1)!;
  }

  get #todays(): string[] {
    return this.windows.filter(({ shopIds }) => shopIds.length > 0).map(({ today }) => today).toSorted();
  }

  /** Today on the clock of the shop of that number, a column. */
  todayOf(shopId: Sql): Sql {
    const [first, ...others] = this.windows;
    if (others.length === 0) return sql`${first!.today}::date`;
    return sql`CASE ${join(others.map(({ shopIds, today }) => sql`WHEN ${isOneOf(shopId, shopIds)} THEN ${today}::date`), ' ')} ELSE ${first!.today}::date END`;
  }

  /** Rows of today, where the window holds it. */
  get isToday(): Sql {
    return this.#within(({ today, current }) => (current.to === today && (current.from ?? '') <= today ? { from: today, to: today } : null));
  }

  /** The same shops in other days: those that growth compares. Undefined where nothing is compared. */
  during(span: 'later' | 'earlier'): Scope | undefined {
    const windows = this.windows.flatMap((window) => (window.growth ? [{ ...window, current: window.growth[span], growth: null }] : []));
    return windows.length === 0 ? undefined : new Scope({ ...this, windows, everyShop: this.#everyShop }, this.#parameters);
  }

  /** Among the rows of {@link Scope.anyPeriod} those of the window: all of them where nothing is compared. */
  get ofWindow(): Sql {
    return this.grows ? this.current : sql`true`;
  }

  /** Rows of the last complete days that growth compares. */
  get later(): Sql {
    return this.#within((window) => window.growth?.later ?? null);
  }

  /** Rows of as many days before. */
  get earlier(): Sql {
    return this.#within((window) => window.growth?.earlier ?? null);
  }

  /** Rows of the window or of what growth compares, so that one pass over the table is enough. */
  get anyPeriod(): Sql {
    return this.#within(({ current, growth }) => (growth && current.from ? { from: [current.from, growth.earlier.from!].toSorted()[0]!, to: current.to } : current));
  }

  /** The window has no first day. */
  get isWhole(): boolean {
    return this.windows.every(({ current }) => current.from === null);
  }

  /** Rows of one platform among those of the scope. */
  ofPlatform(platform: PlatformId): Sql {
    return this.platforms.length === 1 ? sql`true` : isOneOf(sql`shop_id`, this.shops.filter((shop) => shop.platform === platform).map(({ shopId }) => shopId));
  }

  /** Everything of the shops, whenever. */
  get ofShops(): Sql {
    return isOneOf(sql`shop_id`, this.shops.map(({ shopId }) => shopId));
  }

  /** Orders of the window that may still change: not at their end, which for Amazon is being shipped. */
  get open(): Sql {
    const shippedIsFinal = this.shops.filter(({ platform }) => platform === 'Amazon').map(({ shopId }) => shopId);
    return sql`outcome = 'none' AND (status IN ('unpaid', 'on_hold', 'to_ship', 'unknown')
      OR (status = 'shipped' AND NOT ${isOneOf(sql`shop_id`, shippedIsFinal)}))`;
  }

  /** Lines that count as sales, of the models asked for. */
  get sales(): Sql {
    return every([sql`sale`, this.ofModel]);
  }

  /** Rows of the models asked for. */
  get ofModel(): Sql {
    return this.#parameters.model === 'both' ? sql`true` : sql`model = ${this.#parameters.model}`;
  }

  /** Orders that hold at least one sale. */
  get salesOrders(): Sql {
    return every([sql`units > 0`, this.ofModel]);
  }

  /** An exact sum as an answer shows it: rounded half-up once, null when it is unknown. */
  money(sum: string | null): number | null {
    return this.moneyPer(sum, 1);
  }

  /** The same of a sum over so many things: over none it is 0, whatever the currency. */
  moneyOf(sum: string | null, things: number): number | null {
    return things === 0 ? 0 : this.money(sum);
  }

  /** A sum per piece, rounded half-up once. */
  moneyPer(sum: string | null, count: number): number | null {
    return sum === null || this.sideBySide ? null : sumPer(sum, BigInt(count), this.#digits);
  }

  get #measured(): string {
    return { net: 'net_sales', gross: 'gross_sales', paid: 'paid_amount' }[this.#parameters.measure];
  }

  get #digits(): number {
    return currencyDigits(this.currency);
  }

  /** Rows of a span that ends within the history, without the days that are known in part only: those before the first that is known whole. */
  #known(span: (window: Window) => Span | null): Sql {
    return some(this.windows.flatMap((window) => {
      const { to } = span(window) ?? { to: null };
      if (to === null) return [];
      const firstOf = (shopId: number): string => {
        const { days, firstDay } = this.coverage.get(shopId) ?? { days: null, firstDay: null };
        // Where nothing is known of the days before, none need be left out.
        return days === null ? NEVER : firstDay === null || days.from <= firstDay ? '' : days.from;
      };
      return [...Map.groupBy(window.shopIds, firstOf)].map(([from, shopIds]) => every([
        ...(this.#everyShop && this.windows.length === 1 && shopIds.length === window.shopIds.length ? [] : [isOneOf(sql`shop_id`, shopIds)]),
        sql`${this.day} <= ${to}::date`, ...(from === '' ? [] : [sql`${this.day} >= ${from}::date`]),
      ]));
    }));
  }

  #within(span: (window: Window) => Span | null, day = this.day): Sql {
    const alone = this.#everyShop && this.windows.length === 1;
    const spans = this.windows.flatMap((window) => {
      const { from, to } = span(window) ?? { from: null, to: null };
      if (to === null) return [];
      return [every([...(alone ? [] : [isOneOf(sql`shop_id`, window.shopIds)]), sql`${day} <= ${to}::date`, ...(from ? [sql`${day} >= ${from}::date`] : [])])];
    });
    return some(spans);
  }
}

/** After every day there is. */
const NEVER = '9999-12-31';
const MANY = 2000;

function daysOfMonth(month: string): { from: string; to: string } {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return { from: first.toString(), to: first.with({ day: first.daysInMonth }).toString() };
}

/** `column IN (ids)`, or everything where naming them would cost more than reading on. */
export function among(column: Sql, ids: readonly (number | string)[]): Sql {
  return ids.length > MANY ? sql`true` : isOneOf(column, ids);
}

/** Whole numbers as a query of one column: one value however many they are, for a list of thousands takes longer to prepare than to look up. */
export function numbers(ids: readonly number[]): Sql {
  return sql`SELECT unnest(string_to_array(${ids.join(',')}::varchar, ','))::integer`;
}

/**
 * With several currencies side by side: the `by_currency` of a row by its key; else nothing for any row.
 * @param text gives key, currency and amount
 */
export async function sideBySide(
  { reader, scope }: { reader: Reader; scope: Scope },
  text: Sql,
): Promise<(key: string) => { by_currency?: { currency: string | null; amount: number | null }[] }> {
  if (!scope.sideBySide) return () => ({});
  const rows = await reader.query<{ key: string; currency: string | null; amount: string | null }>(text);
  const byKey = Map.groupBy(rows, ({ key }) => key);
  return (key) => ({
    by_currency: (byKey.get(key) ?? []).map(({ currency, amount }) => ({
      currency, amount: amount === null ? null : sumPer(amount, 1n, currencyDigits(currency)),
    })),
  });
}
