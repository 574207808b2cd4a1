import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { send as sendOverNetwork, type HttpReply, type Send } from '../kernel/http.ts';
import { parseLosslessJson } from '../kernel/lossless-json.ts';
import { openThrottle, systemSleep, type QuotaMemory, type Sleep, type Turn, type Urgency } from '../kernel/throttle.ts';
import type { App } from './connection.ts';
import type { Call, CallInput, Explanation, Operation, PlatformRequest } from './operation.ts';
import type { PlatformApi } from './platform.ts';

/** The token of an authorization, and how to get the next one. */
export interface Access {
  readonly app: App;
  token(): Promise<string>;
  /** A new token in place of one that the platform calls expired; concurrent callers renew once. */
  renew(stale: string): Promise<string>;
}

/** What logs and metrics may know of an attempt; nothing secret. */
export interface CallReport {
  readonly platform: string;
  readonly operation: string;
  readonly platformShopId: string | null;
  /** 1 for the first. */
  readonly attempt: number;
  /** Null: no answer came. */
  readonly status: number | null;
  readonly outcome: 'done' | Problem['problem'];
  readonly platformCode: string | null;
  readonly milliseconds: number;
}

/** What a client works with; what is left out is the machine's own. */
export interface ClientOptions {
  readonly clock: Clock;
  readonly send?: Send;
  readonly sleep?: Sleep;
  readonly random?: () => number;
  /** Multiplies the rate of every operation; Infinity lifts it. */
  readonly rateFactor?: number;
  /** What of slow quotas was spent before this process; none where it is not told. */
  readonly quotas?: QuotaMemory;
  readonly deadlineMs?: number;
  readonly onCall?: (call: CallReport) => void;
}

/** On whose behalf calls are made: always a registration, an authorization and a shop where the operation wants them. */
export interface Caller {
  readonly app: App;
  readonly access?: Access;
  readonly shop?: { readonly platformShopId: string; readonly cipher: string };
  /** Ends calls, and waits between them, with its reason. */
  readonly signal?: AbortSignal;
  /** Whom its calls let go first; `live` unless told. */
  readonly urgency?: Urgency;
}

/** Calls platforms: one for the whole process, for what it knows of their rates. */
export interface Client {
  callFor(api: PlatformApi, who: Caller): Call;
}

type Problem = Exclude<Explanation, { data: unknown }>;
/** What an attempt came to; with the wait that the platform asked for. */
type Outcome = Explanation & { readonly retryAfterMs: number; readonly unreachable?: AppError };

const TRIES = 5;
const FIRST_WAIT_MS = 1000;
const JITTER_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** A platform that wants to be left alone for longer than this is for the next run, not for a call that waits. */
const LONGEST_RETRY_AFTER_MS = 300_000;
const DEADLINE_MS = 30_000;

/** A client that signs each attempt anew, keeps to each app's and shop's rate, and tries again where that helps. */
export function openClient(options: ClientOptions): Client {
  const {
    clock,
    send = sendOverNetwork,
    sleep = systemSleep,
    random = Math.random,
    rateFactor = 1,
    quotas,
    deadlineMs = DEADLINE_MS,
    onCall,
  } = options;
  const throttle = openThrottle({ clock, sleep, rateFactor, memory: quotas });

  async function call<Reply>(api: PlatformApi, who: Caller, operation: Operation<Reply>, input: CallInput): Promise<Reply> {
    const request = requestOf(operation, input);
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const token = operation.open ? null : await accessOf(who, operation).token();
      const outcome = await tried(api, who, { operation, request, token, attempt });
      if ('data' in outcome) return checked(outcome, who, operation);
      if (outcome.problem === 'token_expired' && token !== null && !renewed) {
        await accessOf(who, operation).renew(token);
        renewed = true;
        attempt -= 1;
        continue;
      }
      const again = outcome.problem === 'throttled' || outcome.problem === 'transient';
      if (!again || attempt >= TRIES || outcome.retryAfterMs > LONGEST_RETRY_AFTER_MS) {
        throw errorOf(outcome, { who, operation, request, token });
      }
      const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) + random() * JITTER_MS;
      await sleep(Math.max(backoff, outcome.retryAfterMs), who.signal);
    }
  }

  async function tried(api: PlatformApi, who: Caller, { operation, request, token, attempt }: Attempt): Promise<Outcome> {
    const shop = operation.forShop ? who.shop : undefined;
    if (operation.forShop && !shop) throw new Error(`${operation.name} is a call for a shop`);
    const { perSecond } = operation;
    const key = [who.app.platform, who.app.kind, shop?.platformShopId].join(' ');
    const turn = await throttle.turn({ key, perSecond, burst: perSecond, published: false }, who);
    const started = performance.now();
    const outcome = await sent(api, who, { operation, request, token, turn });
    onCall?.({
      platform: who.app.platform,
      operation: operation.name,
      platformShopId: shop?.platformShopId ?? null,
      attempt,
      status: outcome.status,
      outcome: 'data' in outcome ? 'done' : outcome.problem,
      platformCode: 'data' in outcome ? null : outcome.platformCode,
      milliseconds: performance.now() - started,
    });
    return outcome;
  }

  async function sent(
    api: PlatformApi,
    who: Caller,
    { operation, request, token, turn }: Omit<Attempt, 'attempt'> & { turn: Turn },
  ): Promise<Outcome & { status: number | null }> {
    // The stamp is made here, after every wait: platforms refuse one of some minutes ago.
    const signed = operation.open
      ? { query: request.query, headers: {} }
      : api.sign(request, { app: who.app, accessToken: token, cipher: operation.forShop ? who.shop!.cipher : null }, clock.now());
    let reply: HttpReply;
    try {
      reply = await send({
        method: request.method,
        url: urlOf(who.app.hosts[operation.host], request.path, signed.query),
        body: request.body,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...signed.headers },
        deadlineMs,
        signal: who.signal,
      });
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
      return { problem: 'transient', platformCode: '', message: error.message, retryAfterMs: 0, unreachable: error, status: null };
    }
    const explanation = api.explain(reply.status, parseLosslessJson(reply.body));
    const retryAfterMs = retryAfter(reply.headers.get('retry-after'), clock.now());
    if ('data' in explanation) turn.succeeded();
    else if (explanation.problem === 'throttled') turn.refused(retryAfterMs);
    return { ...explanation, retryAfterMs, status: reply.status };
  }

  return {
    callFor:
      (api, who) =>
      (operation, input = {}) =>
        call(api, who, operation, input),
  };
}

