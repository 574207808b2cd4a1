import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { copyPrepared } from './prepared-data.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { writeOrders } from '../src/records/orders/order-writer.ts';
import { writePriceDetails } from '../src/records/price-details/price-detail-writer.ts';
import { writeReturns } from '../src/records/returns/return-writer.ts';
import { ensureShop } from '../src/records/shops/shops.ts';
import type { Place } from '../src/model/area.ts';
import { toMoney, type Money } from '../src/model/money.ts';
import { isSale, type Order, type OrderLine } from '../src/model/order.ts';
import type { PriceDetail } from '../src/model/price-detail.ts';
import type { Return } from '../src/model/return.ts';
import type { PlatformId, ShopIdentity } from '../src/model/shop.ts';
import { followers } from '../src/records/all.ts';

/** An order with the shop it belongs to, before there is a store. */
export interface PlacedOrder {
  readonly shop: ShopIdentity;
  readonly order: Order;
  /** Claims on it. */
  readonly claims?: readonly Return[];
  readonly priceDetail?: PriceDetail;
}

const MADRID_CLOCK = 'Europe/Madrid';
export const ES_MODA: ShopIdentity = { platform: 'TikTok', shop: 'ES-Moda', zone: MADRID_CLOCK, currency: 'EUR' };
export const GB_MODA: ShopIdentity = { platform: 'TikTok', shop: 'GB-Moda', zone: 'Europe/London', currency: 'GBP' };
export const SHEIN_ES: ShopIdentity = { platform: 'Shein', shop: 'shein-es', zone: MADRID_CLOCK, currency: 'EUR' };
export const AMAZON_ES: ShopIdentity = { platform: 'Amazon', shop: 'Amazon.es', zone: MADRID_CLOCK, currency: 'EUR' };
export const TOKYO: ShopIdentity = { platform: 'Other', shop: 'Tokyo pop-up', zone: 'Asia/Tokyo', currency: 'JPY' };

const MADRID: Place = { country: 'ES', regionCode: 'ES-MD', region: 'Comunidad de Madrid', city: 'Madrid' };
const BARCELONA: Place = { country: 'ES', regionCode: 'ES-CT', region: 'Cataluña', city: 'Barcelona' };
const GIRONA: Place = { ...BARCELONA, city: 'Girona' };
const SPAIN: Place = { country: 'ES', regionCode: null, region: null, city: null };
const LONDON: Place = { country: 'GB', regionCode: 'GB-ENG', region: 'England', city: 'London' };
const OSAKA: Place = { country: 'JP', regionCode: null, region: 'Osaka', city: 'Osaka' };
const NOWHERE: Place = { country: null, regionCode: null, region: null, city: null };

const [ANA, BEA, CAI, DAN] = [11n, 22n, 33n, 44n];

const NAMES: Readonly<Record<string, Partial<Record<PlatformId, string>>>> = {
  TEE: { TikTok: 'Camiseta' },
  MUG: { TikTok: 'Taza', Amazon: 'Mug 330 ml', Other: 'マグカップ' },
  SOCKS: { TikTok: 'Calcetines' },
  HAT: { TikTok: 'Gorra' },
  LAMP: { Shein: 'Desk lamp' },
};
const CATEGORIES: Readonly<Record<string, string>> = { TEE: 'Clothes', SOCKS: 'Clothes', MUG: 'Kitchen' };

interface LineWish extends Partial<Pick<OrderLine, 'kind' | 'status' | 'quantity'>> {
  readonly sku: string;
  /** Gross, net and paid amount of the whole line, or one text for all three; `-` is an amount the source does not give. */
  readonly money: string;
}
type OrderWish = Partial<Omit<Order, 'purchasedAt' | 'paidAt' | 'lines'>> & { readonly paid?: string | null };

/** An instant as the shop's clock shows it (`2026-10-25T23:59`), or with its offset where the clock shows it twice. */
function instantOf(shown: string, zone: string): Temporal.Instant {
  return /[+-]\d\d:\d\d$/.test(shown) ? Temporal.Instant.from(shown) : Temporal.PlainDateTime.from(shown).toZonedDateTime(zone).toInstant();
}

