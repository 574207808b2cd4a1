import { expect, test } from 'vitest';
import { raw, sql } from '../../src/engines/sql.ts';
import type { PriceDetail } from '../../src/model/price-detail.ts';
import type { Product } from '../../src/model/product.ts';
import type { Return } from '../../src/model/return.ts';
import type { Shop } from '../../src/model/shop.ts';
import { readPriceDetailsDue, writePriceDetails } from '../../src/records/price-details/price-detail-writer.ts';
import { markGone, readKnownProducts, refreshOffers, writeProducts } from '../../src/records/products/product-writer.ts';
import { writeReturns } from '../../src/records/returns/return-writer.ts';
import { delivery, PLACED, type EngineWorld } from './engine-world.ts';

const LATER = '2026-03-08T10:00:00Z';
const at = Temporal.Instant.from('2026-03-10T00:00:00Z');

/** A claim for pieces of a SKU; what is left out is as of a return that is completed. */
function claim(id: string, change: Partial<Return> = {}, sku = 'x'): Return {
  return {
    returnId: id,
    orderId: 'A',
    kind: 'return',
    state: 'completed',
    platformStatus: 'COMPLETE',
    reason: 'size_too_small',
    reasonText: 'Too small',
    createdAt: Temporal.Instant.from('2026-03-04T23:30:00Z'),
    updatedAt: Temporal.Instant.from('2026-03-06T23:30:00Z'),
    goodsBack: true,
    currency: 'EUR',
    refundAmount: 123_400n,
    lines: [{ lineId: `${sku}#0`, sku, quantity: 1, refundAmount: null }],
    ...change,
  };
}

function detail(orderId: string, payment: bigint): PriceDetail {
  return {
    orderId,
    currency: 'EUR',
    listPrice: payment,
    sellerDiscount: 0n,
    platformDiscount: null,
    salePrice: payment,
    taxAmount: null,
    shippingListPrice: null,
    shippingSellerDiscount: null,
    shippingPlatformDiscount: null,
    shippingSalePrice: null,
    payment,
    total: payment,
    violations: payment < 0n ? ['payment'] : [],
  };
}

function product(id: string, change: Partial<Product> = {}): Product {
  return {
    productId: id,
    title: `Product ${id}`,
    status: 'ACTIVATE',
    deleted: false,
    category: 'Curtains',
    categoryPath: 'Home > Curtains',
    image: null,
    brand: null,
    createdAt: null,
    updatedAt: Temporal.Instant.from(PLACED),
    skus: ['1', '2'].map((n) => ({
      platformSku: `${id}-${n}`,
      sellerSku: `sku ${n}`,
      skuName: `Size ${n}`,
      image: null,
      price: 100_000n,
      currency: 'EUR',
      stock: 3,
    })),
    ...change,
  };
}

