import { afterAll, beforeAll, expect, test } from 'vitest';
import { raw } from '../src/engines/sql.ts';
import { EXAMPLES, openTestApp, type TestApp } from './shop-window.ts';

let shops: TestApp;
beforeAll(async () => {
  shops = await openTestApp();
});
afterAll(() => shops.close());

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly text: string;
}
const findings = async (language = 'en'): Promise<Finding[]> =>
  (await shops.get('/api/doctor', { 'accept-language': language })).json.data as Finding[];
const finding = async (check: string): Promise<Finding | undefined> => (await findings()).find((each) => each.check === check);
const run = (text: string): Promise<void> => shops.app.engine.transaction((tx) => tx.run(raw(text)));

test('of an empty store nothing is said to hold: there is nothing that could be otherwise', async () => {
  const checks = new Set((await findings()).map(({ check }) => check));
  for (const silent of ['rates', 'statuses', 'skus', 'imports', 'completeness', 'price_details', 'doubles'])
    expect(checks).not.toContain(silent);
  expect(checks).toContain('shops');
});

test('orders without a price breakdown have no sums to hold; what is stored is said to be well', async () => {
  await shops.import(EXAMPLES.Shein);
  expect(await finding('price_details')).toBeUndefined();
  for (const check of ['rates', 'statuses', 'skus', 'imports', 'doubles'])
    expect(await finding(check), check).toMatchObject({ state: 'ok' });
});

test("a product's id in another shop is its normal case; two products of one shop under one seller SKU are told", async () => {
  await run(`INSERT INTO listings (listing_id, platform, sku_id, platform_sku)
    SELECT 9999, 'Shein', l.sku_id, 'another-id' FROM lines l ORDER BY l.oid, l.line_no LIMIT 1`);
  const one = `oid = (SELECT min(oid) FROM lines WHERE sku_id = (SELECT sku_id FROM listings WHERE listing_id = 9999))
    AND sku_id = (SELECT sku_id FROM listings WHERE listing_id = 9999)`;
  await run(`INSERT INTO shops (shop_id, platform, shop, zone) VALUES (99, 'Shein', 'UK', 'Europe/London')`);
  await run(`UPDATE lines SET listing_id = 9999, shop_id = 99 WHERE ${one}`);
  expect(await finding('skus')).toMatchObject({ state: 'ok', text: 'every seller SKU stands for one product of a shop' });
  await run(`UPDATE lines SET shop_id = (SELECT min(shop_id) FROM shops) WHERE shop_id = 99`);
  expect(await finding('skus')).toMatchObject({
    state: 'note',
    text: expect.stringMatching(/^one seller SKU, several products of one shop, counted together: \S.* \(2\)$/),
  });
});

test('it speaks the language asked for', async () => {
  const chinese = (await findings('zh')).find(({ check }) => check === 'quarantine');
  expect(chinese?.text).toBe('没有信息不全的记录');
});
