import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../../src/kernel/clock.ts';
import { HAS_MODELS, faultsIn, sandboxCases } from '../../tests/amazon-models.ts';
import { openSimulator, type Simulator } from '../simulator.ts';
import type { AmazonHandle, AmazonOptions } from './amazon.ts';
import type { AmazonFaults } from './amazon-faults.ts';
import { AmazonClient, type Answer, type CallOptions } from './client.ts';

const ESTRELLA = 'A2EH7R5LKQW9ZT';
const LONE_STAR = 'A1LS6TXW3QK8BF';
const REPORTS = '/reports/2021-06-30/reports';
const DOCUMENTS = '/reports/2021-06-30/documents';
const ALL_ORDERS = 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL';
const [SPAIN, FRANCE] = ['A1RKKUPIHCS9HS', 'A13V1IB3VIYZZH'] as const;
const WINDOW = { dataStartTime: '2026-05-25T00:00:00Z', dataEndTime: '2026-06-10T00:00:00Z' };

let now = Temporal.Instant.from('2026-06-15T10:00:00Z');
const clock: Clock = { now: () => now };
let simulator: Simulator<{ Amazon: AmazonOptions }>;
let amazon: AmazonHandle;
let client: AmazonClient;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  const options = { limits: 'off', accessTokenSeconds: 1e9 } as const;
  simulator = await openSimulator({ clock, scale: 0.3, platforms: { Amazon: options } });
  amazon = simulator.platforms.Amazon;
  client = new AmazonClient(amazon);
  for (const account of [ESTRELLA, LONE_STAR]) tokens[account] = (await client.connect(account)).token;
});
afterAll(() => simulator.close());
/** No report waits for one of another test. */
beforeEach(() => {
  now = now.add({ minutes: 10 });
});

const ask = (path: string, options: CallOptions = {}): Promise<Answer> => client.call(path, { token: tokens[ESTRELLA], ...options });
const create = (more: object = {}): Promise<Answer> =>
  ask(REPORTS, { method: 'POST', body: { reportType: ALL_ORDERS, marketplaceIds: [SPAIN], ...WINDOW, ...more } });

/** Waits on the simulator's clock until a report is over. */
async function finished(reportId: string): Promise<Answer['json']> {
  for (let turn = 0; turn < 60; turn++) {
    const { json } = await ask(`${REPORTS}/${reportId}`);
    if (!['IN_QUEUE', 'IN_PROGRESS'].includes(json.processingStatus)) return json;
    now = now.add({ seconds: 5 });
  }
  throw new Error('the report never ended');
}

/** The bytes of a document and what is said of them. */
async function download(reportDocumentId: string): Promise<{ bytes: Buffer; type: string | null; url: string }> {
  const { json } = await ask(`${DOCUMENTS}/${encodeURIComponent(reportDocumentId)}`);
  const response = await fetch(json.url);
  expect(response.status).toBe(200);
  const raw = Buffer.from(await response.arrayBuffer());
  const bytes = json.compressionAlgorithm === 'GZIP' ? gunzipSync(raw) : raw;
  return { bytes, type: response.headers.get('content-type'), url: json.url };
}

/** A whole report as rows by column. */
async function rowsOf(more: object = {}): Promise<Record<string, string>[]> {
  const { reportDocumentId } = await finished((await create(more)).json.reportId);
  const { bytes, type } = await download(reportDocumentId);
  const text = new TextDecoder(type?.includes('UTF-8') === true ? 'utf-8' : 'windows-1252').decode(bytes);
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = head.split('\t');
  return lines.map((line) => Object.fromEntries(line.split('\t').map((cell, place) => [names[place]!, cell])));
}

test('a report waits, is made and lies behind a link for five minutes: tab separated, in the charset it says', async () => {
  const { status, json } = await create();
  expect(status).toBe(202);
  const queued = (await ask(`${REPORTS}/${json.reportId}`)).json;
  expect([queued.processingStatus, queued.dataStartTime]).toEqual(['IN_QUEUE', '2026-05-25T00:00:00+00:00']);
  const done = await finished(json.reportId);
  expect(done.processingStatus).toBe('DONE');
  const { bytes, type, url } = await download(done.reportDocumentId);
  expect(type).toBe('text/plain;charset=Cp1252');
  expect(bytes.includes(0x99) && bytes.includes(0x96)).toBe(true);
  now = now.add({ minutes: 5 });
  const late = await fetch(url);
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
});

