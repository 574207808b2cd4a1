import { systemClock, type Clock } from '../../src/kernel/clock.ts';
import { signatureOf } from './signature.ts';
import type { SimulatedApp } from './tiktok.ts';

/** What a call gave back; `data` is null where the answer was no JSON envelope. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly code: number;
  readonly message: string;
  // Tests look into answers freely; what is not there shows as a failed expectation.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
  readonly text: string;
}

/** A call, and ways to make it wrongly. */
export interface CallOptions {
  readonly method?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly token?: string | undefined;
  readonly cipher?: string | undefined;
  /** Seconds; the client's clock unless given. */
  readonly timestamp?: number;
  /** Changes the query after it was signed. */
  readonly tamper?: (query: Record<string, string>) => void;
  readonly contentType?: string;
  /** False leaves the text unread. */
  readonly parse?: boolean;
}

/** A seller's consent as the client holds it. */
export interface Connection {
  readonly token: string;
  readonly refreshToken: string;
  readonly shops: readonly {
    readonly id: string;
    readonly name: string;
    readonly region: string;
    readonly seller_type: string;
    readonly cipher: string;
  }[];
}

/** The simplest client there can be, for the simulator's own tests and measurements: signs, calls, reads. */
export class Client {
  readonly #app: SimulatedApp;
  readonly #clock: Clock;

  constructor(app: SimulatedApp, clock: Clock = systemClock) {
    this.#app = app;
    this.#clock = clock;
  }

  async call(path: string, options: CallOptions = {}): Promise<Answer> {
    const { method = 'GET', body, token, cipher, contentType = 'application/json' } = options;
    const timestamp = options.timestamp ?? Math.floor(this.#clock.now().epochMilliseconds / 1000);
    const query: Record<string, string> = { app_key: this.#app.key, timestamp: String(timestamp), ...options.query };
    if (cipher !== undefined) query['shop_cipher'] = cipher;
    query['sign'] = signatureOf(this.#app.secret, {
      path,
      query: Object.entries(query),
      body: body === undefined ? undefined : Buffer.from(body),
      contentType,
    });
    options.tamper?.(query);
    const headers = { 'content-type': contentType, ...(token === undefined ? {} : { 'x-tts-access-token': token }) };
    const response = await fetch(`${this.#app.hosts.api}${path}?${new URLSearchParams(query).toString()}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return read(response, options.parse);
  }

  /** One page of `POST /order/202309/orders/search`. */
  search(
    shop: { token: string; cipher: string },
    query: Readonly<Record<string, string>>,
    filters: Readonly<Record<string, unknown>> = {},
    how: Pick<CallOptions, 'parse'> = {},
  ): Promise<Answer> {
    return this.call('/order/202309/orders/search', { method: 'POST', query, body: JSON.stringify(filters), ...shop, ...how });
  }

  /** Decides on the consent page as the seller of an account; where the browser is sent. */
  async consent(account: string, { state, decision = 'authorize' }: { state?: string; decision?: string } = {}): Promise<URL> {
    const query = new URLSearchParams({ service_id: this.#app.serviceId, account, decision, ...(state === undefined ? {} : { state }) });
    const response = await fetch(`${this.#app.hosts.consent}/open/authorize/decide?${query.toString()}`, { redirect: 'manual' });
    return new URL(response.headers.get('location') ?? 'none:');
  }

  /** Exchanges a code, or refreshes. */
  async fetchTokens(given: { code: string } | { refreshToken: string }, change: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const isCode = 'code' in given;
    const query = new URLSearchParams({
      app_key: this.#app.key,
      app_secret: this.#app.secret,
      grant_type: isCode ? 'authorized_code' : 'refresh_token',
      [isCode ? 'auth_code' : 'refresh_token']: isCode ? given.code : given.refreshToken,
      ...change,
    });
    return read(await fetch(`${this.#app.hosts.auth}/api/v2/token/${isCode ? 'get' : 'refresh'}?${query.toString()}`));
  }

  /** Consent, exchange and shops in one go. */
  async connect(account: string): Promise<Connection> {
    const code = (await this.consent(account)).searchParams.get('code') ?? '';
    const { data } = await this.fetchTokens({ code });
    const token = String(data.access_token);
    const shops = await this.call('/authorization/202309/shops', { token });
    return { token, refreshToken: data.refresh_token, shops: shops.data.shops };
  }
}

async function read(response: Response, parse = true): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const body =
    parse && isJson ? (JSON.parse(text) as { code: number; message: string; data: unknown }) : { code: NaN, message: '', data: null };
  return { status: response.status, headers: response.headers, text, code: body.code, message: body.message, data: body.data };
}
