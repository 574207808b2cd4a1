import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Incoming, Reply } from './exchange.ts';

/** A listening server. */
export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens and hands every request, whole, to one function; what that throws becomes HTTP 500. */
export async function openServer(
  { host, port }: { host: string; port: number },
  answer: (request: Incoming) => Reply | Promise<Reply>,
): Promise<Server> {
  const server = createServer((message, response) => {
    void serve(message, response, answer);
  });
  // On a busy machine a connection would else be closed in the moment its client uses it again: the client closes it.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  answer: (request: Incoming) => Reply | Promise<Reply>,
): Promise<void> {
  try {
    const reply = await answer(await read(message));
    if (reply.destroy === true) {
      message.socket.destroy();
      return;
    }
    const body = Buffer.from(reply.body);
    response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length }).end(body);
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`The simulator itself failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

async function read(message: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const url = new URL(message.url ?? '/', 'http://simulator');
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: new Map(url.searchParams),
    headers: message.headers,
    body: Buffer.concat(chunks),
  };
}
