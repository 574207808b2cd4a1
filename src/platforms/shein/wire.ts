import { z } from 'zod';
import { optionalName } from '../wire-name.ts';

const text = z.string().nullish();
/** Sent as a number here, as a text there; long ones are texts already, for a number would lose their last digits. */
const id = z.union([z.string().min(1), z.number()]).transform(String);
const code = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value)));
const amount = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value)));

const unit = z.object({
  goodsId: id.nullish(),
  skuCode: z.string().min(1),
  sellerSku: optionalName,
  goodsTitle: optionalName,
  spuPicURL: text,
  newGoodsStatus: code,
  goodsExchangeTag: code,
  skuAttribute: z.array(z.object({ attrName: optionalName, language: text })).nullish(),
  sellerCurrencyPrice: amount,
  costPrice: amount,
  orderCurrencyStoreCouponPrice: amount,
  orderCurrencyPromotionPrice: amount,
  settleCurrencyPromotionPrice: amount,
  saleTax: amount,
});

/** What is read of an order of `order-detail`. Whatever else it holds passes. */
export const orderWire = z.object({
  orderNo: z.string().min(1),
  orderType: code,
  orderStatus: z.union([z.number(), z.string().min(1)]).transform(String),
  orderCurrency: z.string().regex(/^[A-Z]{3}$/, 'is no currency code'),
  orderTime: z.string().min(1),
  paymentTime: text,
  orderMsgUpdateTime: text,
  pickUpTime: text,
  orderReceiptTime: text,
  orderRejectionTime: text,
  orderReportedLossTime: text,
  orderReturnTime: text,
  productTotalPrice: amount,
  totalCostPrice: amount,
  receiveMsg: z.object({ country: text, province: optionalName, city: optionalName, postCode: text }).nullish(),
  packageWaybillList: z.array(z.object({ carrier: optionalName })).nullish(),
  orderGoodsInfoList: z.array(unit).min(1),
});

export type OrderWire = z.output<typeof orderWire>;
export type UnitWire = z.output<typeof unit>;
