import { gzipSync } from 'node:zlib';
import { AS_COMMITTED, DAY, dayInMadrid, HOUR, MINUTE, told, wallClock, type Pressed } from './calendar.ts';
import { chanceOf, type Chance } from './random.ts';
import { placeAbroad, placeInSpain, type Place } from './spain.ts';
import { decimal, salesOf, type ExampleFile, type Item, type Sale } from './world.ts';

type Status = 'Pending' | 'Unshipped' | 'Shipped' | 'Cancelled';

interface Line {
  readonly item: Item;
  readonly status: Exclude<Status, 'Pending'>;
  readonly priced: boolean;
  readonly discount: number;
  readonly giftWrap: number;
}

interface Order {
  readonly id: string;
  readonly status: Status;
  readonly at: number;
  readonly updatedAt: number;
  readonly byAmazon: boolean;
  readonly channel: string;
  readonly place: Place;
  readonly state: string;
  readonly service: string;
  readonly shipping: number;
  readonly shippingDiscount: number;
  readonly promotions: string;
  readonly business: boolean;
  readonly purchaseOrder: string;
  readonly lines: readonly Line[];
}

const utc = (instant: number): string => `${wallClock(instant, 'UTC')}+00:00`;
const orNothing = (cents: number): string => (cents ? decimal(cents) : '');
const onFirstLine = (order: Order, line: Line, cents: number): string => (line === order.lines[0] && line.priced ? orNothing(cents) : '');
// Titles of the other marketplaces are not Spanish.
const title = (order: Order, { sku }: Item): string =>
  `${order.channel === 'Amazon.es' ? sku.nameEs : sku.nameEn}${sku.variation === 'Único' ? '' : ` (${sku.variation})`}`;

const COLUMNS: readonly (readonly [name: string, cell: (order: Order, line: Line) => string])[] = [
  ['amazon-order-id', (o) => o.id],
  ['merchant-order-id', () => ''],
  ['purchase-date', (o) => utc(o.at)],
  ['last-updated-date', (o) => utc(o.updatedAt)],
  ['order-status', (o) => o.status],
  ['fulfillment-channel', (o) => (o.byAmazon ? 'Amazon' : 'Merchant')],
  ['sales-channel', (o) => o.channel],
  ['order-channel', () => ''],
  ['url', () => ''],
  ['ship-service-level', (o) => o.service],
  ['product-name', (o, l) => title(o, l.item)],
  ['sku', (_, l) => l.item.sku.sellerSku],
  ['asin', (_, l) => l.item.sku.asin],
  ['item-status', (_, l) => l.status],
  ['quantity', (_, l) => (l.status === 'Cancelled' ? '0' : String(l.item.quantity))],
  ['currency', (_, l) => (l.priced ? 'EUR' : '')],
  ['item-price', (_, l) => (l.priced ? decimal(l.item.unitCents * l.item.quantity) : '')],
  ['item-tax', () => ''],
  ['shipping-price', (o, l) => onFirstLine(o, l, o.shipping)],
  ['shipping-tax', () => ''],
  ['gift-wrap-price', (_, l) => (l.priced ? orNothing(l.giftWrap) : '')],
  ['gift-wrap-tax', () => ''],
  ['item-promotion-discount', (_, l) => (l.priced ? orNothing(l.discount) : '')],
  ['ship-promotion-discount', (o, l) => onFirstLine(o, l, o.shippingDiscount)],
  ['ship-city', (o) => o.place.city],
  ['ship-state', (o) => o.state],
  ['ship-postal-code', (o) => o.place.zip],
  ['ship-country', (o) => o.place.country],
  ['promotion-ids', (o) => o.promotions],
  ['is-business-order', (o) => String(o.business)],
  ['purchase-order-number', (o) => o.purchaseOrder],
  ['price-designation', (o) => (o.business ? 'Business Price' : '')],
];

const MARKETPLACES = [
  { channel: 'Amazon.es', country: 'ES', share: 80 },
  { channel: 'Amazon.es', country: 'PT', share: 3 },
  { channel: 'Amazon.fr', country: 'FR', share: 7 },
  { channel: 'Amazon.it', country: 'IT', share: 6 },
  { channel: 'Amazon.de', country: 'DE', share: 4 },
];
const ID_PREFIXES = ['431', '447', '462', '478', '493'];
const CAMPAIGNS = [
  { from: '2025-11-24', to: '2025-12-01', percent: 20, id: 'Black-Friday-20' },
  { from: '2026-01-07', to: '2026-01-18', percent: 15, id: 'Rebajas-Enero-15' },
  { from: '2026-07-06', to: '2026-07-12', percent: 20, id: 'Oferta-Flash-Julio' },
  { from: '2026-10-05', to: '2026-10-11', percent: 10, id: 'Cupon-Otono-2026' },
];
const COUPON = { percent: 5, id: 'Cupon-5-PRIMERA, Cupon-5-APP' };

