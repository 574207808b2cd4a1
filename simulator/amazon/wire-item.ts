import type { CancelCause } from '../trade/causes.ts';
import { cancelAskedAt, isCancelPending } from '../trade/life.ts';
import type { AmazonOrder } from './amazon-world.ts';
import { asinOf, digitsOf, sellerSkuOf, titleOf } from './ids.ts';
import type { Item } from './order-items.ts';
import { isBusiness, withoutNothing, type Shown } from './shown.ts';
import type { Status } from './statuses.ts';
import { itemProceeds, moneyOf } from './wire-money.ts';

/** Who ended it, in Amazon's words. */
const CANCELLED_BY = { buyer: 'BUYER', seller: 'MERCHANT', platform: 'AMAZON' } as const;

/** One line of an order as the wire shows it. */
export function itemJson(order: AmazonOrder, item: Item, { included, fate, at, status }: Shown & { readonly status: Status }): object {
  const { currency } = order.shop;
  const isZero = item.cancelled === item.ordered && fate.faults.lineQuantity0 > 0 && fate.fallsOn(digitsOf(item.id), 'lineQuantity0', 13);
  const designation = isBusiness(order) ? { priceDesignation: 'BUSINESS_PRICE' } : {};
  return withoutNothing({
    orderItemId: item.id,
    quantityOrdered: isZero ? 0 : item.ordered,
    product: withoutNothing({
      asin: asinOf(item.sku),
      title: titleOf(item.sku),
      sellerSku: sellerSkuOf(item.sku),
      condition: { conditionType: 'NEW', conditionSubtype: 'NEW', conditionNote: '' },
      price: item.isPriced ? { unitPrice: moneyOf(item.unitPrice, currency), ...designation } : undefined,
    }),
    proceeds: included.has('PROCEEDS') ? itemProceeds(order, item, fate) : undefined,
    promotion: included.has('PROMOTION') ? promotionJson(order, item) : undefined,
    cancellation: included.has('CANCELLATION') ? cancellationJson(order, item, { status, at }) : undefined,
    fulfillment: included.has('FULFILLMENT') ? { quantityFulfilled: item.fulfilled, quantityUnfulfilled: item.unfulfilled } : undefined,
    tax: included.has('TAX') ? taxJson(item) : undefined,
  });
}

/** The campaigns that lowered a line's price. */
export function promotionsOf({ shop, life }: AmazonOrder, item: Item): string[] {
  return [
    ...(item.goodsDiscount > 0 ? [`PAWS-V2-${shop.marketplace.country}-${life.serial % 97}-COUPON`] : []),
    ...(item.shippingDiscount > 0 ? [`Free Shipping ${shop.marketplace.name} ${item.isGift ? 'gift' : 'core'}`] : []),
  ];
}

function promotionJson(order: AmazonOrder, item: Item): object | undefined {
  const ids = promotionsOf(order, item);
  return ids.length === 0 ? undefined : { breakdowns: ids.map((promotionId) => ({ promotionId })) };
}

/** The buyer's wish while it waits and once it was granted; who cancelled, where nothing of the line is left. */
function cancellationJson({ life }: AmazonOrder, item: Item, { status, at }: { status: Status; at: number }): object | undefined {
  const isAsked = cancelAskedAt(life, at) !== undefined && (isCancelPending(life, at) || status === 'CANCELLED');
  const by = life.cancellation ?? { by: 'seller' as const, cause: 'out of stock' as const };
  const json = withoutNothing({
    cancellationRequest: isAsked
      ? { requester: 'BUYER', cancelReason: reasonOf(life.cancellation?.cause ?? 'no longer needed') }
      : undefined,
    cancellationExecution:
      item.cancelled === item.ordered ? { cancelledBy: CANCELLED_BY[by.by], cancelReason: reasonOf(by.cause) } : undefined,
  });
  return Object.keys(json).length === 0 ? undefined : json;
}

function reasonOf(cause: CancelCause): string {
  return cause.toUpperCase().replaceAll(' ', '_');
}

function taxJson({ goodsTax }: Item): object | undefined {
  if (goodsTax === 0) return undefined;
  return { taxCollections: [{ model: 'MARKETPLACE_FACILITATOR', responsibleParty: 'Amazon Services, Inc.' }] };
}
