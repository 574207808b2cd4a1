import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnectedShops, type ConnectedShops } from './connected-shops.ts';
import { openTestApp } from './shop-window.ts';

let connected: ConnectedShops;
beforeAll(async () => {
  connected = await openConnectedShops({ journal: true, settings: { historyDays: 3 } });
});
afterAll(() => connected.close());

const callback = (query: string, headers: Record<string, string> = {}) => connected.shops.get(`/api/TikTok/callback${query}`, headers);

describe('consent', () => {
  test("starts at the registration of the seller's region, with a state and nothing else of ours in the address", async () => {
    const address = async (region: string): Promise<URL> =>
      new URL((await connected.shops.get(`/api/TikTok/auth_url/?region=${region}`)).json.auth_url);
    const [spain, america] = [await address('es'), await address('US')];
    expect(spain.searchParams.get('service_id')).toBe(connected.simulator.apps.ROW.serviceId);
    expect(america.searchParams.get('service_id')).toBe(connected.simulator.apps.US.serviceId);
    expect([...spain.searchParams.keys()].toSorted()).toEqual(['service_id', 'state']);
    expect((await connected.shops.get('/api/TikTok/auth_url/?region=Spain')).json).toMatchObject({ name: 'invalid_parameter' });
    expect((await connected.shops.get('/api/TikTok/auth_url/?region=RU')).json).toMatchObject({
      name: 'unknown_name',
      msg: 'There is no market RU.',
      hint: expect.stringContaining('ES, FR, GB'),
    });
    // What people write for it.
    expect((await connected.shops.get('/api/TikTok/auth_url/?region=uk')).json).toMatchObject({ auth_url: expect.any(String) });
  });

  test("that the seller denies is said to be denied, in the reader's language, with a way to start again", async () => {
    const answer = await callback(await connected.consentQuery('ES', 'estrella-hogar', 'cancel'), { 'accept-language': 'zh' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/text\/html/);
    expect(answer.text).toContain('授权失败');
    expect(answer.text).toContain('/api/TikTok/connect');
  });

  test.each([
    ['without a state', () => '?code=abc', 'consent_state_invalid'],
    ['with a made-up state', () => '?code=abc&state=e30.AAAA', 'consent_state_invalid'],
    ["of another platform's kind of state", () => '?code=abc&state=', 'consent_state_invalid'],
  ])('%s is refused by name', async (_what, query, name) => {
    expect((await callback(query(), { accept: 'application/json' })).json).toMatchObject({ name });
  });

  test("with a code of the platform that is none ends with the platform's word for it, and connects nothing", async () => {
    const query = (await connected.consentQuery('ES', 'estrella-hogar')).replace(/code=[^&]+/, 'code=ROW_made_up');
    expect((await callback(query, { accept: 'application/json' })).json).toMatchObject({
      name: 'consent_code_refused',
      details: { platform_code: '36004004' },
    });
    expect((await connected.shops.get('/api/shops')).json.data).toEqual([]);
  });

  test('that is given connects every shop of the account, and answers a page a person can read', async () => {
    const query = await connected.consentQuery('ES', 'estrella-hogar');
    const answer = await callback(query, { 'accept-language': 'es' });
    expect({ status: answer.status, type: answer.headers.get('content-type') }).toMatchObject({
      status: 200,
      type: expect.stringMatching(/text\/html/),
    });
    expect(answer.text).toContain('Conectado: Estrella Hogar');
    expect(answer.text).toContain('Estrella Hogar España, Estrella Hogar UK');
    expect((await connected.shops.get('/api/shops')).json.data).toMatchObject([
      { platform: 'TikTok', shop: 'Estrella Hogar España', region: 'ES', zone: 'Europe/Madrid', currency: 'EUR', connection: 'connected' },
      { platform: 'TikTok', shop: 'Estrella Hogar UK', region: 'GB', zone: 'Europe/London', currency: 'GBP', connection: 'connected' },
    ]);
    expect((await callback(query, { accept: 'application/json' })).json).toMatchObject({ name: 'consent_state_used' });
  });

  test('given again by the same account adds no second shop and keeps what the seller said of the first', async () => {
    await connected.shops.send('/api/shops/set', { platform: 'TikTok', shop: 'Estrella Hogar UK', name: 'London', vat_rate: 20 });
    expect((await connected.consent('ES', 'estrella-hogar')).json).toMatchObject({
      code: 0,
      shops: ['Estrella Hogar España', 'London'],
      missing_scopes: [],
    });
    expect(await connected.rows('SELECT count(*) AS n FROM authorizations')).toEqual([{ n: 1 }]);
    expect((await connected.shops.get('/api/shops')).json.data).toContainEqual(
      expect.objectContaining({ shop: 'London', vat_rate: '20.00', zone: 'Europe/London' }),
    );
  });

  test('reaches the server from anywhere, nothing else does', async () => {
    const outside = { 'x-forwarded-for': '203.0.113.9', accept: 'application/json' };
    expect((await callback('?code=abc&state=x', outside)).json).toMatchObject({ name: 'consent_state_invalid' });
    for (const path of ['/api/TikTok/auth_url', '/api/TikTok/connect', '/api/shops', '/api/sync']) {
      expect((await connected.shops.get(path, outside)).status).toBe(401);
    }
  });

  test('without a registration in the settings says which settings are missing', async () => {
    const bare = await openTestApp();
    try {
      expect((await bare.get('/api/TikTok/auth_url/?region=ES')).json).toMatchObject({
        name: 'app_not_configured',
        hint: expect.stringContaining('S7_TIKTOK_ROW_APP_KEY'),
      });
      expect((await bare.get('/api/TikTok/order/list/')).json).toMatchObject({ name: 'no_shop_connected', code: 2026 });
    } finally {
      await bare.close();
    }
  });
});

describe('tokens', () => {
  const refreshes = (): number => connected.simulator.journal.filter(({ path }) => path === '/api/v2/token/refresh').length;

  test('are refreshed on demand, answered as "***" with their expiries, and several requests at once are one', async () => {
    const before = refreshes();
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        i % 2 ? connected.shops.get('/api/TikTok/refresh_token') : connected.shops.send('/api/TikTok/refresh_token/', {}),
      ),
    );
    expect(refreshes() - before).toBe(1);
    for (const { json } of answers) {
      expect(json.data).toMatchObject({
        access_token: '***',
        refresh_token: '***',
        open_id: '***',
        seller_name: 'Estrella Hogar',
        state: 'active',
      });
      expect(json.data.access_token_expire_in).toBeGreaterThan(connected.clock.now().epochMilliseconds / 1000);
    }
  });

  test('that the platform calls expired are renewed in the middle, and the call succeeds', async () => {
    connected.simulator.expireAccessTokens();
    const answer = await connected.shops.get('/api/TikTok/order/list/?shop=London&page_size=2');
    expect(answer.status).toBe(200);
  });

  test('that the seller has withdrawn mark the shop, and the server goes on', async () => {
    expect((await connected.consent('US', 'lone-star-living')).status).toBe(200);
    connected.simulator.deauthorize('lone-star-living');
    const answer = await connected.shops.get('/api/TikTok/order/list/?shop=Lone%20Star%20Living');
    expect(answer.json).toMatchObject({ name: 'authorization_lost', hint: expect.stringContaining('s7 connect') });
    const refreshed = await connected.shops.get('/api/TikTok/refresh_token?shop=Lone%20Star%20Living');
    expect(refreshed.status).toBe(409);
    expect((await connected.shops.get('/api/shops')).json.data).toContainEqual(
      expect.objectContaining({ shop: 'Lone Star Living', connection: 'lost' }),
    );
    const { json } = await connected.shops.get('/api/doctor');
    expect(json.data).toContainEqual(
      expect.objectContaining({ check: 'connections', state: 'problem', text: expect.stringContaining('Lone Star Living') }),
    );
    expect((await connected.shops.get('/api/TikTok/order/list/?shop=London')).status).toBe(200);
  });

  test("lie sealed in the store, and neither they nor the apps' secrets stand in any answer", async () => {
    const [{ tokens }] = (await connected.rows('SELECT tokens FROM authorizations ORDER BY authorization_id')) as [{ tokens: string }];
    expect(tokens).toMatch(/^v1\./);
    const answers = await Promise.all(
      ['/api/shops', '/api/sync', '/api/doctor', '/api/TikTok/refresh_token?shop=London', '/'].map(
        async (path) => (await connected.shops.get(path)).text,
      ),
    );
    for (const { secret, key } of Object.values(connected.simulator.apps))
      expect(answers.join('\n')).not.toMatch(new RegExp(`${secret}|${key}`));
    expect(answers.join('\n')).not.toMatch(/(?:ROW|TTP|GCP)_[A-Za-z0-9_-]{8,}/);
  });
});

