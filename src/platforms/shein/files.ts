import { toPlace } from '../../model/area.ts';
import { saysNothing } from '../../model/written.ts';
import { filePreset } from '../mapped-file.ts';
import type { FilePreset } from '../file-preset.ts';
import { SITES } from './sites.ts';

const RETURNED = { status: 'delivered', outcome: 'refunded' } as const;
const LOST = { status: 'shipped', outcome: 'lost' } as const;
const REFUSED = { status: 'shipped', outcome: 'refused' } as const;

const STATUS_WORDS = {
  待处理: 'to_ship',
  待发货: 'to_ship',
  待揽收: 'to_ship',
  待交接: 'to_ship',
  已发货: 'shipped',
  已揽收: 'shipped',
  运输中: 'shipped',
  已签收: 'delivered',
  已完成: 'completed',
  已取消: 'cancelled',
  已退款: RETURNED,
  用户已退款: RETURNED,
  报损: LOST,
  已报损: LOST,
  已拒收: REFUSED,
  拒收: REFUSED,
  'To be processed': 'to_ship',
  'To be shipped': 'to_ship',
  'Pending shipment': 'to_ship',
  Shipped: 'shipped',
  Delivered: 'delivered',
  Signed: 'delivered',
  Refunded: RETURNED,
  Cancelled: 'cancelled',
  Canceled: 'cancelled',
  Lost: LOST,
  Rejected: REFUSED,
  'A processar': 'to_ship',
  'Pendente de envio': 'to_ship',
  Enviado: 'shipped',
  Entregue: 'delivered',
  Cancelado: 'cancelled',
  'Reembolsado por cliente': RETURNED,
  Perdido: LOST,
  Recusado: REFUSED,
} as const;

/** The order export of SHEIN's seller centre (GSP), Chinese and Brazilian headers. */
const orderExport = filePreset(
  {
    name: 'shein-order-export',
    platform: 'Shein',
    dateForms: [
      'iso',
      'YYYY/MM/DD HH:mm:ss',
      'YYYY/MM/DD HH:mm',
      'DD MMMM YYYY HH:mm',
      'DD [de] MMMM [de] YYYY HH:mm',
      'DD/MM/YYYY HH:mm',
      'MM/DD/YYYY HH:mm',
      'DD/MM/YYYY HH:mm:ss',
      'MM/DD/YYYY HH:mm:ss',
    ],
    dateZone: 'Asia/Shanghai',
    columns: {
      orderId: ['GSP订单号', '订单号', '订单号码', 'Número do pedido', 'Order number'],
      purchasedAt: ['订单创建时间', '创建时间', '下单时间', 'Data e hora de criação do pedido', 'Order creation time'],
      updatedAt: {
        latest: [
          ['揽收时间', 'Coletado em'],
          ['收货时间', '签收时间'],
        ],
      },
      sku: ['卖家SKU', 'seller sku', 'sellerSku', '商品SKU', 'SKU do vendedor'],
      platformSku: ['平台SKU', 'SHEIN-SKU', 'SHEIN SKU'],
      skuName: ['商品名称', 'Nome do produto', 'Product name'],
      variation: ['规格', 'Variação', 'Specification'],
      kind: 'Pedido de troca',
      quantity: [
        '数量',
        '商品数量',
        '购买数量',
        '订单数量',
        'Número de artigos vendidos',
        'Quantidade',
        'Quantidade vendida',
        'Quantity',
        'Number of items sold',
      ],
      unitPrice: ['商品价格', 'Preço do produto', 'Product price'],
      sellerDiscount: {
        sum: [
          ['店铺优惠券金额', '优惠券金额', 'Valor do cupom', 'Store coupon'],
          ['店铺活动优惠金额', '活动优惠金额', 'Desconto de campanha da loja', 'Store campaign discount'],
        ],
      },
      currency: ['币种', 'Moeda do vendedor', 'Currency'],
      status: ['订单状态', 'Status do pedido', 'Order status'],
      lineStatus: ['商品状态', 'Status do produto', 'Product status'],
      country: ['国家/地区', '国家', 'Country'],
      region: ['省/州', 'State'],
      city: ['城市', 'City'],
      postalCode: ['邮编', 'Postal code'],
    },
    statuses: STATUS_WORDS,
    keep: [
      '揽收时间',
      '收货时间',
      '签收时间',
      '要求发货时间',
      '最晚发货时间',
      '要求签收时间',
      '平台SKC',
      '平台SPU',
      '货号',
      '仓库',
      '仓库名称',
      '店铺名称',
      '店铺名',
      '店铺',
      '佣金',
      'Tipo de pedido',
      'Pedido de troca',
      'Modo de envio',
      'Instado ou não',
      'Está perdido',
      'Se deve ficar',
      'Pedido com problemas',
      'Número do produto',
      'SKC',
      'ID do item',
      'ID do inventário',
      'Código de troca',
      'Motivo da substituição',
      'ID do produto a ser trocado',
      'Bloqueado ou não',
      'Prazo para imprimir etiqueta',
      'Data e hora requeridas para coleta',
      'Coletado em',
      'Fornecedor de logística de última milha',
      'Pacote do comerciante',
      'Se o pacote passa pelo armazém',
      'Fornecedor de logística de primeira mão',
      'Comissão',
      'Taxa de intermediação de frete',
      'Taxa de operação de estocagem',
      'Receita estimada de mercadorias',
    ],
    // Goods in exchange for others were sold once already.
    kinds: { Sim: 'replacement', Não: 'goods' },
  },
  {
    title: 'SHEIN · seller centre · orders',
    traps: [
      'Row 1 is a banner; the header stands on row 2.',
      'One row is one piece where there is no quantity column: pieces are counted, not read.',
      'Times are Beijing time whatever the market, so the shop day can differ from the day in the file.',
      'Some Brazilian exports tell pieces in "Número de artigos vendidos": the price is then taken as that of one piece.',
      'There is no buyer in it, so figures about buyers are null for SHEIN, never 0.',
      'The state of the piece wins over the state of the order.',
      'What is "refunded" without a pick-up time never left: it counts as cancelled, not as returned.',
    ],
    signature: [],
    // SHEIN says "refunded" of an order that never left, too; only one that was picked up came back.
    stateOf(cell, state) {
      const pickedUp = cell('揽收时间') ?? cell('Coletado em');
      const stayed = pickedUp !== undefined && saysNothing(pickedUp);
      return state.outcome === 'refunded' && stayed ? { ...state, status: 'cancelled', outcome: 'none' } : state;
    },
    oneShop: true,
    shopOf(cell) {
      const { country } = toPlace({ country: cell('country') });
      const region = country && country in SITES ? (country as keyof typeof SITES) : SITE_OF_CURRENCY.get(cell('currency').toUpperCase());
      if (region)
        return {
          shop: SITES[region].shop,
          region,
          zone: SITES[region].zone,
          currency: cell('currency').toUpperCase() || SITES[region].currency,
        };
      // The euro tells no site, and no cell at all tells nothing.
      const unknown = country ?? (cell('country') || cell('currency').toUpperCase().replace('EUR', ''));
      return unknown ? { shop: `SHEIN ${unknown}` } : null;
    },
  },
);

const SITE_OF_CURRENCY = new Map(
  Object.entries(SITES)
    .filter(([, { currency }]) => currency !== 'EUR')
    .map(([region, { currency }]) => [currency as string, region as keyof typeof SITES]),
);

/** What can be imported from SHEIN. */
export const files: readonly FilePreset[] = [orderExport];
