import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { send } from './http.ts';
import { LIMITS } from './limits.ts';

test.each([
  ['as it is', undefined],
  ['packed a thousand times smaller', 'gzip'],
])('a reply without end, %s, is let go of at the limit and told as what it is', async (_how, encoding) => {
  let closed = false;
  const server = createServer((_request, reply) => {
    reply.writeHead(200, encoding ? { 'content-encoding': encoding } : {});
    const out = encoding ? createGzip() : reply;
    if (out !== reply) out.pipe(reply);
    const more = (): void => {
      if (!closed && out.write(Buffer.alloc(1 << 20, ' '))) setImmediate(more);
    };
    out.on('drain', more);
    reply.on('close', () => {
      closed = true;
    });
    more();
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  await expect(
    send({ method: 'GET', url: `http://127.0.0.1:${port}/?secret=1`, headers: {}, body: null, deadlineMs: 60_000 }),
  ).rejects.toMatchObject({ code: 'reply_too_large', values: { host: `127.0.0.1:${port}`, limit: '32 MB' }, retryable: false });
  expect(LIMITS.reply_bytes.most).toBe(32 * 2 ** 20);
  server.closeAllConnections();
  await new Promise((ended) => {
    server.close(ended);
  });
});
