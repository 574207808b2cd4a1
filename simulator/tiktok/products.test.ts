import { afterAll, beforeAll, expect, test } from 'vitest';
import { imageOf, productIdOf, productIdOfSku, skuIdOf } from './ids.ts';
import { PRODUCT_STATUSES } from './statuses.ts';
import { Client } from './client.ts';
import { openTikTokAlone, type TikTokAlone } from './tiktok-alone.ts';
import { isOnSale, productStateAt } from '../trade/product-life.ts';
import { productsAt } from '../trade/products.ts';

const NOW = Temporal.Instant.from('2026-06-15T10:00:00Z');
const SECOND = NOW.epochMilliseconds / 1000;
const DAY = 86_400;
const SEARCH = '/product/202502/products/search';

interface Wire {
  id: string;
  title: string;
  status: string;
  create_time: number;
  update_time: number;
  audit?: { status: string };
  skus: {
    id: string;
    seller_sku?: string;
    price: { currency: string; sale_price?: string; tax_exclusive_price: string };
    inventory: { warehouse_id: string; quantity: number }[];
  }[];
}
type Shop = { token: string; cipher: string };

const clock = { now: () => NOW };
let simulator: TikTokAlone;
let client: Client;
let shop: Shop;
let british: Shop;

beforeAll(async () => {
  simulator = await openTikTokAlone({ clock, limits: 'off', products: 10_400 });
  client = new Client(simulator.apps.ROW, clock);
  const { token, shops } = await client.connect('estrella-hogar');
  [shop, british] = shops.map(({ cipher }) => ({ token, cipher })) as [Shop, Shop];
});
afterAll(() => simulator.close());

async function ask(
  filters: object = {},
  query: Record<string, string> = {},
  at = british,
): Promise<{ code: number; products: Wire[]; next_page_token: string; total_count: number }> {
  const { code, data } = await client.call(SEARCH, {
    method: 'POST',
    query: { page_size: '100', ...query },
    body: JSON.stringify(filters),
    ...at,
  });
  return { code, ...data };
}

async function walk(filters: object = {}, at = british): Promise<Wire[]> {
  const found: Wire[] = [];
  let token = '';
  do {
    const page = await ask(filters, token === '' ? {} : { page_token: token }, at);
    expect(page.code).toBe(0);
    found.push(...page.products);
    token = page.next_page_token;
  } while (token !== '');
  return found;
}

const known = (place: number) => productsAt(simulator.world.products(simulator.world.shops[place]!), SECOND);
const ids = (products: readonly { id: string }[]): string[] => products.map(({ id }) => id).toSorted();

test('a walk gives every product of the shop once, each as the world knows it, in every state', async () => {
  const all = await walk();
  expect(ids(all)).toEqual(
    known(1)
      .map(({ product }) => productIdOf(product))
      .toSorted(),
  );
  for (const { product, state } of known(1)) {
    const wire = all.find(({ id }) => id === productIdOf(product))!;
    expect([wire.title, wire.status, wire.create_time, wire.update_time]).toEqual([
      product.title,
      PRODUCT_STATUSES[state.status],
      product.life.created,
      state.updated,
    ]);
    expect(wire.skus.map(({ id }) => id)).toEqual(product.skus.map(skuIdOf));
  }
  const everywhere = new Set([0, 1, 2, 3].flatMap((place) => known(place).map(({ state }) => PRODUCT_STATUSES[state.status])));
  expect(everywhere).toEqual(
    new Set(['DRAFT', 'PENDING', 'FAILED', 'ACTIVATE', 'SELLER_DEACTIVATED', 'PLATFORM_DEACTIVATED', 'FREEZE', 'DELETED']),
  );
});

test('bounds include both of their seconds, unlike those of orders', async () => {
  const all = (await walk()).toSorted((one, other) => one.update_time - other.update_time);
  const [from, to] = [all[10]!.update_time, all[40]!.update_time];
  const found = await walk({ update_time_ge: from, update_time_le: to });
  expect(ids(found)).toEqual(ids(all.filter(({ update_time: time }) => time >= from && time <= to)));
  expect(ids(found)).toContain(all[40]!.id);
  expect(ids(await walk({ create_time_ge: all[0]!.create_time, create_time_le: all[0]!.create_time }))).toContain(all[0]!.id);
});

