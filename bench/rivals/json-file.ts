/**
 * The older system's way on the same rows: a JSON array in a file, read and parsed at each question, then a loop. Its loops know six of the
 * reports.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CoreRow } from '../core-rows.ts';
import type { ReportQuestion } from '../report-question.ts';
import { firstDay } from '../question.ts';

interface PlainOrder {
  readonly platform: string;
  readonly day: string;
  readonly sold: boolean;
  readonly buyer: number | null;
  readonly region: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly net: number }[];
}

let home = '';

export function open(folder: string): void {
  home = folder;
}

export function close(): void {
  home = '';
}

export function diskBytes(): number {
  return pieces().reduce((sum, path) => sum + statSync(path).size, 0);
}

function pieces(): string[] {
  return readdirSync(home)
    .filter((name) => /^orders-\d+\.json$/.test(name))
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .map((name) => join(home, name));
}

const LOOPS: Readonly<Record<string, (sold: Generator<PlainOrder>, limit: number) => CoreRow[]>> = {
  SalesRank: (sold, limit) => ranked(bySku(sold)).slice(0, limit),
  AreaDemand: (sold, limit) => {
    const areas = new Map<string, { units: number; cents: number; orders: number }>();
    for (const order of sold) {
      const area = areas.getOrInsertComputed(order.region, () => ({ units: 0, cents: 0, orders: 0 }));
      area.orders += 1;
      for (const { quantity, net } of order.lines) {
        area.units += quantity;
        area.cents += cents(net);
      }
    }
    return [...areas]
      .filter(([name]) => name !== 'unknown')
      .sort(([, a], [, b]) => b.units - a.units || b.cents - a.cents)
      .slice(0, limit)
      .map(([name, { units, cents: amount, orders }]) => [name, units, amount, orders]);
  },
  MonthlySalesAnalysis: (sold, limit) => {
    const months = new Map<string, Map<string, Tally>>();
    for (const order of sold)
      for (const line of order.lines)
        add(
          months.getOrInsertComputed(order.day.slice(0, 7), () => new Map()),
          line,
        );
    return [...months.keys()]
      .sort()
      .flatMap((month) => ranked(months.get(month)!).map((row): CoreRow => [month, ...row]))
      .slice(0, limit);
  },
  RepurchaseRate: (sold) => {
    const days = new Map<number, Set<string>>();
    for (const { buyer, day } of sold) if (buyer !== null) days.getOrInsertComputed(buyer, () => new Set()).add(day);
    return [[days.size, [...days.values()].filter(({ size }) => size > 1).length]];
  },
  BuyerAnalysis: (sold, limit) => {
    const buyers = new Map<number, { orders: number; cents: number }>();
    for (const { buyer, lines } of sold) {
      if (buyer === null) continue;
      const each = buyers.getOrInsertComputed(buyer, () => ({ orders: 0, cents: 0 }));
      each.orders += 1;
      for (const { net } of lines) each.cents += cents(net);
    }
    return [...buyers.values()]
      .sort((a, b) => b.cents - a.cents || b.orders - a.orders)
      .slice(0, limit)
      .map((each) => [each.orders, each.cents]);
  },
  PlatformComparison: (sold) => {
    const platforms = new Map<string, { orders: number; units: number; cents: number }>();
    for (const { platform, lines } of sold) {
      const each = platforms.getOrInsertComputed(platform, () => ({ orders: 0, units: 0, cents: 0 }));
      each.orders += 1;
      for (const { quantity, net } of lines) {
        each.units += quantity;
        each.cents += cents(net);
      }
    }
    return [...platforms]
      .sort(([, a], [, b]) => b.cents - a.cents)
      .map(([name, { orders, units, cents: amount }]) => [name, orders, units, amount]);
  },
};

/**
 * The older loop's rows.
 * @throws Error where it had no such report
 */
export function answer({ report, window, limit }: ReportQuestion): CoreRow[] {
  const loop = LOOPS[report];
  if (!loop) throw new Error('the older system had no such loop');
  return loop(soldIn(firstDay(window)), limit);
}

function* soldIn(from: string): Generator<PlainOrder> {
  for (const path of pieces()) {
    for (const order of JSON.parse(readFileSync(path, 'utf8')) as PlainOrder[]) if (order.sold && order.day >= from) yield order;
  }
}

type Tally = { units: number; cents: number };

function add(tallies: Map<string, Tally>, { sku, quantity, net }: PlainOrder['lines'][number]): void {
  const tally = tallies.getOrInsertComputed(sku, () => ({ units: 0, cents: 0 }));
  tally.units += quantity;
  tally.cents += cents(net);
}

function bySku(sold: Generator<PlainOrder>): Map<string, Tally> {
  const skus = new Map<string, Tally>();
  for (const { lines } of sold) for (const line of lines) add(skus, line);
  return skus;
}

function ranked(tallies: ReadonlyMap<string, Tally>): CoreRow[] {
  return [...tallies]
    .sort(([a, x], [b, y]) => y.units - x.units || y.cents - x.cents || (a < b ? -1 : 1))
    .map(([sku, { units, cents: amount }]) => [sku, units, amount]);
}

function cents(amount: number): number {
  return Math.round(amount * 100);
}
