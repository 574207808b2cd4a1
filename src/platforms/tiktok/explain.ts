import type { Json } from '../../kernel/json.ts';
import type { Explanation, PlatformReply } from '../operation.ts';

type ProblemKind = Extract<Explanation, { problem: unknown }>['problem'];

/** What the codes mean that stand for one thing; every other one is a refusal. */
const PROBLEMS: Readonly<Record<string, ProblemKind>> = {
  105002: 'token_expired',
  // The header of the token is refused: it came to clients that had sent another app's, and in passing.
  36009005: 'token_refused',
  // The refresh token has run out; the authorization is inactive; token and cipher do not belong together any more.
  36004001: 'authorization_lost',
  105004: 'authorization_lost',
  101000: 'authorization_lost',
  1010000: 'authorization_lost',
  105005: 'scope_missing',
  // The signature is wrong: it is made with the secret.
  106001: 'secret_refused',
  36009002: 'throttled',
  36009003: 'transient',
  36009007: 'transient',
  // "Failed to get orders, if multiple retry have failed …" of the order calls.
  10002014: 'transient',
  10002015: 'transient',
  10006402: 'transient',
  10037002: 'transient',
  10037003: 'transient',
  10037004: 'transient',
};

/** One code for a dozen refusals; only its words tell that the token or the secret is the reason. */
const INVALID = '36009004';
const INVALID_TOKEN = /access[_-]token/i;
const INVALID_SECRET = /\bapp_secret\b/i;

/** What TikTok means: code 0 alone is success, errors come with any status, an overloaded gateway answers in HTML. */
export function explain({ status, body }: Pick<PlatformReply, 'status' | 'body'>): Explanation {
  const { code, message, data = null, request_id: requestId } = (isRecord(body) ? body : {}) as Readonly<Record<string, Json | undefined>>;
  const platformCode = typeof code === 'number' || (typeof code === 'string' && code !== '') ? String(code) : `http_${status}`;
  const id = typeof requestId === 'string' ? { requestId } : {};
  if (platformCode === '0') return { data, ...id };
  return {
    problem: problemOf(status, platformCode, String(message ?? '')),
    platformCode,
    message: typeof message === 'string' ? message : '',
    ...id,
  };
}

function problemOf(status: number, code: string, message: string): ProblemKind {
  const known = PROBLEMS[code];
  if (known) return known;
  // A token that was never one or was withdrawn: a new one helps, or the refresh says that the seller has to consent again.
  if (code === INVALID && INVALID_TOKEN.test(message)) return 'token_expired';
  if (code === INVALID && INVALID_SECRET.test(message)) return 'secret_refused';
  if (status === 429) return 'throttled';
  return status >= 500 || status === 408 || (code.startsWith('http_') && status < 300) ? 'transient' : 'refused';
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