interface Attempt {
  readonly operation: Operation<unknown>;
  readonly request: PlatformRequest;
  readonly token: string | null;
  readonly attempt: number;
}

function accessOf({ access }: Caller, operation: Operation<unknown>): Access {
  if (!access) throw new Error(`${operation.name} is a call for an authorization`);
  return access;
}

function requestOf({ method, path, name }: Operation<unknown>, input: CallInput): PlatformRequest {
  const query: Record<string, string> = {};
  for (const [key, value] of Object.entries(input.query ?? {})) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    // Platforms disagree on whether an empty value is signed; none is sent.
    if (text !== '') query[key] = text;
  }
  return {
    method,
    path: path.replace(/\{(\w+)\}/g, (_, key: string) => {
      const value = input.path?.[key];
      if (value === undefined) throw new Error(`${name} lacks ${key}`);
      return encodeURIComponent(value);
    }),
    query,
    body: input.body === undefined ? null : JSON.stringify(input.body),
  };
}

function urlOf(host: string, path: string, query: Readonly<Record<string, string>>): string {
  const text = Object.entries(query)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&');
  return `${host}${path}${text && '?'}${text}`;
}

/** What a Retry-After header says: seconds, or a date. */
function retryAfter(header: string | null, now: Temporal.Instant): number {
  if (header === null) return 0;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.epochMilliseconds;
  return ms > 0 ? ms : 0;
}

function checked<Reply>({ data, requestId }: Extract<Explanation, { data: unknown }>, who: Caller, operation: Operation<Reply>): Reply {
  const parsed = operation.reply.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = (issue?.path ?? []).reduce<string>(
    (path, part) => (typeof part === 'number' ? `${path}[${part}]` : `${path}${path && '.'}${String(part)}`),
    '',
  );
  throw new AppError(
    'platform_reply_not_understood',
    { platform: who.app.platform, operation: operation.name, field: field || 'data', problem: issue?.message },
    { details: { field, request_id: requestId } },
  );
}

function errorOf(outcome: Outcome & Problem, { who, operation, request, token }: Omit<Attempt, 'attempt'> & { who: Caller }): AppError {
  if (outcome.unreachable) return outcome.unreachable;
  const secrets = [who.app.secret, token ?? '', who.shop?.cipher ?? '', ...(operation.open ? Object.values(request.query) : [])];
  const message = withoutSecrets(outcome.message, secrets);
  const values = { platform: who.app.platform, operation: operation.name };
  const details = { platform_code: outcome.platformCode, platform_message: message, request_id: outcome.requestId };
  switch (outcome.problem) {
    case 'throttled':
      return new AppError('platform_busy', values, {
        details: { ...details, retry_after_seconds: Math.ceil(outcome.retryAfterMs / 1000) },
      });
    case 'transient':
      return new AppError(
        'platform_unreachable',
        { host: new URL(who.app.hosts[operation.host]).host, reason: message || outcome.platformCode },
        { details },
      );
    case 'refused':
      return new AppError('platform_refused', { ...values, problem: message || outcome.platformCode }, { details });
    case 'scope_missing':
      return new AppError('scope_missing', values, { details });
    // A token that is new and yet called expired: the consent behind it is gone.
    case 'token_expired':
    case 'authorization_lost':
      return new AppError('authorization_lost', values, { details });
  }
}

/** What may be a token: twenty characters or more in one word, letters and digits mixed. Ids are digits alone. */
const TOKEN_LIKE = /(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{20,}/g;
const SHORTEST_SECRET = 6;
const LONGEST_MESSAGE = 500;

/** The platform's words with everything masked that is a secret or looks like one. */
function withoutSecrets(message: string, secrets: readonly string[]): string {
  const plain = secrets.filter(({ length }) => length >= SHORTEST_SECRET).reduce((text, secret) => text.replaceAll(secret, '***'), message);
  return plain.slice(0, LONGEST_MESSAGE).replace(TOKEN_LIKE, '***');
}
