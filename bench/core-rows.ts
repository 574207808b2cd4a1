import type { ReportTables } from '../src/reports/report.ts';

/** A key and its figures, amounts in cents: what the older system's loops give of a report. */
export type CoreRow = readonly (string | number | null)[];

type Row = Readonly<Record<string, string | number | null>>;

/** Our answer as the older loops give it; reports that it did not have give nothing. */
export function coreOf(report: string, tables: ReportTables): CoreRow[] {
  const rows = (name: string): readonly Row[] => (tables[name] ?? []) as readonly Row[];
  const cents = (amount: string | number | null | undefined): number | null =>
    amount === null || amount === undefined ? null : Math.round(Number(amount) * 100);
  switch (report) {
    case 'SalesRank':
      return rows('data').map(({ sku, sales, revenue }) => [sku!, sales!, cents(revenue)]);
    case 'AreaDemand':
      return rows('data')
        .filter(({ area }) => area !== 'unknown')
        .map(({ area, sales, sales_amount, orders }) => [area!, sales!, cents(sales_amount), orders!]);
    case 'MonthlySalesAnalysis':
      return rows('data').map(({ month, sku, sales, total_amount }) => [month!, sku!, sales!, cents(total_amount)]);
    case 'RepurchaseRate':
      return rows('summary').map(({ total_buyers, repurchase_users }) => [total_buyers!, repurchase_users!]);
    case 'BuyerAnalysis':
      return rows('data').map(({ order_count, total_amount }) => [order_count!, cents(total_amount)]);
    case 'PlatformComparison':
      return rows('data').map(({ platform, orders, units, revenue }) => [platform!, orders!, units!, cents(revenue)]);
    default:
      return [];
  }
}
