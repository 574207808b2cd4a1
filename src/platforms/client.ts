import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { send as sendOverNetwork, sendForStream, textOf, type HttpReply, type Send } from '../kernel/http.ts';
import type { Json } from '../kernel/json.ts';
import { parseLosslessJson } from '../kernel/lossless-json.ts';
import { openThrottle, systemSleep, WaitTooLong, type QuotaMemory, type Sleep, type Turn, type Urgency } from '../kernel/throttle.ts';
import type { App, Secrets } from './connection.ts';
import { fileOf } from './file-reply.ts';
import {
  fileReply,
  type Call,
  type CallInput,
  type Credentials,
  type Explanation,
  type Operation,
  type PlatformFile,
  type PlatformRequest,
  type Protocol,
  type SignedRequest,
} from './operation.ts';

/** The secrets of an authorization, and how to get the next ones. */
export interface Access {
  /** Whose they are: calls of one account share its rate. */
  readonly account: string;
  secrets(): Promise<Secrets>;
  /**
   * Others in place of some that the platform calls expired; concurrent callers renew once. The same where there are none to be had.
   * @throws AppError `authorization_lost`
   */
  renew(stale: Secrets): Promise<Secrets>;
  /** Is told when the platform takes even those no more. */
  lost(): Promise<void>;
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
  /** The seller's market: it decides which hosts answer. */
  readonly region: string | null;
  readonly access?: Access;
  readonly shop?: Credentials['shop'] & {};
  /** Ends calls, and waits between them, with its reason. */
  readonly signal?: AbortSignal;
  /** Whom its calls let go first; `live` unless told. */
  readonly urgency?: Urgency;
  /** Nobody waits longer than this for a call to go; without it as long as it takes. */
  readonly longestWaitMs?: number;
}

/** Calls platforms: one for the whole process, for what it knows of their rates. */
export interface Client {
  callFor(api: Protocol, who: Caller): Call;
}

type Problem = Exclude<Explanation, { data: unknown }>;
/** What an attempt came to; with the wait that the platform asked for, and no status where no answer came. */
type Outcome = (Explanation | { readonly file: PlatformFile }) & {
  readonly retryAfterMs: number;
  readonly status: number | null;
  readonly unreachable?: AppError;
};

const TRIES = 5;
const FIRST_WAIT_MS = 1000;
const JITTER_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** A platform that wants to be left alone for longer than this is for the next run, not for a call that waits. */
const LONGEST_RETRY_AFTER_MS = 300_000;
const DEADLINE_MS = 30_000;

