import { expect, test } from 'vitest';
import { cancellationObject } from './wire-cancellation.ts';
import { orderText } from './wire-order.ts';
import { returnObject } from './wire-return.ts';
import { UNDELIVERED } from '../trade/causes.ts';
import { World } from '../trade/world.ts';
import { cancelReason } from './cancel-reasons.ts';
import { buyerIdOf } from './ids.ts';
import { TIKTOK_SHOPS } from './shops.ts';
import { RETURN_TYPES, ROLES, arbitrationOf, cancelTypeOf, cancellationStatusOf, returnStatusOf } from './statuses.ts';
import { LANGUAGES, languageOf } from './languages.ts';
import { STAGES, enteredAt, stepAt } from '../trade/life.ts';
import { cancellationRefunds, refundTotal, returnRefunds } from '../trade/refunds.ts';
import { CANCELLATION_SECONDS } from '../trade/cancellations.ts';
import { RETURN_SECONDS, refundedAt, tookOffer } from '../trade/returns.ts';
import { TikTokWorld, type TikTokOrder, type TikTokReturn } from './tiktok-world.ts';

const NOW = Date.parse('2026-10-20T10:00:00Z') / 1000;
const DAY = 86_400;
const LATER = NOW + 200 * DAY;

const world = new TikTokWorld(new World({ seed: 'aftersales', scale: 0.5, rushes: [], shops: TIKTOK_SHOPS }));
const orders = world.shops.flatMap((shop) => [...world.orders(shop, NOW)]);
const returns = orders.flatMap((order) => world.returnsOf(order, LATER));
const cancellations = orders.flatMap((order) => world.cancellationsOf(order, LATER));

const cents = (text: string | undefined): number => {
  const [whole = '0', part = ''] = (text ?? '0').split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
};
const path = ({ story }: TikTokReturn): string =>
  story.stages
    .map((_, step) => returnStatusOf(story, step))
    .filter((name, place, all) => name !== all[place - 1])
    .join(' ');
type Money = {
  refund_total: string;
  refund_subtotal: string;
  refund_shipping_fee: string;
  refund_tax: string;
  retail_delivery_fee?: string;
};
const shown = (found: TikTokReturn, at = LATER): Record<string, unknown> =>
  returnObject(found, { at, seed: world.seed, locale: undefined });

test('clothes come back about one time in seven, everything else one time in twenty, some SKUs more than others', () => {
  const sold = new Map<string, number>();
  const back = new Map<string, number>();
  const add = (to: Map<string, number>, key: string): unknown => to.set(key, (to.get(key) ?? 0) + 1);
  for (const { life, basket } of orders) {
    if (life.kind === 'normal' && life.cancellation === undefined)
      for (const { sku, isGift } of basket.pieces) if (!isGift) add(sold, sku.category);
  }
  for (const { order, story } of returns)
    if (refundedAt(story) !== undefined) for (const place of story.pieces) add(back, order.basket.pieces[place]!.sku.category);
  for (const [category, count] of sold) {
    const rate = (back.get(category) ?? 0) / count;
    const [least, most] = category === 'clothes' ? [0.12, 0.18] : [0.03, 0.08];
    expect([category, rate > least, rate < most]).toEqual([category, true, true]);
  }
  const rates = world
    .catalogue(world.shops[0]!)
    .skus.filter(({ category }) => category === 'clothes')
    .map(({ returnRate }) => returnRate);
  expect(Math.max(...rates)).toBeGreaterThan(1.4 * Math.min(...rates));
});

test('every way a return can go is gone', () => {
  const ways = new Set(returns.map(path));
  const [pending, rejected, ship, shipped, refused] = [
    'RETURN_OR_REFUND_REQUEST_PENDING',
    'REFUND_OR_RETURN_REQUEST_REJECT',
    'AWAITING_BUYER_SHIP',
    'BUYER_SHIPPED_ITEM',
    'REJECT_RECEIVE_PACKAGE',
  ];
  const [success, complete, cancel, response] = [
    'RETURN_OR_REFUND_REQUEST_SUCCESS',
    'RETURN_OR_REFUND_REQUEST_COMPLETE',
    'RETURN_OR_REFUND_REQUEST_CANCEL',
    'AWAITING_BUYER_RESPONSE',
  ];
  for (const way of [
    [pending, success, complete],
    [pending, ship, shipped, success, complete],
    [pending, cancel],
    [pending, rejected],
    [pending, ship, cancel],
    [pending, rejected, success, complete],
    [pending, rejected, cancel],
    [pending, rejected, ship, shipped, success, complete],
    [pending, ship, shipped, refused, success, complete],
    [pending, ship, shipped, refused, cancel],
    [pending, response, success, complete],
    [pending, response, pending, success, complete],
    ...['REJECT', 'CANCEL', 'COMPLETE', 'REFUND_SUCCESS'].map((end) => ['REPLACEMENT_REQUEST_PENDING', `REPLACEMENT_REQUEST_${end}`]),
  ])
    expect([way, ways.has(way.join(' '))]).toEqual([way, true]);
  expect(new Set(returns.flatMap(({ story }) => story.arbitration.map((_, step) => arbitrationOf(story, step))))).toEqual(
    new Set([undefined, 'IN_PROGRESS', 'SUPPORT_BUYER', 'SUPPORT_SELLER', 'CLOSED']),
  );
  expect(new Set(returns.map(({ story }) => ROLES[story.by]))).toEqual(new Set(['BUYER', 'SYSTEM', 'OPERATOR']));
});

