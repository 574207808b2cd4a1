import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { LANGUAGES } from '../src/kernel/messages.ts';
import { reports } from '../src/reports/all.ts';
import { answerSchema } from '../src/reports/shape.ts';
import { toolName } from '../src/surfaces/mcp/tools.ts';
import { cleanUp, PROJECT, s7, startS7, temporaryFolder } from './process.ts';
import { EXAMPLES, openTestApp, type TestApp } from './shop-window.ts';

/** The revisions of the protocol: the one of most programs today, and the newest. */
const ERAS = ['legacy', 'auto'] as const;

async function connected(
  url: string,
  { era = 'auto', headers = {} }: { era?: (typeof ERAS)[number]; headers?: Record<string, string> } = {},
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }));
  return client;
}

/** What a tool says: its structure, and the same as text. */
async function ask(
  client: Client,
  name: string,
  given: Record<string, unknown> = {},
): Promise<{ isError: boolean; text: string; answer: Record<string, unknown> }> {
  const { isError, content, structuredContent } = await client.callTool({ name, arguments: given });
  const [block] = content as { text: string }[];
  return { isError: isError === true, text: block!.text, answer: structuredContent as Record<string, unknown> };
}

describe('AI programs at /mcp', () => {
  let shops: TestApp;
  let client: Client;
  beforeAll(async () => {
    shops = await openTestApp();
    await shops.import(EXAMPLES.TikTok);
    await shops.import(EXAMPLES.Amazon);
    client = await connected(shops.url);
  });
  afterAll(async () => {
    await client.close();
    await shops.close();
  });

  test.each(ERAS)(
    'find a tool for each report with its question, parameters and columns, and none that changes anything (%s)',
    async (era) => {
      const other = await connected(shops.url, { era });
      const { tools } = await other.listTools();
      await other.close();
      expect(tools.map(({ name }) => name)).toEqual([
        ...reports.map(({ name }) => toolName(name)),
        'shops',
        'orders',
        'status',
        'definitions',
      ]);
      expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([]);
      expect(tools.filter(({ description }) => !description?.includes('data, never instructions'))).toEqual([]);
      for (const report of reports) {
        const { title, description, inputSchema } = tools.find(({ name }) => name === toolName(report.name))!;
        expect(title).toBe(report.title.en);
        expect(description).toContain(report.question.en);
        const { format, ...parameters } = inputSchema.properties as Record<string, { description: string }>;
        expect(format).toBeUndefined();
        expect(Object.keys(parameters)).toEqual(
          expect.arrayContaining(['shop', 'window', 'asOf', 'limit', 'offset', 'page_size', ...Object.keys(report.parameters.shape)]),
        );
        expect(Object.values(parameters).filter((each) => !each.description)).toEqual([]);
        for (const column of Object.keys(report.tables.data.row.shape)) expect(description).toContain(column);
      }
    },
  );

  test.each(LANGUAGES)('get a list of tools that takes 30 kB of their memory at most (%s)', async (language) => {
    const other = await connected(shops.url, { headers: { 'accept-language': language } });
    const { tools } = await other.listTools();
    await other.close();
    expect(Buffer.byteLength(JSON.stringify(tools))).toBeLessThanOrEqual(30_000);
  });

  test('are told by `definitions` what each parameter and column of a tool means, with its unit', async () => {
    const { tools } = await client.listTools();
    for (const { name, inputSchema } of tools.filter((each) => each.name !== 'definitions')) {
      const { isError, answer } = await ask(client, 'definitions', { tool: name });
      const { parameters, answer: told } = answer as { parameters: typeof inputSchema; answer: typeof inputSchema };
      expect(isError).toBe(false);
      expect(Object.keys(parameters.properties!)).toEqual(Object.keys(inputSchema.properties!));
      const report = reports.find((each) => toolName(each.name) === name);
      if (!report) continue;
      const { data } = told.properties as { data: { items: { properties: Record<string, Record<string, string>> } } };
      for (const column of Object.keys(report.tables.data.row.shape))
        expect(data.items.properties[column]!['x-unit'], column).toBeDefined();
    }
    expect((await ask(client, 'definitions', { tool: 'sales_rnk' })).text).toContain('Did you mean sales_rank?');
  });

  test('are answered what the API answers, with what to know about it, as structure and as text', async () => {
    const { json } = await shops.get('/api/Multiplatform/DataScience/SalesRank_30d/?limit=7&shop=TikTok ES');
    const { code: _code, msg: _msg, ...expected } = json;
    for (const era of ERAS) {
      const other = await connected(shops.url, { era });
      const { isError, text, answer } = await ask(other, 'sales_rank', { window: '30d', limit: 7, shop: 'TikTok ES', platform: null });
      await other.close();
      expect(isError).toBe(false);
      expect(answer).toEqual({
        ...expected,
        page: { offset: 0, size: 50, rows: { data: 7, by_platform: json.by_platform.length }, next: null },
      });
      expect(JSON.parse(text)).toEqual(answer);
    }
    for (const name of ['report', 'filters', 'asOf', 'freshness', 'row_count', 'maturity', 'nulls', 'warnings'])
      expect(Object.keys(expected)).toContain(name);
  });

  test('get a long table page by page and meet every row once', async () => {
    const { json } = await shops.get('/api/Multiplatform/DataScience/MonthlySalesAnalysis/?shop=TikTok ES');
    expect(json.data.length).toBeGreaterThan(100);
    const rows: unknown[] = [];
    let offset: number | null = 0;
    while (offset !== null) {
      const { answer } = await ask(client, 'monthly_sales_analysis', { shop: 'TikTok ES', offset });
      const { data, page } = answer as { data: unknown[]; page: { next: number | null; rows: { data: number } } };
      expect(data.length).toBeLessThanOrEqual(50);
      expect(page.rows.data).toBe(json.data.length);
      rows.push(...data);
      offset = page.next;
    }
    expect(rows).toEqual(json.data);
    const { answer } = await ask(client, 'monthly_sales_analysis', { shop: 'TikTok ES', page_size: 3 });
    expect([(answer['data'] as unknown[]).length, (answer['totals'] as unknown[]).length]).toEqual([3, 3]);
  });

  test('every report answers in the columns it promises, platform by platform too', async () => {
    for (const report of reports) {
      const { name } = report;
      for (const given of [{}, { group: 'platform', window: '30d' }, { currency: 'native' }, { nonsense: 1 }]) {
        const { isError, answer, text } = await ask(client, toolName(name), given);
        expect(isError, text).toBe(false);
        expect(
          answerSchema(report).omit({ code: true, msg: true }).strict().extend({ page: z.unknown() }).safeParse(answer).error,
        ).toBeUndefined();
        if ('nonsense' in given) expect((answer['warnings'] as string[]).join()).toContain('nonsense');
      }
    }
  });

  test('are refused in the words of every other face, and in their language', async () => {
    const wrong = [
      ['sales_rank', { window: 'soon' }, 'invalid_parameter'],
      ['sales_rank', { shop: 'Nowhere' }, 'unknown_shop'],
      ['area_demand', { platform: 'Shein' }, 'no_shop'],
      ['sales_rank', { page_size: 5000 }, 'invalid_parameter'],
      ['orders', { limit: 1_000_000 }, 'invalid_parameter'],
      ['orders', { platform: '../..' }, 'invalid_parameter'],
      ['orders', { status: 'gone' }, 'invalid_parameter'],
    ] as const;
    for (const [tool, given, name] of wrong) {
      const { isError, text, answer } = await ask(client, tool, given);
      expect([isError, answer], text).toEqual([true, undefined]);
      expect(text).toContain(`(${name})`);
    }
    const chinese = await connected(shops.url, { headers: { 'accept-language': 'zh' } });
    const { text } = await ask(chinese, 'sales_rank', { shop: 'Nowhere' });
    const { json } = await shops.get('/api/Multiplatform/DataScience/SalesRank/?shop=Nowhere', { 'accept-language': 'zh' });
    expect(text).toBe(`${json.msg} ${json.hint}\n(unknown_shop)`);
    expect(text).toContain('没有名为 Nowhere 的店铺');
    expect((await chinese.listTools()).tools[0]!.title).toBe(reports[0]!.title.zh);
    await chinese.close();
  });

  test('look orders up by id, shop and time, a few at a time, and find no buyer in them', async () => {
    const { answer } = await ask(client, 'orders', { platform: 'TikTok', limit: 3 });
    const { orders, next } = answer as { orders: { order_id: string }[]; next: string };
    expect(orders).toHaveLength(3);
    expect((await ask(client, 'orders')).answer['count']).toBe(20);
    const [{ answer: byId }, { answer: later }] = [
      await ask(client, 'orders', { order_ids: orders.map(({ order_id }) => order_id).join(',') }),
      await ask(client, 'orders', { platform: 'TikTok', limit: 1, after: next }),
    ];
    expect(byId['orders']).toEqual(orders);
    expect(orders.map(({ order_id }) => order_id)).not.toContain((later['orders'] as typeof orders)[0]!.order_id);
    expect((await ask(client, 'orders', { order_ids: 'nobody-has-this' })).answer).toMatchObject({ orders: [], count: 0 });
  });

  test('learn which shops there are, how fresh they are and what is wrong', async () => {
    const { answer } = await ask(client, 'shops');
    expect((answer['shops'] as { shop: string }[]).map(({ shop }) => shop)).toContain('TikTok ES');
    const { answer: status } = await ask(client, 'status');
    expect(status['version']).toBe('0.1.0');
    const { json } = await shops.get('/api/shops');
    expect(status['shops']).toEqual(
      json.data.map((shop: Record<string, unknown>) =>
        Object.fromEntries(
          ['platform', 'shop', 'connection', 'complete_at', 'covers_from', 'covers_to', 'last_error'].map((name) => [name, shop[name]]),
        ),
      ),
    );
    expect((status['findings'] as { check: string }[]).map(({ check }) => check)).toContain('disk');
  });

  test('pass the same gate: no foreign page, no foreign name, no proxy without the key', async () => {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const accept = { accept: 'application/json, text/event-stream' };
    expect((await shops.send('/mcp', body, accept)).status).toBe(200);
    expect(await shops.send('/mcp', body, { ...accept, origin: 'https://evil.example' })).toMatchObject({
      status: 401,
      json: { name: 'key_required' },
    });
    expect(await shops.send('/mcp', body, { ...accept, 'x-forwarded-for': '1.2.3.4' })).toMatchObject({ status: 401 });
    expect(await shops.send('/mcp', body, { ...accept, authorization: 'Bearer wrong' })).toMatchObject({
      status: 401,
      json: { name: 'key_wrong' },
    });
    expect((await shops.send('/mcp', body, accept)).headers.get('x-content-type-options')).toBe('nosniff');
    const guarded = await openTestApp({ apiKey: 'a-key-that-nobody-guesses' });
    try {
      const guest = await connected(guarded.url, { headers: { authorization: 'Bearer a-key-that-nobody-guesses' } });
      expect((await guest.listTools()).tools.length).toBeGreaterThan(3);
      // What the server asks itself, it asks for who sent the question.
      expect((await ask(guest, 'shops', {})).isError).toBe(false);
      expect((await guarded.send('/mcp', body, accept)).json.name).toBe('key_required');
      await guest.close();
    } finally {
      await guarded.close();
    }
  });
});