test('products are told by status, examination, seller SKU and SKU, of those at most ten', async () => {
  const all = await walk();
  for (const status of ['ACTIVATE', 'DRAFT', 'DELETED'])
    expect(ids(await walk({ status }))).toEqual(ids(all.filter((each) => each.status === status)));
  expect(ids(await walk({ status: 'ALL' }))).toEqual(ids(all));
  expect(ids(await walk({ audit_status: ['APPROVED'] }))).toEqual(ids(all.filter(({ audit }) => audit?.status === 'APPROVED')));
  const skus = all.slice(0, 10).map(({ skus: [sku] }) => sku!);
  expect(ids(await walk({ sku_ids: skus.map(({ id }) => id) }))).toEqual(ids(all.slice(0, 10)));
  expect(ids(await walk({ seller_skus: [skus[0]!.seller_sku ?? skus[1]!.seller_sku] })).length).toBe(1);
  const eleven = Array.from({ length: 11 }, (_, at) => String(at));
  expect([(await ask({ seller_skus: eleven })).code, (await ask({ sku_ids: eleven })).code, (await ask({ status: 'LOST' })).code]).toEqual([
    12019027, 12019087, 36009004,
  ]);
  expect([
    (await ask({}, { page_size: '0' })).code,
    (await ask({}, { page_size: '101' })).code,
    (await ask({}, { page_size: '' })).code,
  ]).toEqual([36009004, 36009004, 36009004]);
});

test('a page token is good for its own search only', async () => {
  const { next_page_token: page_token } = await ask({}, { page_size: '10' });
  expect((await ask({}, { page_size: '10', page_token })).code).toBe(0);
  expect((await ask({ status: 'ACTIVATE' }, { page_size: '10', page_token })).code).toBe(36009004);
  expect((await ask({}, { page_size: '10', page_token }, shop)).code).toBe(36009004);
});

test('more than ten thousand results are refused, slices of them are not, and together they are all', async () => {
  expect((await ask({}, {}, shop)).code).toBe(12052180);
  const middle = SECOND - 30 * DAY;
  const parts = [...(await walk({ update_time_le: middle }, shop)), ...(await walk({ update_time_ge: middle + 1 }, shop))];
  expect(ids(parts)).toEqual(
    known(0)
      .map(({ product }) => productIdOf(product))
      .toSorted(),
  );
  expect(parts.length).toBeGreaterThan(10_000);
});

test('a product is shown whole, with its category from root to leaf and its pictures, except frozen and deleted ones', async () => {
  for (const { product, state } of known(1)) {
    const { code, data } = await client.call(`/product/202309/products/${productIdOf(product)}`, british);
    if (state.status === 'barred' || state.status === 'deleted') {
      expect(code).toBe(12019150);
      continue;
    }
    const chain = data.category_chains as { id: string; parent_id: string; local_name: string; is_leaf: boolean }[];
    expect(chain.map(({ parent_id }) => parent_id)).toEqual(['0', ...chain.slice(0, -1).map(({ id }) => id)]);
    expect(chain.map(({ is_leaf }) => is_leaf)).toEqual([false, false, true]);
    expect(data.main_images[0].urls[0]).toBe(imageOf(product));
    expect(data.skus.map((sku: { sales_attributes: { value_name: string }[] }) => sku.sales_attributes[0]!.value_name)).toEqual(
      product.skus.map(({ skuName }) => skuName),
    );
  }
  const foreign = productIdOf(known(0)[0]!.product);
  expect((await client.call(`/product/202309/products/${foreign}`, british)).code).toBe(12019150);
});