test('a link takes no headers of the API, no other signature and no other name', async () => {
  const { reportDocumentId } = await finished((await create()).json.reportId);
  const { url } = await download(reportDocumentId);
  expect((await fetch(url, { headers: { 'x-amz-access-token': tokens[ESTRELLA]! } })).status).toBe(403);
  expect((await fetch(url, { headers: { authorization: 'Bearer x' } })).status).toBe(400);
  expect((await fetch(url.replace(/Signature=.{4}/, 'Signature=none'))).status).toBe(403);
  expect((await ask(`${DOCUMENTS}/${encodeURIComponent(reportDocumentId)}`, { token: tokens[LONE_STAR], region: 'na' })).status).toBe(404);
});

test('the file and the search tell of the same orders: ids, states, pieces and money', async () => {
  const { json } = await ask('/orders/2026-01-01/orders', {
    query: {
      lastUpdatedAfter: WINDOW.dataStartTime,
      lastUpdatedBefore: '2026-06-09T23:59:59.999Z',
      marketplaceIds: SPAIN,
      includedData: 'PROCEEDS,FULFILLMENT',
    },
  });
  const rows = await rowsOf();
  const byOrder = Map.groupBy(rows, (row) => row['amazon-order-id']!);
  expect(json.orders.length).toBeGreaterThan(40);
  for (const order of json.orders) {
    const own = byOrder.get(order.orderId)!;
    expect(own.map((row) => Number(row['quantity']))).toEqual(
      order.orderItems.map(({ fulfillment }: Answer['json']) => fulfillment.quantityFulfilled + fulfillment.quantityUnfulfilled),
    );
    const goods = order.orderItems.map(
      ({ proceeds }: Answer['json']) => proceeds?.breakdowns.find(({ type }: Answer['json']) => type === 'ITEM')?.subtotal.amount ?? '',
    );
    expect(own.map((row) => row['item-price'])).toEqual(goods);
    expect(own[0]!['last-updated-date']).toBe(order.lastUpdatedTime.replace(/\.\d+Z$/, '+00:00'));
  }
  expect(new Set(rows.map((row) => row['order-status']))).toEqual(new Set(['Shipped', 'Cancelled']));
});

test('nothing to tell is CANCELLED without a document; a window that is too wide is FATAL with one that says why', async () => {
  const nothing = await finished(
    (await create({ dataStartTime: '2024-11-01T00:00:00Z', dataEndTime: '2024-11-02T00:00:00Z' })).json.reportId,
  );
  expect([nothing.processingStatus, nothing.reportDocumentId]).toEqual(['CANCELLED', undefined]);
  const wide = await finished((await create({ dataStartTime: '2026-03-01T00:00:00Z' })).json.reportId);
  expect(wide.processingStatus).toBe('FATAL');
  expect(String((await download(wide.reportDocumentId)).bytes)).toContain('"errorDetails":"The requested date range');
});

