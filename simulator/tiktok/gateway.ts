import type { Incoming, Reply } from '../exchange.ts';
import type { Account, TikTokShop } from './shops.ts';
import type { Stock } from '../trade/stock.ts';
import type { TikTokWorld } from './tiktok-world.ts';
import type { Access } from './access.ts';
import type { App } from './apps.ts';
import { header, type Indexes } from './call.ts';
import { Refusal, invalidParam, refusalReply, successReply } from './envelope.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { sameSignature, signatureOf } from './signature.ts';
import { Throttle, type Allowance } from '../throttle.ts';
import type { TikTokFate } from './tiktok-faults.ts';

/** What the gateway stands on. */
export interface GatewayGround {
  readonly apps: readonly App[];
  readonly access: Access;
  readonly world: TikTokWorld;
  readonly changes: Indexes;
  readonly stock: Stock;
  /** How calls are counted: by endpoint, not at all, or together as for a development shop. */
  readonly limits: 'on' | 'off' | 'sandbox';
}

/** The moment of one request. */
interface Moment {
  readonly now: Temporal.Instant;
  readonly fate: TikTokFate;
  readonly requestId: string;
}

const EARLIEST_SECONDS = 300;
const LATEST_SECONDS = 30;
/** A development shop has 1,000 calls an hour for everything. */
const SANDBOX: Allowance = { perSecond: 1000 / 3600, burst: 1000 };

/** The signed API. Checks come in TikTok's order: path, method, app key, timestamp, signature, token, scope, cipher, rate, parameters. */
export class Gateway {
  readonly #ground: GatewayGround;
  readonly #throttle = new Throttle();
  #refusals = 0;
  #secondsAhead = 0;

  constructor(ground: GatewayGround) {
    this.#ground = ground;
  }

  /** How far the platform's world has gone on before the clock, with the pages of walks. */
  get secondsAhead(): number {
    return this.#secondsAhead;
  }

  answer(request: Incoming, { now, fate, requestId }: Moment): Reply {
    try {
      return successReply(this.#data(request, now, fate), requestId);
    } catch (error) {
      if (error instanceof Refusal) return refusalReply(error, requestId);
      throw error;
    }
  }

  #data(request: Incoming, now: Temporal.Instant, fate: TikTokFate): string {
    const { apps, access, world, changes, stock } = this.#ground;
    const at = Math.floor(now.epochMilliseconds / 1000);
    const { operation, pathParts } = route(request);
    const app = apps.find(({ key }) => key === request.query.get('app_key'));
    if (app === undefined) throw new Refusal(400, 36009004, 'Invalid app_key. Check the app_key in Partner Center');
    checkTimestamp(request.query.get('timestamp'), at);
    checkSignature(request, app);
    const token = header(request, 'x-tts-access-token');
    if (fate.befalls('refusedTokenHeader')) throw new Refusal(401, 36009005, 'Invalid credentials. The access token header is invalid');
    if (request.query.has('page_token')) this.#turnPage(fate, () => access.accountOf(app, token, at));
    const account = access.accountOf(app, token, at);
    if (!access.options.scopes.includes(operation.scope))
      throw new Refusal(403, 105005, `Access denied. The app lacks the scope ${operation.scope}`);
    const call = { request, pathParts, app, account, access, world, changes, stock, fate, at: at + this.#secondsAhead };
    const cipher = request.query.get('shop_cipher');
    if (!operation.takesCipher) {
      if (cipher !== undefined) throw new Refusal(400, 36009004, 'Unexpected identifier. shop_cipher is not required for this API');
      this.#admit(operation, `${app.key} ${account.id}`, { now, fate });
      return operation.answer(call);
    }
    if (!cipher) throw new Refusal(400, 106013, 'shop_cipher is missing');
    const shop = account.shops.find((each) => access.cipherOf(app, each) === cipher);
    if (shop === undefined) throw new Refusal(401, 101000, 'The shop_cipher does not match the access_token');
    this.#admit(operation, `${app.key} ${shop.id}`, { now, fate });
    if (request.query.has('page_token') && fate.befalls('forgottenPages')) throw invalidParam('page_token is not known any more');
    return operation.answer({ ...call, shop } satisfies typeof call & { shop: TikTokShop });
  }

  /** What happens between two pages of a walk. */
  #turnPage(fate: TikTokFate, caller: () => Account): void {
    const { access } = this.#ground;
    const { secondsPerPage } = fate.faults;
    this.#secondsAhead += secondsPerPage;
    fate.note('secondsPerPage', secondsPerPage > 0);
    if (fate.befalls('expiringTokens')) access.expireAll();
    if (fate.befalls('deauthorized')) access.withdraw(caller());
  }