test('products change over time: edited, taken off sale, deleted, and none is ordered while it cannot be bought', () => {
  const { world } = simulator;
  const deleted = known(1).filter(({ state }) => state.status === 'deleted');
  expect(deleted.length).toBeGreaterThan(3);
  for (const place of [1, 2, 3]) {
    for (const { product, state } of known(place)) {
      expect(state.updated).toBeLessThanOrEqual(SECOND);
      const before = productStateAt(product.life, state.updated - 1);
      expect(before === undefined || before.updated < state.updated).toBe(true);
      expect(productStateAt(product.life, state.updated)).toEqual(state);
    }
  }
  const sold = new Set<string>();
  for (const { life, basket } of world.orders(world.shops[1]!, SECOND)) {
    for (const { sku, isGift } of basket.pieces) if (!isGift) expect(isOnSale(sku.life, life.time)).toBe(true);
    for (const { sku } of basket.pieces) sold.add(productIdOfSku(sku));
  }
  // Orders name products that are gone by now.
  expect(deleted.some(({ product }) => sold.has(productIdOf(product)))).toBe(true);
});

test('local sellers mostly get the price under its other name alone', async () => {
  const local = await client.connect('luz-de-casa');
  const skus = (await walk({}, { token: local.token, cipher: local.shops[0]!.cipher })).flatMap((each) => each.skus);
  const alone = skus.filter(({ price }) => price.sale_price === undefined).length / skus.length;
  expect(alone).toBeGreaterThan(0.6);
  expect(alone).toBeLessThan(0.95);
  expect((await walk()).every((each) => each.skus.every(({ price }) => price.sale_price !== undefined))).toBe(true);
});

test('stock is told by SKUs before products, up to their limits, and what open orders hold is reserved', async () => {
  const stock = async (
    body: object,
  ): Promise<{
    code: number;
    inventory: {
      product_id: string;
      skus: {
        id: string;
        total_available_quantity: number;
        total_committed_quantity: number;
        warehouse_inventory: { available_quantity: number; committed_quantity: number }[];
      }[];
    }[];
  }> => {
    const { code, data } = await client.call('/product/202309/inventory/search', {
      method: 'POST',
      body: JSON.stringify(body),
      ...british,
    });
    return { code, ...data };
  };
  const products = await walk();
  const [first, second] = products as [Wire, Wire];
  const bySku = await stock({ sku_ids: [second.skus[0]!.id], product_ids: [first.id] });
  expect(bySku.inventory.map(({ product_id: id, skus }) => [id, skus.map((sku) => sku.id)])).toEqual([[second.id, [second.skus[0]!.id]]]);
  const all = (
    await Promise.all([products.slice(0, 100), products.slice(100)].map((part) => stock({ product_ids: part.map(({ id }) => id) })))
  ).flatMap(({ inventory }) => inventory);
  const skus = all.flatMap((each) => each.skus);
  for (const { total_available_quantity: available, total_committed_quantity: committed, warehouse_inventory: parts } of skus) {
    expect([available, committed]).toEqual([
      parts.reduce((sum, each) => sum + each.available_quantity, 0),
      parts.reduce((sum, each) => sum + each.committed_quantity, 0),
    ]);
  }
  const { data } = await client.search(british, { page_size: '100' }, { create_time_ge: SECOND - 14 * DAY });
  const open = (data.orders as { line_items: { display_status: string }[] }[])
    .flatMap(({ line_items: lines }) => lines)
    .filter(({ display_status: status }) => status === 'AWAITING_SHIPMENT' || status === 'UNPAID');
  expect(skus.reduce((sum, each) => sum + each.total_committed_quantity, 0)).toBe(open.length);
  expect(open.length).toBeGreaterThan(10);
  const listed = products.flatMap((each) => each.skus);
  for (const { id, total_available_quantity: available } of skus)
    expect(listed.find((each) => each.id === id)!.inventory.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(available);
  expect([
    (await stock({})).code,
    (await stock({ product_ids: Array.from({ length: 101 }, String) })).code,
    (await stock({ sku_ids: Array.from({ length: 601 }, String) })).code,
  ]).toEqual([36009004, 36009004, 36009004]);
});

test('older versions tell less', async () => {
  const row = async (version: string): Promise<Record<string, unknown>> => {
    return (await client.call(`/product/${version}/products/search`, { method: 'POST', query: { page_size: '1' }, body: '{}', ...british }))
      .data.products[0];
  };
  const [oldest, older, newest] = [await row('202309'), await row('202312'), await row('202502')];
  expect(['audit' in oldest, 'audit' in older, 'has_draft' in older, 'has_draft' in newest]).toEqual([false, true, false, true]);
});
