import { afterEach, expect, test } from 'vitest';
import { openScriptedPlatform, type ScriptedPlatform } from '../../../tests/scripted-platform.ts';
import type { Json } from '../../kernel/json.ts';
import { amazon } from './amazon.ts';
import { products } from './products.ts';

const NOW = Temporal.Instant.from('2026-11-08T00:00:00Z');
const hash = (): bigint => 0n;

const opened: ScriptedPlatform[] = [];
afterEach(() => {
  for (const platform of opened.splice(0)) platform.close();
});
async function serving(...answers: Parameters<typeof openScriptedPlatform>[0]): Promise<ScriptedPlatform> {
  const platform = await openScriptedPlatform(answers);
  opened.push(platform);
  return platform;
}
const calling = ({ call }: ScriptedPlatform) => call({ api: amazon.api!, region: 'ES' });
const summary = (sellerSku: string): Record<string, Json> => ({
  sellerSku,
  asin: `B0${sellerSku}`,
  condition: 'NewItem',
  productName: `Lamp ${sellerSku}`,
  totalQuantity: 12,
  lastUpdatedTime: '2026-11-01T10:00:00Z',
  inventoryDetails: { fulfillableQuantity: 9 },
});
const page = (skus: readonly string[], nextToken?: string): object => ({
  payload: { inventorySummaries: skus.map(summary) },
  ...(nextToken ? { pagination: { nextToken } } : {}),
});
const refused =
  (status: number, code: string): Parameters<typeof openScriptedPlatform>[0][number] =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ errors: [{ code, message: 'no', details: '' }] }));
const ITEM = {
  asin: 'B01',
  summaries: [{ itemName: 'Desk lamp', brand: 'Casa Luz', contributors: [{ role: { value: 'author' }, value: 'Somebody' }] }],
  images: [
    {
      images: [
        { variant: 'PT01', link: 'https://m.example/2.jpg' },
        { variant: 'MAIN', link: 'https://m.example/1.jpg' },
      ],
    },
  ],
  classifications: [
    { classifications: [{ displayName: 'Desk Lamps', parent: { displayName: 'Lighting', parent: { displayName: 'Home' } } }] },
  ],
};

async function list(platform: ScriptedPlatform): Promise<string[]> {
  const found: string[] = [];
  for await (const mentions of products.list(calling(platform), NOW)) found.push(...mentions.map(({ productId }) => productId));
  return found;
}

test('the stock of a marketplace is listed page by page', async () => {
  const platform = await serving(page(['1', '2'], 'next'), page(['3']));
  expect(await list(platform)).toEqual(['1', '2', '3']);
  const asked = platform.seen.map(({ url }) => url.searchParams);
  expect(asked.map((each) => [each.get('granularityType'), each.get('details'), each.get('nextToken')])).toEqual([
    ['Marketplace', 'true', null],
    ['Marketplace', 'true', 'next'],
  ]);
  for (const each of asked) expect(each.get('granularityId')).toBe(each.get('marketplaceIds'));
});

test('a listing whose page token was forgotten begins anew; one that is refused again and again is an error', async () => {
  expect(await list(await serving(page(['1'], 'next'), refused(400, 'InvalidInput'), page(['1'], 'next'), page(['2'])))).toEqual([
    '1',
    '1',
    '2',
  ]);
  const never = await serving(page(['1'], 'next'), refused(400, 'InvalidInput'));
  await expect(list(never)).rejects.toMatchObject({ code: 'platform_refused' });
});

test('a seller who stores nothing with Amazon has no stock to list', async () => {
  expect(await list(await serving(refused(400, 'InvalidInput')))).toEqual([]);
});

test('a product is its stock with title, picture and categories of the catalog; nobody who wrote it is kept', async () => {
  const document = await products.byId(calling(await serving(page(['1']), ITEM)), '1', hash);
  expect(JSON.stringify(document)).not.toContain('Somebody');
  expect(products.toCanonical(document)).toMatchObject({
    productId: '1',
    title: 'Desk lamp',
    status: 'NewItem',
    category: 'Desk Lamps',
    categoryPath: 'Home > Lighting > Desk Lamps',
    image: 'https://m.example/1.jpg',
    brand: 'Casa Luz',
    skus: [{ platformSku: 'B01', sellerSku: '1', stock: 9 }],
  });
});

test('what the catalog does not know keeps the name that its stock has; what lies nowhere is not given', async () => {
  const unknown = await products.byId(calling(await serving(page(['1']), refused(404, 'NOT_FOUND'))), '1', hash);
  expect(products.toCanonical(unknown)).toMatchObject({ title: 'Lamp 1', category: null, skus: [{ stock: 9 }] });
  expect(await products.byId(calling(await serving(page([]))), '1', hash)).toBeNull();
});

test('a record without its SKU or with a count that is none is refused by the name of the field', () => {
  expect(() => products.toCanonical({ ...summary('1'), sellerSku: '' })).toThrow('sellerSku');
  expect(() => products.toCanonical({ ...summary('1'), totalQuantity: 1.5 })).toThrow('totalQuantity');
  expect(() => products.toCanonical({ asin: 'B01', sellerSku: '1' })).toThrow('lastUpdatedTime');
});
