import { withBuyers, type BuyerSale } from './buyers.ts';
import { dayInMadrid, wallClock } from './calendar.ts';
import { chanceOf, type Chance } from './random.ts';
import { courseOf, type Course } from './tiktok-course.ts';
import { decimal, salesOf, type ExampleFile, type Item } from './world.ts';

interface Line {
  readonly item: Item;
  readonly before: number;
  readonly platformDiscount: number;
  readonly sellerDiscount: number;
  readonly after: number;
  readonly returned: number;
  readonly hasSellerSku: boolean;
}

interface Order {
  readonly id: string;
  readonly sale: BuyerSale;
  readonly course: Course;
  readonly lines: readonly Line[];
  readonly shipping: { readonly original: number; readonly seller: number; readonly platform: number; readonly after: number };
  readonly amount: number;
  readonly refund: number;
  readonly packageId: string;
  readonly trackingId: string;
  readonly carrier: string;
  readonly payment: string;
  readonly message: string;
  readonly note: string;
}

const eur = (cents: number): string => `EUR ${decimal(cents)}`;
// The export ends id and time cells in a TAB, so that Excel keeps them as text; an empty one is a lone TAB.
const tab = (text: string): string => `${text}\t`;
const time = (instant: number | undefined): string => {
  if (instant === undefined) return tab('');
  const [year, month, day, clock] = wallClock(instant, 'Europe/Madrid').split(/[-T]/);
  return tab(`${day}/${month}/${year} ${clock}`);
};
const addressKnown = (order: Order): boolean => order.course.paid !== undefined;
const leftTheWarehouse = (order: Order): boolean => order.course.readyToShip !== undefined;

type Column = readonly [name: string, description: string, cell: (order: Order, line: Line) => string];

