import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSold, ordersOf, type PlainOrder } from './file-rows.ts';
import { firstDay, inRank, type AnswerRow, type Question } from './question.ts';
import type { WorldFile } from './world.ts';

/** A file holds at most so many orders: one text cannot be longer than 512 MB. */
const ORDERS_PER_FILE = 250_000;

/** The older system's import: rows into objects, put together by order, written as one JSON array (in pieces where it is too long). */
export async function bring(files: readonly WorldFile[], folder: string): Promise<{ bytes: number; pieces: number }> {
  const orders: PlainOrder[] = [];
  const byId = new Map<string, PlainOrder>();
  for (const file of files) {
    for await (const order of ordersOf(file)) {
      const key = `${order.shop} ${order.orderId}`;
      const known = byId.get(key);
      if (known) known.lines.push(...order.lines);
      else {
        byId.set(key, order);
        orders.push(order);
      }
    }
  }
  for (let start = 0; start < orders.length; start += ORDERS_PER_FILE) {
    writeFileSync(join(folder, `orders-${start / ORDERS_PER_FILE}.json`), JSON.stringify(orders.slice(start, start + ORDERS_PER_FILE)));
  }
  const written = pieces(folder);
  return { bytes: written.reduce((sum, path) => sum + statSync(path).size, 0), pieces: written.length };
}

let kept = '';
let hot: PlainOrder[][] | null = null;

/** Says where the files are; what is read is read at each question. */
export function open(folder: string): void {
  kept = folder;
}

/** `file`: reads and parses the files, then loops, as the older system did on each request; `hot`: keeps the orders in memory. */
export function answer(question: Question, way: 'file' | 'hot'): AnswerRow[] {
  const orders = way === 'hot' ? (hot ??= readAll()) : readAll();
  if (question.report === 'AreaDemand') return areas(orders, question);
  return question.report === 'SalesRank' ? ranks(orders, question) : months(orders, question);
}

function readAll(): PlainOrder[][] {
  return pieces(kept).map((path) => JSON.parse(readFileSync(path, 'utf8')) as PlainOrder[]);
}

function pieces(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^orders-\d+\.json$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

interface Tally {
  key: string;
  units: number;
  cents: number | null;
}

function add(tallies: Map<string, Tally>, key: string, units: number, cents: number | null): void {
  let tally = tallies.get(key);
  if (!tally) tallies.set(key, (tally = { key, units: 0, cents: null }));
  tally.units += units;
  if (cents !== null) tally.cents = (tally.cents ?? 0) + cents;
}

function ranks(pieces: readonly PlainOrder[][], { window, limit }: Question): AnswerRow[] {
  const from = firstDay(window);
  const skus = new Map<string, Tally>();
  for (const orders of pieces) {
    for (const order of orders) {
      if (order.createdAt < from || !isSold(order.status)) continue;
      for (const line of order.lines) add(skus, line.sku, line.quantity, line.net);
    }
  }
  return [...skus.values()].sort(inRank).slice(0, limit);
}

function areas(pieces: readonly PlainOrder[][], { window, limit }: Question): AnswerRow[] {
  const from = firstDay(window);
  const regions = new Map<string, Tally & { orders: number }>();
  for (const orders of pieces) {
    for (const order of orders) {
      if (order.createdAt < from || !isSold(order.status)) continue;
      let region = regions.get(order.region);
      if (!region) regions.set(order.region, (region = { key: order.region, units: 0, cents: null, orders: 0 }));
      region.orders += 1;
      for (const line of order.lines) {
        region.units += line.quantity;
        if (line.net !== null) region.cents = (region.cents ?? 0) + line.net;
      }
    }
  }
  const unknown = regions.get('unknown');
  return [
    ...[...regions.values()]
      .filter((each) => each !== unknown)
      .sort(inRank)
      .slice(0, limit),
    ...(unknown ? [unknown] : []),
  ];
}

function months(pieces: readonly PlainOrder[][], { window, limit }: Question): AnswerRow[] {
  const from = firstDay(window);
  const byMonth = new Map<string, Map<string, Tally>>();
  for (const orders of pieces) {
    for (const order of orders) {
      if (order.createdAt < from || !isSold(order.status)) continue;
      const month = order.createdAt.slice(0, 7);
      let skus = byMonth.get(month);
      if (!skus) byMonth.set(month, (skus = new Map()));
      for (const line of order.lines) add(skus, line.sku, line.quantity, line.net);
    }
  }
  const rows: AnswerRow[] = [];
  for (const month of [...byMonth.keys()].sort()) {
    for (const row of [...byMonth.get(month)!.values()].sort(inRank)) {
      if (rows.length === limit) return rows;
      rows.push({ ...row, key: `${month} ${row.key}` });
    }
  }
  return rows;
}
