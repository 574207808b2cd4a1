import { shareOut, type Money } from '../model/money.ts';
import type { OrderLine } from '../model/order.ts';

/** What a row says of its whole order: the tax, and what was paid back. */
export interface OrderAmounts {
  readonly tax: Money | null;
  readonly refund: Money | null;
}

type Line = Pick<
  OrderLine,
  'status' | 'outcome' | 'quantity' | 'netSales' | 'paidAmount' | 'taxAmount' | 'returnedQuantity' | 'refundAmount'
>;

/**
 * The lines with their shares of what is told of the whole order. An amount that stands on each row is told once; where rows tell different
 * ones, each is its line's own. Tax goes by what the lines are worth. What was paid back goes to the lines that were cancelled or came
 * back, by the worth of the pieces that did; where none is known to have, to all of them.
 */
export function withShares<L extends Line>(lines: readonly L[], told: readonly OrderAmounts[]): L[] {
  const refunds = sharesOf(
    told.map(({ refund }) => refund),
    refundWeights(lines),
  );
  const taxes = sharesOf(
    told.map(({ tax }) => tax),
    lines.map(worthOf),
  );
  return lines.map((line, i) => ({ ...line, refundAmount: refunds[i] ?? line.refundAmount, taxAmount: line.taxAmount ?? taxes[i]! }));
}

function sharesOf(told: readonly (Money | null)[], weights: readonly bigint[]): readonly (Money | null)[] {
  const amounts = new Set(told.filter((amount) => amount !== null));
  if (amounts.size !== 1) return told;
  const [whole] = amounts;
  return shareOut(whole!, weights.some((weight) => weight !== 0n) ? weights : weights.map(() => 1n));
}

function refundWeights(lines: readonly Line[]): bigint[] {
  const back = lines.map((line) => {
    if (line.status === 'cancelled') return worthOf(line);
    if (line.returnedQuantity) return (worthOf(line) * BigInt(line.returnedQuantity)) / BigInt(Math.max(line.quantity, 1));
    return line.outcome === 'none' ? 0n : worthOf(line);
  });
  return back.some((weight) => weight !== 0n) ? back : lines.map(worthOf);
}

function worthOf({ paidAmount, netSales }: Line): bigint {
  const worth = paidAmount ?? netSales ?? 0n;
  return worth < 0n ? -worth : worth;
}
