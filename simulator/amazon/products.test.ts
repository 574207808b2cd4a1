import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/kernel/clock.ts';
import { HAS_MODELS, faultsIn } from '../../tests/amazon-models.ts';
import { openSimulator, type Simulator } from '../simulator.ts';
import type { AmazonHandle, AmazonOptions } from './amazon.ts';
import { AmazonClient, type Answer } from './client.ts';
import { asinOf, sellerSkuOf } from './ids.ts';

const ESTRELLA = 'A2EH7R5LKQW9ZT';
const [SPAIN, FRANCE] = ['A1RKKUPIHCS9HS', 'A13V1IB3VIYZZH'] as const;
const ITEMS = '/catalog/2022-04-01/items';
const STOCK = '/fba/inventory/v1/summaries';

let now = Temporal.Instant.from('2026-06-15T10:00:00Z');
const clock: Clock = { now: () => now };
let simulator: Simulator<{ Amazon: AmazonOptions }>;
let amazon: AmazonHandle;
let client: AmazonClient;
let token: string;

beforeAll(async () => {
  simulator = await openSimulator({ clock, scale: 0.02, platforms: { Amazon: { limits: 'off', accessTokenSeconds: 1e9 } } });
  amazon = simulator.platforms.Amazon;
  client = new AmazonClient(amazon);
  ({ token } = await client.connect(ESTRELLA));
});
afterAll(() => simulator.close());

const ask = (path: string, query: Record<string, string>): Promise<Answer> => client.call(path, { token, query });
const stock = (more: Record<string, string> = {}): Promise<Answer> =>
  ask(STOCK, { granularityType: 'Marketplace', granularityId: SPAIN, marketplaceIds: SPAIN, details: 'true', ...more });
const skus = (): string[] => [
  ...new Set(
    amazon.world.trade
      .catalogue(amazon.world.shops[0]!)
      .skus.filter(({ life }) => life.ended === undefined && life.created < 1.75e9)
      .map(sellerSkuOf),
  ),
];

test('an item is found by its ASIN and by the SKU of its seller, with title, picture and category, where it is sold', async () => {
  const wanted = skus().slice(0, 20);
  const bySku = {
    marketplaceIds: SPAIN,
    identifiersType: 'SKU',
    sellerId: ESTRELLA,
    pageSize: '20',
    includedData: 'summaries,images,identifiers,classifications,productTypes',
  };
  const { json } = await ask(ITEMS, { ...bySku, identifiers: wanted.join(',') });
  expect(json.items).toHaveLength(20);
  const named = json.items.map(({ identifiers }: Answer['json']) => identifiers[0].identifiers.at(-1).identifier);
  expect(named).toEqual(wanted);
  const [first] = json.items;
  expect(first.summaries[0].itemName).toContain('Estrella Hogar™');
  expect((await ask(`${ITEMS}/${first.asin}`, { marketplaceIds: SPAIN })).json).toEqual({ asin: first.asin, summaries: first.summaries });
  const own = amazon.world.trade.catalogue(amazon.world.shops[0]!).skus.find(({ sellerSku }) => sellerSku === undefined)!;
  expect((await ask(`${ITEMS}/${asinOf(own)}`, { marketplaceIds: FRANCE })).status).toBe(404);
  expect((await ask(ITEMS, { ...bySku, sellerId: 'A1', identifiers: wanted[0]! })).status).toBe(400);
  expect((await ask(ITEMS, { ...bySku, identifiers: [...wanted, 'X'].join(',') })).status).toBe(400);
  amazon.plant({ catalogBatchPoison: 0.2 }, { shop: amazon.world.shops[0]!, until: now.add({ seconds: 1 }) });
  expect((await ask(ITEMS, { ...bySku, identifiers: wanted.join(',') })).status).toBe(400);
  expect((await ask(ITEMS, { ...bySku, identifiers: wanted[0]! })).status).toBe(200);
  now = now.add({ seconds: 1 });
  amazon.plant({ catalogWithoutSku: 1 }, { calls: 1 });
  const silent = await ask(ITEMS, { ...bySku, identifiers: wanted[0]! });
  expect(silent.json.items[0].identifiers[0].identifiers).toHaveLength(1);
});

test('stock comes fifty SKUs a page, and a page is forgotten after half a minute', async () => {
  const first = await stock();
  const { nextToken } = first.json.pagination;
  expect(first.json.payload.inventorySummaries).toHaveLength(50);
  const second = await stock({ nextToken });
  expect(second.json.payload.inventorySummaries[0].sellerSku).not.toBe(first.json.payload.inventorySummaries[0].sellerSku);
  now = now.add({ seconds: 31 });
  expect((await stock({ nextToken })).status).toBe(400);
  expect((await stock({ marketplaceIds: `${SPAIN},${FRANCE}` })).status).toBe(400);
});

test('stock that a list leaves out is there when it is asked for by name; an account without FBA is refused', async () => {
  const whole = (await stock()).json.payload.inventorySummaries;
  amazon.plant({ inventorySkip: 0.3 }, { until: now.add({ seconds: 1 }) });
  const left = (await stock()).json.payload.inventorySummaries;
  const missing = whole.find(({ sellerSku }: Answer['json']) => !left.some((each: Answer['json']) => each.sellerSku === sellerSku));
  expect((await stock({ sellerSkus: missing.sellerSku })).json.payload.inventorySummaries[0]).toEqual(missing);
  now = now.add({ seconds: 1 });
  amazon.plant({ noFba400: 1 }, { shop: amazon.world.shops[0]!, calls: 1 });
  expect((await stock()).json.errors[0].code).toBe('InvalidInput');
  expect((await stock()).status).toBe(200);
});

test('a start leaves out what has not changed since, and none older than eighteen months is taken', async () => {
  const recent = (await stock({ startDateTime: '2026-06-15T08:00:00Z' })).json.payload.inventorySummaries;
  for (const { lastUpdatedTime } of recent) expect(lastUpdatedTime >= '2026-06-15T08:00').toBe(true);
  expect((await stock({ startDateTime: '2024-06-15T08:00:00Z' })).status).toBe(400);
});

test.skipIf(!HAS_MODELS)("answers about products and stock are what Amazon's models say they are", async () => {
  const items = await ask(ITEMS, {
    marketplaceIds: SPAIN,
    keywords: 'lámpara',
    includedData: 'summaries,images,identifiers,classifications,productTypes',
  });
  expect(items.json.numberOfResults).toBeGreaterThan(0);
  expect(faultsIn('catalogItems_2022-04-01.json', 'ItemSearchResults', items.json)).toEqual([]);
  expect(faultsIn('fbaInventory.json', 'GetInventorySummariesResponse', (await stock()).json)).toEqual([]);
});
