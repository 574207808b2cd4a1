import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** What a robot of a group was sent. */
export interface Caught {
  readonly path: string;
  readonly query: URLSearchParams;
  // oxlint-disable-next-line no-explicit-any
  readonly body: any;
}

/** A server in place of a robot's: keeps what it is sent and answers as told. */
export interface Robot {
  readonly url: string;
  readonly caught: Caught[];
  answer: (request: IncomingMessage, reply: ServerResponse) => void;
}

/** Answers as WeCom and DingTalk do. */
export const fine = (_request: IncomingMessage, reply: ServerResponse): void =>
  void reply.writeHead(200, { 'content-type': 'application/json' }).end('{"errcode":0,"errmsg":"ok"}');
export const refusing =
  (errcode: number) =>
  (_request: IncomingMessage, reply: ServerResponse): void =>
    void reply.writeHead(200).end(JSON.stringify({ errcode, errmsg: 'SECRET words' }));
/** Answers with a status and nothing else. */
export const status =
  (code: number) =>
  (_request: IncomingMessage, reply: ServerResponse): void =>
    void reply.writeHead(code).end(code === 200 ? 'ok' : 'invalid_token SECRET');

export async function openRobot(path = '/robot/send?access_token=SECRET'): Promise<Robot> {
  const caught: Caught[] = [];
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const url = new URL(request.url!, 'http://robot');
        caught.push({ path: url.pathname, query: url.searchParams, body: JSON.parse(Buffer.concat(chunks).toString()) });
        robot.answer(request, reply);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const robot: Robot = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, caught, answer: fine };
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return robot;
}

/** A real mail server on this machine that wants a password. */
export async function openMailServer(): Promise<{
  readonly url: string;
  readonly mails: { readonly to: string[]; readonly text: string }[];
}> {
  const mails: { to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onAuth: ({ username, password }, _session, done) =>
      done(password === 'S3cret!' ? null : new Error('no such password'), { user: username }),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString() });
          done();
        });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  );
  return { url: `smtp://seller:S3cret!@127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails };
}