/** A client that signs each attempt anew, keeps to the rate of each operation, and tries again where that helps. */
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
  /** Which of a registration's secrets was taken last, by its key. */
  const secretInUse = new Map<string, number>();

  async function call<Reply>(api: Protocol, who: Caller, operation: Operation<Reply>, input: CallInput): Promise<Reply> {
    const request = requestOf(operation, input);
    const first = secretInUse.get(who.app.key) ?? 0;
    let renewed = false;
    let renewals = 0;
    for (let attempt = 1, secretsTried = 1; ; attempt += 1) {
      const place = (first + secretsTried - 1) % who.app.secrets.length;
      const credentials = await credentialsOf(who, operation, who.app.secrets[place]!);
      const outcome = await tried(api, who, { operation, request, input, credentials, attempt });
      if (!('problem' in outcome)) {
        if (operation.credentials !== 'none' && secretsTried > 1) secretInUse.set(who.app.key, place);
        return 'file' in outcome ? (outcome.file as Reply) : checked(outcome, who, operation);
      }
      if (outcome.problem === 'secret_refused' && secretsTried < who.app.secrets.length) {
        secretsTried += 1;
        attempt -= 1;
        continue;
      }
      if (outcome.problem === 'token_secret_refused' && credentials?.account && renewals < who.app.secrets.length) {
        // The settings may have changed since: the one in use is the first to be tried.
        secretInUse.set(who.app.key, (first + renewals) % who.app.secrets.length);
        await who.access!.renew(credentials.account);
        renewals += 1;
        attempt -= 1;
        continue;
      }
      if ((outcome.problem === 'token_expired' || outcome.problem === 'token_refused') && credentials?.account) {
        if (!renewed) {
          await who.access!.renew(credentials.account);
          renewed = true;
          attempt -= 1;
          continue;
        }
        if (outcome.problem === 'token_expired') await who.access!.lost();
      }
      const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) + random() * JITTER_MS;
      const waitMs = Math.max(backoff, outcome.retryAfterMs);
      if (outcome.problem === 'throttled' && waitMs > (who.longestWaitMs ?? Infinity)) throw waitsTooLong(who, operation, waitMs);
      const again = outcome.problem === 'throttled' || outcome.problem === 'transient';
      if (!again || attempt >= TRIES || outcome.retryAfterMs > LONGEST_RETRY_AFTER_MS) {
        throw errorOf(outcome, { who, operation, request, input, credentials });
      }
      await sleep(waitMs, who.signal);
    }
  }

  async function tried(api: Protocol, who: Caller, given: Attempt): Promise<Outcome> {
    const { operation, credentials, attempt } = given;
    const turn = await leaveFor(who, operation);
    const started = performance.now();
    const outcome = await sent(api, who, given);
    if (!('problem' in outcome)) turn.succeeded();
    else if (outcome.problem === 'throttled') turn.refused(outcome.retryAfterMs);
    if ('perSecond' in outcome && outcome.perSecond !== undefined) turn.told(outcome.perSecond);
    onCall?.({
      platform: who.app.platform,
      operation: operation.name,
      platformShopId: credentials?.shop?.platformShopId ?? null,
      attempt,
      status: outcome.status,
      outcome: 'problem' in outcome ? outcome.problem : 'done',
      platformCode: 'problem' in outcome ? outcome.platformCode : null,
      milliseconds: performance.now() - started,
    });
    return outcome;
  }

  async function leaveFor(who: Caller, operation: Operation<unknown>): Promise<Turn> {
    try {
      return await throttle.turn({ ...operation.rate, key: bucketOf(operation, who) }, who);
    } catch (error) {
      throw error instanceof WaitTooLong ? waitsTooLong(who, operation, error.waitMs) : error;
    }
  }

  async function sent(api: Protocol, who: Caller, { operation, request, input, credentials }: Attempt): Promise<Outcome> {
    // The stamp is made here, after every wait: platforms refuse one of some minutes ago.
    const signed: SignedRequest = credentials ? api.sign(request, credentials, clock.now()) : { ...request, headers: {} };
    const outgoing = {
      method: request.method,
      url: input.address ?? urlOf(hostOf(operation, who), request.path, signed.query),
      body: signed.body,
      headers: { ...HEADERS[operation.encoding ?? 'json'], ...input.headers, ...signed.headers },
      deadlineMs,
      signal: who.signal,
    };
    let reply: HttpReply;
    try {
      if (isFile(operation)) {
        const stream = await sendForStream({ ...outgoing, headers: { ...input.headers, ...signed.headers } });
        if (stream.status === 200) return { file: fileOf(stream, new URL(outgoing.url).host), retryAfterMs: 0, status: 200 };
        reply = { ...stream, body: await textOf(stream.body, outgoing.url) };
      } else {
        reply = await send(outgoing);
      }
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
      return { problem: 'transient', platformCode: '', message: error.message, retryAfterMs: 0, unreachable: error, status: null };
    }
    const { status, headers, body } = reply;
    const explanation = api.explain({ operation, status, headers, body: parseLosslessJson(body) });
    return { ...explanation, retryAfterMs: retryAfter(headers.get('retry-after'), clock.now()), status };
  }

  return {
    callFor:
      (api, who) =>
      (operation, input = {}) =>
        call(api, who, operation, input),
  };
}

const HEADERS = {
  json: { accept: 'application/json', 'content-type': 'application/json' },
  form: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
} as const;

