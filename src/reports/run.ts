import { readShops } from '../engines/shops.ts';
import type { Engine, Reader } from '../engines/engine.ts';
import { raw, sql, type Sql } from '../engines/sql.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { fill, type Language } from '../kernel/messages.ts';
import { percent } from '../model/money.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import { windowsOf, type AsOf, type Window, type WindowWish } from '../model/window.ts';
import { openConversion, type CurrencyDay, type UsedRates } from './conversion.ts';
import { NOTICES, unknownAmount, type NoticeName } from './notices.ts';
import { readParameters, type Parameters } from './read-parameters.ts';
import type { Report, ReportTables } from './report.ts';
import { Scope } from './scope.ts';

/** What reports are computed from. */
export interface ReportRoom {
  readonly engine: Pick<Engine, 'read'>;
  readonly clock: Clock;
  /** What amounts of several currencies are converted to where nobody says; default: EUR. */
  readonly reportingCurrency?: string | undefined;
}

export interface ReportRequest {
  readonly report: Report;
  /** The platforms of the path; all for `Multiplatform`. */
  readonly platforms: readonly PlatformId[];
  /** Parameters as they came, text or JSON. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The window that the path ends in. */
  readonly window?: '7d' | '30d' | 'all' | undefined;
  readonly language: Language;
}

/** An answer as every face shows it. */
export interface ReportAnswer {
  readonly report: { readonly name: string; readonly version: number };
  readonly filters: Readonly<Record<string, unknown>>;
  readonly asOf: string;
  readonly currency: string | null;
  /** Where amounts were converted: the pairs of currencies, each with the days its rates were published on. */
  readonly exchange?: readonly UsedRates[];
  readonly freshness: readonly { readonly platform: string; readonly shop: string; readonly complete_at: string | null }[];
  readonly row_count: number;
  /** How much of the window may still change: orders that are not at their end yet. */
  readonly maturity: { readonly orders: number; readonly open_orders: number; readonly open_share: number | null };
  readonly nulls: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly tables: ReportTables;
}

/**
 * Computes a report on one state of the data.
 * @throws AppError `invalid_parameter`, `no_shop`, `unknown_shop`, `exchange_rate_missing`
 */
export async function runReport(room: ReportRoom, request: ReportRequest): Promise<ReportAnswer> {
  const notes = new Notes(request.language);
  const parameters = readParameters(request, notes.warn);
  return room.engine.read(async (reader) => {
    const stored = await readShops(reader);
    const shops = chooseShops(stored, request.platforms, parameters);
    const asOf: AsOf = asOfOf(parameters, room.clock);
    const wish = wishOf(parameters);
    const windows = windowsOf(shops, wish, asOf);
    const everyShop = shops.length === stored.length;
    const draft = new Scope({ shops, windows, currency: null, sideBySide: false, conversion: null, everyShop }, parameters);
    const [facts, wider] = await Promise.all([readFacts(reader, draft), readWiderDays(reader, draft, request.report)]);
    const scope = await openScope(reader, { facts, wider, draft }, {
      shops, windows, parameters, everyShop, reportingCurrency: room.reportingCurrency ?? 'EUR',
    });
    const compute = (within: Scope): Promise<ReportTables> =>
      request.report.compute({ reader, scope: within, parameters, because: notes.because, warn: notes.warn, say: notes.say });
    const tables = parameters.group === 'platform' ? await byPlatform(scope, shops, parameters, compute) : await compute(scope);
    await explain(reader, scope, parameters, { notes, tables, asOf, facts });
    return {
      report: { name: request.report.name, version: request.report.version },
      filters: shownFilters(parameters, request, scope),
      asOf: 'day' in asOf ? asOf.day : asOf.instant.toString({ smallestUnit: 'millisecond' }),
      currency: scope.currency,
      ...(scope.conversion ? { exchange: scope.conversion.used } : {}),
      freshness: shops.map(({ platform, shop, completeAt }) => ({ platform, shop, complete_at: completeAt })),
      row_count: tables.data.length,
      maturity: maturityOf(facts),
      nulls: Object.fromEntries(Object.entries(notes.nulls).filter(([column]) => holds(tables, column))),
      warnings: notes.warnings,
      tables,
    };
  });
}