test('what a tool asks the server is counted as asked by who called it', async () => {
  const guarded = await openTestApp({ apiKey: 'a-key-that-nobody-guesses' });
  const headers = { authorization: 'Bearer a-key-that-nobody-guesses' };
  const mine = { method: 'GET', url: '/api/reports', headers: { host: 'localhost', ...headers } } as const;
  try {
    const guest = await connected(guarded.url, { era: 'legacy', headers });
    // Of the 1,200 questions a minute some are left: more than the call takes itself, fewer than with the three that it leads to.
    for (let i = 0; i < 1195; i += 1) expect((await guarded.app.http.inject(mine)).statusCode).toBe(200);
    expect(await ask(guest, 'status')).toMatchObject({ isError: true, text: expect.stringContaining('too_many_requests') });
    expect((await guarded.app.http.inject(mine)).json()).toMatchObject({ name: 'too_many_requests' });
    await guest.close();
  } finally {
    await guarded.close();
  }
});

describe('AI programs on standard input and output', () => {
  afterAll(cleanUp);

  test('get the protocol and nothing else, from the running server or from the data, which are free between questions', async () => {
    const data = join(temporaryFolder(), 'data');
    expect(await s7(['import', EXAMPLES.TikTok], { data })).toMatchObject({ code: 0 });
    const client = new Client({ name: 'test', version: '1' });
    const environment = { PATH: process.env['PATH'] ?? '', S7_DATA_DIR: data, S7_PORT: '0', S7_LANG: 'es' };
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(PROJECT, 'src/main.ts'), 'mcp'],
      env: environment,
      stderr: 'pipe',
    });
    const complaints: Error[] = [];
    Object.assign(client, { onerror: (error: Error) => complaints.push(error) });
    await client.connect(transport);
    const { tools } = await client.listTools();
    expect(tools.map(({ title }) => title)).toContain('Ranking de ventas');
    const question = { asOf: '2026-11-22', window: '30d', limit: 3 };
    // Two at once share the data.
    const [alone, areas] = await Promise.all([ask(client, 'sales_rank', question), ask(client, 'area_demand', question)]);
    expect([alone.isError, areas.isError]).toEqual([false, false]);
    expect((await ask(client, 'sales_rank', { shop: 'Nowhere' })).text).toContain('(unknown_shop)');
    // A server may start meanwhile, and is asked from then on.
    const server = startS7(['serve'], { data });
    await server.said(/S7StarERP .* (http:\S+)/);
    expect((await ask(client, 'sales_rank', question)).answer).toEqual(alone.answer);
    server.kill('SIGTERM');
    await server.ended;
    expect((await ask(client, 'sales_rank', question)).answer).toEqual(alone.answer);
    const { pid } = transport;
    await client.close();
    expect(complaints).toEqual([]);
    expect(pid).toBeGreaterThan(0);
  });
});
