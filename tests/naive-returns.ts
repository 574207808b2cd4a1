import type { PlatformId } from '../src/model/shop.ts';
import type { PlacedOrder } from './golden-world.ts';
import { dayOf, groupBy, inAlphabet, spansOf, sum, sumKnown, within, type Question } from './naive-sales.ts';

/** What came back, is claimed or was exchanged of one SKU of an order, by one claim or by what the order's own source says. */
export interface CameBack {
  readonly role: 'return' | 'open' | 'exchange';
  readonly orderKey: string;
  readonly platform: PlatformId;
  readonly shop: string;
  /** The shop day it happened on. */
  readonly eventDay: string;
  /** Which of the order's claims it is; what no claim tells comes after them. */
  readonly turn: number;
  readonly sku: string;
  readonly name: string;
  readonly units: bigint;
  readonly refund: bigint | null;
  readonly reason: string;
  readonly goodsBack: boolean;
}

/** The lines of an order that were handed over: sales, and goods cancelled after it. */
export function handedOver({ shop, order, claims = [] }: PlacedOrder, question: Question) {
  const at = question.basis === 'paid' ? order.paidAt : order.purchasedAt;
  if (question.model !== 'both' && order.model !== question.model) return [];
  const { window } = spansOf(question, shop.zone);
  return order.lines.flatMap((line) => {
    if (line.quantity <= 0 || line.kind !== 'goods') return [];
    const sale = !['unpaid', 'cancelled', 'unknown'].includes(order.status) && !['unpaid', 'cancelled', 'unknown'].includes(line.status);
    // What the cancellation of a line says goes before what the order says.
    const fates = claims
      .filter(({ kind, state, lines }) => kind === 'cancellation' && state === 'completed' && lines[0]!.lineId === line.lineId)
      .flatMap(({ fate }) => fate ?? []);
    const outcome = sale ? line.outcome : (fates.toSorted(inAlphabet)[0] ?? line.outcome);
    if (!sale && !(line.status === 'cancelled' && ['returned', 'refused', 'lost'].includes(outcome))) return [];
    return [
      {
        orderKey: `${shop.shop} ${order.orderId}`,
        platform: shop.platform,
        lineId: line.lineId,
        sku: line.sku,
        name: line.productName ?? line.sku,
        units: BigInt(line.quantity),
        sale,
        outcome,
        told: BigInt(line.returnedQuantity ?? 0),
        refund: line.refundAmount,
        worth: line.paidAmount ?? line.netSales,
        money: { net: line.netSales, gross: line.grossSales, paid: line.paidAmount }[question.measure],
        inWindow: at !== null && within(dayOf(at, shop.zone), window),
      },
    ];
  });
}

const CENT = 100n;

/** For how many pieces money is the whole price, counted up one by one, a cent forgiven; all of them where price or money is not known. */
function piecesPaidBack(money: bigint | null, worth: bigint | null, { of, most }: { of: bigint; most: bigint }): bigint {
  if (money === null || worth === null || worth <= 0n) return most;
  let pieces = 0n;
  while (pieces < most && (pieces + 1n) * worth <= (money + CENT) * of) pieces += 1n;
  return pieces;
}