  #admit({ path, allowance }: Operation, caller: string, { now, fate }: Omit<Moment, 'requestId'>): void {
    const { limits } = this.#ground;
    const [key, allowed] = limits === 'sandbox' ? [caller, SANDBOX] : [`${caller} ${path}`, allowance];
    const wait = limits === 'off' ? 0 : this.#throttle.take(key, allowed, now.epochMilliseconds);
    if (wait > 0 || fate.befalls('tooManyRequests')) throw this.#tooMany(Math.max(1, Math.ceil(wait)), now);
    if (fate.befalls('throttledWithin200')) throw new Refusal(200, 36009002, 'Too many requests. Please try again later');
    if (fate.befalls('internal')) throw new Refusal(500, 36009003, 'Internal error. Please try again later');
    if (fate.befalls('timeout')) throw new Refusal(504, 36009007, 'Request timeout. Please try again later');
  }

  /** Every second refusal says when to come back as a date, the others in seconds: both are allowed. */
  #tooMany(seconds: number, now: Temporal.Instant): Refusal {
    const isDate = this.#refusals++ % 2 === 1;
    const after = isDate ? new Date(Math.ceil(now.epochMilliseconds / 1000) * 1000 + seconds * 1000).toUTCString() : String(seconds);
    return new Refusal(429, 36009002, 'Too many requests. Please try again later', { 'retry-after': after });
  }
}

function route({ method, path }: Incoming): { operation: Operation; pathParts: string[] } {
  const parts = path.split('/');
  const version = parts[2] ?? '';
  const matches = OPERATIONS.filter((operation) => fits(operation.path.split('/'), parts));
  if (matches.length === 0 || !/^\d{6}$/.test(version))
    throw new Refusal(404, 36009009, 'Invalid path. Check the request path and version');
  const ofVersion = matches.filter(({ versions }) => versions.includes(version));
  if (ofVersion.length === 0) throw new Refusal(400, 36009014, `Invalid API version ${version}`);
  const operation = ofVersion.find((each) => each.method === method);
  if (operation === undefined) throw new Refusal(405, 36009010, `Invalid request method ${method}`);
  return { operation, pathParts: parts.filter((_, place) => operation.path.split('/')[place] === '*') };
}

function fits(wanted: readonly string[], parts: readonly string[]): boolean {
  return (
    wanted.length === parts.length &&
    wanted.every((part, place) => part === parts[place] || part === 'VERSION' || (part === '*' && parts[place] !== ''))
  );
}

function checkTimestamp(text: string | undefined, at: number): void {
  const refuse = (why: string): Refusal => new Refusal(400, 36009004, `Invalid timestamp. The timestamp is ${why}`);
  if (!text) throw new Refusal(400, 36009004, 'Missing credentials. The timestamp is absent');
  const seconds = Number(text);
  if (seconds < 0) throw refuse('lesser than 0');
  if (!/^\d+$/.test(text) || seconds < at - EARLIEST_SECONDS) throw refuse('earlier than 5 minutes ago');
  if (seconds > at + LATEST_SECONDS) throw refuse('more than 30 seconds in the future');
}

function checkSignature(request: Incoming, app: App): void {
  const sign = request.query.get('sign');
  if (!sign) throw new Refusal(400, 36009004, 'Missing credentials. The sign is absent');
  const { path, query, body } = request;
  const expected = signatureOf(app.secret, { path, query, body, contentType: header(request, 'content-type') });
  if (!sameSignature(sign, expected)) throw new Refusal(401, 106001, 'Invalid signature. Check the sign and the app secret');
}
