import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { fine, openScriptedPlatform, type ScriptedPlatform } from '../../../tests/scripted-platform.ts';
import type { Json } from '../../kernel/json.ts';
import { keyedHash } from '../../kernel/vault.ts';
import { moneyText } from '../../model/money.ts';
import type { Return } from '../../model/return.ts';
import { imaginedShop } from '../../model/shop.ts';
import { DocumentRefused, type Page } from '../stream.ts';
import { withoutPersonalData } from './personal.ts';
import { cancellations, returns } from './returns.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const shop = imaginedShop({ platform: 'TikTok', shop: 'Casa Luz', zone: 'Europe/London', currency: 'GBP' });
const fixture = (name: string): Record<string, Json> =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as Record<string, Json>;
const returned = (changes: Record<string, Json> = {}): Return =>
  returns.toCanonical(withoutPersonalData({ ...fixture('return-gb'), ...changes }, hash, 'returns'), shop);
const cancelled = (changes: Record<string, Json> = {}): Return =>
  cancellations.toCanonical(withoutPersonalData({ ...fixture('cancellation-gb'), ...changes }, hash, 'cancellations'), shop);

const opened: ScriptedPlatform[] = [];
afterEach(() => {
  for (const platform of opened.splice(0)) platform.close();
});

test("a return is the pieces that come back, the money that goes back, and the shop's own reason for it", () => {
  const claim = returned();
  expect(claim).toMatchObject({
    returnId: '4035318504086604100',
    orderId: '576486316948490001',
    kind: 'return',
    state: 'completed',
    goodsBack: true,
    currency: 'GBP',
    platformStatus: 'RETURN_OR_REFUND_REQUEST_COMPLETE',
    reason: 'ecom_order_delivered_refund_and_return_reason_wrong_size',
    reasonText: 'Does not fit',
    lines: [{ lineId: '576486316948490101', sku: 'HOM-1', quantity: 1 }],
  });
  expect([claim.createdAt, claim.updatedAt].map(String)).toEqual(['2026-01-02T00:00:00Z', '2026-01-05T00:00:00Z']);
  expect([claim.refundAmount!, claim.lines[0]!.refundAmount!].map(moneyText)).toEqual(['19.7400', '19.7400']);
});

test.each([
  ['RETURN_OR_REFUND_REQUEST_PENDING', 'open'],
  ['AWAITING_BUYER_SHIP', 'open'],
  ['BUYER_SHIPPED_ITEM', 'open'],
  ['AWAITING_BUYER_RESPONSE', 'open'],
  ['RETURN_OR_REFUND_REQUEST_SUCCESS', 'open'],
  ['RETURN_OR_REFUND_REQUEST_COMPLETE', 'completed'],
  ['REFUND_OR_RETURN_REQUEST_REJECT', 'rejected'],
  ['REJECT_RECEIVE_PACKAGE', 'rejected'],
  ['RETURN_OR_REFUND_REQUEST_CANCEL', 'withdrawn'],
  ['REPLACEMENT_REQUEST_PENDING', 'open'],
  ['REPLACEMENT_REQUEST_REJECT', 'rejected'],
  ['REPLACEMENT_REQUEST_CANCEL', 'withdrawn'],
  ['REPLACEMENT_REQUEST_COMPLETE', 'completed'],
  ['REPLACEMENT_REQUEST_REFUND_SUCCESS', 'completed'],
  ['REQUEST_SUCCESS', 'open'],
  ['REQUEST_REJECTED', 'rejected'],
  ['RECEIVE_REJECTED', 'rejected'],
  ['RETURN_OR_REFUND_CANCEL', 'withdrawn'],
  ['A_WORD_OF_NEXT_YEAR', 'unknown'],
])('a return that is %s is %s: only what is final counts', (word, state) => {
  expect(returned({ return_status: word })).toMatchObject({ state, platformStatus: word });
});

test.each([
  [{ return_type: 'REFUND' }, 'refund', false],
  [{ return_type: 'RETURN_AND_REFUND' }, 'return', true],
  [{ return_type: 'RETURN_AND_REFUND', can_buyer_keep_item: true }, 'return', false],
  [{ return_type: 'REPLACEMENT', return_status: 'REPLACEMENT_REQUEST_COMPLETE' }, 'exchange', true],
  [{ return_type: 'REPLACEMENT', return_status: 'REPLACEMENT_REQUEST_REFUND_SUCCESS' }, 'return', true],
])('%j is a %s whose goods come back: %s', (changes, kind, goodsBack) => {
  expect(returned(changes)).toMatchObject({ kind, goodsBack, state: 'completed' });
});

test('part of the money that the buyer took instead of a return ends it: that part counts, the goods stay', () => {
  const offer = { partial_refund: { amount: '5', currency: 'GBP' }, seller_proposed_return_type: 'PARTIAL_REFUND' };
  expect(returned(offer)).toMatchObject({ goodsBack: false, refundAmount: 50_000n });
  expect(returned({ ...offer, buyer_rejected_partial_refund: true, can_buyer_keep_item: true })).toMatchObject({
    goodsBack: true,
    refundAmount: 197_400n,
  });
  expect(returned({ ...offer, return_status: 'AWAITING_BUYER_RESPONSE' })).toMatchObject({ goodsBack: true, refundAmount: 197_400n });
});

