import type { Fields } from '../kept-fields.ts';

const money: Fields = { kept: 'amount currencyCode' };
const window: Fields = { kept: 'earliestDateTime latestDateTime' };
const measurement: Fields = { kept: 'unit value' };

/** Of an address the town, what is next above it and the country; nothing else. */
const address: Fields = {
  kept: 'city stateOrRegion countryCode',
  personal:
    'name companyName addressLine1 addressLine2 addressLine3 districtOrCounty municipality postalCode phone extendedFields addressType',
  aboutPerson: true,
};

const item: Fields = {
  kept: 'orderItemId quantityOrdered programs',
  within: {
    measurement,
    'associatedOrderItems[]': { kept: 'orderId orderItemId associationType' },
    product: {
      kept: 'asin title sellerSku serialNumbers',
      within: {
        condition: { kept: 'conditionType conditionSubtype conditionNote' },
        price: { kept: 'priceDesignation', within: { unitPrice: money } },
        // What the buyer had written on it.
        customization: { personal: 'customizedUrl', aboutPerson: true },
      },
    },
    proceeds: {
      within: {
        proceedsTotal: money,
        'breakdowns[]': {
          kept: 'type',
          within: { subtotal: money, 'detailedBreakdowns[]': { kept: 'subtype', within: { value: money } } },
        },
      },
    },
    expense: { within: { pointsCost: { within: { pointsGranted: { kept: 'pointsNumber', within: { pointsMonetaryValue: money } } } } } },
    promotion: { within: { 'breakdowns[]': { kept: 'promotionId' } } },
    cancellation: {
      within: {
        // Why is the buyer's to write.
        cancellationRequest: { kept: 'requester', personal: 'cancelReason' },
        cancellationExecution: { kept: 'cancelledBy cancelReason' },
      },
    },
    fulfillment: {
      kept: 'quantityFulfilled quantityUnfulfilled',
      within: {
        picking: {
          within: {
            substitutionPreference: {
              kept: 'substitutionType',
              within: { 'substitutionOptions[]': { kept: 'asin quantityOrdered sellerSku title', within: { measurement } } },
            },
          },
        },
        packing: {
          within: {
            giftOption: { kept: 'giftWrapLevel', personal: 'giftMessage' },
            serialNumberRequirement: { kept: 'requirementType' },
          },
        },
        shipping: {
          within: {
            scheduledDeliveryWindow: window,
            shippingConstraints: {
              kept: 'palletDelivery cashOnDelivery signatureConfirmation recipientIdentityVerification recipientAgeVerification',
            },
            internationalShipping: { kept: 'iossNumber' },
          },
        },
      },
    },
    tax: {
      within: {
        'taxCalculationBreakdowns[]': { kept: 'reportingScheme' },
        'taxCollections[]': { kept: 'model responsibleParty' },
      },
    },
  },
};

/** What an order of Orders 2026-01-01 may hold: all that its published model names, whether it is asked for or not. */
export const orderFields: Fields = {
  kept: 'orderId createdTime lastUpdatedTime programs',
  personal: 'buyer',
  within: {
    'orderAliases[]': { kept: 'aliasId aliasType' },
    'associatedOrders[]': { kept: 'orderId associationType' },
    salesChannel: { kept: 'channelName marketplaceId marketplaceName' },
    recipient: { personal: 'deliveryPreference', aboutPerson: true, within: { deliveryAddress: address } },
    proceeds: { within: { grandTotal: money, 'breakdowns[]': { kept: 'type status', within: { subtotal: money } } } },
    payment: {
      within: {
        'paymentExecutions[]': {
          kept: 'paymentMethod acquirerId cardBrand',
          personal: 'authorizationCode',
          within: { paymentAmount: money },
        },
      },
    },
    tax: {
      personal: 'taxRegistrations',
      within: { taxInvoicing: { kept: 'buyerInvoicePreference invoiceStatus' } },
    },
    fulfillment: {
      kept: 'fulfillmentStatus fulfilledBy fulfillmentServiceLevel',
      within: { shipByWindow: window, deliverByWindow: window, labelPrintingWindow: window },
    },
    'orderItems[]': item,
    'packages[]': {
      kept: 'packageReferenceId createdTime carrier shipTime shippingService',
      personal: 'trackingNumber shipFromAddress',
      within: {
        packageStatus: { kept: 'status detailedStatus' },
        'packageItems[]': { kept: 'orderItemId quantity transparencyCodes' },
      },
    },
    'fulfillmentOrders[]': { kept: 'fulfillmentOrderId' },
  },
};
