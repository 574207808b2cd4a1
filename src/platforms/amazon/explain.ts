import type { Json } from '../../kernel/json.ts';
import type { Explanation, PlatformReply } from '../operation.ts';

type Problem = Extract<Explanation, { problem: unknown }>;
type JsonRecord = { readonly [key: string]: Json | undefined };

/** The four meanings and more of one refusal: only its details tell them apart. */
const UNAUTHORIZED: readonly (readonly [details: RegExp, problem: Problem['problem']])[] = [
  [/secret token .*expired/i, 'token_secret_refused'],
  [/access token .*expired/i, 'token_expired'],
  // The token was withdrawn, or never one: the renewal tells whether the consent is.
  [/access token/i, 'token_refused'],
  [/not valid for region/i, 'wrong_market'],
];

/** What Amazon means. Tokens come from another host, whose errors have another form. */
export function explain({ operation, status, headers, body }: PlatformReply): Explanation {
  const requestId = headers.get('x-amzn-requestid') ?? undefined;
  const id = requestId === undefined ? {} : { requestId };
  const isFine = status >= 200 && status < 300;
  if (isFine && !('errors' in recordOf(body))) {
    // It happens that a reply is empty or breaks off, and says that all is well.
    if (body === undefined) return { problem: 'transient', platformCode: `http_${status}`, message: 'the reply is no JSON', ...id };
    return { data: body, ...perSecondIn(headers), ...id };
  }
  const told = refusalOf(operation.host, status, recordOf(body));
  // The rate of a refusal for asking too often says nothing.
  return { ...told, ...(status === 400 || status === 404 ? perSecondIn(headers) : {}), ...id };
}

function refusalOf(host: PlatformReply['operation']['host'], status: number, body: JsonRecord): Problem {
  // Where files lie no account is known: an address that is over says nothing of roles.
  if (host === 'given') return { problem: 'transient', platformCode: `http_${status}`, message: 'the file is not given' };
  return host === 'auth' ? tokenRefusal(status, body) : callRefusal(status, body);
}

function callRefusal(status: number, body: JsonRecord): Problem {
  const [first] = Array.isArray(body['errors']) ? (body['errors'] as readonly Json[]) : [];
  const error = recordOf(first);
  const code = textOf(error['code']) || `http_${status}`;
  const details = textOf(error['details']);
  const message = details || textOf(error['message']);
  return { problem: problemOf(status, code, details), platformCode: code, message };
}

function problemOf(status: number, code: string, details: string): Problem['problem'] {
  // It was said within HTTP 200, too.
  if (code === 'QuotaExceeded') return 'throttled';
  if (status === 401 || status === 403) return UNAUTHORIZED.find(([words]) => words.test(details))?.[1] ?? 'scope_missing';
  return byStatus(status);
}

/** Login with Amazon: `{ error, error_description }`. */
function tokenRefusal(status: number, body: JsonRecord): Problem {
  const code = textOf(body['error']) || `http_${status}`;
  return {
    problem: code === 'invalid_client' ? 'secret_refused' : byStatus(status),
    platformCode: code,
    message: textOf(body['error_description']),
  };
}

function byStatus(status: number): Problem['problem'] {
  if (status === 429) return 'throttled';
  return status >= 500 || status === 408 ? 'transient' : 'refused';
}

/** How many such calls a second Amazon bears of this account now. */
function perSecondIn(headers: Headers): { perSecond: number } | object {
  const said = Number(headers.get('x-amzn-ratelimit-limit') ?? NaN);
  return said > 0 ? { perSecond: said } : {};
}

function recordOf(value: Json | undefined): JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
