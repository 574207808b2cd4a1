import type { Text } from '../kernel/messages.ts';

/** The sentences a report may add: why a column is null, what to know about a figure. */
export const NOTICES = {
  growth_all: {
    en: 'No change is shown: all time has no previous period.',
    zh: '全部时间没有上一周期，不显示环比。',
    es: 'Sin variación: «Todo» no tiene periodo anterior.',
  },
  growth_nothing_before: {
    en: 'No change is shown where nothing was sold in the previous period.',
    zh: '上一周期没有销量的，不显示环比。',
    es: 'Sin variación donde no hubo ventas en el periodo anterior.',
  },
  growth_nothing_now: {
    en: 'No change is shown: nothing was sold in the last complete days.',
    zh: '最近的完整日没有销量，不显示环比。',
    es: 'Sin variación: no hubo ventas en los últimos días completos.',
  },
  growth_from_zero: {
    en: 'No change is shown from 0.',
    zh: '上一周期为 0 的，不显示环比。',
    es: 'Sin variación desde 0.',
  },
  growth_not_covered: {
    en: 'No change is shown: not all data of these days are there: {days}.',
    zh: '以下日期数据不全，不显示环比：{days}。',
    es: 'Sin variación: faltan datos de estos días: {days}.',
  },
  growth_ripening: {
    en: 'No change is shown: returns of these days are still to come; 90% come within {days|day|days} of the order.',
    zh: '退货尚未到齐，不显示环比；90% 的退货在下单后 {days} 天内发生。',
    es: 'Sin variación: faltan devoluciones de estos días; el 90 % llega en {days|día|días} desde el pedido.',
  },
  growth_ripening_unknown: {
    en: 'No change is shown: too few returns are known to tell how long they take.',
    zh: '退货记录太少，无法判断退货周期，不显示环比。',
    es: 'Sin variación: hay muy pocas devoluciones para saber cuánto tardan.',
  },
  days_lacking: {
    en: 'Not all data of these days are there: {days}. Their figures may be too low.',
    zh: '以下日期数据不全：{days}，数字可能偏低。',
    es: 'Faltan datos de estos días: {days}. Sus cifras pueden quedarse cortas.',
  },
  returns_ripening: {
    en: 'Returns still to come: {share}%. 90% of returns come within {days|day|days} of the order.',
    zh: '退货尚未到齐：还差 {share}%。90% 的退货在下单后 {days} 天内发生。',
    es: 'Devoluciones por llegar: {share} %. El 90 % llega en {days|día|días} desde el pedido.',
  },
  orders_ahead: {
    en: '{orders|order is|orders are} dated after today and in no figure.',
    zh: '有 {orders} 个订单的日期在今天之后，未计入。',
    es: '{orders|pedido tiene|pedidos tienen} fecha posterior a hoy y no cuentan.',
  },
  status_unknown: {
    en:
      '{orders|order has a state that is not known and counts|orders have a state that is not known and count} as no sale. s7 doctor ' +
      'names the words.',
    zh: '有 {orders} 个订单的状态无法识别，未计为销售；s7 doctor 列出这些状态词。',
    es:
      '{orders|pedido tiene un estado desconocido y no cuenta|pedidos tienen un estado desconocido y no cuentan} como venta. s7 ' +
      'doctor dice las palabras.',
  },
  rate_missing: {
    en:
      'No {pair} rate for {day}: {currencies} cannot be added up and are shown apart in by_currency. To get rates: s7 fx fetch, or s7 ' +
      "fx import with the European Central Bank's file.",
    zh: '缺少 {day} 的 {pair} 汇率，{currencies} 无法合计，金额见 by_currency。获取汇率：s7 fx fetch，或用 s7 fx import 导入欧洲央行文件。',
    es:
      'Falta el tipo de cambio {pair} del {day}: no se pueden sumar {currencies}; se muestran por separado en by_currency. Para ' +
      'obtener tipos: s7 fx fetch, o s7 fx import con el archivo del BCE.',
  },
  currency_untold: {
    en: '{orders|order names|orders name} no currency: their amounts are in no sum.',
    zh: '有 {orders} 个订单没有币种，其金额未计入合计。',
    es: '{orders|pedido no dice|pedidos no dicen} su moneda: sus importes no entran en las sumas.',
  },
  currency_supposed: {
    en: '{orders|order names|orders name} no currency: their amounts are taken for {currency}.',
    zh: '有 {orders} 个订单没有币种，按 {currency} 计算。',
    es: '{orders|pedido no dice|pedidos no dicen} su moneda: se toma {currency}.',
  },
  one_amount: {
    en: 'The source gives one amount per line, counted as net sales; the list price is not known.',
    zh: '来源每行只有一个金额，按折后销售额计；原价未知。',
    es: 'La fuente da un solo importe por línea, que cuenta como ventas tras descuentos; falta el precio original.',
  },
  paid_unknown: {
    en: 'The source does not say what the buyer paid.',
    zh: '来源没有买家实付金额。',
    es: 'La fuente no dice qué pagó el comprador.',
  },
  no_price: {
    en: 'None of these lines has a price in the source.',
    zh: '这些订单行在来源中都没有价格。',
    es: 'Ninguna de estas líneas tiene precio en la fuente.',
  },
  no_buyer: {
    en: '{platform} gives no buyer, so buyers cannot be counted.',
    zh: '{platform} 不提供买家，无法统计买家数。',
    es: '{platform} no da el comprador; no se pueden contar.',
  },
  buyers_partly: {
    en: 'Buyers are counted without {platform}, which gives none.',
    zh: '买家数不含 {platform}（该平台不提供买家）。',
    es: 'Los compradores se cuentan sin {platform}, que no los da.',
  },
  native_currencies: {
    en: 'Several currencies: shown apart in by_currency, not added up.',
    zh: '含多个币种，分别列于 by_currency，不合计。',
    es: 'Hay varias monedas: se muestran por separado en by_currency, sin sumar.',
  },
  unpriced: {
    en: '{units|unit was|units were} sold without a price in the source or at 0: their money is missing or 0.',
    zh: '有 {units} 件商品售出但来源没有价格或价格为 0，其金额缺失或为 0。',
    es: '{units|unidad se vendió|unidades se vendieron} sin precio en la fuente o a 0: su importe falta o es 0.',
  },
  amount_partly: {
    en: '{column}: {units} of {all|unit has|units have} no such amount in the source; the sums cover the others.',
    zh: '{column}：{all} 件中有 {units} 件没有该金额，合计仅含其余部分。',
    es: '{column}: {units} de {all|unidad no tiene|unidades no tienen} ese importe en la fuente; las sumas cubren las demás.',
  },
  unpaid_left_out: {
    en: '{orders|order has no payment instant and is|orders have no payment instant and are} left out with basis=paid.',
    zh: '有 {orders} 个订单没有付款时间，basis=paid 时未计入。',
    es: '{orders|pedido no tiene fecha de pago y queda|pedidos no tienen fecha de pago y quedan} fuera con basis=paid.',
  },
  nothing_in_window: {
    en: 'No sales in this period; the latest order is from {day}. asOf={day} shows the days up to it.',
    zh: '该时段没有销售，最近一单在 {day}。可用 asOf={day} 查看截至该日的数据。',
    es: 'Sin ventas en este periodo; el último pedido es del {day}. asOf={day} muestra los días hasta entonces.',
  },
  vat_missing: {
    en: "VAT setting missing: enter each shop's rate with `s7 shops set SHOP --vat 21`.",
    zh: '未设置 VAT 税率，请按店铺填写：`s7 shops set 店铺 --vat 21`。',
    es: 'Falta el tipo de IVA: indíquelo en cada tienda con `s7 shops set TIENDA --vat 21`.',
  },
  tax_mixed: {
    en: "Some of these shops' prices include tax, others do not.",
    zh: '这些店铺的价格有的含税，有的不含税。',
    es: 'Los precios de unas tiendas incluyen impuestos y los de otras no.',
  },
  profit_unknown: {
    en: 'No profit yet: costs and settlements are not imported.',
    zh: '还没有成本和结算数据，暂时无法计算利润。',
    es: 'Aún no hay beneficio: faltan costes y liquidaciones.',
  },
  not_counted: {
    en: 'The platform was not asked how many orders the day has.',
    zh: '未向平台查询当日订单数。',
    es: 'No se preguntó a la plataforma cuántos pedidos tiene el día.',
  },
  past_as_of: {
    en: 'Days as of {day}; cancellations and returns that came later are already in.',
    zh: '按 {day} 计算；之后发生的取消和退货已包含在内。',
    es: 'Días hasta {day}; las cancelaciones y devoluciones posteriores ya están incluidas.',
  },
  parameters_ignored: {
    en: 'Not known here and ignored: {names}.',
    zh: '以下参数未知，已忽略：{names}。',
    es: 'No se conocen aquí y se ignoran: {names}.',
  },
  window_from_path: {
    en: 'The path names the period; {names} ignored.',
    zh: '路径已指定时间范围；忽略 {names}。',
    es: 'La ruta ya indica el periodo; se ignora {names}.',
  },
  nothing_sold: {
    en: 'No rate is shown where nothing was sold in the period.',
    zh: '该时段没有销量的，不显示比率。',
    es: 'Sin tasa donde no hubo ventas en el periodo.',
  },
  refund_untold: {
    en: 'Nothing says what was refunded.',
    zh: '没有退款金额的记录。',
    es: 'Ningún dato dice qué se reembolsó.',
  },
  refunds_partly: {
    en: 'What was refunded for {units|returned unit|returned units} is not known; the refunded amount covers the others.',
    zh: '{units} 件退货没有退款金额；退款金额仅含其余部分。',
    es: 'No se sabe qué se reembolsó por {units|unidad devuelta|unidades devueltas}; el importe reembolsado cubre las demás.',
  },
  refunds_without_order: {
    en:
      '{refunds|refund names|refunds name} no order: when their goods were sold is not known. basis=event counts them on the day they ' +
      'were paid back.',
    zh: '有 {refunds} 笔退款没有对应订单，无法得知商品何时售出；basis=event 按退款日统计。',
    es:
      '{refunds|reembolso no nombra|reembolsos no nombran} ningún pedido: no se sabe cuándo se vendió. basis=event los cuenta el día ' +
      'del reembolso.',
  },
  claims_untied: {
    en: '{claims|return request belongs to an order or line|return requests belong to orders or lines} not yet synced; not counted.',
    zh: '{claims} 个售后申请的订单还未同步，暂不计入。',
    es: '{claims|solicitud de devolución es de un pedido sin sincronizar; no cuenta|solicitudes de devolución son de pedidos sin sincronizar; no cuentan}.',
  },
  orders_without_buyer: {
    en: '{orders|order of the period has no buyer and is|orders of the period have no buyer and are} left out of buyer figures.',
    zh: '该时段内有 {orders} 个订单没有买家，未计入买家指标。',
    es:
      '{orders|pedido del periodo no tiene comprador y no entra|pedidos del periodo no tienen comprador y no entran} en las cifras de ' +
      'compradores.',
  },
  history_since: {
    en: 'Orders reach back to {day}: earlier buyers count as new.',
    zh: '订单数据从 {day} 开始，更早的买家会算作新买家。',
    es: 'Hay pedidos desde el {day}; quien compró antes figura como nuevo.',
  },
  no_buyers_here: {
    en: 'No rate is shown where there are no buyers.',
    zh: '没有买家的，不显示比率。',
    es: 'Sin tasa donde no hay compradores.',
  },
  profit_from_total: {
    en:
      'Order total (goods, shipping and tax as the platform states it) less the listed shipping fee; the lines of an order share it ' +
      'by net sales. Fees and costs are not in it.',
    zh: '订单总额（平台给出的商品、运费和税）减去原始运费；同一订单的各行按折后销售额分摊。不含平台费用和成本。',
    es:
      'Total del pedido (artículos, envío e impuestos según la plataforma) menos el envío original; las líneas se lo reparten por ' +
      'ventas tras descuentos. Sin comisiones ni costes.',
  },
  profit_from_payment: {
    en:
      'What the buyer paid less shipping, less 5% of the payment and less the cost of the goods. The 5% are an assumption of the ' +
      'formula, not a fee of the platform. Not known while no cost is.',
    zh: '买家实付减去运费、减去实付的 5%、再减去商品成本。5% 是公式的假设，不是平台的实际费率。成本未知时不显示。',
    es:
      'Lo pagado por el comprador menos el envío, menos un 5 % de lo pagado y menos el coste. El 5 % es un supuesto de la fórmula, no ' +
      'una comisión. Sin dato mientras no se conozca el coste.',
  },
  profit_ladder: {
    en: 'Needs tax, settlements and costs, which are not imported; the older formulas stand in profit_methods.',
    zh: '需要税、结算和成本数据，目前还没有导入；旧公式见 profit_methods。',
    es: 'Necesita impuestos, liquidaciones y costes, que no se han importado; las fórmulas anteriores están en profit_methods.',
  },
  profit_untold: {
    en: 'No order tells both its total and its listed shipping fee.',
    zh: '没有订单同时给出总额和原始运费。',
    es: 'Ningún pedido dice a la vez su total y su envío original.',
  },
  profit_partly: {
    en: '{orders} of {all|order does|orders do} not tell total and listed shipping fee; profit covers the others.',
    zh: '{all} 个订单中有 {orders} 个没有总额或原始运费；利润仅含其余部分。',
    es: '{orders} de {all|pedido no dice|pedidos no dicen} total y envío original; el beneficio cubre los demás.',
  },
} as const satisfies Record<string, Text>;

/** Why an amount of that measure is null where it is. */
export function unknownAmount(measure: 'net' | 'gross' | 'paid'): NoticeName {
  return ({ net: 'no_price', gross: 'one_amount', paid: 'paid_unknown' } as const)[measure];
}

export type NoticeName = keyof typeof NOTICES;
