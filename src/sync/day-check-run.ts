import { keepDayCounts, readComparedDays, readStoredOrders, type DayCount } from '../records/day-check/day-check.ts';
import { NO_COUNTS, readCheckpoint, type RunCounts } from '../records/runs/sync-log.ts';
import type { Order } from '../model/order.ts';
import { addDays, shopDay } from '../model/shop-day.ts';
import { nameInCalls, type Shop } from '../model/shop.ts';
import type { ChangeWindow, OrderStream } from '../platforms/stream.ts';
import { latestEnd } from './next-window.ts';
import { ORDERS } from './windowed-streams.ts';
import { store, takeIn, type Batch, type RunProgress, type RunRoom, type RunSource } from './window-run.ts';

/** Orders that can be asked for by the time they were placed. */
export type PlacedOrders = OrderStream & Required<Pick<OrderStream, 'placed'>>;

/** Days that are compared again every night; older ones once. */
const RECENT_DAYS = 35;

/** The days to compare, newest first: complete ones that are home as a whole, the recent ones again, older ones that never were. */
export function daysToCompare({
  today,
  firstWhole,
  compared,
}: {
  today: string;
  firstWhole: string;
  compared: ReadonlySet<string>;
}): string[] {
  const days: string[] = [];
  for (let day = addDays(today, -1), age = 1; day >= firstWhole; day = addDays(day, -1), age += 1) {
    if (age <= RECENT_DAYS || !compared.has(day)) days.push(day);
  }
  return days;
}

/** The instants of a shop day. */
export function spanOfDay(day: string, zone: string): ChangeWindow {
  const at = (text: string): Temporal.Instant => Temporal.PlainDate.from(text).toZonedDateTime(zone).toInstant();
  return { from: at(day), to: at(addDays(day, 1)) };
}

/**
 * Compares, day by day, how many orders the platform counts with how many are stored, and reads a day that differs again by the time
 * its orders were placed. What differs even then stays listed.
 * @throws AppError what the platform or the store refuses
 */
export async function runDayCheck(
  room: RunRoom,
  orders: PlacedOrders,
  source: RunSource,
  onProgress: (progress: RunProgress) => void,
): Promise<RunCounts> {
  const { engine, clock } = room;
  const { shop, call, signal } = source;
  const counts = { ...NO_COUNTS };
  const { checkpoint, compared } = await engine.read(async (reader) => ({
    checkpoint: await readCheckpoint(reader, shop.shopId, 'orders'),
    compared: await readComparedDays(reader, shop.shopId),
  }));
  if (!checkpoint) return counts;
  const today = shopDay(latestEnd(clock.now(), orders.windows), shop.zone);
  // Orders that were placed since then changed since then: they are in. The day itself is not whole.
  const days = daysToCompare({ today, firstWhole: addDays(shopDay(checkpoint.coveredFrom, shop.zone), 1), compared });
  const stored =
    days.length === 0
      ? new Map<string, number>()
      : await engine.read((reader) => readStoredOrders(reader, shop.shopId, { from: days.at(-1)!, to: days[0]! }));
  const compare = async (day: string): Promise<DayCount | null> => {
    const span = spanOfDay(day, shop.zone);
    const platformOrders = await orders.placed.count(call, span, { shops: [nameInCalls(shop)] });
    const storedOrders = stored.get(day) ?? 0;
    if (platformOrders === null) return null;
    if (platformOrders === storedOrders) return { day, platformOrders, storedOrders };
    const countedLast = await readAgain(room, orders, { ...source, span, counts });
    const storedNow = await engine.read((reader) => readStoredOrders(reader, shop.shopId, { from: day, to: day }));
    return { day, platformOrders: countedLast ?? platformOrders, storedOrders: storedNow.get(day) ?? 0 };
  };
  // A transaction for each day would take longer than asking for it.
  let unkept: DayCount[] = [];
  const keep = async (): Promise<void> => {
    const kept = unkept;
    unkept = [];
    if (kept.length > 0) await engine.transaction((tx) => keepDayCounts(tx, shop.shopId, { counts: kept, at: clock.now() }));
  };
  try {
    for (const [i, day] of days.entries()) {
      if (signal.aborted) break;
      const count = await compare(day);
      // The platform does not count.
      if (!count) break;
      unkept.push(count);
      if (unkept.length >= RECENT_DAYS) await keep();
      onProgress({ ...counts, phase: 'recent', window: spanOfDay(day, shop.zone), share: (i + 1) / days.length, remainingSeconds: null });
    }
  } finally {
    await keep();
  }
  return counts;
}

/** Stores a day's orders anew, and gives what the platform counted last. */
async function readAgain(
  room: RunRoom,
  orders: PlacedOrders,
  {
    shop,
    call,
    span,
    counts,
  }: RunSource & {
    shop: Shop;
    span: ChangeWindow;
    counts: { -readonly [name in keyof RunCounts]: number };
  },
): Promise<number | null> {
  let total: number | null = null;
  for await (const page of orders.placed.pages(call, span, { shops: [nameInCalls(shop)], resume: null, hash: room.hash })) {
    const batch: Batch<Order> = { delivered: [], refused: [], taken: [] };
    takeIn(batch, page.documents, { shop, source: orders, keepDocuments: room.keepDocuments });
    await store(room, ORDERS, { shop, batch, counts });
    total = page.total;
  }
  return total;
}