describe('live orders', () => {
  test('need a shop where several are connected, by name', async () => {
    expect((await connected.shops.get('/api/TikTok/order/list/')).json).toMatchObject({
      name: 'shop_needed',
      hint: expect.stringContaining('London'),
    });
    expect((await connected.shops.get('/api/TikTok/order/list/?shop=Paris')).json).toMatchObject({ name: 'unknown_shop' });
  });

  test("are the platform's own JSON with personal values emptied and named, page after page, with its filters", async () => {
    const first = await connected.shops.get('/api/TikTok/order/list_get/?shop=London&page_size=5');
    const [order] = first.json.data.orders;
    expect(first.json.data.orders).toHaveLength(5);
    expect(Object.keys(order.recipient_address ?? { name: '' })).toContain('name');
    expect(order.buyer_email).toBe('');
    expect(first.headers.get('x-s7-redacted')).toContain('buyer_email');
    const second = await connected.shops.get(
      `/api/TikTok/order/list/?shop=London&page_size=5&next_page_token=${encodeURIComponent(first.json.data.next_page_token)}`,
    );
    expect(second.json.data.orders[0].id).not.toBe(order.id);
    const completed = await connected.shops.send('/api/TikTok/order/list/?shop=London', { order_status: 'COMPLETED' });
    expect(new Set(completed.json.data.orders.map(({ status }: { status: string }) => status))).toEqual(new Set(['COMPLETED']));
    const filtered = await connected.shops.get(
      `/api/TikTok/order/list/?shop=London&body_content=${encodeURIComponent('{"order_status":"CANCELLED"}')}`,
    );
    expect(filtered.json.data.orders.every(({ status }: { status: string }) => status === 'CANCELLED')).toBe(true);
    expect((await connected.shops.get('/api/TikTok/order/list/?shop=London&body_content=nonsense')).json).toMatchObject({
      name: 'invalid_parameter',
    });

    const detail = await connected.shops.get(`/api/TikTok/order/detail/?shop=London&order_ids=${order.id}`);
    expect(detail.json.data.orders).toMatchObject([{ id: order.id, buyer_email: '' }]);
    const price = await connected.shops.get(`/api/TikTok/order/price_detail/?shop=London&order_id=${order.id}`);
    expect(price.json.data).toMatchObject({ currency: 'GBP' });
  });

  test('refused by the platform carry its code', async () => {
    const { json, status } = await connected.shops.get('/api/TikTok/order/detail/?shop=London&order_ids=1');
    expect({ status, json }).toMatchObject({ status: 502, json: { name: 'platform_refused', details: { platform_code: '21008111' } } });
  });
});
