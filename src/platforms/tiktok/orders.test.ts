import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { fine, openScriptedPlatform, problem, type ScriptedPlatform } from '../../../tests/scripted-platform.ts';
import type { Json } from '../../kernel/json.ts';
import { keyedHash } from '../../kernel/vault.ts';
import type { Page } from '../stream.ts';
import { live } from './live.ts';
import { orders } from './orders.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const ORDER = JSON.parse(readFileSync(new URL('fixtures/order-gb.json', import.meta.url), 'utf8')) as Record<string, Json>;
const order = (id: string): Record<string, Json> => ({ ...ORDER, id });
const window = { from: Temporal.Instant.from('2026-01-01T00:00:00.5Z'), to: Temporal.Instant.from('2026-01-02T00:00:00.5Z') };

const opened: ScriptedPlatform[] = [];
afterEach(() => {
  for (const platform of opened.splice(0)) platform.close();
});
async function serving(...answers: Parameters<typeof openScriptedPlatform>[0]): Promise<ScriptedPlatform> {
  const platform = await openScriptedPlatform(answers);
  opened.push(platform);
  return platform;
}
async function read({ call }: ScriptedPlatform, resume: string | null = null): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of orders.pages(call(), window, { shops: [], resume, hash })) pages.push(page);
  return pages;
}

test.each([
  ['empty', { next_page_token: '' }],
  ['absent', {}],
])('a window is read page by page, oldest change first, to the page whose token is %s', async (_, last) => {
  const platform = await serving(
    fine({ orders: [order('1'), order('2')], next_page_token: 'aB+/cD==', total_count: 3 }),
    fine({ orders: [order('3')], total_count: 4, ...last }),
  );
  const pages = await read(platform);
  expect(pages.map(({ documents, next, total }) => [documents.map(orders.idOf), next, total])).toEqual([
    [['1', '2'], 'aB+/cD==', 3],
    [['3'], null, 4],
  ]);
  expect(
    platform.seen.map(({ url, body }) => [
      url.searchParams.get('page_size'),
      url.searchParams.get('sort_field'),
      url.searchParams.get('sort_order'),
      url.searchParams.get('page_token'),
      body,
    ]),
  ).toEqual([
    ['100', 'update_time', 'ASC', null, '{"update_time_ge":1767225600,"update_time_lt":1767312001}'],
    ['100', 'update_time', 'ASC', 'aB+/cD==', '{"update_time_ge":1767225600,"update_time_lt":1767312001}'],
  ]);
});

test('reading goes on after the page it stopped at', async () => {
  const platform = await serving(fine({ orders: [order('3')] }));
  expect(await read(platform, 'aB+/cD==')).toHaveLength(1);
  expect(platform.seen[0]!.url.searchParams.get('page_token')).toBe('aB+/cD==');
});

test('a window without orders is one empty page', async () => {
  expect(await read(await serving(fine({})))).toEqual([{ documents: [], next: null, total: null }]);
});

test('a page token that repeats ends the reading: it would go on forever', async () => {
  const platform = await serving(
    fine({ orders: [], next_page_token: 'a' }),
    fine({ orders: [], next_page_token: 'b' }),
    fine({ orders: [], next_page_token: 'a' }),
  );
  await expect(read(platform)).rejects.toMatchObject({
    code: 'platform_reply_not_understood',
    message: expect.stringContaining('next_page_token'),
  });
  expect(platform.seen).toHaveLength(3);
});

test('an order that cannot be read does not spoil its page', async () => {
  const [page] = await read(await serving(fine({ orders: [{ id: 7 }, order('2')] })));
  expect(page!.documents.map(orders.idOf)).toEqual([null, '2']);
});

test('documents are kept without personal data', async () => {
  const [page] = await read(await serving(fine({ orders: [order('1')] })));
  expect(JSON.stringify(page)).not.toMatch(/Agatha|Larkspur|7494049642642441621/);
});

test('orders are asked for by fifty', async () => {
  const platform = await serving(fine({ orders: [order('1')] }), fine({ orders: [order('51')] }));
  const ids = Array.from({ length: 51 }, (_, i) => String(i + 1));
  expect((await orders.byId(platform.call(), ids, hash)).map(orders.idOf)).toEqual(['1', '51']);
  expect(platform.seen.map(({ url }) => url.searchParams.get('ids')!.split(',').length)).toEqual([50, 1]);
});

test('one order of another shop among many is absent, the others come', async () => {
  const foreign = problem(21008111, 'The order or package does not belong to the current seller.');
  const platform = await serving(foreign, foreign, fine({ orders: [order('1')] }), foreign, fine({ orders: [order('3')] }));
  expect((await orders.byId(platform.call(), ['1', '2', '3'], hash)).map(orders.idOf)).toEqual(['1', '3']);
  expect(platform.seen.map(({ url }) => url.searchParams.get('ids'))).toEqual(['1,2,3', '1,2', '1', '2', '3']);
});

/** What only other platforms look at. */
const ANYWHERE = { handle: null, now: Temporal.Instant.from('2026-01-01T00:00:00Z') };

test("live answers are the platform's JSON with personal values emptied", async () => {
  const platform = await serving(
    fine({ orders: [order('1')], next_page_token: 'n', total_count: 1, brand_new: true }),
    fine({ orders: [order('1')] }),
    fine({ currency: 'GBP', payment: '36.49', line_items: [] }),
  );
  const listed = await live.list(platform.call(), {
    pageSize: 10,
    pageToken: 'aB+/cD==',
    filters: { order_status: 'UNPAID' },
    ...ANYWHERE,
  });
  expect(listed.data).toMatchObject({
    code: 0,
    data: { next_page_token: 'n', total_count: 1, brand_new: true, orders: [{ id: '1', user_id: '', buyer_email: '' }] },
  });
  expect(listed.redacted).toContain('orders[].recipient_address.name');
  expect([...platform.seen[0]!.url.searchParams].filter(([key]) => key.startsWith('page'))).toEqual([
    ['page_size', '10'],
    ['page_token', 'aB+/cD=='],
  ]);
  expect(platform.seen[0]!.body).toBe('{"order_status":"UNPAID"}');
  expect((await live.detail(platform.call(), ['1'])).data).toMatchObject({ code: 0, data: { orders: [{ id: '1', buyer_email: '' }] } });
  expect(await live.priceDetail(platform.call(), '576486316948490001')).toEqual({
    data: { code: 0, message: 'Success', data: { currency: 'GBP', payment: '36.49', line_items: [] } },
    redacted: [],
  });
  expect(platform.seen[2]!.url.pathname).toBe('/order/202407/orders/576486316948490001/price_detail');
});
