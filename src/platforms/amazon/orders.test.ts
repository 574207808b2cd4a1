import { afterEach, expect, test } from 'vitest';
import { openScriptedPlatform, type ScriptedPlatform } from '../../../tests/scripted-platform.ts';
import type { Json } from '../../kernel/json.ts';
import type { Page } from '../stream.ts';
import { amazon } from './amazon.ts';
import { orders } from './orders.ts';

const [ES, FR, DE] = ['A1RKKUPIHCS9HS', 'A13V1IB3VIYZZH', 'A1PA6795UKMFR9'];
const WINDOW = { from: Temporal.Instant.from('2026-11-07T12:00:00Z'), to: Temporal.Instant.from('2026-11-08T00:00:00.5Z') };

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
const found = (ids: readonly string[], nextToken?: string): object => ({
  orders: ids.map((orderId) => ({ orderId })),
  ...(nextToken ? { pagination: { nextToken } } : {}),
});
const refused =
  (status: number, code: string): Parameters<typeof openScriptedPlatform>[0][number] =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ errors: [{ code, message: 'no', details: '' }] }));

async function read(platform: ScriptedPlatform, { shops = [ES, FR, DE], resume = null as string | null } = {}): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of orders.pages(calling(platform), WINDOW, { resume, hash: () => 0n, shops })) pages.push(page);
  return pages;
}
const idsOf = (pages: readonly Page[]): Json[] => pages.flatMap(({ documents }) => documents.map((each) => orders.idOf(each)));
const asked = ({ seen }: ScriptedPlatform): Record<string, string>[] => seen.map(({ url }) => Object.fromEntries(url.searchParams));

test('all marketplaces of an account are one walk, whose pages are asked for with the very words of the first', async () => {
  const platform = await serving(found(['1', '2'], 'token-1'), found(['3'], 'token-2'), found(['4']));
  const pages = await read(platform);
  expect(idsOf(pages)).toEqual(['1', '2', '3', '4']);
  const [first, ...following] = asked(platform);
  expect(first).toEqual({
    lastUpdatedAfter: '2026-11-07T12:00:00.000Z',
    lastUpdatedBefore: '2026-11-08T00:00:00.500Z',
    marketplaceIds: `${FR},${DE},${ES}`,
    includedData: 'FULFILLMENT,PROCEEDS,PROMOTION,CANCELLATION,EXPENSE,RECIPIENT',
    maxResultsPerPage: '100',
  });
  expect(following).toEqual(['token-1', 'token-2'].map((paginationToken) => ({ ...first, paginationToken })));
  expect(platform.seen[0]!.headers).toMatchObject({
    'x-amz-access-token': expect.any(String),
    'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
    'user-agent': expect.stringContaining('Language=TypeScript'),
  });
  // Stopped after a page, it goes on there with the same words.
  const later = await serving(found(['3'], 'token-2'), found(['4']));
  expect(idsOf(await read(later, { resume: pages[0]!.next }))).toEqual(['3', '4']);
  expect(asked(later)[0]).toEqual({ ...first, paginationToken: 'token-1' });
});

test('where a shop is gone since, a walk is begun anew: its token is bound to all of them', async () => {
  const [page] = await read(await serving(found(['1'], 'token-1'), found([])));
  const later = await serving(found(['1']));
  expect(idsOf(await read(later, { resume: page!.next, shops: [ES, FR] }))).toEqual(['1']);
  expect(asked(later)[0]).toMatchObject({ marketplaceIds: `${FR},${ES}` });
  expect(asked(later)[0]).not.toHaveProperty('paginationToken');
});

test('that all of them have nothing is believed when one alone has nothing, too; else each is read by itself', async () => {
  const empty = await serving(found([]), found([]));
  expect(idsOf(await read(empty))).toEqual([]);
  expect(asked(empty).map(({ marketplaceIds }) => marketplaceIds!.split(',').length)).toEqual([3, 1]);
  const blind = await serving(found([]), found(['1']), found(['f1'], 'token-f'), found(['f2']), found(['d1']), found(['e1']));
  const pages = await read(blind);
  expect(idsOf(pages)).toEqual(['f1', 'f2', 'd1', 'e1']);
  expect(
    asked(blind)
      .slice(2)
      .map(({ marketplaceIds, paginationToken }) => [marketplaceIds, paginationToken]),
  ).toEqual([
    [FR, undefined],
    [FR, 'token-f'],
    [DE, undefined],
    [ES, undefined],
  ]);
  const rest = await serving(found(['f2']), found(['d1']), found(['e1']));
  expect(idsOf(await read(rest, { resume: pages[1]!.next }))).toEqual(['f2', 'd1', 'e1']);
  // One marketplace alone is asked once.
  const single = await serving(found([]));
  expect([idsOf(await read(single, { shops: [ES] })), asked(single).length]).toEqual([[], 1]);
});

test('where the app has no role for places, orders are read without; where it has none for orders, that is told', async () => {
  const platform = await serving(refused(403, 'Unauthorized'), found(['1'], 'token-1'), found(['2']));
  expect(idsOf(await read(platform))).toEqual(['1', '2']);
  expect(asked(platform).map(({ includedData }) => includedData!.includes('RECIPIENT'))).toEqual([true, false, false]);
  await expect(read(await serving(refused(403, 'Unauthorized')))).rejects.toMatchObject({ code: 'scope_missing' });
});

test('an order is asked for by its id; one that Amazon does not know is absent', async () => {
  const platform = await serving({ order: { orderId: '1' } }, refused(404, 'NotFound'));
  const told = await orders.byId(calling(platform), ['404-1', '404-2'], () => 0n);
  expect(told).toEqual([{ orderId: '1' }]);
  expect(platform.seen.map(({ url }) => url.pathname)).toEqual(['/orders/2026-01-01/orders/404-1', '/orders/2026-01-01/orders/404-2']);
});
