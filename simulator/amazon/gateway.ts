import type { Incoming, Reply } from '../exchange.ts';
import type { Seal } from '../seal.ts';
import { Throttle } from '../throttle.ts';
import type { Access, Caller } from './access.ts';
import type { AmazonFate } from './amazon-faults.ts';
import type { AmazonWorld } from './amazon-world.ts';
import type { App } from './app.ts';
import { header } from './call.ts';
import { DENIALS, Refusal, invalidInput, refusalReply, successReply, unauthorized } from './envelope.ts';
import type { Region } from './marketplaces.ts';
import type { Ledger } from './ledger.ts';
import type { Reports } from './reports.ts';
import { OPERATIONS, type Answer, type Operation } from './operations.ts';

/** What the gateway stands on. */
export interface GatewayGround {
  readonly app: App;
  readonly access: Access;
  readonly world: AmazonWorld;
  readonly seal: Seal;
  readonly reports: Reports;
  readonly ledger: Ledger;
  readonly limits: 'on' | 'off';
}

/** The moment of one request. */
interface Moment {
  readonly nowMs: number;
  readonly fate: AmazonFate;
  readonly requestId: string;
  /** Whose host was called; undefined for one that stands for all. */
  readonly region: Region | undefined;
}

const LONGEST_USER_AGENT = 500;
const QUOTA = ['QuotaExceeded', 'You exceeded your quota for the requested resource.'] as const;
/** One success in so many does not tell the rate. */
const SILENT_EVERY = 10;

/** The API behind its tokens. Checks come in this order: user agent, token, region, path, role, rate, parameters; no signature. */
export class Gateway {
  readonly #ground: GatewayGround;
  readonly #throttle = new Throttle();
  #told = 0;
  #msAhead = 0;

  constructor(ground: GatewayGround) {
    this.#ground = ground;
  }

  /** How far the platform's world has gone on before the clock, with the pages of walks. */
  get msAhead(): number {
    return this.#msAhead;
  }

  answer(request: Incoming, moment: Moment): Reply {
    const { requestId, fate } = moment;
    let operation: Operation | undefined;
    try {
      const caller = this.#callerOf(request, moment);
      const routed = route(request);
      operation = routed.operation;
      const { status = 200, body } = this.#carryOut(request, routed, { ...moment, caller });
      const text = JSON.stringify(body);
      const whole = fate.befalls('truncated') ? text.slice(0, Math.ceil(text.length / 2)) : text;
      return this.#withRate(successReply(status, whole, requestId), operation, fate);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const reply = refusalReply(error, requestId);
      return operation !== undefined && [400, 404].includes(error.status) ? this.#withRate(reply, operation, fate) : reply;
    }
  }

  #callerOf(request: Incoming, { nowMs, fate, region }: Moment): Caller {
    const { access } = this.#ground;
    const agent = header(request, 'user-agent');
    if (!agent || agent.length > LONGEST_USER_AGENT) throw invalidInput('The User-Agent header is missing or too long.');
    const token = header(request, 'x-amz-access-token');
    const at = Math.floor(nowMs / 1000);
    const delay = fate.faults.secretPropagationSeconds;
    if (request.query.has('paginationToken')) this.#turnPage(fate, () => access.callerOf(token, at, 0));
    try {
      const caller = access.callerOf(token, at, delay);
      if (region !== undefined && region !== caller.account.region) throw unauthorized(DENIALS.invalid);
      if (fate.befalls('denied')) throw unauthorized(DENIALS[fate.faults.deniedAs]);
      return caller;
    } catch (error) {
      fate.note('secretPropagationSeconds', delay > 0 && error instanceof Refusal && error.details === DENIALS.secret);
      throw error;
    }
  }

  #carryOut(request: Incoming, { operation, pathParts }: Routed, { caller, nowMs, fate }: Moment & { readonly caller: Caller }): Answer {
    const { access, world, seal, reports, ledger } = this.#ground;
    if (!operation.roles.some((role) => caller.roles.includes(role))) throw unauthorized(DENIALS.role);
    this.#admit(operation, caller, { nowMs, fate });
    if (request.query.has('paginationToken') && fate.befalls('forgottenPages')) throw invalidInput();
    return operation.answer({ ...caller, request, pathParts, access, world, seal, reports, ledger, fate, nowMs: nowMs + this.#msAhead });
  }

  /** What happens between two pages of a walk. */
  #turnPage(fate: AmazonFate, caller: () => Caller): void {
    const { secondsPerPage } = fate.faults;
    this.#msAhead += secondsPerPage * 1000;
    fate.note('secondsPerPage', secondsPerPage > 0);
    if (fate.befalls('expiringTokens')) this.#ground.access.expireAll();
    if (fate.befalls('deauthorized')) this.#ground.access.withdraw(caller().account);
  }

  /** The bucket is the seller's, the app's and the region's, which one account stands for, and the operation's. */
  #admit({ id, allowance }: Operation, { account }: Caller, { nowMs, fate }: Pick<Moment, 'nowMs' | 'fate'>): void {
    const key = `${this.#ground.app.clientId} ${account.id} ${id}`;
    for (let call = 0; call < fate.faults.foreignDrain; call++) this.#throttle.take(key, allowance, nowMs);
    const wait = this.#ground.limits === 'on' ? this.#throttle.take(key, allowance, nowMs) : 0;
    fate.note('foreignDrain', fate.faults.foreignDrain > 0);
    if (wait > 0 || fate.befalls('tooManyRequests')) throw new Refusal(429, ...QUOTA);
    if (fate.befalls('throttledWithin200')) throw new Refusal(200, ...QUOTA);
    if (fate.befalls('internal')) throw new Refusal(500, 'InternalFailure', 'We encountered an internal error. Please try again.');
  }

  #withRate(reply: Reply, { allowance }: Operation, fate: AmazonFate): Reply {
    const { saidRate } = fate.faults;
    if (this.#told++ % SILENT_EVERY === SILENT_EVERY - 1) return reply;
    fate.note('saidRate', saidRate > 0);
    const rate = allowance.perSecond * (saidRate > 0 ? saidRate : 1);
    return { ...reply, headers: { ...reply.headers, 'x-amzn-ratelimit-limit': String(Number(rate.toPrecision(4))) } };
  }
}

interface Routed {
  readonly operation: Operation;
  readonly pathParts: string[];
}

/** @throws Refusal 403 without a word for a path or method that is none */
function route({ method, path }: Incoming): Routed {
  const parts = path.split('/');
  const operation = OPERATIONS.find((each) => {
    const wanted = each.path.split('/');
    return (
      each.method === method &&
      wanted.length === parts.length &&
      wanted.every((part, place) => part === parts[place] || (part === '*' && parts[place] !== ''))
    );
  });
  if (operation === undefined) throw unauthorized(DENIALS.role);
  return { operation, pathParts: parts.filter((_, place) => operation.path.split('/')[place] === '*').map(decodeURIComponent) };
}
