import { KeptFields, type Fields } from '../kept-fields.ts';
import { orderFields } from './order-fields.ts';
import { productFields } from './product-fields.ts';

const money: Fields = { kept: 'CurrencyCode Amount' };

/** Up to the town, never the street; the county and the municipality hold many. */
const address: Fields = {
  kept: 'City County StateOrRegion Municipality CountryCode AddressType',
  postal: 'PostalCode',
  aboutPerson: true,
  personal: 'Name CompanyName AddressLine1 AddressLine2 AddressLine3 District Phone ExtendedFields',
};

const measurement: Fields = { kept: 'Unit Value' };

/** An item of `getOrderItems`. */
const item: Fields = {
  kept: `ASIN SellerSKU OrderItemId AmazonOrderId Title QuantityOrdered QuantityShipped PromotionIds IsGift ConditionNote ConditionId ConditionSubtypeId ScheduledDeliveryStartDate
    ScheduledDeliveryEndDate PriceDesignation SerialNumberRequired IsTransparency IossNumber StoreChainStoreId DeemedResellerCategory SerialNumbers`,
  within: {
    'AssociatedItems[]': { kept: 'OrderId OrderItemId AssociationType' },
    ProductInfo: { kept: 'NumberOfItems' },
    PointsGranted: { kept: 'PointsNumber', within: { PointsMonetaryValue: money } },
    ItemPrice: money,
    ShippingPrice: money,
    ItemTax: money,
    ShippingTax: money,
    ShippingDiscount: money,
    ShippingDiscountTax: money,
    PromotionDiscount: money,
    PromotionDiscountTax: money,
    CODFee: money,
    CODFeeDiscount: money,
    TaxCollection: { kept: 'Model ResponsibleParty' },
    BuyerInfo: {
      kept: 'GiftWrapLevel',
      personal: 'BuyerCustomizedInfo GiftMessageText',
      within: { GiftWrapPrice: money, GiftWrapTax: money },
      aboutPerson: true,
    },
    // Why is the buyer's to write.
    BuyerRequestedCancel: { kept: 'IsBuyerRequestedCancel', personal: 'BuyerCancelReason' },
    SubstitutionPreferences: {
      kept: 'SubstitutionType',
      within: { 'SubstitutionOptions[]': { kept: 'ASIN QuantityOrdered SellerSKU Title', within: { Measurement: measurement } } },
    },
    Measurement: measurement,
    ShippingConstraints: {
      kept: 'PalletDelivery CashOnDelivery SignatureConfirmation RecipientIdentityVerification RecipientAgeVerification',
    },
    AmazonPrograms: { kept: 'Programs' },
  },
};

/** An order of `getOrders`, alone or with its items. */
const order: Fields = {
  kept: `AmazonOrderId SellerOrderId PurchaseDate LastUpdateDate OrderStatus FulfillmentChannel SalesChannel OrderChannel ShipServiceLevel NumberOfItemsShipped NumberOfItemsUnshipped
    PaymentMethod PaymentMethodDetails MarketplaceId ShipmentServiceLevelCategory EasyShipShipmentStatus CbaDisplayableShippingLabel OrderType EarliestShipDate LatestShipDate
    EarliestDeliveryDate LatestDeliveryDate IsBusinessOrder IsPrime IsPremiumOrder IsGlobalExpressEnabled ReplacedOrderId IsReplacementOrder PromiseResponseDueDate
    IsEstimatedShipDateSet IsSoldByAB IsIBA BuyerInvoicePreference IsISPU IsAccessPointOrder SellerDisplayName HasRegulatedItems ElectronicInvoiceStatus`,
  personal: 'BuyerInfo BuyerTaxInformation BuyerEmail BuyerName',
  within: {
    OrderTotal: money,
    'PaymentExecutionDetail[]': { kept: 'PaymentMethod AcquirerId CardBrand', personal: 'AuthorizationCode', within: { Payment: money } },
    DefaultShipFromLocationAddress: address,
    ShippingAddress: address,
    FulfillmentInstruction: { kept: 'FulfillmentSupplySourceId' },
    MarketplaceTaxInfo: { within: { 'TaxClassifications[]': { kept: 'Name', personal: 'Value' } } },
    AutomatedShippingSettings: { kept: 'HasAutomatedShippingSettings AutomatedCarrier AutomatedShipMethod' },
    'OrderItems[]': item,
  },
};

/** Answers that live calls pass on. */
export const LIVE_ORDERS = new KeptFields({
  kept: 'createdBefore lastUpdatedBefore',
  within: { 'orders[]': orderFields, order: orderFields, pagination: { kept: 'nextToken' } },
});

/**
 * What Amazon's records may hold: all that its published models name, whether it is read today or not. What is not named here is unknown.
 * Those of Orders v0 are what another system kept.
 */
export const KEPT = {
  orders: new KeptFields(orderFields),
  products: new KeptFields(productFields),
  'older orders': new KeptFields(order),
  'older items': new KeptFields(item),
} as const;