/** A request in one text, as it was understood: two with the same text have the same answer on the same data and days. */
export function understoodAs(request: ReportRequest): string {
  const notes = new Notes(request.language);
  const { format: _format, table: _table, ...parameters } = readParameters(request, notes.warn);
  return JSON.stringify([request.report.name, request.report.version, request.platforms, parameters, request.language, notes.warnings]);
}

function chooseShops(all: readonly Shop[], platforms: readonly PlatformId[], { platform, shop }: Parameters): Shop[] {
  const possible = all.filter((each) => platforms.includes(each.platform) && (platform === 'all' || each.platform === platform));
  if (possible.length === 0) throw new AppError('no_shop', { platforms: platform === 'all' ? platforms : [platform] });
  if (!shop) return possible;
  const wanted = shop.split(',').map((name) => name.trim());
  return [...new Set(wanted.flatMap((name) => {
    const found = possible.filter((each) => each.shop.toLowerCase() === name.toLowerCase());
    if (found.length === 0) throw new AppError('unknown_shop', { shop: name, shops: possible.map((each) => each.shop) });
    return found;
  }))];
}

function asOfOf({ asOf }: Parameters, clock: Clock): AsOf {
  if (asOf === undefined) return { instant: clock.now() };
  return asOf.length === 10 ? { day: asOf } : { instant: Temporal.Instant.from(asOf) };
}

function wishOf({ window, from, to }: Parameters): WindowWish {
  return from || to ? { kind: 'span', from: from ?? null, to: to ?? null } : { kind: window };
}

/** What the orders of the window tell, for each currency and for orders with and without a sale. */
interface CurrencyFacts extends Record<string, string | number | boolean | null> {
  readonly currency: string | null;
  readonly sold: boolean;
  readonly orders: number; readonly open_orders: number;
  readonly units: number; readonly unpriced: number; readonly listed: number; readonly priced: number; readonly paid: number;
}

/** Reads the window once, for everything that stands beside the figures: currencies, maturity, what has no price. */
async function readFacts(reader: Reader, draft: Scope): Promise<CurrencyFacts[]> {
  return reader.query<CurrencyFacts>(sql`
    SELECT currency, sold, sum(orders)::bigint AS orders, coalesce(sum(orders) FILTER (WHERE open), 0)::bigint AS open_orders,
      sum(units)::bigint AS units, sum(unpriced_units)::bigint AS unpriced,
      sum(gross_known)::bigint AS listed, sum(net_known)::bigint AS priced, sum(paid_known)::bigint AS paid
    FROM (SELECT *, ${draft.salesOrders} AS sold, ${draft.open} AS open FROM order_days WHERE ${draft.current}) AS marked
    GROUP BY 1, 2 ORDER BY 1, 2`);
}

interface Asked {
  readonly shops: readonly Shop[];
  readonly windows: readonly Window[];
  readonly parameters: Parameters;
  readonly everyShop: boolean;
  readonly reportingCurrency: string;
}

function readCurrencyDays(reader: Reader, draft: Scope, within: Sql): Promise<CurrencyDay[]> {
  return reader.query<{ currency: string; day: string }>(sql`
    SELECT currency, shop_day AS day FROM order_days
    WHERE ${draft.salesOrders} AND ${within} AND currency IS NOT NULL GROUP BY 1, 2 ORDER BY 2, 1`);
}

/** The currencies of each day where amounts beside those of the window are looked at; else null. */
async function readWiderDays(reader: Reader, draft: Scope, reach: Pick<Report, 'comparesMoney' | 'amountsUntilToday'>): Promise<CurrencyDay[] | null> {
  if (reach.amountsUntilToday) return readCurrencyDays(reader, draft, draft.untilToday);
  return reach.comparesMoney && draft.grows ? readCurrencyDays(reader, draft, draft.anyPeriod) : null;
}

