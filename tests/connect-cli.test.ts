import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consentQuery } from './connected-shops.ts';
import { cleanUp, s7, startS7, startServer, temporaryFolder, type Running } from './process.ts';

const said: string[] = [];
let data: string;
let env: Record<string, string>;
let server: Running & { url: string };

/** Runs a command against the server and remembers what it said. */
async function run(...args: readonly string[]) {
  const ending = await s7(args, { data, env });
  said.push(ending.out, ending.err);
  return ending;
}

beforeAll(async () => {
  data = join(temporaryFolder(), 'data');
  const simulator = startS7(['simulate', '--port', '0', '--limits', 'off']);
  await simulator.said(/S7_TIKTOK_US_HOST=\S+\n/);
  simulator.kill('SIGTERM');
  const { out, code } = await simulator.ended;
  // The same seed has the same keys: the settings it printed are good for the one that stays.
  expect(code).toBe(0);
  const portOf = (name: string): string => new RegExp(`${name}=http://127\\.0\\.0\\.1:(\\d+)`).exec(out)![1]!;
  const ports = ['--port', portOf('S7_TIKTOK_ROW_HOST'), '--amazon-port', portOf('S7_AMAZON_HOST')];
  const again = startS7(['simulate', ...ports, '--limits', 'off']);
  await again.said(/S7_TIKTOK_US_HOST=\S+\n/);
  env = { ...Object.fromEntries([...out.matchAll(/^(S7_\w+)=(\S+)$/gm)].map(([, name, value]) => [name!, value!])), S7_HISTORY_DAYS: '8' };
  server = await startServer(data, { env });
});
afterAll(cleanUp);

describe('on the command line', () => {
  test('`s7 connect` prints where to consent and which redirect URL has to be known, waits, and names the shops', async () => {
    const connecting = startS7(['connect', 'tiktok', '--region', 'ES', '--no-browser'], { data, env });
    const [, address] = await connecting.said(/Open in a browser: (\S+)/);
    await connecting.said(/has to know this redirect URL: http:\/\/127\.0\.0\.1:\d+\/api\/TikTok\/callback/);
    expect((await fetch(`${server.url}/api/TikTok/callback${await consentQuery(address!, 'estrella-hogar')}`)).status).toBe(200);
    expect(await connecting.ended).toMatchObject({
      code: 0,
      out: expect.stringContaining('Connected: Estrella Hogar España, Estrella Hogar UK'),
    });
  });

  test('`s7 connect --paste` takes the address that the browser ends at, where the platform cannot reach this server', async () => {
    const connecting = startS7(['connect', 'tiktok', '--region', 'US', '--no-browser', '--paste'], { data, env, typing: true });
    const [, address] = await connecting.said(/Open in a browser: (\S+)/);
    await connecting.said(/Paste it here/);
    connecting.type(`https://erp.example.com/api/TikTok/callback${await consentQuery(address!, 'lone-star-living')}`);
    expect(await connecting.ended).toMatchObject({ code: 0, out: expect.stringContaining('Connected: Lone Star Living') });
  });

  test('`s7 sync` fetches to the end and says how much; `s7 shops` shows what is connected, since when and until when', async () => {
    const synced = await run('sync');
    expect(synced).toMatchObject({
      code: 0,
      out: expect.stringMatching(/✔ Estrella Hogar España, orders: [\d,]+ new, [\d,]+ updated, history 100%/),
    });
    const shops = JSON.parse((await run('shops', '--json')).out) as {
      shop: string;
      connection: string;
      orders: number;
      authorized_until: string;
    }[];
    expect(shops.map(({ shop, connection }) => `${shop} ${connection}`)).toEqual([
      'Estrella Hogar España connected',
      'Estrella Hogar UK connected',
      'Lone Star Living connected',
    ]);
    for (const { orders, authorized_until: until } of shops) {
      expect(orders).toBeGreaterThan(20);
      expect(Date.parse(until)).toBeGreaterThan(Date.now());
    }
    expect((await run('sync', '--status')).out).toContain('Lone Star Living');
  });

  test('`s7 token refresh` gives expiries and no token', async () => {
    const { out, code } = await run('token', 'refresh', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { access_token: '***', seller_name: 'Estrella Hogar' },
      { access_token: '***', seller_name: 'Lone Star Living' },
    ]);
  });

  test('`s7 shops set`, `disconnect` and `erase` do what they say, and erase only what is named twice', async () => {
    expect(await run('shops', 'set', 'Estrella Hogar UK', '--name', 'London', '--vat', '20')).toMatchObject({ code: 0 });
    expect(await run('shops', 'set', 'Nowhere', '--vat', '20')).toMatchObject({ code: 2, err: expect.stringContaining('London') });
    expect(await run('shops', 'disconnect', 'London')).toMatchObject({ code: 0 });
    expect(await run('shops', 'erase', 'London')).toMatchObject({ code: 2 });
    expect(await run('shops', 'erase', 'London', '--confirm', 'london')).toMatchObject({ code: 2 });
    expect(await run('shops', 'erase', 'London', '--confirm', 'London')).toMatchObject({ code: 0 });
    expect((await run('shops', '--json')).out).not.toContain('London');
  });

  test("`s7 doctor` shows the redirect URL, where calls leave from, the clock beside the platform's, scopes and consents", async () => {
    const findings = JSON.parse((await run('doctor', '--json')).out) as { check: string; state: string; text: string }[];
    const found = Object.fromEntries(findings.map(({ check, state, text }) => [check, `${state}: ${text}`]));
    expect(found).toMatchObject({
      connections: expect.stringMatching(/^ok: 2 connected/),
      scopes: expect.stringMatching(/^ok/),
      redirect: expect.stringContaining('/api/TikTok/callback'),
      address: expect.stringContaining('127.0.0.1'),
      quarantine: expect.stringMatching(/^ok/),
    });
    expect(findings.filter(({ check }) => check === 'clock').map(({ state, text }) => `${state}: ${text}`)).toEqual(
      ['TikTok', 'Amazon'].map((platform) => expect.stringMatching(new RegExp(`^ok: within \\d+ s of ${platform}`))),
    );
  });

  test('what the commands and the server said holds no secret, no key and no token', async () => {
    server.kill('SIGTERM');
    const { out, err } = await server.ended;
    const everything = [...said, out, err].join('\n');
    for (const [name, value] of Object.entries(env)) if (/KEY|SECRET/.test(name)) expect(everything).not.toContain(value);
    expect(everything).not.toMatch(/(?:ROW|TTP|GCP)_[A-Za-z0-9_-]{12,}/);
  });
});