test('returns begin on the way, after delivery, and some of them 45 days and more after the order; none changes after its time', () => {
  for (const { order, story } of returns) {
    const [created, last] = [story.times[0]!, story.times.at(-1)!];
    expect(created).toBeGreaterThan(enteredAt(order.life, 'handedOver', LATER)!);
    expect(last).toBeLessThan(order.life.time + RETURN_SECONDS);
    expect(story.times.every((time, step) => step === 0 || time > story.times[step - 1]!)).toBe(true);
  }
  const isBefore = ({ order, story }: TikTokReturn): boolean => (enteredAt(order.life, 'delivered', LATER) ?? Infinity) > story.times[0]!;
  const before = returns.filter(isBefore);
  expect(before.length).toBeGreaterThan(20);
  expect(new Set(before.map(({ story }) => RETURN_TYPES[story.type]))).toEqual(new Set(['REFUND']));
  expect(returns.filter(({ order, story }) => story.times[0]! > order.life.time + 45 * DAY).length).toBeGreaterThan(30);
});

test('an order whose money went back whole is completed at that second; all others go on as if nothing had been', () => {
  let early = 0;
  for (const order of orders) {
    const refunded = order.returns.filter((story) => refundedAt(story) !== undefined && !tookOffer(story));
    const bought = order.basket.pieces.filter(({ isGift, isCancelled }) => !isGift && !isCancelled).length;
    const isWhole = refunded.length > 0 && refunded.flatMap(({ pieces }) => pieces).length === bought;
    const completed = enteredAt(order.life, 'closed', LATER);
    if (!isWhole) continue;
    const end = Math.max(...refunded.map((story) => refundedAt(story)!));
    expect(completed).toBeLessThanOrEqual(end);
    expect(enteredAt(order.life, 'cancelled', LATER)).toBeUndefined();
    if (completed === end) early++;
  }
  expect(early).toBeGreaterThan(300);
  expect(
    orders.some(({ life }) => life.stages.at(-1) === STAGES.indexOf('closed') && enteredAt(life, 'delivered', LATER) === undefined),
  ).toBe(true);
});

test('what goes back is what was paid for the pieces, to the cent, and the lines add up to the whole', () => {
  for (const found of returns) {
    const { refund_amount: whole, return_line_items: lines } = shown(found) as {
      refund_amount: Money;
      return_line_items: { refund_amount: Money }[];
    };
    const sumOf = (name: keyof Money): number => lines.reduce((sum, line) => sum + cents(line.refund_amount[name]), 0);
    for (const name of ['refund_subtotal', 'refund_shipping_fee', 'refund_tax', 'refund_total'] as const)
      expect(sumOf(name)).toBe(cents(whole[name]));
    expect(cents(whole.refund_total)).toBe(cents(whole.refund_subtotal) + cents(whole.refund_shipping_fee) + cents(whole.refund_tax));
    const { order, story } = found;
    const paid = story.pieces.reduce((sum, place) => {
      const { listPrice, sellerDiscount, platformDiscount } = order.basket.pieces[place]!;
      return sum + listPrice - sellerDiscount - platformDiscount;
    }, 0);
    if (tookOffer(story)) expect(cents(whole.refund_subtotal)).toBeLessThan(paid * 0.6);
    else expect(cents(whole.refund_subtotal)).toBe(paid);
  }
  const american = returns.filter(({ order }) => order.shop.country === 'US');
  expect(american.some(({ order, story }) => returnRefunds(order, story).total.tax > 0)).toBe(true);
});

test('a partial offer is shown from when it is made, and lowers the refund once it is taken', () => {
  const taken = returns.find(({ story }) => tookOffer(story))!;
  const rejected = returns.find(({ story }) => story.offer?.rejected !== undefined)!;
  expect(shown(taken, taken.story.times[0]).partial_refund).toBeUndefined();
  const offered = shown(taken, taken.story.offer!.offered) as {
    partial_refund: { amount: string };
    refund_amount: Money;
    buyer_rejected_partial_refund: boolean;
  };
  const end = shown(taken) as typeof offered;
  expect(cents(end.refund_amount.refund_total)).toBe(cents(offered.partial_refund.amount));
  expect(cents(offered.refund_amount.refund_total)).toBeGreaterThan(cents(end.refund_amount.refund_total));
  expect([end.buyer_rejected_partial_refund, shown(rejected)['buyer_rejected_partial_refund']]).toEqual([false, true]);
});

