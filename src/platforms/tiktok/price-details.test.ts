import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { fine, openScriptedPlatform, problem, type ScriptedPlatform } from '../../../tests/scripted-platform.ts';
import type { Json } from '../../kernel/json.ts';
import { keyedHash } from '../../kernel/vault.ts';
import { moneyText } from '../../model/money.ts';
import { priceDetails } from './price-details.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const DETAIL = JSON.parse(readFileSync(new URL('fixtures/price-detail-gb.json', import.meta.url), 'utf8')) as Record<string, Json> & {
  line_items: Record<string, Json>[];
};
const detail = (changes: Record<string, Json> = {}) => priceDetails.toCanonical({ order_id: '576486316948490001', ...DETAIL, ...changes });

const opened: ScriptedPlatform[] = [];
afterEach(() => {
  for (const platform of opened.splice(0)) platform.close();
});

test('a price detail tells what the buyer paid, who bore the discounts, and that its sums hold', () => {
  const { violations, ...told } = detail();
  expect(violations).toEqual([]);
  expect(Object.values(told).map((value) => (typeof value === 'bigint' ? Number(moneyText(value)) : value))).toEqual([
    '576486316948490001',
    'GBP',
    40,
    5,
    1.5,
    33.5,
    0,
    2.99,
    0,
    0,
    2.99,
    36.49,
    42.99,
  ]);
});

test.each([
  [{ sku_sale_price: '33.51' }, ['sku_sale_price', 'subtotal', 'payment']],
  [{ subtotal: '30' }, ['subtotal']],
  [{ shipping_sale_price: '2' }, ['shipping_sale_price', 'payment']],
  [{ payment: '36.5' }, ['payment']],
  [{ payment: '36.79', small_order_fee: '0.3' }, []],
  [{ total: '43' }, ['total']],
  [{ total: null, payment: '' }, []],
  [{ line_items: [DETAIL.line_items[0]!, { ...DETAIL.line_items[1], subtotal: '1' }] }, ['line_items[1].subtotal']],
])('with %j the sums that do not hold are named: %j', (changes, violations) => {
  expect(detail(changes).violations).toEqual(violations);
});

test("an amount that is none is refused with the field's name", () => {
  expect(() => detail({ payment: '1,5' })).toThrow('payment');
  expect(() => detail({ line_items: [{ total: 'x' }] })).toThrow('line_items[0].total');
});

test("it is asked for by the order's id, which is kept with it; an order of another shop has none", async () => {
  const platform = await openScriptedPlatform([fine({ ...DETAIL, buyer_note: 'for Agatha' }), problem(21008111)]);
  opened.push(platform);
  const document = await priceDetails.byOrder(platform.call(), '576486316948490001', hash);
  expect(priceDetails.toCanonical(document)).toEqual(detail());
  expect(JSON.stringify(document)).not.toContain('Agatha');
  expect(platform.seen[0]!.url.pathname).toBe('/order/202407/orders/576486316948490001/price_detail');
  expect(await priceDetails.byOrder(platform.call(), '1', hash)).toBeNull();
});
