import type { Reader } from '../engines/engine.ts';
import { every, isOneOf, raw, sql, type Sql } from '../engines/sql.ts';
import { currencyDigits, sumPer } from '../model/money.ts';
import { PLATFORM_FACTS, type PlatformId } from '../model/shop.ts';
import { convertedName, convertedRelation, type MoneyFacts } from './conversion.ts';
import { DayScope, type DayFacts } from './day-scope.ts';
import type { CommonParameters } from './parameters.ts';

/** What is known of an answer before it is computed. */
export interface ScopeFacts extends DayFacts, MoneyFacts {}

/** The amounts of the tables that reports read. */
const AMOUNTS = ['gross_sales', 'net_sales', 'paid_amount'] as const;
const LINE_AMOUNTS = [...AMOUNTS, 'tax_amount'] as const;

/** Which orders a report looks at, and how it writes money: the words of reports.md as SQL, in one place. */
export class Scope extends DayScope {
  /** The one currency of the amounts; null when none is known or several stand side by side. */
  readonly currency: string | null;
  /** Several currencies that are not to be added up. */
  readonly sideBySide: boolean;
  /** How amounts of other currencies become amounts of this one; null where there is nothing to convert. */
  readonly conversion: MoneyFacts['conversion'];
  /** The rate for want of which currencies stand side by side. */
  readonly missingRate: MoneyFacts['missingRate'];
  readonly #parameters: CommonParameters;

  constructor(facts: ScopeFacts, parameters: CommonParameters) {
    super(facts, parameters);
    this.conversion = facts.conversion;
    this.missingRate = facts.missingRate;
    this.currency = facts.currency;
    this.sideBySide = facts.sideBySide;
    this.#parameters = parameters;
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
   * The sums of the orders by day, their amounts in the currency of the answer; stands in FROM where nothing but days, states and sums is
   * asked. Conditions on orders hold of them too; what `count(*)` is of orders is `sum(orders)` here.
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

  /** The same shops in other days: those that growth compares. Undefined where nothing is compared. */
  during(span: 'later' | 'earlier'): Scope | undefined {
    const windows = this.windows.flatMap((window) => (window.growth ? [{ ...window, current: window.growth[span], growth: null }] : []));
    return windows.length === 0 ? undefined : new Scope({ ...this, windows }, this.#parameters);
  }

  /** Rows of one platform among those of the scope. */
  ofPlatform(platform: PlatformId): Sql {
    return this.platforms.length === 1
      ? sql`true`
      : isOneOf(
          sql`shop_id`,
          this.shops.filter((shop) => shop.platform === platform).map(({ shopId }) => shopId),
        );
  }

  /** Everything of the shops, whenever. */
  get ofShops(): Sql {
    return isOneOf(
      sql`shop_id`,
      this.shops.map(({ shopId }) => shopId),
    );
  }

  /** Orders of the window that may still change: not at their end, which for some platforms is being shipped. */
  get open(): Sql {
    const shippedIsFinal = this.shops.filter(({ platform }) => PLATFORM_FACTS[platform].shippedIsFinal).map(({ shopId }) => shopId);
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
}

const MANY = 2000;

/** `column IN (ids)`, or everything where naming them would cost more than reading on. */
export function among(column: Sql, ids: readonly (number | string)[]): Sql {
  return ids.length > MANY ? sql`true` : isOneOf(column, ids);
}

/**
 * Whole numbers as a query of one column: one value however many they are, for a list of thousands takes longer to prepare than to look up.
 */
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
      currency,
      amount: amount === null ? null : sumPer(amount, 1n, currencyDigits(currency)),
    })),
  });
}
