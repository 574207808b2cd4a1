import { XlsxStreamWriter } from 'hucre/xlsx';
import { AS_COMMITTED, DAY, HOUR, MINUTE, told, wallClock, type Pressed } from './calendar.ts';
import type { Sku } from './catalogue.ts';
import { chanceOf, type Chance } from './random.ts';
import { placeInSpain, type Place } from './spain.ts';
import { salesOf, type ExampleFile, type Sale } from './world.ts';

type Status = '待处理' | '待发货' | '待揽收' | '已发货' | '已签收' | '已退款' | '已取消' | '报损' | '已拒收';
type Fate = '已签收' | '已退款' | '已取消' | '报损' | '已拒收' | 'refunded before shipment' | 'one unit refunded';

interface Unit {
  readonly goodsId: string;
  readonly sku: Sku;
  readonly status: Status;
  readonly price: number;
  readonly coupon: number;
  readonly promotion: number;
  readonly commission: number;
}

interface Order {
  readonly id: string;
  readonly status: Status;
  readonly createdAt: number;
  readonly collectedAt: number | undefined;
  readonly signedAt: number | undefined;
  readonly place: Place;
  readonly waybill: string;
  readonly units: readonly Unit[];
}

const COMMISSION_PERCENT = 16;
const FATES: readonly (readonly [Fate, number])[] = [
  ['已签收', 880],
  ['已取消', 53],
  ['已退款', 38],
  ['one unit refunded', 12],
  ['已拒收', 8],
  ['报损', 5],
  ['refunded before shipment', 4],
];

// Amounts are numbers in the sheet, with two decimals at most; cents / 100 is the nearest double, which prints exactly so.
const money = (cents: number): number => cents / 100;
/** Beijing time, as every time of SHEIN, whatever the site. */
const beijing = (instant: number | undefined): string =>
  instant === undefined ? '' : wallClock(instant, 'Asia/Shanghai').replace('T', ' ');

const COLUMNS: readonly (readonly [name: string, cell: (order: Order, unit: Unit) => string | number])[] = [
  ['订单类型', () => '普通订单'],
  ['订单号', (o) => o.id],
  ['订单状态', (o) => o.status],
  ['订单创建时间', (o) => beijing(o.createdAt)],
  ['要求发货时间', (o) => beijing(o.createdAt + 2 * DAY)],
  ['商品名称', (_, u) => u.sku.nameEn],
  ['货号', (_, u) => u.sku.style],
  ['规格', (_, u) => u.sku.variation.replace(', ', ' / ')],
  ['卖家SKU', (_, u) => u.sku.sellerSku],
  ['平台SKU', (_, u) => u.sku.sheinSku],
  ['平台SKC', (_, u) => u.sku.sheinSkc],
  ['商品ID', (_, u) => u.goodsId],
  ['商品状态', (_, u) => u.status],
  ['币种', () => 'EUR'],
  ['商品价格', (_, u) => money(u.price)],
  ['店铺优惠券金额', (_, u) => money(u.coupon)],
  ['店铺活动优惠金额', (_, u) => money(u.promotion)],
  ['佣金', (_, u) => money(u.commission)],
  ['预计收入', (_, u) => money(u.price - u.coupon - u.promotion - u.commission)],
  ['国家/地区', () => '西班牙'],
  ['省/州', (o) => o.place.spelling],
  ['城市', (o) => o.place.city],
  ['邮编', (o) => o.place.zip],
  ['运单号', (o) => o.waybill],
  ['揽收时间', (o) => beijing(o.collectedAt)],
  ['收货时间', (o) => beijing(o.signedAt)],
];

