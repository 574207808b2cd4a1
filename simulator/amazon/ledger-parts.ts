import type { AmazonOrder } from './amazon-world.ts';
import type { Item } from './order-items.ts';
import { isByAmazon } from './statuses.ts';

/** Where each kind of money stands: under which branches of a transaction, and in which words in a settlement. */
export const LEAVES = {
  OurPricePrincipal: { branch: ['Sales', 'ProductCharges'], words: ['ItemPrice', 'Principal'] },
  ShippingPrincipal: { branch: ['Sales', 'Shipping'], words: ['ItemPrice', 'Shipping'] },
  OurPriceTax: { branch: ['Sales', 'Tax'], words: ['ItemPrice', 'Tax'] },
  ShippingTax: { branch: ['Sales', 'Tax'], words: ['ItemPrice', 'ShippingTax'] },
  'MarketplaceFacilitatorTax-Principal': { branch: ['Sales', 'Tax'], words: ['ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal'] },
  'MarketplaceFacilitatorTax-Shipping': { branch: ['Sales', 'Tax'], words: ['ItemWithheldTax', 'MarketplaceFacilitatorTax-Shipping'] },
  OurPriceDiscount: { branch: ['Sales', 'PromotionalRebates'], words: ['Promotion', 'Principal'] },
  ShippingDiscount: { branch: ['Sales', 'PromotionalRebates'], words: ['Promotion', 'Shipping'] },
  Commission: { branch: ['Expenses', 'AmazonFees'], words: ['ItemFees', 'Commission'] },
  RefundCommission: { branch: ['Expenses', 'AmazonFees'], words: ['ItemFees', 'RefundCommission'] },
  FBAPerUnitFulfillmentFee: { branch: ['Expenses', 'FBAFees'], words: ['ItemFees', 'FBAPerUnitFulfillmentFee'] },
  Subscription: { branch: ['Expenses', 'AmazonFees'], words: ['other-transaction', 'Subscription Fee'] },
  FBAStorageFee: { branch: ['Expenses', 'FBAFees'], words: ['other-transaction', 'Storage Fee'] },
  FBAInventoryReimbursement: { branch: ['Sales', 'Reimbursements'], words: ['FBA Inventory Reimbursement', 'WAREHOUSE_LOST'] },
} as const satisfies Readonly<Record<string, { branch: readonly [string, string]; words: readonly [string, string] }>>;
/** One of them. */
export type Leaf = keyof typeof LEAVES;

/** Money of one kind, in the currency's minor unit: positive for the seller. */
export interface Part {
  readonly leaf: Leaf;
  readonly minor: number;
}

const COMMISSION_PERCENT = 15;
/** What Amazon keeps of a commission when it is given back. */
const KEPT_PERCENT = 20;
const FBA_FEE_PERCENT = 12;

/** What a line brings when it is sent: what the buyer pays, and the tax that Amazon keeps for the state. */
export function saleParts(item: Item): Part[] {
  return whole([
    { leaf: 'OurPricePrincipal', minor: item.goods },
    { leaf: 'ShippingPrincipal', minor: item.shipping },
    { leaf: 'OurPriceTax', minor: item.goodsTax },
    { leaf: 'ShippingTax', minor: item.shippingTax },
    { leaf: 'MarketplaceFacilitatorTax-Principal', minor: -item.goodsTax },
    { leaf: 'MarketplaceFacilitatorTax-Shipping', minor: -item.shippingTax },
    { leaf: 'OurPriceDiscount', minor: -item.goodsDiscount },
    { leaf: 'ShippingDiscount', minor: -item.shippingDiscount },
  ]);
}

/** What Amazon takes for it. */
export function feesOf({ life }: AmazonOrder, item: Item): Part[] {
  const fba = isByAmazon(life) ? Math.round((item.goods * FBA_FEE_PERCENT) / 100) : 0;
  return whole([
    { leaf: 'Commission', minor: -commissionOn(item) },
    { leaf: 'FBAPerUnitFulfillmentFee', minor: -fba },
  ]);
}

/** A share of a line given back: its commission too, but for what Amazon keeps. Fees for packing are gone. */
export function refundParts(item: Item, share: number): Part[] {
  const back = (minor: number): number => Math.round(minor * share);
  const commission = back(commissionOn(item));
  return whole([
    ...saleParts(item)
      .filter(({ leaf }) => leaf !== 'ShippingPrincipal' && leaf !== 'ShippingDiscount')
      .map(({ leaf, minor }) => ({ leaf, minor: -back(minor) })),
    { leaf: 'Commission', minor: commission },
    { leaf: 'RefundCommission', minor: -Math.round((commission * KEPT_PERCENT) / 100) },
  ]);
}

function commissionOn({ goods, goodsDiscount }: Item): number {
  return Math.round(((goods - goodsDiscount) * COMMISSION_PERCENT) / 100);
}

/** Without what is nothing. */
function whole(parts: readonly Part[]): Part[] {
  return parts.filter(({ minor }) => minor !== 0);
}