/** What hangs on orders: it may come before them, and is there once. */
export function keepsClaims(world: EngineWorld): void {
  const bring = (shop: Shop, ...claims: Return[]) =>
    world.engine.transaction((tx) =>
      writeReturns(tx, shop, {
        delivered: claims.map((each) => ({ claim: each, document: each.returnId })),
        source: { shopId: shop.shopId, stream: 'returns' },
      }),
    );
  const pieces = (shop: Shop) =>
    world.rows(
      sql`SELECT role, units, refund_amount, event_day, shop_day FROM returned_pieces WHERE shop_id = ${shop.shopId} ORDER BY role, units`,
    );

  test('a claim that comes before its order is tied to it as soon as that is there, and its pieces count then', async () => {
    const shop = await world.newShop();
    expect(await bring(shop, claim('R1'))).toEqual({ added: 1, changed: 0, unchanged: 0 });
    expect((await pieces(shop)).filter(({ shop_day: day }) => day !== null)).toEqual([]);
    await world.write([delivery(shop, 'A', { holds: 'x y' }), delivery(shop, 'B', { holds: 'x' })]);
    const tied = sql`SELECT o.order_id, l.line_id FROM return_lines l JOIN orders o ON o.oid = l.oid WHERE l.shop_id = ${shop.shopId}`;
    expect(await world.rows(tied)).toEqual([{ order_id: 'A', line_id: 'x#0' }]);
    expect(await pieces(shop)).toContainEqual(
      expect.objectContaining({ role: 'return', units: 1, refund_amount: '12.3400', event_day: '2026-03-07', shop_day: '2026-03-01' }),
    );
    await world.isWhole();
  });

  test('the newest state of a claim wins, the same twice changes nothing, and a cancellation of the same number is another', async () => {
    const shop = await world.newShop();
    await world.write([delivery(shop, 'A', { holds: 'x' })]);
    const open = claim('R1', { state: 'open', updatedAt: Temporal.Instant.from('2026-03-05T00:00:00Z') });
    expect(await bring(shop, claim('R1'), open)).toEqual({ added: 1, changed: 0, unchanged: 1 });
    expect(await bring(shop, claim('R1'), open)).toEqual({ added: 0, changed: 0, unchanged: 2 });
    expect(await bring(shop, claim('R1', { kind: 'cancellation', goodsBack: false }))).toEqual({ added: 1, changed: 0, unchanged: 0 });
    const withdrawn = claim('R1', { state: 'withdrawn', updatedAt: Temporal.Instant.from(LATER) });
    expect(await bring(shop, withdrawn)).toEqual({ added: 0, changed: 1, unchanged: 0 });
    expect(await world.rows(sql`SELECT kind, state FROM returns WHERE shop_id = ${shop.shopId} ORDER BY kind`)).toEqual([
      { kind: 'cancellation', state: 'completed' },
      { kind: 'return', state: 'withdrawn' },
    ]);
    await world.isWhole();
  });

  test('a claim that names no order has its SKUs by name, and orders that name them later mean the same ones', async () => {
    const shop = await world.newShop();
    const names = [`claimed ${shop.shop}`, `claimed too ${shop.shop}`] as const;
    const lines = names.map((sku) => ({
      lineId: null,
      sku,
      quantity: 1,
      refundAmount: 10_000n,
      productName: `Thing ${sku}`,
      variant: null,
    }));
    await bring(shop, claim('R1', { orderId: null, lines }));
    const learnt = sql`SELECT k.sku, k.sku_id, g.sku_name FROM skus k JOIN listings g ON g.sku_id = k.sku_id
      WHERE k.sku LIKE ${`claimed%${shop.shop}`} ORDER BY 1`;
    const before = await world.rows(learnt);
    expect(before.map(({ sku, sku_name: name }) => [sku, name])).toEqual(names.map((sku) => [sku, `Thing ${sku}`]));
    const ordered = delivery(shop, 'A', { holds: 'x' });
    await world.write([
      { ...ordered, order: { ...ordered.order, lines: names.map((sku, n) => ({ ...ordered.order.lines[0]!, lineId: `${n}`, sku })) } },
    ]);
    expect(await world.rows(learnt)).toEqual(before);
    await world.isWhole();
  });

  test('price details are there once for an order, tied to it whichever comes first, and due until they are', async () => {
    const shop = await world.newShop();
    const deliver = (...details: PriceDetail[]) =>
      world.engine.transaction((tx) =>
        writePriceDetails(tx, shop, {
          delivered: details.map((each) => ({ detail: each, document: each.orderId })),
          source: { shopId: shop.shopId, stream: 'price_details' },
          at,
        }),
      );
    const due = () => world.engine.read((reader) => readPriceDetailsDue(reader, shop.shopId, { stream: 'price_details', limit: 10, at }));
    expect(await deliver(detail('A', 500n))).toEqual({ added: 1, changed: 0, unchanged: 0 });
    await world.write([delivery(shop, 'A', { holds: 'x' }), delivery(shop, 'B', { holds: 'x' })]);
    expect(await due()).toEqual({ waiting: 1, orderIds: ['B'] });
    expect(await deliver(detail('A', 500n), detail('B', 1n), detail('B', 2n))).toEqual({ added: 1, changed: 0, unchanged: 2 });
    expect(await deliver(detail('A', -700n))).toEqual({ added: 0, changed: 1, unchanged: 0 });
    const kept = sql`
      SELECT d.order_id, d.payment, d.violations, o.order_id AS tied FROM price_details d LEFT JOIN orders o ON o.oid = d.oid
      WHERE d.shop_id = ${shop.shopId} ORDER BY 1`;
    expect(await world.rows(kept)).toEqual([
      { order_id: 'A', payment: '-0.0700', violations: 'payment', tied: 'A' },
      { order_id: 'B', payment: '0.0002', violations: null, tied: 'B' },
    ]);
    expect(await due()).toEqual({ waiting: 0, orderIds: [] });
  });

  test('products are kept as they are offered: one that is gone stays as it was, and what it does not tell any more, too', async () => {
    const shop = await world.newShop();
    const id = `P ${shop.shop}`;
    const deliver = (...products: Product[]) =>
      world.engine.transaction((tx) =>
        writeProducts(tx, shop, {
          delivered: products.map((each) => ({ product: each, document: each.productId })),
          source: { shopId: shop.shopId, stream: 'products' },
          at,
        }),
      );
    expect(await deliver(product(id), product(`${id} 2`))).toEqual({ added: 2, changed: 0, unchanged: 0 });
    expect(await deliver(product(id))).toEqual({ added: 0, changed: 0, unchanged: 1 });
    expect(await deliver(product(id, { category: null, categoryPath: null, skus: product(id).skus.slice(0, 1) }))).toMatchObject({
      changed: 1,
    });
    const listed = product(id, { skus: [{ ...product(id).skus[0]!, stock: 9, price: 90_000n }] });
    await world.engine.transaction(async (tx) => {
      await refreshOffers(tx, shop.shopId, [listed]);
      await markGone(tx, shop.shopId, [`${id} 2`], at);
    });
    const known = await world.engine.read((reader) => readKnownProducts(reader, shop.shopId));
    expect(new Map([...known].map(([name, { gone }]) => [name, gone]))).toEqual(
      new Map([
        [id, false],
        [`${id} 2`, true],
      ]),
    );
    const offered = sql`
      SELECT k.platform_sku, k.price, k.stock, k.gone_at IS NOT NULL AS gone, p.category FROM product_skus k
      JOIN products p ON p.shop_id = k.shop_id AND p.product_id = k.product_id WHERE k.shop_id = ${shop.shopId} AND p.product_id = ${id}
      ORDER BY 1`;
    expect(await world.rows(offered)).toEqual([
      { platform_sku: `${id}-1`, price: '9.0000', stock: 9, gone: false, category: 'Curtains' },
      { platform_sku: `${id}-2`, price: '10.0000', stock: 0, gone: true, category: 'Curtains' },
    ]);
    const ordered = delivery(shop, 'A', { holds: 'x' });
    const lines = [{ ...ordered.order.lines[0]!, platformSku: `${id}-1`, productName: null }];
    await world.write([{ ...ordered, order: { ...ordered.order, lines } }]);
    expect(await world.rows(sql`SELECT sku_name, category FROM listings WHERE platform_sku = ${`${id}-1`}`)).toEqual([
      { sku_name: `Product ${id} · Size 1`, category: 'Curtains' },
    ]);
    expect((await world.rows(raw('SELECT count(*) - count(DISTINCT listing_id) AS twice FROM listings')))[0]).toEqual({ twice: 0 });
  });
}
