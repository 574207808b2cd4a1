import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp, type TestApp } from './shop-window.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

/** Sends the first words and one more now and then: what came back, and after how many seconds the server had enough. */
function drip(first: string, more: string, { everyMs = 2000 } = {}): Promise<{ answer: string; seconds: number }> {
  const since = performance.now();
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(app.port, '127.0.0.1', () => socket.write(first));
    const timer = setInterval(() => (more === '' ? undefined : socket.write(more)), everyMs);
    socket
      .on('data', (text) => (answer += String(text)))
      .on('error', () => undefined)
      .on('close', () => {
        clearInterval(timer);
        resolve({ answer, seconds: (performance.now() - since) / 1000 });
      });
  });
}

const post = (path: string, host: string, type = 'application/json'): string =>
  `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\nContent-Length: 10000000\r\n\r\n`;
const FORM = 'multipart/form-data; boundary=b';
const PART = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nOrder ID,x\n';

test('who drips a header, a body or a file, or says nothing, is let go of; a stranger is answered before his body is there', async () => {
  const [header, silence, body, upload, stranger, wrong, large] = await Promise.all([
    drip('GET / HTTP/1.1\r\nHost: localhost\r\n', 'X-A: b\r\n'),
    drip('', ''),
    drip(`${post('/api/sync', 'localhost')}{`, ' '),
    drip(post('/api/import', 'localhost', FORM) + PART, 'a,b\n'),
    drip(`${post('/api/sync', 'evil.com')}{`, ' '),
    drip(`${post('/api/nothing', 'localhost')}{`, ' '),
    // Much at once buys no time.
    drip(
      `${post('/api/adopt?platform=TikTok', 'localhost', FORM)}${PART.replace('Order ID,x\n', '[')}${'{"id":"1"},'.repeat(50_000)}`,
      ' ',
    ),
  ]);
  // A machine that is busy tells late; what is promised would take them hours.
  for (const each of [header, silence]) {
    expect(each.answer).toContain(' 408 ');
    expect(each.seconds).toBeGreaterThan(15);
  }
  for (const each of [header, silence, body, upload, wrong, large]) expect(each.seconds).toBeLessThan(120);
  expect(stranger.answer).toMatch(/^HTTP\/1\.1 401 [^]*key_required/);
  expect(stranger.seconds).toBeLessThan(header.seconds);
  // Nobody else notices.
  expect((await app.get('/api/health')).status).toBe(200);
});

test('an upload that is slow, yet comes on, is taken to its end', async () => {
  const rows = `Order,Date,SKU,Price,Status\n${Array.from({ length: 1500 }, (_, i) => `${i},2026-11-20,A-${i % 7},1.50,ok`).join('\n')}\n`;
  const mapping = JSON.stringify({
    name: 'slow',
    zone: 'Europe/Madrid',
    currency: 'EUR',
    shop: 'Slow',
    columns: { orderId: 'Order', purchasedAt: 'Date', sku: 'SKU', netSales: 'Price', status: 'Status' },
    statuses: { ok: 'completed' },
  });
  const parts = [
    `--b\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n${mapping}\r\n`,
    `--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`,
    rows,
    '\r\n--b--\r\n',
  ].join('');
  const answer = new Promise<string>((resolve) => {
    const socket = connect(app.port, '127.0.0.1');
    let text = '';
    socket.on('data', (more) => (text += String(more))).on('close', () => resolve(text));
    socket.write(
      `POST /api/import HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${FORM}\r\nContent-Length: ` +
        `${Buffer.byteLength(parts)}\r\n\r\n`,
    );
    let sent = 0;
    // Some 1,000 bytes a second, for longer than anybody may stand still.
    const timer = setInterval(() => {
      socket.write(parts.slice(sent, sent + 1000));
      sent += 1000;
      if (sent >= parts.length) clearInterval(timer);
    }, 900);
  });
  expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*"orders":1500/);
});
