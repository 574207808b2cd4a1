import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanUp, freePort, isTaken, PROJECT, temporaryFolder } from './process.ts';
import { openTestApp, type TestApp } from './shop-window.ts';

const KEY = 'a-key-that-nobody-guesses';
const INSIDE = [
  '/',
  '/api/shops',
  '/api/health',
  '/api/doctor',
  '/api/reports',
  '/api/Multiplatform/DataScience/SalesRank/',
  '/api/TikTok/order/all/',
  '/api/TikTok/refresh_token',
  '/mcp',
  '/api/import',
  '/nothing',
];

function nginx(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v nginx || ls /usr/sbin/nginx'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

const binary = nginx();
const running: ChildProcess[] = [];

/** nginx in front of a server, with these lines for its location; the address it is reached at. */
async function proxied(app: TestApp, lines: string): Promise<string> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'logs'));
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`).join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `pid pid; error_log error.log; daemon off; master_process off; events {} http { access_log off; ${paths}
    server { listen 127.0.0.1:${port}; server_name erp.example.com; location / { ${lines.replaceAll('127.0.0.1:8000', `127.0.0.1:${app.port}`)} } } }`,
  );
  running.push(spawn(binary!, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' }));
  while (!(await isTaken(port)))
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  return `http://127.0.0.1:${port}`;
}

/** The lines of the location in the page of documentation. */
function documented(): string {
  return /location \/ \{([^}]*)\}/.exec(readFileSync(join(PROJECT, 'docs/reverse-proxy.md'), 'utf8'))![1]!;
}

describe.skipIf(binary === undefined)('behind nginx (skipped where there is none)', () => {
  let app: TestApp;
  afterAll(async () => {
    for (const each of running) {
      each.kill('SIGKILL');
      await once(each, 'exit');
    }
    await cleanUp();
  });

  describe('a server without settings', () => {
    beforeAll(async () => {
      app = await openTestApp();
    });
    afterAll(() => app.close());

    test.each([
      ["nginx's plainest configuration", 'proxy_pass http://127.0.0.1:8000;'],
      ['the configuration of the documentation', documented()],
    ])('lets nobody in through %s, and the doctor finds out', async (_which, lines) => {
      const url = await proxied(app, lines);
      for (const method of ['GET', 'POST', 'DELETE', 'HEAD', 'OPTIONS']) {
        for (const path of INSIDE) expect((await fetch(`${url}${path}`, { method })).status, `${method} ${path}`).toBe(401);
      }
      for (const path of ['/api/swagger/', '/api/TikTok/openapi.json', '/signin', '/favicon.ico'])
        expect((await fetch(`${url}${path}`)).status, path).toBe(200);
      const findings = (await app.get('/api/doctor')).json.data as { check: string; state: string; text: string }[];
      expect(findings.find(({ check }) => check === 'proxy')).toMatchObject({
        state: 'problem',
        text: expect.stringContaining('S7_PUBLIC_URL'),
      });
    });
  });

  describe('a server with a key and its address outside', () => {
    const PUBLIC = 'http://erp.example.com';
    beforeAll(async () => {
      app = await openTestApp({ apiKey: KEY, publicUrl: PUBLIC });
    });
    afterAll(() => app.close());

    test.each([
      ['the plainest configuration', 'proxy_pass http://127.0.0.1:8000;'],
      ['the configuration of the documentation', documented()],
    ])('lets in through %s who has the key or signed in, and nobody else', async (_which, lines) => {
      const url = await proxied(app, lines);
      expect((await fetch(`${url}/api/shops`)).status).toBe(401);
      expect((await fetch(`${url}/api/shops`, { headers: { 'x-api-key': KEY } })).status).toBe(200);
      const begun = await fetch(`${url}/api/session`, {
        method: 'POST',
        body: JSON.stringify({ key: KEY }),
        headers: { 'content-type': 'application/json', origin: PUBLIC },
      });
      expect(begun.status).toBe(200);
      const cookie = begun.headers.getSetCookie()[0]!.split(';')[0]!;
      expect((await fetch(`${url}/api/shops`, { headers: { cookie } })).status).toBe(200);
      const change = (origin: string): Promise<Response> =>
        fetch(`${url}/api/shops/set`, {
          method: 'POST',
          body: JSON.stringify({ platform: 'TikTok', shop: 'none' }),
          headers: { 'content-type': 'application/json', origin, cookie },
        });
      expect((await change(PUBLIC)).status).toBe(404);
      expect((await change('https://evil.com')).status).toBe(403);
      const findings = (await app.get('/api/doctor', { 'x-api-key': KEY })).json.data as { check: string; state: string; text: string }[];
      expect(findings.find(({ check }) => check === 'public_url')).toMatchObject({
        state: 'problem',
        text: expect.stringContaining('https'),
      });
    });

    test('streams come through the configuration of the documentation as they are written', async () => {
      const url = new URL(await proxied(app, documented()));
      const socket = connect(Number(url.port), url.hostname);
      socket.write(`GET /api/sync HTTP/1.1\r\nHost: erp.example.com\r\nAccept: text/event-stream\r\nx-api-key: ${KEY}\r\n\r\n`);
      const [head] = (await once(socket, 'data')) as [Buffer];
      expect(String(head)).toMatch(/^HTTP\/1\.1 200 [^]*text\/event-stream/);
      socket.destroy();
    });
  });
});
