/** What columns of reports mean, in Spanish, by the English sentence of their schemas. */
export const SPANISH_MEANINGS: Readonly<Record<string, string>> = {
  "The seller's SKU, else the platform's.": 'El SKU del vendedor o, si falta, el de la plataforma.',
  'Its latest name, in the language of the answer where a market tells one.':
    'Su nombre más reciente, en el idioma de la respuesta si un mercado lo tiene.',
  'Address of a picture.': 'Dirección de una imagen.',
  'Units sold.': 'Unidades vendidas.',
  'Orders with a sold line of it.': 'Pedidos con una línea vendida de él.',
  'Net sales, or what `measure` says.': 'Ventas tras descuentos, o lo que indique `measure`.',
  'Units of the last complete days against as many before.': 'Unidades de los últimos días completos frente a los mismos días anteriores.',
  'Units by platform.': 'Unidades por plataforma.',
  "The platforms' own ids of it.": 'Los identificadores que le dan las plataformas.',
  'Amounts by currency, with `currency=native` and where an exchange rate is missing.':
    'Importes por moneda, con `currency=native` y cuando falta un tipo de cambio.',
  'Platform.': 'Plataforma.',
  'Place on the platform.': 'Puesto en la plataforma.',
  'Units sold there.': 'Unidades vendidas allí.',
  'Net sales there, or what `measure` says.': 'Ventas tras descuentos allí, o lo que indique `measure`.',
  'Name of the area; `unknown` where the address does not tell it.': 'Nombre de la zona; `unknown` si la dirección no la dice.',
  'The three SKUs that sell most there.': 'Los tres SKU más vendidos allí.',
  'ISO 3166-1 code of a country, ISO 3166-2 code of a region.': 'Código ISO 3166-1 de un país, ISO 3166-2 de una región.',
  'ISO 3166-1 code.': 'Código ISO 3166-1.',
  'Level of the area.': 'Nivel de la zona.',
  'Orders with a sale.': 'Pedidos con alguna venta.',
  'Different buyers.': 'Compradores distintos.',
  'Amount per order.': 'Importe por pedido.',
  'Share of all units, unknown areas in the whole.': 'Parte de todas las unidades, incluidas las de zonas desconocidas.',
  'The three categories that sell most there.': 'Las tres categorías más vendidas allí.',
  'YYYY-MM, of the shop day.': 'AAAA-MM, del día de la tienda.',
  'Amount per unit.': 'Importe por unidad.',
  'What the buyers paid for it.': 'Lo que los compradores pagaron por él.',
  'false: the month is not over, the window or what is known of the shops has only a part of it.':
    'false: el mes no ha terminado, o el periodo o los datos de las tiendas tienen solo una parte.',
  'Days with their units, with `include=dates`.': 'Días con sus unidades, con `include=dates`.',
  'What the buyers paid for goods.': 'Lo que los compradores pagaron por los productos.',
  'Profit by what `basis` says.': 'Beneficio según lo que diga `basis`.',
  'The same per order that tells it.': 'Lo mismo por cada pedido que lo indica.',
  'Profit by each formula of the older system.': 'Beneficio según cada fórmula del sistema anterior.',
  'How each of them is reckoned, and what it assumes.': 'Cómo se calcula cada una y qué supone.',
  'What total_profit is made of: settled fees, estimated ones, or total_amount-original_shipping_fee.':
    'De qué se compone total_profit: tarifas liquidadas, estimadas, o total_amount-original_shipping_fee.',
  'Σ list price × quantity.': 'Σ precio de lista × cantidad.',
  'What the seller bears of discounts, negative.': 'Los descuentos que asume el vendedor, en negativo.',
  'Gross sales less these discounts.': 'Ventas brutas menos esos descuentos.',
  'Tax in net sales, negative.': 'Impuestos en las ventas tras descuentos, en negativo.',
  'Net sales without tax.': 'Ventas tras descuentos sin impuestos.',
  'What buyers got back, negative.': 'Lo devuelto a los compradores, en negativo.',
  'Net sales without tax and refunds.': 'Ventas tras descuentos sin impuestos ni reembolsos.',
  'Cost of the goods on the day of the order, negative.': 'Coste de los productos el día del pedido, en negativo.',
  'First contribution margin: what is left after the goods.': 'Margen bruto (CM1): lo que queda tras el coste de los productos.',
  'Commission of the platform, negative.': 'Comisión de la plataforma, en negativo.',
  'Fee of the payment, negative.': 'Comisión por el pago, en negativo.',
  'Commission of creators, negative.': 'Comisión de creadores, en negativo.',
  'Fulfilment and shipping, negative.': 'Preparación y envío, en negativo.',
  'What buyers and the platform pay for shipping.': 'Lo que los compradores y la plataforma pagan por el envío.',
  'Second contribution margin: what is left after fees and shipping.': 'CM2: lo que queda tras comisiones y envío.',
  'Advertising, negative.': 'Publicidad, en negativo.',
  'Third contribution margin: what is left after advertising.': 'CM3: lo que queda tras la publicidad.',
  'Other costs allotted, negative.': 'Otros costes asignados, en negativo.',
  'What is left in the end.': 'Lo que queda al final.',
  'Net profit ÷ net sales without tax.': 'Beneficio neto ÷ ventas tras descuentos sin impuestos.',
  'Those of them that tell what the older formula needs.': 'Los que indican lo que necesita la fórmula anterior.',
  'What total_profit is made of.': 'De qué se compone total_profit.',
  'Those of them who bought again.': 'Los que volvieron a comprar.',
  'repurchase_users ÷ total_buyers.': 'repurchase_users ÷ total_buyers.',
  'The region where most of its repeat buyers had their last order sent; null where none is known.':
    'La región adonde más compradores recurrentes recibieron su último pedido; vacía si no se conoce ninguna.',
  'Days from the first order to the second, with `variant=cohort`.': 'Días del primer pedido al segundo, con `variant=cohort`.',
  'Platform; its buyers are joined with those of no other.': 'Plataforma; sus compradores no se unen con los de ninguna otra.',
  "Region of the buyer's last order; `unknown` where the address does not tell it.":
    'Región del último pedido del comprador; `unknown` si la dirección no la dice.',
  'ISO 3166-2 code.': 'Código ISO 3166-2.',
  'Repurchase rate of the SKU.': 'Tasa de recompra del SKU.',
  'How many SKUs have it.': 'Cuántos SKU la tienen.',
  "Buyers of these SKUs, each SKU's by themselves.": 'Compradores de estos SKU, los de cada SKU por separado.',
  'Those of them who bought the SKU again.': 'Los que volvieron a comprar el SKU.',
  'Units sold in the window; with `variant=orders` orders.': 'Unidades vendidas en el periodo; con `variant=orders`, pedidos.',
  ['Units (orders) that came back or were refunded in the end; money for a part of a piece is no unit, ' +
  'but counts its order. A gift or sample is none.']:
    'Unidades (pedidos) devueltas o reembolsadas al final; un reembolso parcial no cuenta la unidad, ' +
    'pero sí su pedido. Los regalos y muestras no cuentan.',
  'return_count ÷ (sell_count + undelivered_count); with `variant=amount` refund_amount ÷ sales_amount.':
    'return_count ÷ (sell_count + undelivered_count); con `variant=amount`, refund_amount ÷ sales_amount.',
  'Units (orders) with a claim that is not decided.': 'Unidades (pedidos) con una solicitud sin resolver.',
  'Units (orders) exchanged for other goods.': 'Unidades (pedidos) cambiadas por otros productos.',
  'Of return_count: paid back by a claim that left the goods with the buyer, or lost.':
    'De return_count: reembolsadas sin que el comprador devolviera el producto, o perdidas.',
  ['Of what was sold and is no sale any more: cancelled after hand-over, because nobody took it or it ' +
  'came back. An order (`variant=orders`) of which something is sold is in sell_count alone.']:
    'Lo vendido que ya no es venta: cancelado tras la entrega al transportista porque nadie lo recogió o ' +
    'volvió. Un pedido (`variant=orders`) con algo vendido está solo en sell_count.',
  'Cancelled order lines, of the window by the day of their order. Before shipment they are never a return.':
    'Líneas canceladas, del periodo según el día de su pedido. Antes del envío nunca son una devolución.',
  'cancel_count ÷ all order lines.': 'cancel_count ÷ todas las líneas de pedido.',
  'Net sales, or what `measure` says, of what was sold or undelivered.':
    'Ventas tras descuentos, o lo que indique `measure`, de lo vendido o no entregado.',
  'What buyers got back for the returns, as far as documents tell.':
    'Lo devuelto a los compradores por las devoluciones, hasta donde consta en los documentos.',
  'return_count by reason; a return without a document bears its outcome (returned, refused, lost, refunded).':
    'return_count por motivo; una devolución sin documento lleva su resultado (devuelta, rechazada, perdida, reembolsada).',
  "The platform's key of the reason, `unknown` where there is none.": 'La clave del motivo en la plataforma; `unknown` si no hay.',
  'Units that came back for it; of orders, each at its first reason.':
    'Unidades devueltas por él; los pedidos, cada uno en su primer motivo.',
  'Share of all of them.': 'Parte de todas ellas.',
  'What buyers got back.': 'Lo devuelto a los compradores.',
  "Keyed hash of the buyer, the same in every shop of one platform; never the platform's id.":
    'Código cifrado del comprador, igual en todas las tiendas de una plataforma; nunca el identificador de la plataforma.',
  'Always empty: names are not kept. Who asked the older system finds the key.':
    'Siempre vacío: los nombres no se guardan. La clave sigue para quien usaba el sistema anterior.',
  'Always empty, as `first_name`.': 'Siempre vacío, como `first_name`.',
  'Orders with a sale in the window.': 'Pedidos con alguna venta en el periodo.',
  'What the buyer paid for goods.': 'Lo que el comprador pagó por los productos.',
  'Shop day of the first order in the window.': 'Día de la tienda del primer pedido del periodo.',
  'Shop day of the last one.': 'Día de la tienda del último.',
  'Days from the last order to today, on the clock of its shop.': 'Días desde el último pedido hasta hoy, según el reloj de su tienda.',
  'Recency from 1 to 5 (5: bought lately).': 'Última compra, de 1 a 5 (5: compró hace poco).',
  'Frequency: orders, from 1 to 5.': 'Frecuencia: pedidos, de 1 a 5.',
  'Monetary: amount, from 1 to 5.': 'Importe gastado, de 1 a 5.',
  'Region the last order was sent to; null where it is not known.': 'Región adonde se envió el último pedido; vacía si no se conoce.',
  'Those without an order before the window, as far back as the store reaches.':
    'Los que no tienen pedidos antes del periodo, hasta donde llegan los datos.',
  'Their orders.': 'Sus pedidos.',
  'Their amount.': 'Su importe.',
  'Segment.': 'Segmento.',
  'Buyers in it.': 'Compradores en él.',
  'Share of all buyers with a segment.': 'Parte de todos los compradores con segmento.',
  'Shop whose buyers are scored by it: those whose last order is there.':
    'Tienda cuyos compradores se puntúan con ella: los que tienen allí su último pedido.',
  'Version; 0 is what is usual until the shop keeps its own.': 'Versión; 0 es lo habitual hasta que la tienda tenga la suya.',
  'When it was made.': 'Cuándo se hizo.',
  'Days since the last order, at most, for R 2, 3, 4, 5.': 'Días desde el último pedido, como máximo, para R 2, 3, 4, 5.',
  'Orders, at least, for F 2, 3, 4, 5.': 'Pedidos, como mínimo, para F 2, 3, 4, 5.',
  'Currency of these amounts.': 'Moneda de estos importes.',
  'Amount, at least, for M 2, 3, 4, 5; null where a rate is missing to reckon it.':
    'Importe, como mínimo, para M 2, 3, 4, 5; vacío si falta un tipo de cambio para calcularlo.',
  ['The product: its latest name as the platform tells it, without the variation, else the SKU. ' +
  'Listings of one name are one product.']:
    'El producto: su nombre más reciente en la plataforma, sin la variante, o el SKU. Los que tienen el mismo nombre son un producto.',
  'Lowest amount per unit of a line.': 'Menor importe por unidad de una línea.',
  'Highest amount per unit of a line.': 'Mayor importe por unidad de una línea.',
  'Names of its SKUs: the variation, else the SKU.': 'Nombres de sus SKU: la variante o, si falta, el SKU.',
  'Who carried its orders, as far as they tell.': 'Quién llevó sus pedidos, hasta donde consta.',
  'When it was first sold in the window, seconds since 1970.': 'Cuándo se vendió por primera vez en el periodo, en segundos desde 1970.',
  'When it was last sold in the window, seconds since 1970.': 'Cuándo se vendió por última vez en el periodo, en segundos desde 1970.',
  'Units that came back or were refunded in the end, as in ReturnRate.': 'Unidades devueltas o reembolsadas al final, como en ReturnRate.',
  'return_count ÷ units sold and those cancelled after hand-over.':
    'return_count ÷ unidades vendidas y las canceladas tras la entrega al transportista.',
  'Whether any came back.': 'Si alguna se devolvió.',
  'Share of the revenue of all platforms asked about; of the units where several currencies stand side by side.':
    'Parte de las ventas de todas las plataformas consultadas; de las unidades cuando hay varias monedas sin sumar.',
  'Revenue per order.': 'Ventas por pedido.',
  'The one platform.': 'La única plataforma.',
  'Place among them, by units.': 'Puesto entre ellos, por unidades.',
  'Orders of the last complete days against as many before.': 'Pedidos de los últimos días completos frente a los mismos días anteriores.',
  'Revenue of the last complete days against as many before.': 'Ventas de los últimos días completos frente a los mismos días anteriores.',
  'Revenue per order of the last complete days against as many before.':
    'Ventas por pedido de los últimos días completos frente a los mismos días anteriores.',
  'Buyers of the last complete days against as many before.':
    'Compradores de los últimos días completos frente a los mismos días anteriores.',
  'Buyers without an order before the window, as far back as the store reaches.':
    'Compradores sin pedidos antes del periodo, hasta donde llegan los datos.',
  'New buyers of the last complete days against as many before.':
    'Compradores nuevos de los últimos días completos frente a los mismos días anteriores.',
  'Cancelled order lines ÷ all order lines.': 'Líneas canceladas ÷ todas las líneas de pedido.',
  'The cancel rate of the last complete days against as many before.':
    'Tasa de cancelación de los últimos días completos frente a los mismos días anteriores.',
  'Units that came back, of those sold in the window, ÷ units sold or not delivered.':
    'Unidades devueltas, de las vendidas en el periodo, ÷ unidades vendidas o no entregadas.',
  'The return rate of the last complete days against as many before.':
    'Tasa de devolución de los últimos días completos frente a los mismos días anteriores.',
  'What is left.': 'Lo que queda.',
  'Profit of the last complete days against as many before.':
    'Beneficio de los últimos días completos frente a los mismos días anteriores.',
  'Whether prices have tax in them.': 'Si los precios llevan impuestos.',
  "Net sales without tax: the platform's own tax where it is told, else by the shop's VAT setting.":
    'Ventas tras descuentos sin impuestos: con el impuesto que indica la plataforma o, si falta, con el IVA de la tienda.',
  'Shop day; one without a sale is left out.': 'Día de la tienda; los días sin ventas no aparecen.',
  'false: not everything of the day is known of every shop.': 'false: no se conoce todo el día de todas las tiendas.',
  "Hour of today on the shop's own clock, 0 to 23.": 'Hora de hoy según el reloj de la tienda, de 0 a 23.',
  'YYYY-MM of the first order, which is in the window.': 'AAAA-MM del primer pedido, que está en el periodo.',
  'Months from then: 0 is that month itself.': 'Meses desde entonces: 0 es ese mismo mes.',
  'Buyers whose first order is of that month.': 'Compradores cuyo primer pedido es de ese mes.',
  'Those of them with an order in the month looked at.': 'Los que tienen un pedido en el mes observado.',
  'buyers ÷ cohort_buyers.': 'buyers ÷ cohort_buyers.',
  'Net sales to the cohort in that month, or what `measure` says.':
    'Ventas tras descuentos de ese mes a quienes compraron por primera vez entonces, o lo que indique `measure`.',
  'false: the month is not over, or not all days of it or of the month of the first order are known.':
    'false: el mes no ha terminado, o no se conocen todos sus días o los del mes del primer pedido.',
  'YYYY-MM of the first order.': 'AAAA-MM del primer pedido.',
  'Net sales to them until today.': 'Ventas tras descuentos a ellos hasta hoy.',
  'false: the month is not over, or not all its days are known.': 'false: el mes no ha terminado, o no se conocen todos sus días.',
  'Shop day of the orders; of returns the day they were completed.':
    'Día de la tienda de los pedidos; de las devoluciones, el día en que se completaron.',
  'Shop.': 'Tienda.',
  'Orders, whatever became of them.': 'Pedidos, sea cual sea su resultado.',
  'Pieces of goods on them.': 'Unidades de producto en ellos.',
  'Net sales (or what `measure` says) of all these lines, cancelled and unpaid ones too.':
    'Ventas tras descuentos (o lo que indique `measure`) de todas estas líneas, también las canceladas y sin pagar.',
  'Orders by their status; units and amounts by that of the line, where the order is not unpaid, cancelled or unknown as a whole.':
    'Pedidos por estado; unidades e importes por el de la línea, salvo que todo el pedido esté sin ' +
    'pagar, cancelado o sea desconocido.',
  'Units whose return was completed on the day.': 'Unidades cuya devolución se completó ese día.',
  'What buyers got back on the day for returns, as far as documents tell.':
    'Lo devuelto ese día a los compradores por devoluciones, hasta donde consta en los documentos.',
  'Records that came in on the day and lack a required field: they are in no figure.':
    'Registros recibidos ese día a los que falta un campo obligatorio: no están en ninguna cifra.',
  "Orders of the day by the platform's own count, where it was asked.": 'Pedidos del día según la propia plataforma, si se le preguntó.',
  'false: not everything of the day is known; of days before the history that was fetched only what changed later.':
    'false: no se conoce todo el día; de los días anteriores al histórico, solo lo que cambió después.',
  'When the data of the shop were last complete.': 'Cuándo estuvieron completos por última vez los datos de la tienda.',
  ['By R and V, the mean of F and M rounded up: R 5: New (V 1), Potential loyalist (2–3), Champions ' +
  '(4–5); R 4: Promising (1), Potential loyalist (2–3), Loyal (4–5); R 3: About to sleep (1–2), Need ' +
  'attention (3), Loyal (4–5); R 2: Hibernating (1–2), At risk (3–4), Cannot lose (5); R 1: Lost ' +
  '(1–2), At risk (3–4), Cannot lose (5).']:
    'Según R y V, la media de F y M redondeada hacia arriba: R 5: New (V 1), Potential loyalist (2–3), ' +
    'Champions (4–5); R 4: Promising (1), Potential loyalist (2–3), Loyal (4–5); R 3: About to sleep ' +
    '(1–2), Need attention (3), Loyal (4–5); R 2: Hibernating (1–2), At risk (3–4), Cannot lose (5); R ' +
    '1: Lost (1–2), At risk (3–4), Cannot lose (5).',
};