const COLUMNS: readonly Column[] = [
  ['Order ID', 'Platform unique order ID.', (o) => tab(o.id)],
  ['Order Status', 'Current order status.', (o) => o.course.status],
  ['Order Substatus', 'Detail of the current order status.', (o) => o.course.substatus],
  [
    'Cancelation/Return Type',
    'Whether the line was canceled or returned.',
    (o, l) => (o.course.cancelled ? 'Cancel' : l.returned ? 'Return/Refund' : ''),
  ],
  ['Normal or Pre-order', 'Normal order or pre-order.', () => 'Normal'],
  ['SKU ID', 'Platform unique SKU ID.', (_, l) => tab(l.item.sku.tiktokSkuId)],
  ['Seller SKU', 'Seller sku input by the seller in the product system.', (_, l) => (l.hasSellerSku ? l.item.sku.sellerSku : '')],
  ['Product Name', 'Platform product name.', (_, l) => l.item.sku.nameEs],
  ['Variation', 'Platform SKU variation', (_, l) => l.item.sku.variation],
  ['Quantity', 'SKU sold quantity in the order.', (_, l) => String(l.item.quantity)],
  ['Sku Quantity of return', 'SKU returned quantity in the order.', (_, l) => String(l.returned)],
  ['SKU Unit Original Price', 'Price of one unit before any discount.', (_, l) => eur(l.item.unitCents)],
  ['SKU Subtotal Before Discount', 'It equals SKU Unit Original Price * Quantity.', (_, l) => eur(l.before)],
  ['SKU Platform Discount', 'Discount borne by the platform.', (_, l) => eur(l.platformDiscount)],
  ['SKU Seller Discount', 'Discount borne by the seller.', (_, l) => eur(l.sellerDiscount)],
  [
    'SKU Subtotal After Discount',
    'It equals SKU Subtotal Before Discount - SKU Platform Discount - SKU Seller Discount.',
    (_, l) => eur(l.after),
  ],
  ['Shipping Fee After Discount', 'Shipping fee of the order that the buyer pays.', (o) => eur(o.shipping.after)],
  ['Original Shipping Fee', 'Shipping fee of the order before discounts.', (o) => eur(o.shipping.original)],
  ['Shipping Fee Seller Discount', 'Part of the shipping fee borne by the seller.', (o) => eur(o.shipping.seller)],
  ['Shipping Fee Platform Discount', 'Part of the shipping fee borne by the platform.', (o) => eur(o.shipping.platform)],
  ['Taxes', 'Taxes added to the order.', () => eur(0)],
  ['Small Order Fee', 'Fee on orders below a limit.', () => ''],
  ['Order Amount', 'Amount of the whole order.', (o) => eur(o.amount)],
  ['Order Refund Amount', 'Amount of the whole order that was refunded.', (o) => (o.refund ? eur(o.refund) : '')],
  ['Created Time', 'Order created time.', (o) => time(o.sale.at)],
  ['Paid Time', 'Order paid time.', (o) => time(o.course.paid)],
  ['RTS Time', 'Time the order became ready to ship.', (o) => time(o.course.readyToShip)],
  ['Shipped Time', 'Time the parcel was handed over.', (o) => time(o.course.shipped)],
  ['Delivered Time', 'Time the parcel was delivered.', (o) => time(o.course.delivered)],
  ['Cancelled Time', 'Time the order was canceled.', (o) => time(o.course.cancelled?.at)],
  ['Cancel By', 'Who canceled the order.', (o) => o.course.cancelled?.by ?? ''],
  [
    'Cancel Reason',
    'Reason of the cancelation or return.',
    (o, l) => o.course.cancelled?.reason ?? (l.returned ? (o.course.returnReason ?? '') : ''),
  ],
  ['Fulfillment Type', 'Who fulfills the order.', () => 'Fulfillment by seller'],
  ['Warehouse Name', 'Warehouse the order ships from.', () => 'Getafe'],
  ['Tracking ID', "The order's tracking number.", (o) => (leftTheWarehouse(o) ? o.trackingId : '')],
  ['Delivery Option', "The order's delivery option.", () => 'Standard shipping'],
  ['Shipping Provider Name', "The order's shipping provider.", (o) => (leftTheWarehouse(o) ? o.carrier : '')],
  ['Buyer Message', 'Message of the buyer.', (o) => o.message],
  ['Buyer Username', 'User name of the buyer.', (o) => o.sale.buyer.username],
  ['Recipient', 'Name of the recipient.', (o) => (addressKnown(o) ? `${o.sale.buyer.initial}***` : '')],
  ['Phone #', 'Phone number of the recipient.', (o) => (addressKnown(o) ? `(+34)6******${o.sale.buyer.phoneTail}` : '')],
  ['Zipcode', 'Postcode of the recipient.', (o) => tab(addressKnown(o) ? o.sale.buyer.place.zip : '')],
  ['Country', 'Country of the recipient.', (o) => (addressKnown(o) ? 'Spain' : '')],
  ['Province', 'Province of the recipient.', (o) => (addressKnown(o) ? o.sale.buyer.place.spelling : '')],
  ['District', 'District of the recipient.', (o) => (addressKnown(o) ? o.sale.buyer.place.city : '')],
  ['Detail Address', 'Address of the recipient.', (o) => (addressKnown(o) ? '***' : '')],
  ['Additional address information', 'More about the address.', () => ''],
  ['Payment Method', 'Payment method of the order.', (o) => (o.course.paid === undefined ? '' : o.payment)],
  ['Weight(kg)', 'Weight of the parcel.', (o) => kilograms(o)],
  ['Product Category', 'Category of the product.', (_, l) => l.item.sku.category],
  ['Package ID', 'Platform unique package ID.', (o) => tab(leftTheWarehouse(o) ? o.packageId : '')],
  ['Seller Note', 'Note of the seller.', (o) => o.note],
  ['Checked Status', 'Whether the order was checked.', () => 'Unchecked'],
  ['Checked Marked by', 'Who checked the order.', () => ''],
];

function kilograms(order: Order): string {
  const total = order.lines.reduce((sum, { item }) => sum + item.sku.grams * item.quantity, 0);
  return (total / 1000).toFixed(3);
}

const CAMPAIGNS: readonly (readonly [from: string, to: string, sellerPercent: number])[] = [
  ['2025-11-24', '2025-12-01', 20],
  ['2026-01-07', '2026-01-18', 15],
  ['2026-05-08', '2026-05-21', 12],
  ['2026-06-15', '2026-07-20', 15],
  ['2026-11-09', '2026-11-11', 11],
  ['2026-11-16', '2026-11-22', 10],
];
const CARRIERS = ['Correos Express', 'GLS', 'SEUR', 'CTT Express', 'InPost'];
const PAYMENTS = ['Credit/debit card', 'Credit/debit card', 'PayPal', 'Apple Pay', 'Google Pay', 'Klarna'];
const MESSAGES = [
  'Por favor, dejar en portería, gracias',
  '¿Podéis envolverlo para regalo?',
  'Llamar antes de entregar',
  'Es un regalo.\nSin factura dentro, por favor',
  'Color "roble claro", no oscuro; gracias',
];
const NOTES = ['cliente habitual, añadir muestra', 'revisar stock', 'regalo'];
const LINES_WITHOUT_SELLER_SKU = new Set([412, 1187, 1904]);

