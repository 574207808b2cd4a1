import { z } from 'zod';
import { described } from '../kernel/described.ts';
import { isOneOf, join, sql } from '../engines/sql.ts';
import { percent } from '../model/money.ts';
import { PLATFORM_IDS, type PlatformId } from '../model/shop.ts';
import { tellOfBuyers } from './buyer-scope.ts';
import { repeatBuyers, type Repetition } from './repeat-buyers.ts';
import { column, inOrder, report, type ReportContext } from './report.ts';
import { readSkuNames } from './sku-scope.ts';

const DAYS = ['30', '60', '90', '180', '360'] as const;

const parameters = z.strictObject({
  variant: described(z.enum(['window', 'returning', 'cohort']).default('window'), {
    en:
      '`window`: buyers with orders on two or more shop days of the period. ' +
      '`returning`: buyers of the period with an order before it or two or more in it. ' +
      '`cohort`: buyers whose first order is in the period, with a second one within so many days (`within`); only those whose days ' +
      'are over.',
    zh:
      '`window`：该时段内在两天或以上下过单的买家。`returning`：该时段的买家中，之前下过单或该时段内下过两单以上的。' +
      '`cohort`：首单在该时段、并在若干天内（`within`）再次下单的买家；只含天数已满的。',
    es:
      '`window`: compradores con pedidos en dos o más días del periodo. ' +
      '`returning`: compradores del periodo con un pedido anterior, o con dos o más en él. ' +
      '`cohort`: compradores cuyo primer pedido es del periodo, con otro en un plazo de días (`within`); solo aquellos cuyo plazo ' +
      'ha pasado.',
  }),
  within: described(z.enum(DAYS).default('90'), {
    en: 'Days from the first order to the second, with `variant=cohort`; `summary` tells all of them.',
    zh: '首单到第二单的天数，配合 `variant=cohort`；`summary` 列出全部天数。',
    es: 'Días del primer pedido al segundo, con `variant=cohort`; `summary` los muestra todos.',
  }),
  distinct: described(z.enum(['days', 'orders']).default('days'), {
    en: '`days`: orders of one shop day are one. `orders`: every order counts.',
    zh: '`days`：同一天的订单算一次。`orders`：每个订单都算。',
    es: '`days`: los pedidos de un mismo día cuentan como uno. `orders`: cuenta cada pedido.',
  }),
});

const figures = {
  total_buyers: column(z.int().nullable(), 'count', 'Different buyers.'),
  repurchase_users: column(z.int().nullable(), 'count', 'Those of them who bought again.'),
  repurchase_rate: column(z.number().nullable(), 'percent', 'repurchase_users ÷ total_buyers.'),
};

const BUCKETS = ['>30%', '10-30%', '<10%'] as const;

interface AreaRow {
  platform: PlatformId;
  country: string | null;
  region_code: string | null;
  region: string | null;
  buyers: number;
  again: number;
}
interface SkuRow {
  sku_id: number;
  buyers: number;
  again: number;
}
type Context = ReportContext<z.output<typeof parameters>>;

