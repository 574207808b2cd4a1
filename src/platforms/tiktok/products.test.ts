import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { fine, openScriptedPlatform, problem, type ScriptedPlatform, type SeenRequest } from '../../../tests/scripted-platform.ts';
import type { Json } from '../../kernel/json.ts';
import { keyedHash } from '../../kernel/vault.ts';
import { moneyText } from '../../model/money.ts';
import type { ProductMention } from '../stream.ts';
import { products } from './products.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const PRODUCT = JSON.parse(readFileSync(new URL('fixtures/product-gb.json', import.meta.url), 'utf8')) as Record<string, Json>;
const NOW = Temporal.Instant.from('2026-01-02T00:00:00Z');

const opened: ScriptedPlatform[] = [];
afterEach(() => {
  for (const platform of opened.splice(0)) platform.close();
});
async function serving(...answers: Parameters<typeof openScriptedPlatform>[0]): Promise<ScriptedPlatform> {
  const platform = await openScriptedPlatform(answers);
  opened.push(platform);
  return platform;
}
async function list(platform: ScriptedPlatform): Promise<ProductMention[]> {
  const all: ProductMention[] = [];
  for await (const mentions of products.list(platform.call(), NOW)) all.push(...mentions);
  return all;
}
const bounds = ({ body }: SeenRequest): unknown[] => {
  const { update_time_ge: from, update_time_le: to } = JSON.parse(body) as Record<string, number>;
  return [from, to];
};

test('a product is its categories from root to leaf, its first picture, and its SKUs with price and stock', () => {
  const { skus, ...product } = products.toCanonical(PRODUCT);
  expect(product).toMatchObject({
    productId: '1729382476852921560',
    title: 'Linen curtain',
    status: 'ACTIVATE',
    deleted: false,
    category: 'Curtains',
    categoryPath: 'Home > Windows > Curtains',
    image: 'https://p16.example/curtain.jpeg',
    brand: 'Casa Luz',
  });
  expect(skus.map(({ price, ...sku }) => ({ ...sku, price: moneyText(price!) }))).toEqual([
    {
      platformSku: '1729382476852921561',
      sellerSku: 'HOM-1',
      skuName: 'Beige, L',
      image: 'https://p16.example/beige.jpeg',
      currency: 'GBP',
      stock: 15,
      price: '20.0000',
    },
    {
      platformSku: '1729382476852921562',
      sellerSku: null,
      skuName: null,
      image: 'https://p16.example/curtain.jpeg',
      currency: 'GBP',
      stock: null,
      price: '17.5000',
    },
  ]);
});

test('what the listing says of a product is less, and enough where the product itself is not given', () => {
  const { category_chains: _chains, main_images: _images, brand: _brand, description: _text, ...row } = PRODUCT;
  expect(products.toCanonical({ ...row, status: 'DELETED' })).toMatchObject({
    deleted: true,
    status: 'DELETED',
    category: null,
    categoryPath: null,
    brand: null,
  });
  expect(() => products.toCanonical({ ...row, update_time: null })).toThrow('update_time');
});

test('the listing is cut in halves by the last change where it holds more than the platform shows', async () => {
  const full = problem(12052180, 'The search results exceed 10000');
  const page = (id: string, rest: object = {}): object => fine({ products: [{ id, update_time: 1_700_000_000 }], ...rest });
  const platform = await serving(full, page('1', { next_page_token: 'n' }), page('2'), full, page('3'), page('4'), page('5'));
  expect((await list(platform)).map(({ productId }) => productId)).toEqual(['1', '2', '3', '4', '5']);
  const [from, to] = [Date.UTC(2020, 0, 1) / 1000, NOW.epochMilliseconds / 1000];
  const half = Math.floor((from + to) / 2);
  const quarter = Math.floor((half + 1 + to) / 2);
  // What changes while the slices are read moves into the last, which is open.
  expect(platform.seen.map(bounds)).toEqual([
    [from, to],
    [from, half],
    [from, half],
    [half + 1, to],
    [half + 1, quarter],
    [quarter + 1, to],
    [to + 1, undefined],
  ]);
  expect(platform.seen.map(({ url }) => [url.searchParams.get('page_size'), url.searchParams.get('page_token')])).toEqual(
    [null, null, 'n', null, null, null, null].map((token) => ['100', token]),
  );
});

test('a listing too long to be counted has no count; a product that was deleted or frozen is not given', async () => {
  expect(await products.count((await serving(fine({ products: [], total_count: 42 }))).call())).toBe(42);
  expect(await products.count((await serving(problem(12052180))).call())).toBeNull();
  expect(await products.byId((await serving(problem(12019150, 'The product does not exist'))).call(), '1', hash)).toBeNull();
  const platform = await serving(fine(PRODUCT));
  expect(products.toCanonical(await products.byId(platform.call(), '1729382476852921560', hash))).toEqual(products.toCanonical(PRODUCT));
  expect(platform.seen[0]!.url.pathname).toBe('/product/202309/products/1729382476852921560');
});