test('an order is cancelled exactly when a cancellation of the whole has been granted, with the same words and initiator', () => {
  const byOrder = new Map<TikTokOrder, typeof cancellations>();
  for (const each of cancellations) byOrder.set(each.order, [...(byOrder.get(each.order) ?? []), each]);
  const texts = new Set<string>();
  for (const order of orders) {
    const mine = byOrder.get(order) ?? [];
    const wire = JSON.parse(orderText(order, LATER)) as {
      status: string;
      cancel_time?: number;
      cancel_reason?: string;
      cancellation_initiator?: string;
      line_items: { id: string; display_status: string }[];
    };
    const whole = mine.filter(
      ({ story }) => !story.isLine && cancellationStatusOf(story, story.stages.length - 1) === 'CANCELLATION_REQUEST_COMPLETE',
    );
    expect([order.id, whole.length]).toEqual([order.id, wire.status === 'CANCELLED' ? 1 : 0]);
    const lines = mine.flatMap((each) =>
      each.story.isLine
        ? (cancellationObject(each, { at: LATER, version: '202602', locale: undefined })['cancel_line_items'] as {
            order_line_item_id: string;
          }[])
        : [],
    );
    if (wire.status !== 'CANCELLED') {
      expect(lines.map(({ order_line_item_id }) => order_line_item_id)).toEqual(
        wire.line_items.filter((line) => line.display_status === 'CANCELLED').map(({ id }) => id),
      );
      continue;
    }
    const { story } = whole[0]!;
    expect([
      cancelReason(story.cause, order.shop.country)[languageOf(buyerIdOf(order.buyer), order.shop.country)],
      ROLES[story.by],
    ]).toEqual([wire.cancel_reason, wire.cancellation_initiator]);
    texts.add(wire.cancel_reason!);
    expect(story.times).toContain(wire.cancel_time);
  }
  // One reason in every language that buyers read, beside each other.
  expect(LANGUAGES.filter((language) => !texts.has(cancelReason('no longer needed', 'ES')[language]))).toEqual([]);
});

test('cancellations give back all that was paid, a line only its own, and nothing where nothing was paid', () => {
  let failed = 0;
  for (const { order, story } of cancellations) {
    const payment = (JSON.parse(orderText(order, LATER)) as { payment: Record<string, string> }).payment;
    const total = refundTotal(cancellationRefunds(order, story).total);
    if (!story.wasPaid) expect(total).toBe(0);
    else if (story.isLine) expect(total).toBeLessThan(cents(payment['total_amount']));
    else expect(total).toBe(cents(payment['total_amount']));
    expect(story.times.at(-1)).toBeLessThan(order.life.time + CANCELLATION_SECONDS);
    if ((UNDELIVERED as readonly string[]).includes(story.cause)) failed++;
  }
  expect(failed).toBeGreaterThan(10);
  const kinds = (one: (typeof cancellations)[number]): string =>
    `${cancelTypeOf(one.story)} ${ROLES[one.story.by]}${one.story.isLine ? ' line' : ''}`;
  const seen = new Set(cancellations.map(kinds));
  // Within the hour after payment a buyer needs nobody's leave.
  expect(seen).toEqual(new Set(['CANCEL BUYER', 'BUYER_CANCEL BUYER', 'CANCEL SELLER', 'CANCEL SYSTEM', 'CANCEL SELLER line']));
  expect(new Set(cancellations.filter(({ story }) => story.isLine).map(({ order }) => order.shop.country))).toEqual(new Set(['US', 'GB']));
});

test('a wish to cancel shows on the order while it waits, and no longer', () => {
  const denied = cancellations.filter(
    ({ story }) => cancellationStatusOf(story, story.stages.length - 1) === 'CANCELLATION_REQUEST_CANCELLED',
  );
  expect(denied.length).toBeGreaterThan(30);
  for (const { order, story } of denied) {
    const asks = (at: number): boolean =>
      (JSON.parse(orderText(order, at)) as { is_buyer_request_cancel: boolean }).is_buyer_request_cancel;
    expect([asks(story.times[0]! - 1), asks(story.times[0]!), asks(story.times[1]! - 1), asks(story.times[1]!)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  }
});

test('the seller is told what to do next and by when, and no field is ever null', () => {
  for (const found of returns) {
    for (const at of found.story.times) {
      const wire = shown(found, at) as { return_status: string; seller_next_action_response: { action: string; deadline: number }[] };
      expect(JSON.stringify(wire)).not.toMatch(/null|undefined|NaN/);
      const waits = /PENDING$|^BUYER_SHIPPED_ITEM/.test(wire.return_status);
      expect(wire.seller_next_action_response.length).toBe(waits ? 1 : 0);
      if (waits) expect(wire.seller_next_action_response[0]!.deadline).toBeGreaterThan(found.story.times[stepAt(found.story, at)]!);
    }
  }
});
