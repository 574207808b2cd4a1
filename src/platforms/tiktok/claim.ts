import { z } from 'zod';
import type { Json } from '../../kernel/json.ts';
import { shareOut, type Money } from '../../model/money.ts';
import type { Return, ReturnKind, ReturnLine, ReturnState } from '../../model/return.ts';
import { optionalName } from '../wire-name.ts';
import { fateOf } from './cancel-reasons.ts';
import { currencyCode, flag, instant, instantOf, moneyOf, optionalText, parsed, text } from './wire-values.ts';

/** The older names are those that the overview page still prints. */
const RETURN_STATES: ReadonlyMap<string, ReturnState> = new Map([
  ['RETURN_OR_REFUND_REQUEST_PENDING', 'open'],
  ['AWAITING_BUYER_SHIP', 'open'],
  ['BUYER_SHIPPED_ITEM', 'open'],
  ['AWAITING_BUYER_RESPONSE', 'open'],
  ['REPLACEMENT_REQUEST_PENDING', 'open'],
  // Approved, and the money not yet back.
  ['RETURN_OR_REFUND_REQUEST_SUCCESS', 'open'],
  ['REQUEST_SUCCESS', 'open'],
  ['RETURN_OR_REFUND_REQUEST_COMPLETE', 'completed'],
  ['REPLACEMENT_REQUEST_COMPLETE', 'completed'],
  ['REPLACEMENT_REQUEST_REFUND_SUCCESS', 'completed'],
  ['REFUND_OR_RETURN_REQUEST_REJECT', 'rejected'],
  ['REPLACEMENT_REQUEST_REJECT', 'rejected'],
  ['REQUEST_REJECTED', 'rejected'],
  ['REJECT_RECEIVE_PACKAGE', 'rejected'],
  ['RECEIVE_REJECTED', 'rejected'],
  ['RETURN_OR_REFUND_REQUEST_CANCEL', 'withdrawn'],
  ['RETURN_OR_REFUND_CANCEL', 'withdrawn'],
  ['REPLACEMENT_REQUEST_CANCEL', 'withdrawn'],
]);
/** The value is spelled `CANCELLED`, the filter of the same search `CANCEL`. */
const CANCELLATION_STATES: ReadonlyMap<string, ReturnState> = new Map([
  ['CANCELLATION_REQUEST_PENDING', 'open'],
  ['CANCELLATION_REQUEST_SUCCESS', 'open'],
  ['CANCELLATION_REQUEST_COMPLETE', 'completed'],
  ['CANCELLATION_REQUEST_CANCELLED', 'withdrawn'],
  ['CANCELLATION_REQUEST_CANCEL', 'withdrawn'],
  ['CANCELLATION_REQUEST_REJECT', 'rejected'],
]);
const KINDS: ReadonlyMap<string, ReturnKind> = new Map([
  ['REFUND', 'refund'],
  ['RETURN_AND_REFUND', 'return'],
  ['REPLACEMENT', 'exchange'],
  ['EXCHANGE', 'exchange'],
]);
/** Money instead of the goods in exchange. */
const REFUNDED_REPLACEMENT = 'REPLACEMENT_REQUEST_REFUND_SUCCESS';
const REPLACED = 'REPLACEMENT_REQUEST_COMPLETE';

const amounts = z.object({ currency: currencyCode.nullish(), refund_total: optionalText, refund_subtotal: optionalText }).nullish();
const item = { order_line_item_id: optionalText, sku_id: text, seller_sku: optionalName, refund_amount: amounts };
const claim = { order_id: text, create_time: instant, update_time: instant, refund_amount: amounts };
const returnWire = z.object({
  ...claim,
  return_id: text,
  return_type: text,
  return_status: text,
  arbitration_status: optionalText,
  return_reason: optionalText,
  return_reason_text: optionalText,
  can_buyer_keep_item: flag,
  partial_refund: z.object({ amount: optionalText, currency: currencyCode.nullish() }).nullish(),
  buyer_rejected_partial_refund: flag,
  return_line_items: z.array(z.object(item)).nullish(),
});
const cancellationWire = z.object({
  ...claim,
  cancel_id: text,
  cancel_status: text,
  cancel_reason: optionalText,
  cancel_reason_text: optionalText,
  cancel_line_items: z.array(z.object(item)).nullish(),
});
type ReturnWire = z.output<typeof returnWire>;

/**
 * The claim of a kept return document, of version 202309 or 202602.
 * @throws DocumentRefused naming the field
 */
