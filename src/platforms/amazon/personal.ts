import type { Json } from '../../kernel/json.ts';
import { cutPostalCode } from '../file-columns.ts';

/** What is kept of an order of Orders v0 and of its items, by the names of the published model: nothing in it is personal. */
const KEPT: ReadonlySet<string> = new Set([
  'AmazonOrderId', 'SellerOrderId', 'PurchaseDate', 'LastUpdateDate', 'OrderStatus', 'FulfillmentChannel', 'SalesChannel', 'OrderChannel', 'ShipServiceLevel', 'NumberOfItemsShipped',
  'NumberOfItemsUnshipped', 'PaymentMethod', 'PaymentMethodDetails', 'MarketplaceId', 'ShipmentServiceLevelCategory', 'EasyShipShipmentStatus', 'OrderType',
  'EarliestShipDate', 'LatestShipDate', 'EarliestDeliveryDate', 'LatestDeliveryDate', 'PromiseResponseDueDate', 'ReplacedOrderId', 'ElectronicInvoiceStatus',
  'ASIN', 'SellerSKU', 'OrderItemId', 'Title', 'QuantityOrdered', 'QuantityShipped', 'NumberOfItems', 'PointsNumber', 'PromotionIds', 'IsGift', 'ConditionId', 'ConditionSubtypeId',
  'ScheduledDeliveryStartDate', 'ScheduledDeliveryEndDate', 'CODFee', 'PriceDesignation', 'DeemedResellerCategory', 'StoreChainStoreId', 'Model', 'ResponsibleParty',
  'CurrencyCode', 'Amount', 'City', 'StateOrRegion', 'CountryCode', 'AddressType', 'FulfillmentSupplySourceId', 'IsBuyerRequestedCancel',
]);
/** Objects and lists whose parts are looked at; of any other every text is emptied. */
const ENTERED: ReadonlySet<string> = new Set([
  'OrderItems', 'OrderTotal', 'PaymentMethodDetails', 'PaymentExecutionDetail', 'Payment', 'ShippingAddress', 'FulfillmentInstruction', 'ProductInfo', 'PointsGranted', 'PointsMonetaryValue',
  'ItemPrice', 'ItemTax', 'ShippingPrice', 'ShippingTax', 'ShippingDiscount', 'ShippingDiscountTax', 'PromotionDiscount', 'PromotionDiscountTax', 'PromotionIds', 'CODFee', 'CODFeeDiscount',
  'TaxCollection', 'BuyerRequestedCancel',
]);

/** The document as it is kept: what no list names emptied, keys and shape left, the postal code cut. */
export function withoutPersonalData(document: Json): Json {
  if (isArray(document)) return document.map(withoutPersonalData);
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(Object.entries(document as Readonly<Record<string, Json>>).map(([key, value]) => {
    if (key === 'PostalCode' && typeof value === 'string') return [key, cutPostalCode(value)];
    if (typeof value === 'object') return [key, ENTERED.has(key) ? withoutPersonalData(value) : emptied(value)];
    return [key, KEPT.has(key) ? value : emptied(value)];
  }));
}

function emptied(value: Json): Json {
  if (isArray(value)) return value.map(emptied);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, emptied(part)]));
  return value === null || typeof value === 'boolean' ? value : '';
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
