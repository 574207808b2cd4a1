import type { Reader } from '../engines/engine.ts';
import { every, join, raw, sql, type Sql } from '../engines/sql.ts';
import { addSums, sumTimes } from '../model/money.ts';
import type { Shop } from '../model/shop.ts';
import type { Scope } from './scope.ts';

/** Net sales without tax, and whether prices have it in them; null where it cannot be known. */
export interface ExTax {
  /** Null where some prices have tax in them and others do not. */
  readonly taxIncluded: boolean | null;
  /** Exact; null where the tax of a sold line is neither told nor set. */
  readonly netSales: string | null;
}

interface VatRate extends Record<string, string | number | null> {
  readonly shop_id: number;
  /** Where goods go; null: anywhere. */
  readonly country: string | null;
  /** The first day it holds for; null: always. */
  readonly from_day: string | null;
  readonly rate: string;
}

/** More digits than any sum has, so that the face rounds and nothing before it. */
const DIGITS = 16;

/** Net sales of the window without tax: by the platform's own tax where a line tells it, else by the shop's VAT setting. */
export async function readExTax(reader: Reader, scope: Scope): Promise<ExTax> {
  const rates = await readVatRates(reader, scope);
  const net = scope.in('net_sales');
  const parts = await reader.query<{
    shop_id: number;
    rate: string | null;
    told: boolean;
    net: string | null;
    tax: string | null;
    unpriced: number;
  }>(sql`
    SELECT l.shop_id, ${rateOf(rates)} AS rate, l.tax_amount IS NOT NULL AS told, sum(l.${net}) AS net,
    sum(l.${scope.in('tax_amount')}) AS tax,
      count(*) FILTER (WHERE l.net_sales IS NULL) AS unpriced
    FROM (SELECT * FROM ${scope.lines} WHERE ${scope.sales} AND ${scope.current}) AS l
    ${rates.some(({ country }) => country !== null) ? sql`JOIN places p ON p.place_id = l.place_id` : sql``}
    GROUP BY 1, 2, 3`);
  const included = new Set(parts.map(({ shop_id }) => includesTax(scope.shops.find(({ shopId }) => shopId === shop_id)!)));
  const sums: string[] = [];
  for (const { shop_id, rate, told, net: sum, tax } of parts) {
    if (sum === null) continue;
    const shop = scope.shops.find(({ shopId }) => shopId === shop_id)!;
    if (!includesTax(shop)) sums.push(sum);
    else if (told) sums.push(addSums([sum, negative(tax!)])!);
    else if (rate === null) return { taxIncluded: included.size === 1 ? [...included][0]! : null, netSales: null };
    else sums.push(sumTimes(sum, 10_000n, 10_000n + hundredths(rate), DIGITS));
  }
  return { taxIncluded: included.size === 1 ? [...included][0]! : null, netSales: addSums(sums) };
}

/** In the US tax comes on top of the price, everywhere else it is in it. A shop known from files tells its market by its currency. */
function includesTax({ region, currency }: Shop): boolean {
  return region === null ? currency !== 'USD' : region !== 'US';
}

/** The settings of the shops, what says more before what says less. */
async function readVatRates(reader: Reader, scope: Scope): Promise<VatRate[]> {
  const rows = await reader.query<VatRate>(sql`SELECT shop_id, country, from_day, rate FROM vat_rates WHERE ${scope.ofShops}`);
  const simple = scope.shops.flatMap(({ shopId, vatRate }) =>
    vatRate === null ? [] : [{ shop_id: shopId, country: null, from_day: null, rate: vatRate }],
  );
  return [...rows, ...simple].toSorted(
    (a, b) =>
      Number(a.country === null) - Number(b.country === null) ||
      ((a.from_day ?? '') < (b.from_day ?? '') ? 1 : (a.from_day ?? '') > (b.from_day ?? '') ? -1 : 0),
  );
}

function rateOf(rates: readonly VatRate[]): Sql {
  if (rates.length === 0) return raw('NULL::varchar');
  const cases = rates.map(
    ({ shop_id, country, from_day, rate }) =>
      sql`WHEN ${every([
        sql`l.shop_id = ${shop_id}`,
        ...(country === null ? [] : [sql`p.country = ${country}`]),
        ...(from_day === null ? [] : [sql`l.shop_day >= ${from_day}::date`]),
      ])} THEN ${rate}`,
  );
  return sql`CASE ${join(cases, ' ')} END`;
}

function negative(sum: string): string {
  return sum.startsWith('-') ? sum.slice(1) : `-${sum}`;
}

function hundredths(rate: string): bigint {
  return BigInt(Math.round(Number(rate) * 100));
}
