import type { AmazonHandle } from './amazon.ts';

/** What a call gave back; `json` is undefined where the answer was no JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into answers freely; what is not there shows as a failed expectation.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

/** What a call is made with. */
export interface CallOptions {
  readonly method?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly token?: string | undefined;
  readonly region?: 'na' | 'eu' | 'fe';
  readonly headers?: Readonly<Record<string, string>>;
}

/** The simplest client there can be, for the simulator's own tests: calls and reads. */
export class AmazonClient {
  readonly #amazon: Pick<AmazonHandle, 'app'>;

  constructor(amazon: Pick<AmazonHandle, 'app'>) {
    this.#amazon = amazon;
  }

  async call(path: string, { method = 'GET', query, body, token, region = 'eu', headers }: CallOptions = {}): Promise<Answer> {
    const text = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const response = await fetch(`${this.#amazon.app.hosts.api[region]}${path}${text}`, {
      method,
      headers: {
        'user-agent': 'S7StarERP/0.1 (Language=TypeScript/Node26)',
        ...(token === undefined ? {} : { 'x-amz-access-token': token }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return read(response);
  }

  /** Decides on the consent page of a country as the seller of an account; where the browser is sent, or the page it sees. */
  async consent(
    account: string,
    { country = 'ES', ...more }: Readonly<Record<string, string>> = {},
  ): Promise<{ to: URL | undefined; page: string }> {
    const query = new URLSearchParams({
      application_id: this.#amazon.app.applicationId,
      state: 'some state',
      account,
      decision: 'authorize',
      ...more,
    });
    const url = `${this.#amazon.app.hosts.consent[country]}/apps/authorize/consent/decide?${query.toString()}`;
    const response = await fetch(url, { redirect: 'manual' });
    const to = response.headers.get('location');
    return { to: to === null ? undefined : new URL(to), page: await response.text() };
  }

  /** Asks the token host by a form. */
  async tokens(parameters: Readonly<Record<string, string>>): Promise<Answer> {
    const { clientId, clientSecret, hosts } = this.#amazon.app;
    const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...parameters });
    return read(await fetch(`${hosts.lwa}/auth/o2/token`, { method: 'POST', body }));
  }

  /** Consent and exchange in one go. */
  async connect(account: string): Promise<{ token: string; refreshToken: string }> {
    const { to } = await this.consent(account, { country: account === 'A2EH7R5LKQW9ZT' ? 'ES' : 'US' });
    const { json } = await this.tokens({ grant_type: 'authorization_code', code: to?.searchParams.get('spapi_oauth_code') ?? '' });
    return { token: json.access_token, refreshToken: json.refresh_token };
  }
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}
