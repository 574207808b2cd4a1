import { readCoverage } from '../records/shops/coverage.ts';
import { readShops } from '../records/shops/shops.ts';
import type { Engine } from '../engines/engine.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Language } from '../kernel/messages.ts';
import { shopsNamed, type PlatformId, type Shop, unknownShop } from '../model/shop.ts';
import { windowsOf, type AsOf, type WindowWish } from '../model/window.ts';
import type { UsedRates } from './conversion.ts';
import { explain, holds, whyNoGrowth } from './explain.ts';
import { openMoney, readWiderDays } from './money-scope.ts';
import { Notes } from './notes.ts';
import { readParameters, type Parameters } from './read-parameters.ts';
import { tellsReturns, type Report, type ReportTables } from './report.ts';
import { readRipening } from './ripening.ts';
import { Scope, type ScopeFacts } from './scope.ts';
import { maturityOf, readFacts, type Maturity } from './window-facts.ts';

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

/** When the data of a shop were last complete, and the days that are known whole. */
export interface ShopFreshness {
  readonly platform: string;
  readonly shop: string;
  readonly complete_at: string | null;
  readonly covers_from: string | null;
  readonly covers_to: string | null;
}

/** An answer as every face shows it. */
export interface ReportAnswer {
  readonly report: { readonly name: string; readonly version: number };
  readonly filters: Readonly<Record<string, unknown>>;
  readonly asOf: string;
  readonly currency: string | null;
  /** Where amounts were converted: the pairs of currencies, each with the days its rates were published on. */
  readonly exchange?: readonly UsedRates[];
  readonly freshness: readonly ShopFreshness[];
  readonly row_count: number;
  readonly maturity: Maturity;
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
    const now = room.clock.now();
    const asOf: AsOf = asOfOf(parameters, now);
    const windows = windowsOf(shops, { wish: wishOf(parameters), asOf, now });
    const coverage = await readCoverage(reader, shops, now);
    const known = { shops, windows, coverage, everyShop: shops.length === stored.length, language: request.language };
    const draft = new Scope({ ...known, currency: null, sideBySide: false, conversion: null, missingRate: null }, parameters);
    const [facts, wider] = await Promise.all([
      readFacts(reader, draft),
      readWiderDays(reader, draft, { report: request.report, parameters }),
    ]);
    const money = await openMoney(reader, draft, {
      facts,
      wider,
      wanted: parameters.currency,
      reportingCurrency: room.reportingCurrency ?? 'EUR',
    });
    if (money.missingRate) notes.apart('rate_missing', { ...money.missingRate });
    const scope = new Scope({ ...known, ...money }, parameters);
    const ripening = tellsReturns(request.report) && (parameters.basis as string) !== 'event' ? await readRipening(reader, scope) : null;
    const compute = async (within: Scope): Promise<ReportTables> => {
      const part = await request.report.compute({
        reader,
        scope: within,
        parameters,
        ripening,
        because: notes.because,
        warn: notes.warn,
        say: notes.say,
      });
      if (holds(part, 'growth_rate')) notes.because('growth_rate', ...whyNoGrowth(within));
      return part;
    };
    const tables =
      parameters.group === 'platform' ? await byPlatform(scope, { ...known, ...money }, { parameters, compute }) : await compute(scope);
    await explain(reader, scope, parameters, { notes, tables, asOf, facts, ripening });
    return {
      report: { name: request.report.name, version: request.report.version },
      filters: shownFilters(parameters, request, scope),
      asOf: 'day' in asOf ? asOf.day : asOf.instant.toString({ smallestUnit: 'millisecond' }),
      currency: scope.currency,
      ...(scope.conversion ? { exchange: scope.conversion.used } : {}),
      freshness: shops.map((shop) => freshnessOf(shop, coverage)),
      row_count: tables.data.length,
      maturity: maturityOf(facts, ripening?.share ?? null),
      nulls: Object.fromEntries(Object.entries(notes.nulls).filter(([column]) => holds(tables, column))),
      warnings: notes.warnings,
      tables,
    };
  });
}

/** A request in one text, as it was understood: two with the same text have the same answer on the same data and days. */
export function understoodAs(request: ReportRequest): string {
  const notes = new Notes(request.language);
  const { format: _format, table: _table, keys: _keys, titles: _titles, ...parameters } = readParameters(request, notes.warn);
  return JSON.stringify([request.report.name, request.report.version, request.platforms, parameters, request.language, notes.warnings]);
}

function chooseShops(all: readonly Shop[], platforms: readonly PlatformId[], { platform, shop }: Parameters): Shop[] {
  const possible = all.filter((each) => platforms.includes(each.platform) && (platform === 'all' || each.platform === platform));
  if (possible.length === 0) throw new AppError('no_shop', { platforms: platform === 'all' ? platforms : [platform] });
  if (!shop) return possible;
  return [
    ...new Set(
      shop.split(',').flatMap((name) => {
        const found = shopsNamed(possible, name);
        if (found.length === 0) throw unknownShop(name, possible);
        return found;
      }),
    ),
  ];
}

function asOfOf({ asOf }: Parameters, now: Temporal.Instant): AsOf {
  if (asOf === undefined) return { instant: now };
  return asOf.length === 10 ? { day: asOf } : { instant: Temporal.Instant.from(asOf) };
}

function wishOf({ window, from, to }: Parameters): WindowWish {
  return from || to ? { kind: 'span', from: from ?? null, to: to ?? null } : { kind: window };
}

/** The same report once for each platform, its rows marked: what the older merged file held. */
async function byPlatform(
  { platforms }: Scope,
  facts: ScopeFacts,
  { parameters, compute }: { parameters: Parameters; compute: (scope: Scope) => Promise<ReportTables> },
): Promise<ReportTables> {
  const parts: [PlatformId, ReportTables][] = [];
  for (const platform of platforms) {
    const shops = facts.shops.filter((shop) => shop.platform === platform);
    const own = new Set(shops.map(({ shopId }) => shopId));
    const windows = facts.windows
      .map((window) => ({ ...window, shopIds: window.shopIds.filter((id) => own.has(id)) }))
      .filter(({ shopIds }) => shopIds.length > 0);
    parts.push([platform, await compute(new Scope({ ...facts, shops, windows, everyShop: false }, parameters))]);
  }
  const tables = Object.keys(parts[0]![1]);
  return Object.fromEntries(
    tables.map((table) => [table, parts.flatMap(([platform, part]) => (part[table] ?? []).map((row) => ({ platform, ...row })))]),
  ) as unknown as ReportTables;
}

function freshnessOf({ shopId, platform, shop, completeAt }: Shop, coverage: ScopeFacts['coverage']): ShopFreshness {
  const days = coverage.get(shopId)?.days ?? null;
  return { platform, shop, complete_at: completeAt, covers_from: days?.from ?? null, covers_to: days?.to ?? null };
}

function shownFilters(parameters: Parameters, { platforms }: ReportRequest, scope: Scope): Record<string, unknown> {
  const [window] = scope.windows;
  const {
    from: _from,
    to: _to,
    asOf: _asOf,
    format: _format,
    table: _table,
    keys: _keys,
    titles: _titles,
    platform: _platform,
    ...rest
  } = parameters;
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