/** Which SKUs are bought again, and by how many of their buyers. */
export const repurchaseRate = report({
  name: 'RepurchaseRate',
  version: 1,
  title: { en: 'Repurchase rate', zh: '复购率', es: 'Tasa de recompra' },
  question: { en: 'Which SKUs are bought again?', zh: '哪些 SKU 被重复购买？', es: '¿Qué SKU se vuelven a comprar?' },
  parameters,
  rows: 10,
  tables: {
    data: {
      title: { en: 'SKUs with a repeat buyer', zh: '有复购的 SKU', es: 'SKU con recompra' },
      row: z.strictObject({
        sku: column(z.string(), 'text', "The seller's SKU, else the platform's."),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name, in the language of the answer where a market tells one.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        ...figures,
        area: column(
          z.string().nullable(),
          'text',
          'The region where most of its repeat buyers had their last order sent; null where none is known.',
        ),
        platform_skus: column(z.array(z.string()), 'list', "The platforms' own ids of it."),
      }),
    },
    summary: {
      title: { en: 'All buyers', zh: '全部买家', es: 'Todos los compradores' },
      row: z.strictObject({
        within: column(z.int().nullable(), 'count', 'Days from the first order to the second, with `variant=cohort`.'),
        ...figures,
      }),
    },
    by_platform: {
      title: { en: 'Platforms', zh: '平台', es: 'Plataformas' },
      row: z.strictObject({
        platform: column(z.enum(PLATFORM_IDS), 'text', 'Platform; its buyers are joined with those of no other.'),
        ...figures,
      }),
    },
    by_area: {
      title: { en: 'Where buyers live', zh: '买家所在地区', es: 'Dónde viven los compradores' },
      row: z.strictObject({
        area: column(z.string(), 'text', "Region of the buyer's last order; `unknown` where the address does not tell it."),
        area_code: column(z.string().nullable(), 'text', 'ISO 3166-2 code.'),
        country: column(z.string().nullable(), 'text', 'ISO 3166-1 code.'),
        ...figures,
      }),
    },
    buckets: {
      title: { en: 'SKUs by rate', zh: '按复购率分组', es: 'SKU por tasa' },
      row: z.strictObject({
        bucket: column(z.enum(BUCKETS), 'text', 'Repurchase rate of the SKU.'),
        skus: column(z.int(), 'count', 'How many SKUs have it.'),
        total_buyers: column(z.int(), 'count', "Buyers of these SKUs, each SKU's by themselves."),
        repurchase_users: column(z.int(), 'count', 'Those of them who bought the SKU again.'),
      }),
    },
  },
  async compute(context) {
    const { reader, scope, because } = context;
    const [{ telling, silent }, areas, skus] = await Promise.all([
      tellOfBuyers(context, ['total_buyers', 'repurchase_users', 'repurchase_rate']),
      readAreas(context),
      readSkus(context),
    ]);
    because('repurchase_rate', 'no_buyers_here');
    const shown = skus.filter(({ again }) => again > 0).slice(0, context.parameters.limit);
    const [names, homes] = await Promise.all([
      readSkuNames(
        reader,
        scope,
        shown.map(({ sku_id }) => sku_id),
      ),
      readHomes(context, shown),
    ]);
    const byPlatform = Map.groupBy(areas, ({ platform }) => platform);
    return {
      data: shown.map((row) => {
        const { sku, sku_name, image, platform_skus } = names.get(row.sku_id)!;
        return { sku, sku_name, image, ...counted([row]), area: homes.get(row.sku_id) ?? null, platform_skus };
      }),
      summary: await summaryOf(context, areas, telling.size > 0 || silent.length === 0),
      by_platform: [
        ...[...telling].map((platform) => ({ platform, ...counted(byPlatform.get(platform) ?? []) })),
        ...silent.map((platform) => ({ platform, total_buyers: null, repurchase_users: null, repurchase_rate: null })),
      ].toSorted((a, b) => (b.total_buyers ?? -1) - (a.total_buyers ?? -1) || inOrder(a.platform, b.platform)),
      by_area: [...Map.groupBy(areas, (row) => `${row.country}|${row.region_code}|${row.region}`).values()]
        .map((rows) => ({
          area: rows[0]!.region ?? 'unknown',
          area_code: rows[0]!.region_code,
          country: rows[0]!.country,
          ...counted(rows),
        }))
        .toSorted(
          (a, b) => b.repurchase_users - a.repurchase_users || b.total_buyers - a.total_buyers || (areaKey(a) < areaKey(b) ? -1 : 1),
        ),
      buckets: BUCKETS.map((bucket) => {
        const own = skus.filter((row) => bucketOf(row) === bucket);
        const { total_buyers, repurchase_users } = counted(own);
        return { bucket, skus: own.length, total_buyers, repurchase_users };
      }),
    };
  },
});

function repetition({ parameters: { variant, distinct, within } }: Context, days = Number(within)): Repetition {
  return { variant, distinct, within: days };
}