function placed(shop: ShopIdentity, orderId: string, shown: string, wish: OrderWish & { place: Place }, ...lines: LineWish[]): PlacedOrder {
  const { paid, ...given } = wish;
  const purchasedAt = instantOf(shown, shop.zone);
  const status = wish.status ?? 'completed';
  const order: Order = {
    orderId,
    purchasedAt,
    updatedAt: purchasedAt,
    paidAt: paid === null ? null : instantOf(paid ?? shown, shop.zone),
    status,
    outcome: 'none',
    platformStatus: status,
    model: 'retail',
    currency: shop.currency,
    writtenPlace: JSON.stringify(wish.place),
    buyer: null,
    totalAmount: null,
    shippingFee: null,
    shippingProvider: null,
    ...given,
    lines: lines.map((line, at) => toLine(shop, { status, outcome: wish.outcome ?? 'none', ...line }, `${orderId}-${at + 1}`, status)),
  };
  return { shop, order };
}

function toLine(
  { platform }: ShopIdentity,
  wish: LineWish & Pick<OrderLine, 'status' | 'outcome'>,
  lineId: string,
  orderStatus: Order['status'],
): OrderLine {
  const { money, ...given } = wish;
  const [gross, net = gross, paid = net] = money.split(' ').map(amount);
  const line = {
    lineId,
    platformSku: `${platform}-${wish.sku}`,
    productName: NAMES[wish.sku]?.[platform] ?? null,
    variant: null,
    parts: [],
    returnedQuantity: null,
    refundAmount: null,
    image: null,
    category: CATEGORIES[wish.sku] ?? null,
    kind: 'goods' as const,
    quantity: 1,
    platformStatus: wish.status,
    grossSales: gross ?? null,
    netSales: net ?? null,
    paidAmount: paid ?? null,
    taxAmount: null,
    ...given,
  };
  return { ...line, sale: isSale(orderStatus, line) };
}

function amount(text: string): Money | null {
  return text === '-' ? null : toMoney(text)!;
}

interface ClaimWish extends Partial<Pick<Return, 'kind' | 'state' | 'goodsBack' | 'reason'>> {
  /** When it was completed, or last changed, on the shop's clock. */
  readonly on: string;
  /** When it was made; the same where it is not said. */
  readonly made?: string;
  /** The line it is about, counted from 1, or a SKU where the platform names no line. */
  readonly of: number | string;
  readonly quantity?: number;
  readonly refund?: string;
}

/** An order with claims on it. */
function claimed(order: PlacedOrder, ...wishes: ClaimWish[]): PlacedOrder {
  const {
    shop,
    order: { orderId, lines },
  } = order;
  const claims = wishes.map(({ on, made, of, quantity = 1, refund, ...given }, at): Return => ({
    returnId: `${orderId}-R${at + 1}`,
    orderId,
    kind: 'return',
    state: 'completed',
    platformStatus: given.state ?? 'COMPLETE',
    reason: null,
    reasonText: null,
    createdAt: instantOf(made ?? on, shop.zone),
    updatedAt: instantOf(on, shop.zone),
    goodsBack: true,
    currency: shop.currency,
    refundAmount: amount(refund ?? '-'),
    ...given,
    lines: [
      {
        lineId: typeof of === 'number' ? `${orderId}-${of}` : null,
        sku: typeof of === 'number' ? lines[of - 1]!.sku : of,
        quantity,
        refundAmount: null,
      },
    ],
  }));
  return { ...order, claims };
}

/** An order of which only the price detail tells what was paid and what shipping is listed at. */
function detailed(order: PlacedOrder, payment: string, shipping: string): PlacedOrder {
  const unknown = {
    listPrice: null,
    sellerDiscount: null,
    platformDiscount: null,
    salePrice: null,
    taxAmount: null,
    shippingSellerDiscount: null,
    shippingPlatformDiscount: null,
    shippingSalePrice: null,
    total: null,
  };
  return {
    ...order,
    priceDetail: {
      orderId: order.order.orderId,
      currency: order.shop.currency,
      ...unknown,
      payment: amount(payment),
      shippingListPrice: amount(shipping),
      violations: [],
    },
  };
}

