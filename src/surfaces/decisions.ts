import type { Text } from '../kernel/messages.ts';
import type { Decision } from '../sync/decisions.ts';

/** What an import decided where its file left it open, as its answer says it. */
export const DECISIONS: Readonly<Record<Decision['decision'], Text>> = {
  shop_by_orders: {
    en: 'The file names no shop; its orders went to {shop}, which has orders of it already. Shop (`--shop`) names another.',
    zh: '文件未注明店铺；其中已有订单属于 {shop}，因此归入该店铺。可用“店铺”（`--shop`）另行指定。',
    es: 'El archivo no nombra la tienda; sus pedidos fueron a {shop}, que ya tiene algunos. Con Tienda (`--shop`) se elige otra.',
  },
  shop_by_region: {
    en: 'The file names no shop; its orders went to {shop}, the only shop connected in their country. Shop (`--shop`) names another.',
    zh: '文件未注明店铺；{shop} 是该站点唯一已授权的店铺，因此归入该店铺。可用“店铺”（`--shop`）另行指定。',
    es: 'El archivo no nombra la tienda; sus pedidos fueron a {shop}, la única conectada en su país. Con Tienda (`--shop`) se elige otra.',
  },
  kept_newer: {
    en: '{orders|order is|orders are} stored in a newer state than the file tells; that state stays.',
    zh: '{orders} 个订单的已存状态比文件更新，已保留。',
    es: '{orders|pedido guardado está|pedidos guardados están} en un estado más nuevo que el del archivo; se queda.',
  },
  kept_by_status: {
    en:
      '{orders|order is|orders are} stored in a state further on than the file tells, and the file has no newer date of change; that ' +
      'state stays.',
    zh: '{orders} 个订单已存状态比文件所示更靠后，且文件没有更新的变更时间，保留已存状态。',
    es:
      '{orders|pedido guardado está|pedidos guardados están} en un estado más avanzado que el del archivo, que no tiene una fecha de ' +
      'cambio más nueva; se queda.',
  },
  joined: {
    en: '{orders|order is|orders are} told by other files or the platform, too; each is made of all of them.',
    zh: '{orders} 个订单另有其他文件或平台数据，已合并为一个订单。',
    es: '{orders|pedido consta|pedidos constan} también en otros archivos o en la plataforma; cada uno se forma con todos ellos.',
  },
  pieces_kept: {
    en: '{orders|order has|orders have} units that this file does not tell of; they stay.',
    zh: '{orders} 个订单含有此文件未列出的件数，已保留。',
    es: '{orders|pedido tiene|pedidos tienen} unidades que este archivo no menciona; se quedan.',
  },
};