function toLine(chance: Chance, item: Item, campaignPercent: number): Line {
  const before = item.unitCents * item.quantity;
  const sellerPercent = campaignPercent && chance.happens(0.8) ? campaignPercent : chance.happens(0.3) ? chance.pick([5, 8, 10]) : 0;
  const sellerDiscount = Math.round((before * sellerPercent) / 100);
  const platformPercent = chance.happens(0.28) ? chance.pick([3, 5, 10, 15]) : 0;
  const platformDiscount = Math.round(((before - sellerDiscount) * platformPercent) / 100);
  return {
    item,
    before,
    sellerDiscount,
    platformDiscount,
    after: before - platformDiscount - sellerDiscount,
    returned: 0,
    hasSellerSku: true,
  };
}

function shippingOf(chance: Chance, goods: number): Order['shipping'] {
  const original = 399;
  const platform = goods >= 3000 ? original : chance.happens(0.25) ? 199 : 0;
  const seller = platform === 0 && chance.happens(0.2) ? 200 : 0;
  return { original, seller, platform, after: original - seller - platform };
}

/** Most returns are of the whole order; the others of one unit of one line. */
function withReturns(chance: Chance, lines: readonly Line[]): Line[] {
  const paid = lines.filter((line) => line.after > 0);
  if (chance.happens(0.75)) return lines.map((line) => ({ ...line, returned: line.after > 0 ? line.item.quantity : 0 }));
  const only = chance.pick(paid);
  return lines.map((line) => ({ ...line, returned: line === only ? 1 : 0 }));
}

function refundOf(course: Course, order: { lines: readonly Line[]; amount: number }): number {
  if (course.cancelled) return course.paid === undefined ? 0 : order.amount;
  if (order.lines.every((line) => line.after === 0 || line.returned === line.item.quantity)) return order.amount;
  return order.lines.reduce((sum, line) => sum + Math.floor((line.after * line.returned) / line.item.quantity), 0);
}

function toOrder(chance: Chance, sale: BuyerSale, index: number): Order {
  const day = dayInMadrid(sale.at);
  const campaign = CAMPAIGNS.findLast(([from, to]) => day >= from && day <= to)?.[2] ?? 0;
  const course = courseOf(chance, sale.at, { farAway: ['35', '38', '07', '51', '52'].includes(sale.buyer.place.zip.slice(0, 2)) });
  const sold = sale.items.map((item) => toLine(chance, item, campaign));
  const returned = course.returnReason === undefined ? sold : withReturns(chance, sold);
  const lines = LINES_WITHOUT_SELLER_SKU.has(index) ? returned.map((line) => ({ ...line, hasSellerSku: false })) : returned;
  const goods = lines.reduce((sum, line) => sum + line.after, 0);
  const shipping = shippingOf(chance, goods);
  const amount = goods + shipping.after;
  const secondsSince2025 = Math.floor(sale.at / 1000) - 1735689600;
  return {
    id: `5799${String(secondsSince2025).padStart(9, '0')}${chance.digits(5)}`,
    sale,
    course,
    lines,
    shipping,
    amount,
    refund: refundOf(course, { lines, amount }),
    packageId: `11599${chance.digits(14)}`,
    trackingId: `ES${chance.digits(10)}`,
    carrier: chance.pick(CARRIERS),
    payment: chance.pick(PAYMENTS),
    message: chance.happens(0.02) ? chance.pick(MESSAGES) : '',
    note: chance.happens(0.01) ? chance.pick(NOTES) : '',
  };
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The TikTok Shop order export: 54 columns, a row of descriptions under the header, one row per SKU, newest order first. */
export function tiktokFile(): ExampleFile {
  const chance = chanceOf('tiktok orders');
  const orders = withBuyers(salesOf('tiktok', 2400, 2.4))
    .map((sale, index) => toOrder(chance, sale, index))
    .toReversed();
  const rows = orders.flatMap((order) => order.lines.map((line) => COLUMNS.map(([, , cell]) => cell(order, line))));
  const table = [COLUMNS.map(([name]) => name), COLUMNS.map(([, description]) => description), ...rows];
  const text = table.map((row) => `${row.map(quoted).join(',')}\n`).join('');
  return { name: 'tiktok-orders-es.csv', bytes: Buffer.from(`\uFEFF${text}`), orders: orders.length, lines: rows.length };
}
