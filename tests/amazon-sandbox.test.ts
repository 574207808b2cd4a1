import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Json } from '../src/kernel/json.ts';
import { parseLosslessJson } from '../src/kernel/lossless-json.ts';
import { imaginedShop } from '../src/model/shop.ts';
import { explain } from '../src/platforms/amazon/explain.ts';
import { KEPT } from '../src/platforms/amazon/fields.ts';
import { getOrder, orders, searchOrders } from '../src/platforms/amazon/orders.ts';
import { withoutPersonalData } from '../src/platforms/amazon/personal.ts';
import type { Operation } from '../src/platforms/operation.ts';
import { PROJECT } from './process.ts';

/** What Amazon's own sandbox answers, one case a line. */
const FILE = join(PROJECT, '../shared/reference/amazon-models/fixtures/sandbox-cases.jsonl');
interface Case {
  readonly model: string;
  readonly operationId: string;
  readonly status: number;
  readonly response: Json;
}
const cases = existsSync(FILE)
  ? readFileSync(FILE, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => parseLosslessJson(line) as unknown as Case)
  : [];
const shop = imaginedShop({ platform: 'Amazon', shop: 'Amazon.es', zone: 'Europe/Madrid', currency: 'EUR' });
const operations: Readonly<Record<string, Operation<unknown>>> = { searchOrders, getOrder };
const meant = ({ operationId, status, response }: Case) =>
  explain({ operation: operations[operationId] ?? searchOrders, status: status, headers: new Headers(), body: response });

test.skipIf(cases.length === 0)("every answer of Amazon's sandbox is told as what it is: fine, refused, or without leave", () => {
  expect(cases.length).toBe(171);
  for (const one of cases) {
    const meaning = meant(one);
    const isFine = one.status < 300 && one.response !== undefined;
    expect([one.operationId, one.status, 'data' in meaning]).toEqual([one.operationId, one.status, isFine]);
    if (!('data' in meaning)) expect(meaning.problem).toMatch(/^(?:refused|scope_missing|throttled|transient)$/);
  }
});

test.skipIf(cases.length === 0)(
  "every order of Amazon's sandbox is read whole: its money adds up, and nothing of the buyer is kept",
  () => {
    const listed = cases
      .filter(({ model, status }) => model.startsWith('orders_2026') && status === 200)
      .flatMap((one) => {
        const { data } = meant(one) as { data: Json };
        const read = operations[one.operationId]!.reply.parse(data) as { orders?: readonly Json[]; order?: Json };
        return read.orders ?? [read.order!];
      });
    expect(listed.length).toBe(6);
    const before = new Set(KEPT.orders.unknown);
    for (const record of listed) {
      const kept = withoutPersonalData(record);
      const order = orders.toCanonical(kept, shop);
      const net = order.lines.reduce((sum, { netSales, taxAmount }) => sum + netSales! + (taxAmount ?? 0n), 0n);
      expect([order.orderId, net]).toEqual([order.orderId, order.totalAmount]);
      expect(order.place.country).toMatch(/^[A-Z]{2}$/);
      expect(orders.shopOf!(kept)).toMatch(/^A/);
      const person = JSON.stringify((record as { buyer?: Json }).buyer ?? '');
      for (const text of person.match(/(?<=")[^"]{6,}(?="[,}])/g) ?? []) expect(JSON.stringify(kept)).not.toContain(text);
      expect(JSON.stringify(kept)).not.toMatch(/addressLine1":"[^"]|"phone":"[^"]|"postalCode":"[^"]|giftMessage":"[^"]|"name":"[^"]/);
    }
    expect([...KEPT.orders.unknown].filter((field) => !before.has(field))).toEqual([]);
  },
);
