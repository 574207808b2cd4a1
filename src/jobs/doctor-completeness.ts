import { readOrdersInSeveralShops } from '../records/orders/double-orders.ts';
import type { Engine } from '../engines/engine.ts';
import { readUnequalDays } from '../records/day-check/day-check.ts';
import { readGivenUp } from '../records/misses.ts';
import { hasPriceDetails, readViolations } from '../records/price-details/price-detail-writer.ts';
import { fill, type Language, type Text } from '../kernel/messages.ts';
import type { Finding } from './doctor-connections.ts';

const SHOWN = 10;

const TEXTS = {
  complete: { en: 'nothing is missing that anything tells of', zh: '没有发现缺失的数据', es: 'no falta nada de lo que se tenga noticia' },
  days: {
    en: 'order counts differ (platform/here): {days}. GET /api/sync/discrepancies',
    zh: '订单数不一致（平台/本地）：{days}。详见 GET /api/sync/discrepancies',
    es: 'el n.º de pedidos no coincide (plataforma/aquí): {days}. GET /api/sync/discrepancies',
  },
  missing: {
    en: 'named, and not given by the platform: {records}. GET /api/sync/discrepancies',
    zh: '被引用但平台未返回：{records}。详见 GET /api/sync/discrepancies',
    es: 'nombrados, y la plataforma no los da: {records}. GET /api/sync/discrepancies',
  },
  doubles: { en: 'every order stands in one shop', zh: '每个订单只属于一个店铺', es: 'cada pedido está en una sola tienda' },
  doubles_stored: {
    en:
      '{count|order stands|orders stand} in several shops of a platform, and count in each: {orders}. Import each file with the ' +
      '`--shop` that it is of, or remove the shop that is too many: `s7 shops erase`',
    zh: '{count} 个订单同时存于同一平台的多个店铺，重复计入：{orders}。请用正确的 `--shop` 导入文件，或删除多余的店铺：`s7 shops erase`',
    es:
      '{count|pedido está|pedidos están} en varias tiendas de una plataforma y cuentan en cada una: {orders}. Importe cada archivo ' +
      'con la `--shop` que le toca, o quite la tienda que sobra: `s7 shops erase`',
  },
  sums: {
    en: 'every price breakdown adds up',
    zh: '所有价格明细合计一致',
    es: 'todos los desgloses de precios cuadran',
  },
  sums_broken: {
    en: 'price breakdowns that do not add up: {orders}. GET /api/sync/discrepancies',
    zh: '价格明细合计不一致的订单：{orders}。详见 GET /api/sync/discrepancies',
    es: 'desgloses de precios que no cuadran: {orders}. GET /api/sync/discrepancies',
  },
} as const satisfies Record<string, Text>;

/** Looks at what is known to be missing, and at amounts that do not add up. */
export async function examineCompleteness(engine: Engine, language: Language): Promise<Finding[]> {
  const { days, missing, violations, priced, doubles } = await engine.read(async (reader) => ({
    days: await readUnequalDays(reader, SHOWN),
    missing: await readGivenUp(reader, SHOWN),
    violations: await readViolations(reader, SHOWN),
    priced: await hasPriceDetails(reader),
    doubles: await readOrdersInSeveralShops(reader, SHOWN),
  }));
  const say = (check: string, state: Finding['state'], text: keyof typeof TEXTS, values = {}): Finding => ({
    check,
    state,
    text: fill(TEXTS[text], language, values),
  });
  const findings: Finding[] = [];
  if (days.length > 0) {
    findings.push(
      say('completeness', 'problem', 'days', {
        days: days.map(({ day, platform_orders: theirs, stored_orders: ours }) => `${day} (${theirs} / ${ours})`),
      }),
    );
  }
  if (missing.length > 0) findings.push(say('completeness', 'problem', 'missing', { records: missing.map(({ record }) => record) }));
  if (findings.length === 0) findings.push(say('completeness', 'ok', 'complete'));
  if (violations.length > 0) {
    const orders = violations.map(({ order_id: id, violations: which }) => `${id} (${which})`);
    findings.push(say('price_details', 'note', 'sums_broken', { orders }));
  } else if (priced) {
    findings.push(say('price_details', 'ok', 'sums'));
  }
  findings.push(
    doubles.length === 0
      ? say('doubles', 'ok', 'doubles')
      : say('doubles', 'problem', 'doubles_stored', {
          count: doubles[0]!.orders,
          orders: doubles.map(({ order_id: id, shops }) => `${id} (${shops})`),
        }),
  );
  return findings;
}