/** @throws AppError `exchange_rate_missing` */
async function openScope(
  reader: Reader, { facts, wider, draft }: { facts: readonly CurrencyFacts[]; wider: readonly CurrencyDay[] | null; draft: Scope },
  { shops, windows, parameters, everyShop, reportingCurrency }: Asked,
): Promise<Scope> {
  const native = { shops, windows, sideBySide: false, conversion: null, everyShop };
  const found = wider ? [...new Set(wider.map(({ currency }) => currency))].toSorted()
    : facts.filter(({ currency, sold }) => currency !== null && sold).map(({ currency }) => currency!);
  const wanted = parameters.currency;
  const [only] = found;
  if (found.length <= 1 && (wanted === undefined || wanted === 'native' || !only || wanted === only)) {
    const ofShops = new Set(shops.map(({ currency }) => currency));
    return new Scope({ ...native, currency: only ?? (ofShops.size === 1 ? [...ofShops][0]! : null) }, parameters);
  }
  if (wanted === 'native') return new Scope({ ...native, currency: null, sideBySide: true }, parameters);
  const currency = wanted ?? reportingCurrency;
  const conversion = await openConversion(reader, wider ?? await readCurrencyDays(reader, draft, draft.current), currency);
  return new Scope({ ...native, currency, conversion }, parameters);
}

/** The same report once for each platform, its rows marked: what the older merged file held. */
async function byPlatform(scope: Scope, shops: readonly Shop[], parameters: Parameters, compute: (scope: Scope) => Promise<ReportTables>): Promise<ReportTables> {
  const parts: [PlatformId, ReportTables][] = [];
  for (const platform of scope.platforms) {
    const own = new Set(shops.filter((shop) => shop.platform === platform).map(({ shopId }) => shopId));
    const within = new Scope({
      shops: shops.filter(({ shopId }) => own.has(shopId)),
      windows: scope.windows.map((window) => ({ ...window, shopIds: window.shopIds.filter((id) => own.has(id)) })),
      currency: scope.currency, sideBySide: scope.sideBySide, conversion: scope.conversion, everyShop: false,
    }, parameters);
    parts.push([platform, await compute(within)]);
  }
  const tables = Object.keys(parts[0]![1]);
  return Object.fromEntries(tables.map((table) =>
    [table, parts.flatMap(([platform, part]) => (part[table] ?? []).map((row) => ({ platform, ...row })))])) as unknown as ReportTables;
}

function maturityOf(facts: readonly CurrencyFacts[]): ReportAnswer['maturity'] {
  const count = (of: 'orders' | 'open_orders'): number => facts.reduce((sum, each) => sum + each[of], 0);
  const [orders, open_orders] = [count('orders'), count('open_orders')];
  return { orders, open_orders, open_share: percent(BigInt(open_orders), BigInt(orders)) };
}

/** Over the orders with a sale. */
function total(facts: readonly CurrencyFacts[], of: 'units' | 'unpriced' | 'listed' | 'priced' | 'paid'): number {
  return facts.reduce((sum, each) => sum + (each.sold ? each[of] : 0), 0);
}

interface Explained {
  readonly notes: Notes;
  readonly tables: ReportTables;
  readonly asOf: AsOf;
  readonly facts: readonly CurrencyFacts[];
}