/** The state as sellers see it: mostly the province, in whatever case, now and then the community or nothing. */
function stateOf(chance: Chance, place: Place): string {
  if (place.country !== 'ES') return place.spelling;
  return chance.weighted(
    [place.spelling, place.region.toUpperCase(), place.region.toLowerCase(), place.community, ''].map((text, kind) => ({ text, kind })),
    ({ kind }) => [70, 10, 4, 8, 8][kind] ?? 0,
  ).text;
}

function statusOf(chance: Chance, { at, shippedAt, exportedAt }: { at: number; shippedAt: number; exportedAt: number }): Status {
  if (chance.happens(0.062)) return 'Cancelled';
  if (exportedAt - at < 30 * MINUTE + chance.next() * 36 * HOUR) return 'Pending';
  return shippedAt <= exportedAt ? 'Shipped' : 'Unshipped';
}

function toOrder(chance: Chance, sale: Sale, exportedAt: number): Order {
  const { channel, country } = chance.weighted(MARKETPLACES, (one) => one.share);
  const place = country === 'ES' ? placeInSpain(chance) : placeAbroad(chance, country);
  const byAmazon = chance.happens(0.68);
  const shippedAt = sale.at + Math.floor((byAmazon ? 8 + chance.next() * 30 : 10 + chance.next() * 48) * HOUR);
  const status = statusOf(chance, { at: sale.at, shippedAt, exportedAt });
  const day = dayInMadrid(sale.at);
  const campaign = CAMPAIGNS.find(({ from, to }) => day >= from && day <= to);
  const promotion = campaign && chance.happens(0.7) ? campaign : chance.happens(0.08) ? COUPON : undefined;
  const stillPriced = status !== 'Pending' && (status !== 'Cancelled' || chance.happens(0.5));
  const oneLineCancelled = status === 'Shipped' && sale.items.length > 1 && chance.happens(0.04);
  const lines = sale.items.map((item, index): Line => ({
    item,
    status: status === 'Pending' ? 'Unshipped' : oneLineCancelled && index === sale.items.length - 1 ? 'Cancelled' : status,
    priced: stillPriced,
    discount: Math.round((item.unitCents * item.quantity * (promotion?.percent ?? 0)) / 100),
    giftWrap: chance.happens(0.01) ? 395 : 0,
  }));
  const goods = sale.items.reduce((sum, item) => sum + item.unitCents * item.quantity, 0);
  const shipping = goods >= 3500 ? 0 : byAmazon ? 299 : 399;
  const business = chance.happens(0.03);
  const changedAt = {
    Pending: sale.at + 5 * MINUTE,
    Unshipped: sale.at + 40 * MINUTE,
    Shipped: shippedAt + Math.floor(chance.next() * 2 * DAY),
    Cancelled: sale.at + Math.floor((1 + chance.next() * 20) * HOUR),
  }[status];
  return {
    id: `${chance.pick(ID_PREFIXES)}-${chance.digits(7)}-${chance.digits(7)}`,
    status,
    byAmazon,
    channel,
    place,
    shipping,
    business,
    lines,
    at: sale.at,
    updatedAt: Math.min(changedAt, exportedAt),
    state: stateOf(chance, place),
    service: byAmazon ? chance.pick(['Expedited', 'SecondDay', 'NextDay']) : 'Standard',
    shippingDiscount: byAmazon && chance.happens(0.7) ? shipping : 0,
    promotions: promotion?.id ?? '',
    purchaseOrder: business && chance.happens(0.4) ? `PO-${chance.digits(5)}` : '',
  };
}

/** Gzip without the time and without the operating system, so that the same text gives the same bytes. */
function gzip(text: string): Uint8Array {
  const bytes = gzipSync(text, { level: 9 });
  bytes.fill(0, 4, 8);
  bytes[9] = 255;
  return bytes;
}

/** Amazon's "All Orders" flat file, gzipped: tab separated, never quoted, CRLF, oldest order first. */
export function amazonFile(pressed: Pressed = AS_COMMITTED): ExampleFile {
  const chance = chanceOf('amazon orders');
  const orders = salesOf('amazon', 2000, 1.5)
    .filter(({ at }) => at <= pressed.exportedAt)
    .map((sale) => toOrder(chance, sale, pressed.exportedAt));
  const rows = orders.flatMap((order) => order.lines.map((line) => COLUMNS.map(([, cell]) => told(cell(order, line), pressed))));
  const text = [COLUMNS.map(([name]) => name), ...rows].map((row) => `${row.join('\t')}\r\n`).join('');
  return { name: 'amazon-orders-es.txt.gz', bytes: gzip(text), orders: orders.length, lines: rows.length };
}