test('what the seller refused is open again while the platform judges it', () => {
  expect(returned({ return_status: 'REFUND_OR_RETURN_REQUEST_REJECT', arbitration_status: 'IN_PROGRESS' }).state).toBe('open');
  expect(returned({ return_status: 'REFUND_OR_RETURN_REQUEST_REJECT', arbitration_status: 'CLOSED' }).state).toBe('rejected');
});

test('a type without a name here counts as nothing until it has one', () => {
  expect(returned({ return_type: 'SWAP' })).toMatchObject({ state: 'unknown' });
});

test.each([
  ['CANCELLATION_REQUEST_PENDING', 'open'],
  ['CANCELLATION_REQUEST_SUCCESS', 'open'],
  ['CANCELLATION_REQUEST_COMPLETE', 'completed'],
  ['CANCELLATION_REQUEST_CANCELLED', 'withdrawn'],
  ['CANCELLATION_REQUEST_CANCEL', 'withdrawn'],
  ['SOMETHING_ELSE', 'unknown'],
])('a cancellation that is %s is %s; nothing ever left', (word, state) => {
  expect(cancelled({ cancel_status: word })).toMatchObject({
    kind: 'cancellation',
    state,
    goodsBack: false,
    lines: [{ lineId: '576486316948490102', sku: '1729382476852921561' }],
  });
});

test('the older form, without what 202602 added, is understood', () => {
  const { should_replenish_stock: _, ...older } = fixture('cancellation-gb');
  expect(cancellations.toCanonical(older, shop)).toEqual(cancelled());
  const { combined_return_id: _id, is_combined_return: _combined, ...olderReturn } = fixture('return-gb');
  expect(returns.toCanonical(olderReturn, shop)).toEqual(returned());
});

test('of a claim nothing personal is kept: no tracking number, no address, no words of the buyer', () => {
  const kept = JSON.stringify(withoutPersonalData(fixture('return-gb'), hash, 'returns'));
  expect(kept).not.toMatch(/RM987654321GB|Larkspur|Agatha/);
  expect(kept).toContain('Does not fit');
});

test.each([
  [{ order_id: null }, 'order_id'],
  [{ update_time: 'yesterday' }, 'update_time'],
  [{ refund_amount: { currency: 'GBP', refund_total: '1,50' } }, 'refund_amount.refund_total'],
  [{ return_line_items: [{ sku_id: '1', refund_amount: { refund_total: 'x' } }] }, 'return_line_items[0].refund_amount.refund_total'],
  [{ return_line_items: [{}] }, 'return_line_items[0].sku_id'],
])("a claim with %j is refused with the field's name", (changes, field) => {
  const refuse = (): unknown => returns.toCanonical({ ...fixture('return-gb'), ...changes }, shop);
  expect(refuse).toThrow(DocumentRefused);
  expect(refuse).toThrow(field);
});

describe('the listing', () => {
  test.each([
    [returns, 'returns', 'return_orders', 'return-gb'],
    [cancellations, 'cancellations', 'cancellations', 'cancellation-gb'],
  ] as const)(
    'of %#: by fifty, oldest change first, filters in the body, the rest in the address',
    async (stream, name, list, document) => {
      const platform = await openScriptedPlatform([
        fine({ [list]: [fixture(document)], next_page_token: 'aB+/cD==', total_count: 2 }),
        fine({ [list]: [], next_page_token: '' }),
        fine({ total_count: 77 }),
      ]);
      opened.push(platform);
      const window = { from: Temporal.Instant.from('2026-01-01T00:00:00Z'), to: Temporal.Instant.from('2026-01-02T00:00:00Z') };
      const pages: Page[] = [];
      for await (const page of stream.pages(platform.call(), window, { shops: [], resume: null, hash })) pages.push(page);
      expect(pages.map(({ documents, next, total }) => [documents.length, next, total])).toEqual([
        [1, 'aB+/cD==', 2],
        [0, null, null],
      ]);
      expect(await stream.count(platform.call(), window, { shops: [] })).toBe(77);
      expect(
        platform.seen.map(({ url, body }) => [
          url.pathname,
          url.searchParams.get('page_size'),
          url.searchParams.get('sort_field'),
          url.searchParams.get('sort_order'),
          url.searchParams.get('page_token'),
          body,
        ]),
      ).toEqual(
        [null, 'aB+/cD==', null].map((token, i) => [
          `/return_refund/202602/${name}/search`,
          i === 2 ? '10' : '50',
          'update_time',
          'ASC',
          token,
          '{"update_time_ge":1767225600,"update_time_lt":1767312000}',
        ]),
      );
    },
  );
});
