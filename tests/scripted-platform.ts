import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openClient, type CallReport, type Caller, type ClientOptions } from '../src/platforms/client.ts';
import type { App } from '../src/platforms/connection.ts';
import type { Call, Protocol } from '../src/platforms/operation.ts';
import { tiktok } from '../src/platforms/tiktok/tiktok.ts';

/** What a request was, as the server saw it. */
export interface SeenRequest {
  readonly url: URL;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

/** A server that says what it is told to say, and a client that calls it on a clock that only waiting moves. */
export interface ScriptedPlatform {
  readonly seen: readonly SeenRequest[];
  readonly waits: readonly number[];
  readonly reports: readonly CallReport[];
  /** Tokens that were renewed. */
  readonly stale: readonly string[];
  /** Tokens that were new and yet not taken. */
  readonly lost: readonly string[];
  readonly who: Caller;
  /** Calls in TikTok's way, unless another is given. */
  call(given?: Partial<Caller> & { readonly api?: Protocol }): Call;
  close(): void;
}

/** The app's secret and the seller's tokens, in the order they are given out. */
export const SECRETS = {
  app: 'very-secret-app-secret',
  tokens: ['first-token-1234567890', 'second-token-1234567890', 'third-token-1234567890'],
} as const;

/** Gives each request the next answer, and all further ones the last: an envelope's JSON, or a listener that does as it likes. */
export async function openScriptedPlatform(
  answers: readonly (object | RequestListener)[],
  options: Partial<ClientOptions> = {},
): Promise<ScriptedPlatform> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const answer = answers[Math.min(seen.length, answers.length - 1)]!;
        seen.push({ url: new URL(request.url!, 'http://localhost'), body: Buffer.concat(chunks).toString(), headers: request.headers });
        if (typeof answer === 'function') (answer as RequestListener)(request, response);
        else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app: App = {
    platform: 'TikTok',
    kind: 'ROW',
    key: 'app-key',
    secrets: [SECRETS.app],
    more: { serviceId: '1' },
    hosts: () => ({ consent: host, auth: host, api: host }),
  };
  let now = Temporal.Instant.from('2026-01-01T00:00:00Z');
  const waits: number[] = [];
  const reports: CallReport[] = [];
  const stale: string[] = [];
  const lost: string[] = [];
  const client = openClient({
    clock: { now: () => now },
    random: () => 0,
    onCall: (call) => reports.push(call),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      now = now.add({ milliseconds: Math.ceil(ms) });
    },
    ...options,
  });
  const token = (): string => SECRETS.tokens[stale.length]!;
  const who: Caller = {
    app,
    region: 'ES',
    shop: { platformShopId: '7', handle: 'cipher-of-shop' },
    access: {
      account: 'account-1',
      secrets: async () => ({ accessToken: token() }),
      async renew({ accessToken: old }) {
        if (old === token()) stale.push(old);
        return { accessToken: token() };
      },
      lost: async () => void lost.push(token()),
    },
  };
  return {
    seen,
    waits,
    reports,
    stale,
    lost,
    who,
    call: ({ api = tiktok.api!, ...given } = {}) => client.callFor(api, { ...who, ...given }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An answer with a status and headers of its own. */
export function answer(status: number, body: string | object, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** An answer in TikTok's envelope that says that something is wrong. */
export function problem(code: number, message = 'no', status = 200): RequestListener {
  return answer(status, { code, message, request_id: 'request-1', data: null });
}

/** An answer in TikTok's envelope that all is well. */
export function fine(data: object): object {
  return { code: 0, message: 'Success', request_id: '20260101', data };
}