export function returnToCanonical(document: Json): Return {
  const wire = parsed(returnWire, document, 'return');
  const state = stateOf(wire);
  const keeps =
    wire.buyer_rejected_partial_refund !== true && (wire.can_buyer_keep_item === true || (state === 'completed' && offered(wire) !== null));
  const kind = kindOf(wire, state);
  const { refundAmount: whole, lines, ...claimed } = common(wire, { name: 'return_line_items', items: wire.return_line_items ?? [] });
  const refundAmount = kind === 'exchange' ? null : refundOf(wire, state, whole);
  return {
    returnId: wire.return_id,
    kind,
    state,
    platformStatus: wire.return_status,
    reason: wire.return_reason || null,
    reasonText: wire.return_reason_text || null,
    goodsBack: kind !== 'refund' && !keeps,
    ...claimed,
    refundAmount,
    lines:
      kind === 'exchange' ? lines.map((line) => ({ ...line, refundAmount: null, goodsAmount: null })) : asPaid(lines, refundAmount, whole),
  };
}

/**
 * The word of its end decides what it came to, whatever was asked for: an exchange carries what the goods are worth, and pays nothing back.
 */
function kindOf({ return_status: word, return_type: type }: ReturnWire, state: ReturnState): ReturnKind {
  const asked = KINDS.get(type) ?? 'return';
  if (word === REFUNDED_REPLACEMENT) return 'return';
  if (word === REPLACED) return 'exchange';
  return state === 'completed' && asked === 'exchange' ? 'return' : asked;
}

/** Lines tell of the whole money also where the buyer took a part of it: each gets that part of its own. */
function asPaid(lines: readonly ReturnLine[], paid: Money | null, whole: Money | null): readonly ReturnLine[] {
  const told = lines.map(({ refundAmount }) => refundAmount);
  if (
    paid === null ||
    whole === null ||
    paid === whole ||
    told.some((amount) => amount === null) ||
    told.reduce<Money>((sum, amount) => sum + amount!, 0n) <= paid
  )
    return lines;
  const shares = shareOut(
    paid,
    told.map((amount) => amount!),
  );
  return lines.map((line, i) => ({ ...line, refundAmount: shares[i]!, goodsAmount: null }));
}

/**
 * The claim of a kept cancellation document.
 * @throws DocumentRefused naming the field
 */
export function cancellationToCanonical(document: Json): Return {
  const wire = parsed(cancellationWire, document, 'cancellation');
  return {
    returnId: wire.cancel_id,
    kind: 'cancellation',
    state: CANCELLATION_STATES.get(wire.cancel_status) ?? 'unknown',
    platformStatus: wire.cancel_status,
    reason: wire.cancel_reason || null,
    reasonText: wire.cancel_reason_text || null,
    goodsBack: false,
    fate: fateOf(wire.cancel_reason),
    ...common(wire, { name: 'cancel_line_items', items: wire.cancel_line_items ?? [] }),
  };
}

/** What the seller refused is open again while the platform judges it; of a kind without a name nothing is known. */
function stateOf({ return_status: word, return_type: type, arbitration_status: judged }: ReturnWire): ReturnState {
  const state = RETURN_STATES.get(word);
  if (state === undefined || !KINDS.has(type)) return 'unknown';
  return state === 'rejected' && judged === 'IN_PROGRESS' ? 'open' : state;
}

/** The part of the money that the seller offered; null where none was, or the buyer did not take it. */
function offered({ partial_refund: offer, buyer_rejected_partial_refund: rejected }: ReturnWire): Money | null {
  const amount = rejected === true ? null : moneyOf(offer?.amount, 'partial_refund.amount');
  return amount === null || amount <= 0n ? null : amount;
}

/** A part that was taken ends the claim, whatever the whole was. */
function refundOf(wire: ReturnWire, state: ReturnState, whole: Money | null): Money | null {
  const part = state === 'completed' ? offered(wire) : null;
  return part !== null && (whole === null || part < whole) ? part : whole;
}

type Items = readonly z.output<z.ZodObject<typeof item>>[];

function common(
  { order_id, create_time, update_time, refund_amount }: z.output<z.ZodObject<typeof claim>>,
  { name, items }: { name: string; items: Items },
): Pick<Return, 'orderId' | 'createdAt' | 'updatedAt' | 'currency' | 'refundAmount' | 'lines'> {
  return {
    orderId: order_id,
    createdAt: instantOf(create_time),
    updatedAt: instantOf(update_time),
    currency: refund_amount?.currency ?? items.find((each) => each.refund_amount?.currency)?.refund_amount?.currency ?? null,
    refundAmount: moneyOf(refund_amount?.refund_total, 'refund_amount.refund_total'),
    lines: items.map((each, place): ReturnLine => ({
      lineId: each.order_line_item_id || null,
      sku: each.seller_sku?.trim() || each.sku_id,
      quantity: 1,
      refundAmount: moneyOf(each.refund_amount?.refund_total, 'refund_amount.refund_total', { list: name, place }),
      goodsAmount: moneyOf(each.refund_amount?.refund_subtotal, 'refund_amount.refund_subtotal', { list: name, place }),
    })),
  };
}