test('what cannot be asked for is refused: unknown types, settlements, empty options, marketplaces of another region', async () => {
  const told = async (more: object): Promise<string> => {
    const { status, json } = await create(more);
    return `${status} ${json.errors?.[0].code}`;
  };
  expect(await told({ reportType: 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2' })).toBe('400 InvalidInput');
  expect(await told({ reportOptions: { eventType: '' } })).toBe('400 InvalidInput');
  expect(await told({ marketplaceIds: [] })).toBe('400 InvalidInput');
  expect(await told({ marketplaceIds: ['ATVPDKIKX0DER'] })).toBe('403 Unauthorized');
  expect(await told({ dataStartTime: '2026-06-11T00:00:00Z' })).toBe('400 InvalidInput');
});

test('reports of one type wait for each other, one that waits can be cancelled, and the list goes on by its token alone', async () => {
  const first = (await create()).json.reportId;
  const second = (await create()).json.reportId;
  const cancelled = await ask(`${REPORTS}/${second}`, { method: 'DELETE' });
  expect(cancelled.status).toBe(200);
  expect((await ask(`${REPORTS}/${second}`)).json.processingStatus).toBe('CANCELLED');
  await finished(first);
  expect((await ask(`${REPORTS}/${first}`, { method: 'DELETE' })).status).toBe(400);
  const page = await ask(REPORTS, { query: { reportTypes: ALL_ORDERS, pageSize: '1' } });
  expect(page.json.reports.map(({ reportId }: Answer['json']) => reportId)).toHaveLength(1);
  const next = { nextToken: page.json.nextToken };
  expect((await ask(REPORTS, { query: next })).json.reports).toHaveLength(1);
  expect((await ask(REPORTS, { query: { ...next, pageSize: '1' } })).status).toBe(400);
  now = now.add({ hours: 24 * 30 });
  expect((await ask(`${REPORTS}/${first}`)).status).toBe(404);
  now = now.subtract({ hours: 24 * 30 });
});

test('each fault of reports befalls those it is planted for and is over by itself', async () => {
  const plant = (faults: Partial<AmazonFaults>): void => amazon.plant(faults, { shop: amazon.world.shops[0]!, calls: 1 });
  const status = async (): Promise<string> => {
    const { status: code, json } = await create();
    return code === 202 ? (await finished(json.reportId)).processingStatus : String(code);
  };
  plant({ reportFatal: 1 });
  expect((await create({ marketplaceIds: [FRANCE] })).status).toBe(202);
  expect([await status(), await status()]).toEqual(['FATAL', 'DONE']);
  plant({ reportCancelled: 1 });
  expect([await status(), await status()]).toEqual(['CANCELLED', 'DONE']);
  const flavours = [];
  for (let turn = 0; turn < 3; turn++) {
    plant({ reportCancelFlavours: 1 });
    flavours.push(await status());
  }
  expect(flavours).toEqual(['CANCELLED', 'FATAL', '429']);
  plant({ reportForeignCooldown: 1 });
  expect(await status()).toBe('FATAL');
  const { json } = await ask(REPORTS, { query: { reportTypes: ALL_ORDERS, processingStatuses: 'DONE', pageSize: '100' } });
  expect(json.reports.some(({ dataEndTime }: Answer['json']) => dataEndTime === '2026-06-10T00:00:00+00:00')).toBe(true);
  plant({ reportQueueJamSeconds: 86_400 });
  const jammed = (await create()).json.reportId;
  const behind = (await create()).json.reportId;
  now = now.add({ hours: 23 });
  expect((await ask(`${REPORTS}/${jammed}`)).json.processingStatus).toBe('IN_PROGRESS');
  expect((await ask(`${REPORTS}/${behind}`)).json.processingStatus).toBe('IN_QUEUE');
  now = now.add({ hours: 2 });
  expect((await ask(`${REPORTS}/${behind}`)).json.processingStatus).toBe('DONE');
  for (const name of ['unknown', 'unsaid'] as const) {
    plant({ reportCharset: name });
    const { reportDocumentId } = await finished((await create()).json.reportId);
    expect((await download(reportDocumentId)).type).toBe(name === 'unsaid' ? 'text/plain' : 'text/plain;charset=X-EBCDIC-7');
  }
});

test('a report with bent rows loses neither pieces nor money, and its neighbours are whole', async () => {
  const sound = await rowsOf();
  const bent = async (faults: Partial<AmazonFaults>): Promise<Record<string, string>[]> => {
    amazon.plant(faults, { shop: amazon.world.shops[0]!, calls: 1 });
    return rowsOf();
  };
  const sumOf = (rows: readonly Record<string, string>[], column: string): number =>
    rows.reduce((sum, row) => sum + Math.round(Number(row[column]) * 100), 0);
  const twins = await bent({ reportTwinRows: 1 });
  expect(twins.length).toBeGreaterThan(sound.length);
  for (const column of ['quantity', 'item-price', 'item-promotion-discount', 'shipping-price'])
    expect(sumOf(twins, column)).toBe(sumOf(sound, column));
  expect((await bent({ reportWildQuotes: 1 })).map((row) => row['sku'])).toEqual(sound.map((row) => row['sku']));
  expect((await bent({ reportLossyCharset: 1 }))[0]!['product-name']).toContain('Estrella Hogar? ');
  expect((await bent({ reportLateRows: 1 })).length).toBeLessThan(sound.length);
  const edge = await bent({ reportEdgeDay: 1 });
  expect(edge.length).toBeGreaterThan(sound.length);
  expect(edge[0]!['purchase-date']).toMatch(/\+0[12]:00$/);
  const everywhere = await bent({ reportIgnoresMarketplace: 1 });
  expect(new Set(everywhere.map((row) => row['sales-channel'])).size).toBeGreaterThan(4);
  expect(new Set(sound.map((row) => row['sales-channel']))).toEqual(
    new Set(['Amazon.es', ...sound.filter((row) => row['sales-channel'] === 'Non-Amazon').map(() => 'Non-Amazon')]),
  );
});

test('what comes back to Amazon and what comes back to the seller are two files: of pieces with plates, and of requests', async () => {
  const wide = { dataStartTime: '2026-04-20T00:00:00Z', marketplaceIds: [SPAIN, FRANCE] };
  const fba = await rowsOf({ ...wide, reportType: 'GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA' });
  const seller = await rowsOf({ ...wide, reportType: 'GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE' });
  expect(fba.length).toBeGreaterThan(4);
  expect(seller.length).toBeGreaterThan(4);
  expect(new Set(fba.map((row) => row['license-plate-number'])).size).toBe(fba.length);
  const byAmazon = (id: string): boolean => amazon.world.find(id, amazon.second())!.life.fulfilledByPlatform;
  expect(new Set(fba.map((row) => byAmazon(row['order-id']!)))).toEqual(new Set([true]));
  expect(new Set(seller.map((row) => byAmazon(row['Order ID']!)))).toEqual(new Set([false]));
  for (const row of fba) expect(row['return-date']! >= '2026-04-20' && row['return-date']! < '2026-06-10').toBe(true);
  for (const row of seller) expect(row['Return request date']).toMatch(/^\d\d-(Apr|May|Jun)-2026$/);
  amazon.plant({ returnRedated: 1 }, { calls: 1 });
  const later = await rowsOf({ ...wide, reportType: 'GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA' });
  const dates = new Map(fba.map((row) => [row['license-plate-number'], row['return-date']]));
  const moved = later.filter((row) => dates.has(row['license-plate-number']));
  expect(moved.length).toBeGreaterThan(0);
  for (const row of moved) expect(row['return-date']).not.toBe(dates.get(row['license-plate-number']));
});

test.skipIf(!HAS_MODELS)("answers about reports are what Amazon's models say they are", async () => {
  const model = 'reports_2021-06-30.json';
  const created = await create();
  const done = await finished(created.json.reportId);
  expect(faultsIn(model, 'CreateReportResponse', created.json)).toEqual([]);
  expect(faultsIn(model, 'Report', done)).toEqual([]);
  expect(faultsIn(model, 'GetReportsResponse', (await ask(REPORTS, { query: { reportTypes: ALL_ORDERS } })).json)).toEqual([]);
  expect(faultsIn(model, 'ReportDocument', (await ask(`${DOCUMENTS}/${encodeURIComponent(done.reportDocumentId)}`)).json)).toEqual([]);
  const tried: string[] = [];
  for (const { operationId, method, path, status, parameters } of sandboxCases().filter(
    (each) => each.model === model && each.status === 400,
  )) {
    const isOurs = ['getReports', 'createReport', 'getReport', 'getReportDocument'].includes(operationId);
    if (!isOurs) continue;
    const body = (parameters as { body?: object }).body;
    const filled = path
      .replace('{reportId}', String(parameters['reportId']))
      .replace('{reportDocumentId}', String(parameters['reportDocumentId']));
    const query =
      method === 'GET' && filled === path
        ? Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]))
        : {};
    const answer = await ask(filled, { method, query, ...(body === undefined ? {} : { body }) });
    expect([operationId, answer.status, faultsIn(model, 'ErrorList', answer.json)]).toEqual([operationId, status, []]);
    tried.push(operationId);
  }
  expect(tried.toSorted()).toEqual(['createReport', 'getReport', 'getReportDocument', 'getReports']);
});
