import { sum } from '../trade/basket.ts';
import { digitsOf, sellerSkuOf } from './ids.ts';
import type { Entry, EntryLine } from './ledger.ts';
import { LEAVES, type Part } from './ledger-parts.ts';
import type { Settlement } from './settlements.ts';
import { isByAmazon } from './statuses.ts';
import { decimalOf } from './wire-money.ts';

const COLUMNS = [
  'settlement-id',
  'settlement-start-date',
  'settlement-end-date',
  'deposit-date',
  'total-amount',
  'currency',
  'transaction-type',
  'order-id',
  'merchant-order-id',
  'adjustment-id',
  'shipment-id',
  'marketplace-name',
  'amount-type',
  'amount-description',
  'amount',
  'fulfillment-id',
  'posted-date',
  'posted-date-time',
  'order-item-code',
  'merchant-order-item-id',
  'merchant-adjustment-item-id',
  'sku',
  'quantity-purchased',
  'promotion-id',
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

const DAY = 86_400;
const COMMA = new Set(['EUR', 'PLN', 'SEK']);

/** A settlement as a file: its head row alone has dates and total, to which all other amounts add up, in the locale of the market. */
export function settlementFile(settlement: Settlement, entries: readonly Entry[]): string {
  const { id, currency, start, end, reserve, previousReserve } = settlement;
  const balance = (words: string, minor: number): { row: Row; minor: number }[] => {
    const at = datesOf(end - 1, currency);
    const row = { 'transaction-type': 'other-transaction', 'amount-type': 'other-transaction', 'amount-description': words, ...at };
    return minor === 0 ? [] : [{ row, minor }];
  };
  const rows = [
    ...balance('Previous Reserve Amount Balance', previousReserve),
    ...entries.flatMap((entry) =>
      entry.lines.flatMap((line) => line.parts.map((part) => ({ row: rowOf(entry, line, part), minor: part.minor }))),
    ),
    ...balance('Current Reserve Amount', -reserve),
  ];
  const head: Row = {
    'settlement-id': id,
    'settlement-start-date': instantText(start, currency),
    'settlement-end-date': instantText(end, currency),
    'deposit-date': instantText(end + 2 * DAY, currency),
    'total-amount': amountText(sum(rows.map(({ minor }) => minor)), currency),
    currency,
  };
  const others = rows.map(({ row, minor }) => ({ 'settlement-id': id, ...row, amount: amountText(minor, currency) }));
  const cells = [head, ...others].map((row: Row) => COLUMNS.map((name) => row[name] ?? ''));
  return [COLUMNS, ...cells].map((each) => `${each.join('\t')}\n`).join('');
}

function rowOf({ id, type, order, shop, posted }: Entry, { item, quantity }: EntryLine, { leaf }: Part): Row {
  const [amountType, description] = LEAVES[leaf].words;
  const base: Row = { 'amount-type': amountType, 'amount-description': description, ...datesOf(posted, shop.currency) };
  if (order === undefined || item === undefined)
    return { ...base, 'transaction-type': type === 'ServiceFee' ? 'ServiceFee' : 'other-transaction' };
  const isRefund = type === 'Refund';
  return {
    ...base,
    'transaction-type': isRefund ? 'Refund' : 'Order',
    'order-id': order.id,
    'merchant-order-id': order.id,
    'marketplace-name': shop.marketplace.name,
    'fulfillment-id': isByAmazon(order.life) ? 'AFN' : 'MFN',
    'order-item-code': item.id,
    sku: sellerSkuOf(item.sku),
    ...(isRefund
      ? { 'adjustment-id': `amzn1:crow:${id}`, 'merchant-adjustment-item-id': digitsOf(order.id).slice(-12) }
      : { 'shipment-id': `B${id.slice(-9)}`, 'quantity-purchased': String(quantity) }),
    ...(amountType === 'Promotion' ? { 'promotion-id': `PAWS-V2-${shop.marketplace.country}` } : {}),
  };
}

function datesOf(time: number, currency: string): Row {
  const text = instantText(time, currency);
  return { 'posted-date': text.slice(0, 10), 'posted-date-time': text };
}

/** `dd.MM.yyyy HH:mm:ss UTC` on the Continent, `yyyy-MM-dd HH:mm:ss UTC` elsewhere. */
function instantText(time: number, currency: string): string {
  const [date = '', clock = ''] = new Date(time * 1000).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${COMMA.has(currency) ? `${day}.${month}.${year}` : date} ${clock.slice(0, 8)} UTC`;
}

function amountText(minor: number, currency: string): string {
  const text = decimalOf(minor, currency);
  return COMMA.has(currency) ? text.replace('.', ',') : text;
}