/** A small world as of 2026-10-28; every order plants one trap. All clocks are the shop's own. */
export const GOLDEN_WORLD: readonly PlacedOrder[] = [
  // Several lines; one SKU on two of them is one order of that SKU.
  // One of its shirts came back; 47.98 in all, 3.99 of them listed for shipping.
  claimed(
    placed(
      ES_MODA,
      'M1',
      '2026-10-22T10:00',
      { place: MADRID, buyer: ANA, totalAmount: toMoney('47.98')!, shippingFee: toMoney('3.99')!, shippingProvider: 'SEUR' },
      { sku: 'TEE', money: '20 18 17' },
      { sku: 'TEE', money: '20 18 17' },
      { sku: 'MUG', money: '9.99' },
    ),
    { on: '2026-10-27T09:00', made: '2026-10-24T09:00', of: 1, refund: '17', reason: 'too_small' },
  ),
  // One of two lines is cancelled: the other is still a sale.
  // The claim on it is not decided.
  claimed(
    placed(
      ES_MODA,
      'M2',
      '2026-10-23T11:00',
      { place: BARCELONA, buyer: BEA, status: 'shipped', shippingProvider: 'Correos, SEUR' },
      { sku: 'TEE', money: '20' },
      { sku: 'TEE', money: '20', status: 'cancelled' },
    ),
    { on: '2026-10-26T10:00', made: '2026-10-25T10:00', of: 1, state: 'open', refund: '20', reason: 'damaged' },
  ),
  // Cancelled as a whole, although its line still says shipped.
  placed(
    ES_MODA,
    'M3',
    '2026-10-23T12:00',
    { place: MADRID, buyer: ANA, status: 'cancelled' },
    { sku: 'TEE', money: '60', quantity: 3, status: 'shipped' },
  ),
  // Unpaid.
  placed(ES_MODA, 'M4', '2026-10-24T09:00', { place: MADRID, status: 'unpaid', paid: null }, { sku: 'MUG', money: '49.95', quantity: 5 }),
  // On hold is paid, so it is a sale; two units on one line.
  // For one of them a part of the money was given back, the mug stayed; a second claim was rejected.
  claimed(
    placed(
      ES_MODA,
      'M5',
      '2026-10-24T10:00',
      { place: BARCELONA, buyer: ANA, status: 'on_hold' },
      { sku: 'MUG', money: '19.98', quantity: 2 },
    ),
    { on: '2026-10-27T12:00', of: 1, kind: 'refund', goodsBack: false, refund: '3', reason: 'damaged' },
    { on: '2026-10-28T08:00', of: 1, state: 'rejected', refund: '19.98' },
  ),
  // A status word that no table explains is no sale.
  placed(
    ES_MODA,
    'M6',
    '2026-10-24T15:00',
    { place: MADRID, buyer: BEA, status: 'unknown', platformStatus: 'TELEPORTED' },
    { sku: 'TEE', money: '80', quantity: 4 },
  ),
  // Gift, sample and replacement lines beside a sold one.
  // The mug was exchanged without money, the gift came back: it was never sold.
  claimed(
    placed(
      ES_MODA,
      'M7',
      '2026-10-24T16:00',
      { place: MADRID, buyer: CAI },
      { sku: 'MUG', money: '9.99 8.99 7.99' },
      { sku: 'SOCKS', money: '0', kind: 'gift' },
      { sku: 'HAT', money: '12.50', kind: 'sample' },
      { sku: 'TEE', money: '20', kind: 'replacement' },
    ),
    { on: '2026-10-26T09:00', of: 1, kind: 'exchange' },
    { on: '2026-10-26T09:00', of: 2 },
  ),
  // 02:30 of the night the clocks go back, before they do; of one region, but another city than M2 and M5.
  placed(ES_MODA, 'M8', '2026-10-25T02:30+02:00', { place: GIRONA, buyer: DAN }, { sku: 'TEE', money: '20 19.99' }),
  // 02:30 of the same night again, an hour later.
  placed(ES_MODA, 'M9', '2026-10-25T02:30+01:00', { place: GIRONA, buyer: DAN }, { sku: 'TEE', money: '20 19.99' }),
  // The last minute of a day of 25 hours; nobody knows the buyer.
  placed(ES_MODA, 'M10', '2026-10-25T23:59', { place: GIRONA }, { sku: 'MUG', money: '9.99' }),
  // Two minutes later it is the 26th in Madrid, still the 25th in UTC.
  // First a part of the money came back, then the piece: two claims, one unit.
  claimed(
    placed(
      ES_MODA,
      'M11',
      '2026-10-26T00:01',
      { place: MADRID, buyer: BEA, totalAmount: toMoney('4.5')!, shippingFee: 0n },
      { sku: 'SOCKS', money: '5 4.50' },
    ),
    { on: '2026-10-27T10:00', of: 1, kind: 'refund', goodsBack: false, refund: '1', reason: 'damaged' },
    { on: '2026-10-28T10:00', of: 1, refund: '3.5', reason: 'too_small' },
  ),
  // The last minute before the seven days to the 28th.
  placed(ES_MODA, 'M12', '2026-10-21T23:59', { place: MADRID, buyer: CAI }, { sku: 'SOCKS', money: '15', quantity: 3 }),
  // The first minute of them, in UTC the day before.
  placed(ES_MODA, 'M13', '2026-10-22T00:01', { place: MADRID, buyer: CAI }, { sku: 'SOCKS', money: '10', quantity: 2 }),
  // Sold at a price of 0: a unit all the same.
  placed(ES_MODA, 'M14', '2026-10-26T12:00', { place: MADRID, buyer: ANA }, { sku: 'SOCKS', money: '0' }),
  // Nobody knows where to.
  placed(ES_MODA, 'M15', '2026-10-27T10:00', { place: NOWHERE }, { sku: 'TEE', money: '40 36', quantity: 2 }),
  // To Spain, but nobody knows where in it.
  placed(ES_MODA, 'M16', '2026-10-27T11:00', { place: SPAIN, buyer: BEA }, { sku: 'HAT', money: '12.50' }),
  // Came back later: it was sold, the return is another figure.
  placed(ES_MODA, 'M17', '2026-10-20T10:00', { place: MADRID, buyer: ANA, outcome: 'returned' }, { sku: 'TEE', money: '20' }),
  // Placed on the 21st, paid on the 22nd.
  // Came back on the day after the 28th.
  claimed(
    placed(
      ES_MODA,
      'M18',
      '2026-10-21T23:50',
      { place: BARCELONA, buyer: CAI, paid: '2026-10-22T00:10' },
      { sku: 'HAT', money: '12.50 11.50' },
    ),
    { on: '2026-10-29T00:30', of: 1, refund: '11.5', reason: 'too_small' },
  ),
  // The first minute of the days that growth looks back to.
  // Both came back in the last seven days; the claim names the SKU, not the line.
  claimed(placed(ES_MODA, 'M19', '2026-10-14T00:00', { place: MADRID, buyer: BEA }, { sku: 'TEE', money: '40', quantity: 2 }), {
    on: '2026-10-23T23:59',
    of: 'TEE',
    quantity: 2,
    refund: '40',
    reason: 'damaged',
  }),
  // The last minute before them.
  placed(ES_MODA, 'M20', '2026-10-13T23:59', { place: MADRID, buyer: BEA }, { sku: 'TEE', money: '140', quantity: 7 }),
  // The last minute of the days that growth looks back to; more was sold then than now.
  placed(ES_MODA, 'M21', '2026-10-20T23:59', { place: BARCELONA }, { sku: 'MUG', money: '79.92', quantity: 8 }),
  // The last second before the day with 23 hours, paid in its first minute after the gap.
  placed(ES_MODA, 'M22', '2026-03-28T23:59:59', { place: GIRONA, paid: '2026-03-29T03:00' }, { sku: 'MUG', money: '9.99' }),
  // The last minute of the day with 23 hours.
  placed(ES_MODA, 'M23', '2026-03-29T23:59', { place: GIRONA, buyer: DAN }, { sku: 'MUG', money: '9.99' }),
  // The last minute of September, paid in October.
  placed(ES_MODA, 'M24', '2026-09-30T23:59', { place: MADRID, paid: '2026-10-01T00:05' }, { sku: 'HAT', money: '12.50' }),
  // The first minute of October, September still in UTC.
  placed(ES_MODA, 'M25', '2026-10-01T00:01', { place: MADRID }, { sku: 'HAT', money: '25', quantity: 2 }),
  // Today, which is not over: in the window, not in its growth.
  // What it came to only its price detail tells.
  detailed(
    placed(ES_MODA, 'M26', '2026-10-28T09:00', { place: BARCELONA, buyer: BEA, status: 'to_ship' }, { sku: 'MUG', money: '9.99' }),
    '13.98',
    '3.99',
  ),
  // Tomorrow, as seen from the 28th.
  placed(ES_MODA, 'M27', '2026-10-29T00:00', { place: MADRID, buyer: ANA }, { sku: 'TEE', money: '1000', quantity: 50 }),
  // Cancelled after hand-over, for nobody took the parcel: it came back and was paid back, and is no sale.
  claimed(
    placed(
      ES_MODA,
      'M28',
      '2026-10-24T18:00',
      { place: MADRID, buyer: ANA, status: 'cancelled', outcome: 'returned' },
      { sku: 'MUG', money: '9.99' },
    ),
    { on: '2026-10-27T18:00', of: 1, kind: 'cancellation', refund: '9.99', reason: 'delivery_failed' },
  ),
  // Ana again in a second shop of the same platform, sent to the same region.
  placed(GB_MODA, 'L1', '2026-10-25T00:30', { place: MADRID, buyer: ANA }, { sku: 'TEE', money: '17 15' }),
  // Half past eleven on London's clock is the next day on Madrid's.
  placed(GB_MODA, 'L2', '2026-10-21T23:30', { place: LONDON }, { sku: 'MUG', money: '8' }),
  // A platform that tells neither the buyer nor what the buyer paid; lost on the way, a sale all the same.
  placed(SHEIN_ES, 'S1', '2026-10-25T12:00', { place: BARCELONA, status: 'shipped', outcome: 'lost' }, { sku: 'LAMP', money: '35 30 -' }),
  // No price at all.
  placed(SHEIN_ES, 'S2', '2026-10-26T12:00', { place: MADRID, currency: null }, { sku: 'LAMP', money: '- - -' }),
  // Supplied to the platform: never among retail sales.
  placed(SHEIN_ES, 'S3', '2026-10-24T12:00', { place: SPAIN, model: 'supply' }, { sku: 'LAMP', money: '- 1200 -', quantity: 100 }),
  // A source with one amount, which is net; a SKU that TikTok calls otherwise.
  placed(AMAZON_ES, 'A1', '2026-10-23T10:00', { place: MADRID, status: 'shipped' }, { sku: 'MUG', money: '- 17.98 17.98', quantity: 2 }),
  // One amount again, and nobody says what was paid; beside it a line with a list price.
  placed(
    AMAZON_ES,
    'A2',
    '2026-10-27T10:00',
    { place: BARCELONA, status: 'to_ship' },
    { sku: 'MUG', money: '- 8.99 -' },
    { sku: 'HAT', money: '13 12 12' },
  ),
  // Pending at Amazon is unpaid, and without a price or a currency.
  placed(
    AMAZON_ES,
    'A3',
    '2026-10-26T10:00',
    { place: SPAIN, status: 'unpaid', paid: null, currency: null },
    { sku: 'MUG', money: '- - -' },
  ),
  // Half past midnight in Tokyo, the day before everywhere else; no payment instant; yen have no cents.
  placed(TOKYO, 'O1', '2026-10-28T00:30', { place: OSAKA, paid: null }, { sku: 'MUG', money: '1500', quantity: 2 }),
  // One yen more, so that the average order ends in exactly a half.
  placed(TOKYO, 'O2', '2026-10-27T23:59', { place: OSAKA, paid: null }, { sku: 'MUG', money: '501' }),
  // Tokyo's 29th has begun while it is the 28th in Europe.
  placed(TOKYO, 'O3', '2026-10-29T01:00', { place: OSAKA, paid: null }, { sku: 'MUG', money: '700' }),
];

