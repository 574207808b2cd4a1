import type { Coverage } from '../records/shops/coverage.ts';
import type { Language } from '../kernel/messages.ts';
import { every, isOneOf, join, raw, some, sql, type Sql } from '../engines/sql.ts';
import { addDays } from '../model/shop-day.ts';
import type { Shop } from '../model/shop.ts';
import type { Span, Window } from '../model/window.ts';
import { lackingDays, type LackingDays } from './covered.ts';
import type { CommonParameters } from './parameters.ts';

/** Whose days an answer is about, and what is known of them. */
export interface DayFacts {
  readonly shops: readonly Shop[];
  readonly windows: readonly Window[];
  /** The shops are all there are: no row need be asked whose it is. */
  readonly everyShop: boolean;
  /** What is known whole of each shop. */
  readonly coverage: ReadonlyMap<number, Coverage>;
  /** Whoever asks reads it: products that have names in several languages are called by those of this one. */
  readonly language: Language;
}

/** After every day there is. */
const NEVER = '9999-12-31';

function daysOfMonth(month: string): { from: string; to: string } {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return { from: first.toString(), to: first.with({ day: first.daysInMonth }).toString() };
}

/** Which days a report looks at, as SQL, and which of them are known whole. */
export class DayScope {
  readonly shops: readonly Shop[];
  readonly windows: readonly Window[];
  readonly everyShop: boolean;
  readonly coverage: ReadonlyMap<number, Coverage>;
  readonly language: Language;
  /** The days that growth would compare and that are not known whole: with any of them nothing is compared. */
  readonly growthLacks: readonly LackingDays[];
  readonly #basis: CommonParameters['basis'];

  constructor(facts: DayFacts, { basis }: Pick<CommonParameters, 'basis'>) {
    this.shops = facts.shops;
    this.everyShop = facts.everyShop;
    this.coverage = facts.coverage;
    this.language = facts.language;
    this.growthLacks = lackingDays(facts, ({ growth }) => growth && { from: growth.earlier.from, to: growth.later.to });
    this.windows = this.growthLacks.length === 0 ? facts.windows : facts.windows.map((window) => ({ ...window, growth: null }));
    this.#basis = basis;
  }

  /** The column of the day an order belongs to. */
  get day(): Sql {
    return raw(this.#basis === 'paid' ? 'paid_day' : 'shop_day');
  }

  /** The column of the instant that decides the day. */
  get instant(): Sql {
    return raw(this.#basis === 'paid' ? 'paid_at' : 'purchased_at');
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
    return some(
      this.windows.flatMap(({ shopIds, today, current, partialDay }) =>
        partialDay && current.to === today ? [every([isOneOf(sql`shop_id`, shopIds), sql`${this.day} > ${today}::date`])] : [],
      ),
    );
  }

  /** The days of the window that are not known whole. */
  get lacks(): readonly LackingDays[] {
    return lackingDays(this, ({ current }) => current);
  }

  /** Whether a month (`YYYY-MM`) is over and all its days are known whole, of all shops or of some. */
  isKnownMonth(month: string, shops = this.shops): boolean {
    const { from, to } = daysOfMonth(month);
    return (
      this.#windowsOf(shops).every(({ today, over }) => to < today || (to === today && over)) &&
      shops.every(({ shopId }) => this.covers(shopId, from) && this.covers(shopId, to))
    );
  }

  /** The same of a month that lies in the window whole. */
  isWholeMonth(month: string, shops = this.shops): boolean {
    const { from, to } = daysOfMonth(month);
    return (
      this.#windowsOf(shops).every(({ current }) => (current.from ?? '') <= from && to <= current.to) && this.isKnownMonth(month, shops)
    );
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
    return this.windows
      .filter(({ shopIds }) => shopIds.length > 0)
      .map(({ today }) => today)
      .toSorted();
  }

  /** Today on the clock of the shop of that number, a column. */
  todayOf(shopId: Sql): Sql {
    const [first, ...others] = this.windows;
    if (others.length === 0) return sql`${first!.today}::date`;
    return sql`CASE ${join(
      others.map(({ shopIds, today }) => sql`WHEN ${isOneOf(shopId, shopIds)} THEN ${today}::date`),
      ' ',
    )} ELSE ${first!.today}::date END`;
  }

  /** Rows of today, where the window holds it. */
  get isToday(): Sql {
    return this.#within(({ today, current }) =>
      current.to === today && (current.from ?? '') <= today ? { from: today, to: today } : null,
    );
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
    return this.#within(({ current, growth }) =>
      growth && current.from ? { from: [current.from, growth.earlier.from].toSorted()[0]!, to: current.to } : current,
    );
  }

  /** The window has no first day. */
  get isWhole(): boolean {
    return this.windows.every(({ current }) => current.from === null);
  }

  /**
   * Rows of a span that ends within the history, without the days that are known in part only: those before the first that is known whole.
   */
  #known(span: (window: Window) => Span | null): Sql {
    return some(
      this.windows.flatMap((window) => {
        const { to } = span(window) ?? { to: null };
        if (to === null) return [];
        const firstOf = (shopId: number): string => {
          const { days, firstDay } = this.coverage.get(shopId) ?? { days: null, firstDay: null };
          // Where nothing is known of the days before, none need be left out.
          return days === null ? NEVER : firstDay === null || days.from <= firstDay ? '' : days.from;
        };
        return [...Map.groupBy(window.shopIds, firstOf)].map(([from, shopIds]) =>
          every([
            ...(this.everyShop && this.windows.length === 1 && shopIds.length === window.shopIds.length
              ? []
              : [isOneOf(sql`shop_id`, shopIds)]),
            sql`${this.day} <= ${to}::date`,
            ...(from === '' ? [] : [sql`${this.day} >= ${from}::date`]),
          ]),
        );
      }),
    );
  }

  #within(span: (window: Window) => Span | null, day = this.day): Sql {
    const alone = this.everyShop && this.windows.length === 1;
    const spans = this.windows.flatMap((window) => {
      const { from, to } = span(window) ?? { from: null, to: null };
      if (to === null) return [];
      return [
        every([
          ...(alone ? [] : [isOneOf(sql`shop_id`, window.shopIds)]),
          sql`${day} <= ${to}::date`,
          ...(from ? [sql`${day} >= ${from}::date`] : []),
        ]),
      ];
    });
    return some(spans);
  }
}
