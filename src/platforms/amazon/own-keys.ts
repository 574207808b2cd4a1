import type { Json } from '../../kernel/json.ts';
import type { OrderStatus } from '../../model/order.ts';
import { amountOf, amountText, less, type KnownLine, type KnownOrder } from '../own-keys.ts';
import { channelNamed, MARKETPLACES } from './marketplaces.ts';

const WORDS: Readonly<Record<OrderStatus, string>> = {
  unpaid: 'Pending',
  on_hold: 'Pending',
  to_ship: 'Unshipped',
  shipped: 'Shipped',
  delivered: 'Shipped',
  completed: 'Shipped',
  cancelled: 'Canceled',
  unknown: '',
};

/** What is known of an order in the keys of Orders v0, its items beside it; personal values empty. */
export function inOwnKeys(order: KnownOrder): Json {
  const channel = channelNamed(order.shop);
  const gone = ['shipped', 'delivered', 'completed'];
  const count = (isShipped: boolean): number =>
    order.lines
      .filter(({ status }) => status !== 'cancelled' && gone.includes(status) === isShipped)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    AmazonOrderId: order.order_id,
    PurchaseDate: order.purchased_at,
    LastUpdateDate: order.updated_at,
    OrderStatus: WORDS[order.status] || (order.platform_status ?? ''),
    SalesChannel: channel ?? '',
    MarketplaceId: channel ? MARKETPLACES[channel].id : '',
    OrderTotal: moneyOf(order.total_amount, order.currency),
    NumberOfItemsShipped: count(true),
    NumberOfItemsUnshipped: count(false),
    IsReplacementOrder: order.lines.length > 0 && order.lines.every(({ kind }) => kind === 'replacement'),
    BuyerInfo: { BuyerEmail: '', BuyerName: '' },
    ShippingAddress: {
      Name: '',
      AddressLine1: '',
      City: order.city ?? '',
      StateOrRegion: order.region ?? '',
      PostalCode: '',
      CountryCode: order.country ?? '',
      Phone: '',
    },
    OrderItems: order.lines.map((line) => itemOf(line, order.currency)),
  };
}

function itemOf(line: KnownLine, currency: string | null): Json {
  const [gross, net] = [amountOf(line.gross_sales), amountOf(line.net_sales)];
  return {
    OrderItemId: line.line_id,
    ASIN: line.platform_sku ?? '',
    SellerSKU: line.sku,
    Title: line.product_name ?? '',
    QuantityOrdered: line.status === 'cancelled' ? 0 : line.quantity,
    QuantityShipped: WORDS[line.status] === 'Shipped' ? line.quantity : 0,
    ItemPrice: moneyOf(amountText(gross ?? net), currency),
    ItemTax: moneyOf(line.tax_amount, currency),
    PromotionDiscount: moneyOf(amountText(less(gross, net)), currency),
  };
}

/** Null where it is not known. */
function moneyOf(amount: string | null, currency: string | null): Json {
  return amount ? { CurrencyCode: currency ?? '', Amount: amountText(amountOf(amount)) } : null;
}