function counted(rows: readonly { readonly buyers: number; readonly again: number }[]) {
  const sum = (of: 'buyers' | 'again'): number => rows.reduce((all, row) => all + row[of], 0);
  return {
    total_buyers: sum('buyers'),
    repurchase_users: sum('again'),
    repurchase_rate: percent(BigInt(sum('again')), BigInt(sum('buyers'))),
  };
}

function areaKey({ area, country, area_code }: { area: string; country: string | null; area_code: string | null }): string {
  return `${area}|${country ?? ''}|${area_code ?? ''}`;
}

function bucketOf({ buyers, again }: SkuRow): (typeof BUCKETS)[number] {
  if (again * 10 > buyers * 3) return '>30%';
  return again * 10 >= buyers ? '10-30%' : '<10%';
}

/** Buyers by platform and the region of their last order. */
function readAreas(context: Context): Promise<AreaRow[]> {
  const { reader, scope } = context;
  return reader.query<AreaRow & Record<string, never>>(sql`
    SELECT h.platform, p.country, p.region_code, p.region, count(*) AS buyers, count(*) FILTER (WHERE b.again) AS again
    FROM (${repeatBuyers(scope, repetition(context), { bySku: false })}) AS b
    JOIN places p ON p.place_id = b.place_id
    JOIN shops h ON h.shop_id = b.shop_id
    WHERE b.complete GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`);
}

/** SKUs by the share of their buyers that came again. */
function readSkus(context: Context): Promise<(SkuRow & Record<string, never>)[]> {
  const { reader, scope } = context;
  return reader.query<SkuRow & Record<string, never>>(sql`
    SELECT c.sku_id, c.buyers, c.again FROM (
      SELECT sku_id, count(*) AS buyers, count(*) FILTER (WHERE again) AS again
      FROM (${repeatBuyers(scope, repetition(context), { bySku: true })}) AS b WHERE complete GROUP BY sku_id) c
    JOIN skus k ON k.sku_id = c.sku_id
    ORDER BY c.again::double precision / c.buyers DESC, c.again DESC, k.sku`);
}

/** Where most of the repeat buyers of each SKU live. */
async function readHomes(context: Context, skus: readonly SkuRow[]): Promise<Map<number, string>> {
  const { reader, scope } = context;
  const asked = isOneOf(
    sql`sku_id`,
    skus.map(({ sku_id }) => sku_id),
  );
  const rows = await reader.query<{ sku_id: number; region: string }>(sql`
    SELECT b.sku_id, p.region
    FROM (${repeatBuyers(scope, repetition(context), { bySku: true, among: asked })}) AS b JOIN places p ON p.place_id = b.place_id
    WHERE b.complete AND b.again AND p.region IS NOT NULL
    GROUP BY b.sku_id, p.region ORDER BY b.sku_id, count(*) DESC, p.region`);
  const homes = new Map<number, string>();
  for (const { sku_id, region } of rows) if (!homes.has(sku_id)) homes.set(sku_id, region);
  return homes;
}

/** All buyers together; a cohort is told for every length of time. */
async function summaryOf(context: Context, areas: readonly AreaRow[], known: boolean) {
  const {
    reader,
    scope,
    parameters: { variant },
  } = context;
  if (!known) return [{ within: null, total_buyers: null, repurchase_users: null, repurchase_rate: null }];
  if (variant !== 'cohort') return [{ within: null, ...counted(areas) }];
  const [longest] = DAYS.map(Number).toReversed();
  const rows = await reader.query<{ within: number; buyers: number; again: number }>(sql`
    SELECT d.within, count(*) FILTER (WHERE b.first + d.within < ${scope.today}::date) AS buyers,
      count(*) FILTER (WHERE b.first + d.within < ${scope.today}::date AND b.gap <= d.within) AS again
    FROM (${repeatBuyers(scope, repetition(context, longest), { bySku: false })}) AS b
    CROSS JOIN (VALUES ${join(DAYS.map((days) => sql`(${Number(days)}::integer)`))}) AS d(within)
    GROUP BY d.within ORDER BY d.within`);
  return DAYS.map((days) => ({ within: Number(days), ...counted(rows.filter((row) => row.within === Number(days))) }));
}
