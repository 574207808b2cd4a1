import { createHash } from 'node:crypto';

/** One request as the simulator saw it, for assertions: never a token, a secret or a signature. */
export interface JournalEntry {
  /** When it came, on the simulator's clock. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  /** The key of the app that it came from; undefined where none was named. */
  readonly app: string | undefined;
  /** A mark of the token that came with it: the same for the same token, and no way back to it. */
  readonly token: string | undefined;
  /** Whom the token was given to, and which shop the request is for; undefined where it was none of ours. */
  readonly account: string | undefined;
  readonly shop: string | undefined;
  readonly status: number;
  /** The platform's code in the answer; undefined where the answer was no envelope. */
  readonly code: number | string | undefined;
  /** Which of the planted faults it met. */
  readonly met: readonly string[];
}

const HIDDEN = new Set([
  'access_token',
  'app_secret',
  'auth_code',
  'client_secret',
  'code',
  'refresh_token',
  'sign',
  'spapi_oauth_code',
  'X-Amz-Signature',
]);

/** The query without what must not be written down. */
export function tellable(query: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => !HIDDEN.has(name)));
}

/** The body without what must not be written down, as far as it is a form or a JSON object. */
export function tellableBody(body: string): string {
  if (/^[\w.%-]+=/.test(body)) return new URLSearchParams([...new URLSearchParams(body)].filter(([name]) => !HIDDEN.has(name))).toString();
  if (![...HIDDEN].some((name) => body.includes(`"${name}"`))) return body;
  return JSON.stringify(JSON.parse(body), (name, value: unknown) => (HIDDEN.has(name) ? undefined : value));
}

/** What stands in the journal for a token. */
export function markOf(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 10);
}