function toUnits(chance: Chance, sale: Sale): Unit[] {
  const couponPercent = chance.happens(0.2) ? chance.pick([5, 8, 10]) : 0;
  return sale.items.flatMap(({ sku, quantity, unitCents: price }) =>
    Array.from({ length: quantity }, (): Unit => {
      const promotion = chance.happens(0.35) ? Math.round((price * chance.pick([5, 10, 15, 20])) / 100) : 0;
      const coupon = Math.round(((price - promotion) * couponPercent) / 100);
      const commission = Math.round(((price - promotion - coupon) * COMMISSION_PERCENT) / 100);
      return { goodsId: `5230${chance.digits(15)}`, sku, status: '待处理', price, coupon, promotion, commission };
    }),
  );
}

function toOrder(chance: Chance, sale: Sale, exportedAt: number): Order {
  const [fate] = chance.weighted(FATES, (one) => one[1]);
  const place = placeInSpain(chance);
  const after = (instant: number, low: number, high: number): number => instant + Math.floor(low + chance.next() * (high - low));
  const past = (instant: number): boolean => instant <= exportedAt;

  const confirmed = after(sale.at, HOUR, 14 * HOUR);
  const stoppedAt = after(sale.at, 20 * MINUTE, 12 * HOUR);
  const labelled = after(confirmed, HOUR, 20 * HOUR);
  const collected = after(labelled, 2 * HOUR, 20 * HOUR);
  const arrived = after(collected, 30 * HOUR, 6 * DAY);
  const refunded = after(arrived, 3 * DAY, 15 * DAY);
  const lost = after(collected, 9 * DAY, 20 * DAY);

  const stopped = (fate === '已取消' || fate === 'refunded before shipment') && past(stoppedAt);
  const onTheWay: Status = !past(confirmed) ? '待处理' : !past(labelled) ? '待发货' : !past(collected) ? '待揽收' : '已发货';
  const arrives = fate !== '报损' && fate !== '已拒收';
  const signed = !stopped && arrives && past(arrived);
  const status = ((): Status => {
    if (stopped) return fate === '已取消' ? '已取消' : '已退款';
    if (fate === '报损' && past(lost)) return '报损';
    if (fate === '已拒收' && past(arrived)) return '已拒收';
    if (signed) return fate === '已退款' && past(refunded) ? '已退款' : '已签收';
    return onTheWay;
  })();

  const units = toUnits(chance, sale).map((unit) => ({ ...unit, status }));
  const partly = fate === 'one unit refunded' && signed && past(refunded) && units.length > 1;
  return {
    id: `GSO19X${Array.from({ length: 9 }, () => chance.pick([...'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'])).join('')}`,
    status,
    createdAt: sale.at,
    collectedAt: !stopped && past(collected) ? collected : undefined,
    signedAt: signed ? arrived : undefined,
    place,
    waybill: !stopped && past(labelled) ? `SHES${chance.digits(11)}` : '',
    // A refund of some units leaves the order as it was; only the unit says so.
    units: partly ? units.map((unit, index) => (index === 0 ? { ...unit, status: '已退款' as const } : unit)) : units,
  };
}

/** The SHEIN seller-centre order export: a banner on row 1, the header on row 2, one row per physical unit, newest order first. */
export async function sheinFile(pressed: Pressed = AS_COMMITTED): Promise<ExampleFile> {
  const chance = chanceOf('shein orders');
  const orders = salesOf('shein', 1500, 1.8)
    .filter(({ at }) => at <= pressed.exportedAt)
    .map((sale) => toOrder(chance, sale, pressed.exportedAt))
    .toReversed();
  const sheet = new XlsxStreamWriter({ name: '订单列表', repeatHeaders: false });
  sheet.addRow([told(`订单导出 · 导出时间 ${beijing(pressed.exportedAt)} (UTC+8) · 每行一件商品，请勿外传`, pressed)]);
  sheet.addRow(COLUMNS.map(([name]) => name));
  const rows = orders.flatMap((order) => order.units.map((unit) => COLUMNS.map(([, cell]) => told(cell(order, unit), pressed))));
  for (const row of rows) sheet.addRow(row);
  return { name: 'shein-orders-es.xlsx', bytes: await sheet.finish(), orders: orders.length, lines: rows.length };
}
