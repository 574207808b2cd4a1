import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/kernel/clock.ts';
import { HAS_MODELS, faultsIn } from '../../tests/amazon-models.ts';
import { openSimulator, type Simulator } from '../simulator.ts';
import type { AmazonHandle, AmazonOptions } from './amazon.ts';
import { AmazonClient, type Answer } from './client.ts';

const ESTRELLA = 'A2EH7R5LKQW9ZT';
const LONE_STAR = 'A1LS6TXW3QK8BF';
const TRANSACTIONS = '/finances/2024-06-19/transactions';
const REPORTS = '/reports/2021-06-30/reports';
const SETTLEMENTS = { reportTypes: 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2', pageSize: '100' };

let now = Temporal.Instant.from('2026-06-15T10:00:00Z');
const clock: Clock = { now: () => now };
let simulator: Simulator<{ Amazon: AmazonOptions }>;
let amazon: AmazonHandle;
let client: AmazonClient;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  simulator = await openSimulator({ clock, scale: 0.3, platforms: { Amazon: { limits: 'off', accessTokenSeconds: 1e9 } } });
  amazon = simulator.platforms.Amazon;
  client = new AmazonClient(amazon);
  for (const account of [ESTRELLA, LONE_STAR]) tokens[account] = (await client.connect(account)).token;
});
afterAll(() => simulator.close());

// oxlint-disable-next-line typescript/no-explicit-any
type Wire = any;
const ask = (path: string, query: Record<string, string>, account = ESTRELLA): Promise<Answer> =>
  client.call(path, { query, token: tokens[account], region: account === ESTRELLA ? 'eu' : 'na' });

async function transactions(query: Record<string, string>, account = ESTRELLA): Promise<Wire[]> {
  const all: Wire[] = [];
  let nextToken: string | undefined;
  do {
    const { status, json } = await ask(TRANSACTIONS, { ...query, ...(nextToken === undefined ? {} : { nextToken }) }, account);
    expect(status).toBe(200);
    all.push(...json.payload.transactions);
    nextToken = json.payload.nextToken;
  } while (nextToken !== undefined);
  return all;
}

const cents = ({ currencyAmount }: { currencyAmount: number }): number => Math.round(currencyAmount * 100);
const leaves = (tree: readonly Wire[]): number =>
  tree.reduce((sum, { breakdownAmount, breakdowns }) => sum + (breakdowns.length === 0 ? cents(breakdownAmount) : leaves(breakdowns)), 0);
const related = ({ relatedIdentifiers }: Wire, name: string): string | undefined =>
  relatedIdentifiers.find(({ relatedIdentifierName }: Wire) => relatedIdentifierName === name)?.relatedIdentifierValue;

test('the leaves of a transaction add up to it, and so do its lines; refunds give the commission back but for a part', async () => {
  const all = await transactions({ postedAfter: '2026-04-15T00:00:00Z' });
  expect(new Set(all.map(({ transactionType }) => transactionType))).toEqual(
    new Set(['Shipment', 'Refund', 'ServiceFee', 'FBAInventoryReimbursement']),
  );
  for (const { totalAmount, breakdowns, items, transactionType } of all) {
    expect(leaves(breakdowns)).toBe(cents(totalAmount));
    if (items === null) continue;
    expect(items.reduce((sum: number, item: Wire) => sum + cents(item.totalAmount), 0)).toBe(cents(totalAmount));
    expect(cents(totalAmount) < 0).toBe(transactionType === 'Refund');
  }
});

test('money that was held back comes twice, deferred and released, of the same amount, and each names the other', async () => {
  const all = await transactions({ postedAfter: '2026-04-15T00:00:00Z' }, LONE_STAR);
  const known = new Map(all.map((each) => [each.transactionId, each]));
  const deferred = all.filter(({ transactionStatus }) => transactionStatus === 'DEFERRED_RELEASED');
  expect(deferred.length).toBeGreaterThan(20);
  for (const each of deferred) {
    const release = known.get(related(each, 'RELEASE_TRANSACTION_ID')!);
    if (release === undefined) continue;
    expect([release.transactionStatus, related(release, 'DEFERRED_TRANSACTION_ID')]).toEqual(['RELEASED', each.transactionId]);
    expect(release.totalAmount).toEqual(each.totalAmount);
    expect(release.postedDate).toBe(each.contexts[0].maturityDate);
  }
  const waiting = all.filter(({ transactionStatus }) => transactionStatus === 'DEFERRED');
  expect(waiting.length).toBeGreaterThan(0);
  for (const each of waiting) expect(related(each, 'SETTLEMENT_ID')).toBeUndefined();
});

test('a window needs a beginning, one of more than 180 days is empty, and a marketplace hides what sellers in the US send', async () => {
  expect((await ask(TRANSACTIONS, { postedBefore: '2026-06-01T00:00:00Z' })).json.errors[0].message).toBe('Start date cannot be null');
  expect(await transactions({ postedAfter: '2025-06-01T00:00:00Z' })).toEqual([]);
  const networks = (all: readonly Wire[]): Set<string> =>
    new Set(all.flatMap(({ items }) => (items ?? []).map(({ contexts }: Wire) => contexts[0].fulfillmentNetwork)));
  const window = { postedAfter: '2026-05-15T00:00:00Z' };
  expect(networks(await transactions(window, LONE_STAR))).toEqual(new Set(['AFN', 'MFN']));
  expect(networks(await transactions({ ...window, marketplaceId: 'ATVPDKIKX0DER' }, LONE_STAR))).toEqual(new Set(['AFN']));
});