/** What came back of some orders, by the day they were sold or, `byEvent`, by the day it happened. */
export function cameBack(orders: readonly PlacedOrder[], question: Question, byEvent: boolean): CameBack[] {
  return orders.flatMap((placed) =>
    [...groupBy(handedOver(placed, question), ({ sku }) => sku)].flatMap(([sku, lines]) => {
      const { shop, order, claims = [] } = placed;
      const { window } = spansOf(question, shop.zone);
      const counts = (event: Temporal.Instant): boolean => (byEvent ? within(dayOf(event, shop.zone), window) : lines[0]!.inWindow);
      const own = claims.map((claim, at) => ({ claim, at, line: claim.lines[0]! })).filter(({ line }) => line.sku === sku);
      const pieces = sum(lines.map(({ units }) => units));
      const common = { orderKey: lines[0]!.orderKey, platform: shop.platform, shop: shop.shop, sku, name: lines[0]!.name };
      const rows: CameBack[] = [];
      type Own = (typeof own)[number];
      const roles = {
        return: ({ claim }: Own) => claim.state === 'completed' && (claim.kind === 'return' || claim.kind === 'refund'),
        open: ({ claim }: Own) => claim.state === 'open' && claim.kind !== 'cancellation',
        exchange: ({ claim }: Own) => claim.state === 'completed' && claim.kind === 'exchange',
      };
      const claimedBy = ({ claim, line }: Own): bigint => {
        const most = BigInt(line.quantity);
        if (claim.goodsBack || line.counted || !roles.return({ claim, line, at: 0 })) return most;
        const named = lines.find(({ lineId }) => lineId === line.lineId);
        const one =
          named?.worth == null ? { worth: sumKnown(lines.map(({ worth }) => worth)), of: pieces } : { worth: named.worth, of: named.units };
        return piecesPaidBack(line.goodsAmount ?? claim.refundAmount, one.worth, { of: one.of, most });
      };
      for (const role of ['return', 'open', 'exchange'] as const) {
        const eventOf = ({ claim }: Own) => (claim.state === 'completed' ? claim.updatedAt : claim.createdAt);
        const inTurn = own
          .filter(roles[role])
          .toSorted((a, b) => inAlphabet(dayOf(eventOf(a), shop.zone), dayOf(eventOf(b), shop.zone)) || a.at - b.at);
        let left = pieces;
        for (const each of inTurn) {
          const claimed = claimedBy(each);
          const units = claimed < left ? claimed : left;
          left -= units;
          if (counts(eventOf(each))) {
            rows.push({
              ...common,
              role,
              eventDay: dayOf(eventOf(each), shop.zone),
              turn: each.at,
              units,
              refund: each.claim.refundAmount,
              reason: each.claim.reason ?? 'unknown',
              goodsBack: each.claim.goodsBack,
            });
          }
        }
      }
      if (counts(order.updatedAt))
        rows.push(
          ...wordsOf(
            lines,
            own.filter(roles.return).map(claimedBy),
            own.map(({ claim }) => claim),
          ).map((row) => ({ ...common, ...row, role: 'return' as const, turn: Infinity, eventDay: dayOf(order.updatedAt, shop.zone) })),
        );
      return rows;
    }),
  );
}

/**
 * What lines say of themselves came back, as far as no claim tells of it: first what was never delivered, of each what came back before
 * what did not.
 */
function wordsOf(
  lines: readonly ReturnType<typeof handedOver>[number][],
  claimed: readonly bigint[],
  claims: NonNullable<PlacedOrder['claims']>,
) {
  const said = lines
    .filter(({ sale, outcome, told, refund }) => !sale || outcome !== 'none' || told > 0n || (refund ?? 0n) > 0n)
    .map((line) => {
      const { sale, outcome, told, units, refund, worth } = line;
      const goodsBack = sale ? told > 0n || outcome === 'returned' || outcome === 'refused' : outcome !== 'lost';
      let back = piecesPaidBack(refund, worth, { of: units, most: units });
      if (told > 0n) back = told < units ? told : units;
      else if (outcome === 'returned' || outcome === 'refused' || outcome === 'lost') back = units;
      return { ...line, goodsBack, back: sale ? back : units, word: outcome !== 'none' ? outcome : told > 0n ? 'returned' : 'refunded' };
    });
  const cancelled = claims.filter(({ kind, state, fate }) => kind === 'cancellation' && state === 'completed' && fate !== 'never_left');
  const paidBack = sumKnown(cancelled.map(({ refundAmount }) => refundAmount));
  let documented = sum(claimed);
  let tells = paidBack;
  return [
    [false, true],
    [false, false],
    [true, true],
    [true, false],
  ].flatMap(([sale, goodsBack], turn) => {
    const own = said.filter((line) => line.sale === sale && line.goodsBack === goodsBack);
    if (own.length === 0) return [];
    const pieces = sum(own.map(({ back }) => back));
    const covered = pieces < documented ? pieces : documented;
    documented -= covered;
    const words = own.map(({ word }) => word as string).toSorted(inAlphabet);
    const reason = sale ? words[0]! : (cancelled.flatMap((claim) => claim.reason ?? []).toSorted(inAlphabet)[0] ?? words[0]!);
    let refund = claimed.length === 0 ? sumKnown(own.map((line) => line.refund)) : null;
    if (!sale && paidBack !== null)
      [refund, tells] = [turn === 0 || !said.some((line) => !line.sale && line.goodsBack) ? tells : null, null];
    return pieces > covered || (pieces === 0n && claimed.length === 0)
      ? [{ units: pieces - covered, refund, reason, goodsBack: goodsBack! }]
      : [];
  });
}