interface Attempt {
  readonly operation: Operation<unknown>;
  readonly request: PlatformRequest;
  readonly input: CallInput;
  /** Null where the operation has none. */
  readonly credentials: Credentials | null;
  readonly attempt: number;
}

function isFile(operation: Operation<unknown>): boolean {
  return operation.reply === fileReply;
}

/** What the operation wants of those who call, and no more. */
async function credentialsOf(who: Caller, operation: Operation<unknown>, secret: string): Promise<Credentials | null> {
  const { credentials: wanted, name } = operation;
  if (wanted === 'none') return null;
  const account = wanted === 'account' || wanted === 'shop';
  if (account && !who.access) throw new Error(`${name} is a call for an authorization`);
  if (wanted === 'shop' && !who.shop) throw new Error(`${name} is a call for a shop`);
  return {
    app: who.app,
    secret,
    account: account ? await who.access!.secrets() : null,
    shop: wanted === 'shop' ? who.shop! : null,
  };
}

/** The bucket that a call is taken from. */
function bucketOf({ name, rate }: Operation<unknown>, { app, access, shop }: Caller): string {
  const owner = { app: '', account: access?.account, shop: shop?.platformShopId }[rate.by];
  if (owner === undefined) throw new Error(`${name} has a rate for each ${rate.by}`);
  return [app.platform, app.kind, owner, rate.shared ?? name].join(' ');
}

/** Where a call goes. */
function hostOf({ host, name }: Operation<unknown>, { app, region }: Caller): string {
  if (host === 'given') throw new Error(`${name} lacks its address`);
  return app.hosts(region)[host];
}

function requestOf({ method, path, name, encoding }: Operation<unknown>, input: CallInput): PlatformRequest {
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
    body: input.body === undefined ? null : bodyOf(input.body, encoding),
  };
}

function bodyOf(body: Json, encoding: Operation<unknown>['encoding']): string {
  return encoding === 'form' ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body);
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

function waitsTooLong({ app }: Caller, { name }: Operation<unknown>, waitMs: number): AppError {
  const seconds = Math.ceil(waitMs / 1000);
  const values = { platform: app.platform, operation: name, seconds };
  return new AppError('quota_spent', values, { details: { retry_after_seconds: seconds } });
}

function errorOf(
  outcome: Outcome & Problem,
  { who, operation, request, input, credentials }: Omit<Attempt, 'attempt'> & { who: Caller },
): AppError {
  if (outcome.unreachable) return outcome.unreachable;
  const message = withoutSecrets(outcome.message, [
    ...who.app.secrets,
    ...Object.values(credentials?.account ?? {}),
    who.shop?.handle ?? '',
    ...Object.values(input.headers ?? {}),
    // A call without an account brings codes and tokens along to get one.
    ...(credentials?.account ? [] : [...Object.values(request.query), ...textsOf(input.body)]),
  ]);
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
        { host: new URL(input.address ?? hostOf(operation, who)).host, reason: message || outcome.platformCode },
        { details },
      );
    case 'secret_refused':
    case 'token_secret_refused':
      return new AppError('app_secret_refused', { platform: who.app.platform, problem: message || outcome.platformCode }, { details });
    case 'wrong_market':
      return new AppError('wrong_market', { platform: who.app.platform, market: who.region ?? '' }, { details });
    case 'token_refused':
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

/** The texts of a flat body. */
function textsOf(body: Json | undefined): string[] {
  return typeof body === 'object' && body !== null ? Object.values(body).filter((value) => typeof value === 'string') : [];
}

/** The platform's words with everything masked that is a secret or looks like one. */
function withoutSecrets(message: string, secrets: readonly string[]): string {
  const plain = secrets.filter(({ length }) => length >= SHORTEST_SECRET).reduce((text, secret) => text.replaceAll(secret, '***'), message);
  return plain.slice(0, LONGEST_MESSAGE).replace(TOKEN_LIKE, '***');
}
