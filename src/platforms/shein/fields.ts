import { KeptFields, type Fields } from '../kept-fields.ts';

const TIMES = `orderTime paymentTime orderAllocateTime requestDeliveryTime requestPrintTime requestHandoverTime requestSignTime sellerDeliveryTime warehouseDeliveryTime printingTime
  scheduleDeliveryTime pickUpTime orderReceiptTime orderRejectionTime orderReportedLossTime orderReturnTime orderMsgUpdateTime expectedCollectTime addTime orderCreateTime orderUpdateTime`;

/** What `export-address` gives, wherever it was put: nothing of it is kept but the place. */
const address: Fields = {
  kept: 'orderNo country province city',
  postal: 'postCode',
  aboutPerson: true,
  personal: 'lastName middleName firstName district street address addressExt phone taxNo email',
};

/** An order of `order-detail`, and the heads that `order-list` gives. */
const order: Fields = {
  kept: `orderNo orderType billNo orderStatus orderTag deliveryType orderPlaceType optionalLogisticsList orderLogisticsType performanceType isCod isOverLimitOrder unpackingStatus
    printOrderStatus invoiceStatus stockMode salesArea salesSite storeCode declareCollectionPattern unProcessReason cteInvoiceStatus deliveryServiceType performanceBillingType
    orderCurrency saleCurrency productTotalPrice totalCostPrice storeDiscountTotalPrice promotionDiscountTotalPrice totalSettleCurrencyPromotionPrice totalCommission
    totalServiceCharge totalPerformanceServiceCharge sellerShippingFee estimatedGrossIncome totalSaleTax totalSellerRealTax totalMxTaxPrice settleActuallyPrice ${TIMES}`,
  within: {
    receiveMsg: address,
    'receiveMsgList[]': address,
    paymentInfo: { kept: 'payMethod installmentFlag cardType', personal: 'payNo channelPayNo cnpj', aboutPerson: true },
    'packageInvoiceProblems[]': { kept: 'problemCode problemDescEnglish problemField proposalEnglish packageNo' },
    // A parcel's number and its label open the address.
    'packageWaybillList[]': {
      kept:
        'packageNo deliveryNo carrier carrierCode expressShortName sortingCode expressSortingCode isCutOffSeller ' +
        'performanceServiceCharge',
      personal: 'waybillNo packageLabel',
      within: { 'productInventoryList[]': { kept: 'productId' } },
    },
    'orderGoodsInfoList[]': {
      kept: `goodsId skuCode skc spuName goodsSn sellerSku goodsTitle spuPicURL goodsWeight goodsStatus newGoodsStatus storageTag performanceTag goodsExchangeTag beExchangeEntityId
        unpackingGroupNo unpackingGroupInvoiceStatus orderCurrency saleCurrency sellerCurrencyPrice sellerCurrencyDiscountPrice costPrice orderCurrencyStoreCouponPrice
        orderCurrencyPromotionPrice settleCurrencyPromotionPrice commission commissionRate serviceCharge performanceServiceCharge estimatedIncome saleTax sellerRealTax
        commissionSaleTax mxTaxPrice warehouseCode warehouseName customizationFlag orderLabels freightSource`,
      within: {
        'skuAttribute[]': { kept: 'attrValueId attrName language' },
        'timeOutList[]': { kept: 'timeOutType timeOutTime' },
        // What buyers have printed on goods is theirs.
        customizationInfo: { kept: 'customInfoId', personal: 'texts', aboutPerson: true },
      },
    },
  },
};

/** A purchase order to a full-managed seller; there is no buyer in it. */
const purchase: Fields = {
  kept: `orderNo type typeName status statusName currency currencyName currencyId supplierName addTime allocateTime requestDeliveryTime deliveryTime receiptTime storageTime returnTime
    updateTime warehouseName prepareTypeId isJitMotherName firstMark urgentType countryMarket customInfoId`,
  within: {
    'orderExtends[]': {
      kept:
        'skc skuCode suffixZh price needQuantity orderQuantity deliveryQuantity receiptQuantity storageQuantity defectiveQuantity ' +
        'supplierCode supplierSku imgPath',
    },
  },
};

/** What records of SHEIN may hold: all that its documentation names, whether it is read today or not. What is not named here is unknown. */
export const KEPT = { orders: new KeptFields(order), purchases: new KeptFields(purchase) } as const;