/** Says what the figures cannot say: why a column is null, and what is missing from a sum. */
async function explain(reader: Reader, scope: Scope, parameters: Parameters, { notes, tables, asOf, facts }: Explained): Promise<void> {
  const [units, unpriced, gross, priced] = [total(facts, 'units'), total(facts, 'unpriced'), total(facts, 'listed') > 0, total(facts, 'priced') > 0];
  if (holds(tables, 'growth_rate')) notes.because('growth_rate', scope.grows ? 'growth_nothing_before' : 'growth_all');
  const money = ['revenue', 'sales_amount', 'total_amount', 'avg_price', 'aov', 'paid_amount'].filter((column) => holds(tables, column));
  for (const column of money) {
    const measure = column === 'paid_amount' ? 'paid' : parameters.measure;
    if (scope.sideBySide) notes.because(column, 'native_currencies');
    else if (!priced) notes.because(column, 'no_price');
    else if (measure === 'gross' && !gross) notes.because(column, 'one_amount');
    else notes.because(column, unknownAmount(measure));
  }
  if (parameters.measure === 'net' && unpriced > 0) notes.warn('unpriced', { units: unpriced });
  // By line: an order's sum is known as soon as one of its lines has the amount. Where no order has it, no line has.
  const partly = async (column: string, amount: 'gross_sales' | 'paid_amount', known: number): Promise<void> => {
    if (known === 0) return;
    const [without] = await reader.query<{ units: number }>(sql`
      SELECT coalesce(sum(quantity), 0)::bigint AS units FROM lines WHERE ${scope.sales} AND ${scope.current} AND ${raw(amount)} IS NULL`);
    if (without!.units > 0 && without!.units < units) notes.warn('amount_partly', { column, units: without!.units, all: units });
  };
  if (parameters.measure === 'gross') await partly('gross', 'gross_sales', total(facts, 'listed'));
  else if (parameters.measure === 'paid') await partly('paid', 'paid_amount', total(facts, 'paid'));
  else if (tables.data.some((row) => 'paid_amount' in row)) await partly('paid_amount', 'paid_amount', total(facts, 'paid'));
  if (parameters.basis === 'paid') {
    const [left] = await reader.query<{ orders: number }>(sql`
      SELECT coalesce(sum(orders), 0)::bigint AS orders FROM order_days WHERE ${scope.salesOrders} AND paid_day IS NULL AND ${scope.ofShops}`);
    if (left!.orders > 0) notes.warn('unpaid_left_out', { orders: left!.orders });
  }
  if (parameters.asOf !== undefined) notes.warn('past_as_of', { day: 'day' in asOf ? asOf.day : asOf.instant.toString() });
  if (units === 0) {
    const [newest] = await reader.query<{ day: string | null }>(sql`SELECT max(${scope.day})::varchar AS day FROM order_days WHERE ${scope.ofShops}`);
    if (newest!.day !== null && scope.windows.every(({ current }) => newest!.day! < (current.from ?? ''))) notes.warn('nothing_in_window', { day: newest!.day });
  }
}

function holds(tables: ReportTables, column: string): boolean {
  return Object.values(tables).some((rows) => rows.some((row) => (row as Record<string, unknown>)[column] === null));
}

function shownFilters(parameters: Parameters, { platforms }: ReportRequest, scope: Scope): Record<string, unknown> {
  const [window] = scope.windows;
  const { from: _from, to: _to, asOf: _asOf, format: _format, table: _table, platform: _platform, ...rest } = parameters;
  return {
    platforms: scope.platforms.length > 0 ? scope.platforms : platforms,
    ...rest,
    ...(parameters.from || parameters.to ? { window: null } : {}),
    shop: parameters.shop ? scope.shops.map(({ shop }) => shop) : null,
    currency: scope.sideBySide ? 'native' : scope.currency,
    from: window?.current.from ?? null,
    to: window?.current.to ?? null,
    partial_day: scope.windows.some(({ partialDay }) => partialDay),
  };
}

/** Collects what an answer says beside its figures, in one language, each thing once. */
class Notes {
  readonly nulls: Record<string, string> = {};
  readonly #warnings = new Map<string, string>();
  readonly #language: Language;

  constructor(language: Language) {
    this.#language = language;
  }

  get warnings(): string[] {
    return [...this.#warnings.values()];
  }

  readonly say = (notice: NoticeName, values = {}): string => fill(NOTICES[notice], this.#language, values);

  readonly because = (column: string, notice: NoticeName, values = {}): void => {
    this.nulls[column] ??= this.say(notice, values);
  };

  readonly warn = (notice: NoticeName, values = {}): void => {
    this.#warnings.set(notice, this.say(notice, values));
  };
}