/** A store of today's schema with nothing in it. */
export function openEmptyStore(): Promise<TestStore> {
  return openCopy('reports: empty', (engine) => prepareStore(engine));
}

/** A store of {@link GOLDEN_WORLD}. */
export function openGoldenStore(): Promise<TestStore> {
  return openCopy('reports: golden', async (engine) => {
    await prepareStore(engine);
    await storeWorld(engine, GOLDEN_WORLD);
  });
}

interface TestStore {
  readonly engine: Engine;
  close(): Promise<void>;
}

/** Opens a copy of a store that is filled once. */
async function openCopy(name: string, fill: (engine: Engine) => Promise<void>): Promise<TestStore> {
  const open = (folder: string): Promise<Engine> =>
    openDuckDb(join(folder, 'store.duckdb'), { memoryLimit: '1GB', temporaryFolder: join(folder, 'tmp'), threads: 1 });
  const folder = mkdtempSync(join(tmpdir(), 's7-reports-'));
  await copyPrepared(folder, {
    name,
    async make(made) {
      const engine = await open(made);
      await fill(engine);
      await engine.close();
    },
  });
  const engine = await open(folder);
  return {
    engine,
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Stores orders, and their shops in the order they appear. */
export async function storeWorld(engine: Engine, world: readonly PlacedOrder[]): Promise<void> {
  const shops = new Map<string, Awaited<ReturnType<typeof ensureShop>>>();
  for (const { shop } of world) if (!shops.has(shop.shop)) shops.set(shop.shop, await ensureShop(engine, shop));
  const delivered = world.map(({ shop, order }) => ({ shop: shops.get(shop.shop)!, order, document: '' }));
  await writeOrders(engine, delivered, { source: { importId: 1 }, followers });
  for (const shop of shops.values()) {
    const own = world.filter((each) => each.shop.shop === shop.shop);
    const claims = own.flatMap((each) => each.claims ?? []).map((claim) => ({ claim, document: '' }));
    const details = own.flatMap((each) => each.priceDetail ?? []).map((detail) => ({ detail, document: '' }));
    await engine.transaction(async (tx) => {
      await writeReturns(tx, shop, { delivered: claims, source: null });
      await writePriceDetails(tx, shop, { delivered: details, source: null, at: Temporal.Instant.from('2026-10-28T18:00:00Z') });
    });
  }
}