test('an order is asked for by its id, whenever it was; a token holds for its own question; pages may be empty', async () => {
  const [first] = await transactions({ postedAfter: '2026-05-15T00:00:00Z', transactionStatus: 'RELEASED' });
  const own = await transactions({ relatedIdentifierName: 'ORDER_ID', relatedIdentifierValue: related(first, 'ORDER_ID')! });
  expect(own.map(({ transactionId }) => transactionId)).toContain(first.transactionId);
  const window = { postedAfter: '2026-04-15T00:00:00Z' };
  const { nextToken } = (await ask(TRANSACTIONS, window)).json.payload;
  expect((await ask(TRANSACTIONS, { ...window, marketplaceId: 'A1RKKUPIHCS9HS', nextToken })).status).toBe(400);
  const whole = await transactions(window);
  amazon.plant({ emptyPages: 1 }, { account: ESTRELLA, calls: 1 });
  expect(await transactions(window)).toEqual(whole);
  amazon.plant({ titleCaseStatus: 1 }, { account: ESTRELLA, calls: 1 });
  expect((await ask(TRANSACTIONS, window)).json.payload.transactions[0].transactionStatus).toMatch(
    /^(Released|Deferred|DeferredReleased)$/,
  );
});

/** A settlement as rows by column. */
async function settlement({ reportDocumentId }: Wire, account: string): Promise<Record<string, string>[]> {
  const { json } = await ask(`/reports/2021-06-30/documents/${encodeURIComponent(reportDocumentId)}`, {}, account);
  const raw = Buffer.from(await (await fetch(json.url)).arrayBuffer());
  const text = new TextDecoder('windows-1252').decode(json.compressionAlgorithm === 'GZIP' ? gunzipSync(raw) : raw);
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const names = head.split('\t');
  return lines.map((line) => Object.fromEntries(line.split('\t').map((cell, place) => [names[place]!, cell])));
}

const minor = (text: string): number => Math.round(Number(text.replace(',', '.')) * 100);

test('settlements are listed, not asked for: each adds up, hands its reserve on, and pays what was released', async () => {
  for (const [account, currency] of [
    [ESTRELLA, 'EUR'],
    [LONE_STAR, 'USD'],
  ] as const) {
    const { json } = await ask(REPORTS, SETTLEMENTS, account);
    const files = [];
    for (const report of json.reports.slice(0, 16)) files.push(await settlement(report, account));
    const own = files.filter(([head]) => head!['currency'] === currency);
    expect(own.length).toBeGreaterThan(2);
    for (const [head, ...rows] of own) {
      expect(rows.reduce((sum, row) => sum + minor(row['amount']!), 0)).toBe(minor(head!['total-amount']!));
      expect(head!['total-amount']!.includes(currency === 'EUR' ? ',' : '.')).toBe(true);
    }
    const reserve = (rows: Record<string, string>[], words: string): number =>
      minor(rows.find((row) => row['amount-description'] === words)?.['amount'] ?? '0');
    const [newest, before] = own;
    expect(reserve(newest!, 'Previous Reserve Amount Balance')).toBe(0 - reserve(before!, 'Current Reserve Amount'));
    const id = newest![0]!['settlement-id']!;
    const paid = (await transactions({ postedAfter: '2026-04-01T00:00:00Z' }, account)).filter(
      (each) => related(each, 'SETTLEMENT_ID') === id && each.transactionStatus === 'RELEASED',
    );
    const orders = newest!.slice(1).filter((row) => !row['amount-description']!.includes('Reserve'));
    expect(orders.reduce((sum, row) => sum + minor(row['amount']!), 0)).toBe(
      paid.reduce((sum, { totalAmount }) => sum + cents(totalAmount), 0),
    );
  }
});

test('settlements are kept for ninety days, one a seller and currency; a fault lists one many times or not at all', async () => {
  const list = async (): Promise<string[]> => (await ask(REPORTS, SETTLEMENTS)).json.reports.map(({ reportId }: Wire) => reportId);
  const sound = await list();
  expect(new Set(sound).size).toBe(sound.length);
  for (const { createdTime } of (await ask(REPORTS, SETTLEMENTS)).json.reports) expect(createdTime > '2026-03-17').toBe(true);
  amazon.plant({ settlementListedEverywhere: 1 }, { account: ESTRELLA, calls: 1 });
  expect((await list()).length).toBeGreaterThan(sound.length);
  amazon.plant({ settlementMissing: 0.4 }, { account: ESTRELLA, calls: 1 });
  expect((await list()).length).toBeLessThan(sound.length);
  expect(await list()).toEqual(sound);
});

test.skipIf(!HAS_MODELS)("transactions are what Amazon's model says they are, but for its nulls", async () => {
  const { json } = await ask(TRANSACTIONS, { postedAfter: '2026-05-15T00:00:00Z' });
  const faults = faultsIn('finances_2024-06-19.json', 'ListTransactionsResponse', json);
  expect(faults.filter((each) => !/(items|contexts|relatedIdentifiers|breakdowns) must be array$/.test(each))).toEqual([]);
});
