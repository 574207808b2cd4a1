import type { Text } from '../kernel/messages.ts';

const TITLES: Readonly<Record<string, Text>> = {
  platform: { en: 'Platform', zh: '平台', es: 'Plataforma' },
  platforms: { en: 'Platforms', zh: '平台', es: 'Plataformas' },
  shop: { en: 'Shop', zh: '店铺', es: 'Tienda' },
  window: { en: 'Period', zh: '时间范围', es: 'Periodo' },
  from: { en: 'From', zh: '开始日期', es: 'Desde' },
  to: { en: 'To', zh: '结束日期', es: 'Hasta' },
  basis: { en: 'Days by', zh: '日期口径', es: 'Días por' },
  asOf: { en: 'As of', zh: '截至', es: 'A fecha de' },
  measure: { en: 'Amount shown', zh: '金额口径', es: 'Importe mostrado' },
  currency: { en: 'Currency', zh: '币种', es: 'Moneda' },
  model: { en: 'Retail or supply', zh: '零售或供货', es: 'Venta o suministro' },
  group: { en: 'Each platform apart', zh: '按平台分列', es: 'Cada plataforma aparte' },
  limit: { en: 'Rows', zh: '行数', es: 'Filas' },
  level: { en: 'Level', zh: '地区级别', es: 'Nivel' },
  variant: { en: 'Counted by', zh: '统计方式', es: 'Contado por' },
  within: { en: 'Within days', zh: '天数以内', es: 'En días' },
  scoring: { en: 'Scoring', zh: '评分方式', es: 'Puntuación' },
  include: { en: 'Include', zh: '附加', es: 'Incluir' },
  partial_day: { en: 'Part of today is in it', zh: '含今天的部分数据', es: 'Incluye parte de hoy' },
  segment: { en: 'Segment', zh: '买家分层', es: 'Segmento' },
};

/** A choice by `parameter.choice`. */
const CHOICES: Readonly<Record<string, Text>> = {
  'platform.all': { en: 'All', zh: '全部', es: 'Todas' },
  'window.7d': { en: 'Last 7 days', zh: '近 7 天', es: 'Últimos 7 días' },
  'window.30d': { en: 'Last 30 days', zh: '近 30 天', es: 'Últimos 30 días' },
  'window.all': { en: 'All time', zh: '全部时间', es: 'Todo' },
  'basis.created': { en: 'By order date', zh: '按下单日期', es: 'Por fecha de pedido' },
  'basis.paid': { en: 'By payment date', zh: '按付款日期', es: 'Por fecha de pago' },
  'basis.event': { en: 'By return date', zh: '按退货日期', es: 'Por fecha de devolución' },
  'measure.net': {
    en: 'Net sales (before refunds)',
    zh: '折后销售额（未减退款）',
    es: 'Ventas tras descuentos (antes de reembolsos)',
  },
  'measure.gross': { en: 'Gross sales', zh: '折前销售额', es: 'Ventas brutas' },
  'measure.paid': { en: 'Paid by buyer', zh: '买家实付', es: 'Pagado por el comprador' },
  'model.retail': { en: 'Retail', zh: '零售', es: 'Venta' },
  'model.supply': { en: 'Supply', zh: '供货', es: 'Suministro' },
  'model.both': { en: 'Both', zh: '全部', es: 'Ambas' },
  'partial_day.true': { en: 'Yes', zh: '是', es: 'Sí' },
  'partial_day.false': { en: 'No', zh: '否', es: 'No' },
  'group.none': { en: 'No', zh: '否', es: 'No' },
  'group.platform': { en: 'Yes', zh: '是', es: 'Sí' },
};

/** What a parameter of reports is called by people; undefined for one without a name of its own. */
export function parameterTitle(name: string): Text | undefined {
  return TITLES[name];
}

/** What a choice of a parameter is called; undefined where the choice itself is shown. */
export function parameterChoice(parameter: string, choice: string): Text | undefined {
  return CHOICES[`${parameter}.${choice}`];
}
