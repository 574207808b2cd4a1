import { randomBytes } from 'node:crypto';
import type { Memory } from '../memory.ts';
import { Seal } from '../seal.ts';
import { DENIALS, unauthorized } from './envelope.ts';
import { LwaRefusal, invalidGrant } from './lwa-refusal.ts';
import type { Secrets } from './secrets.ts';
import { ACCOUNTS, type Account } from './shops.ts';

/** What a seller may let an app do; the restricted ones show personal data. */
export const ROLES = {
  orders: 'Inventory and Order Tracking',
  finance: 'Finance and Accounting',
  listing: 'Product Listing',
  fulfillment: 'Amazon Fulfillment',
  insights: 'Selling Partner Insights',
  shipping: 'Direct-to-Consumer Shipping (Restricted)',
} as const;
/** One of them. */
export type Role = keyof typeof ROLES;

const MINUTE = 60;
const DAY = 86_400;
const SCOPES = new Set(['sellingpartnerapi::notifications', 'sellingpartnerapi::client_credential:rotation']);

/** What a code or token says of itself; times in seconds. */
interface Claims {
  readonly use: 'code' | 'entry' | 'access' | 'refresh' | 'grantless';
  readonly account: string;
  /** One consent; all tokens that came of it carry the same. */
  readonly grant: string;
  readonly issued: number;
  readonly expires: number;
  readonly withdrawals: number;
  readonly expiries: number;
  /** Frozen when the seller consents. */
  readonly roles: readonly Role[];
  /** Which of the app's client secrets it was asked for with. */
  readonly secret: number;
}

/** How tokens behave. */
export interface AccessOptions {
  readonly accessTokenSeconds: number;
  /** Negative or zero: every consent is over already. */
  readonly consentDays: number;
  /** What the app asks for, and so what a seller who consents grants. */
  readonly roles: readonly Role[];
}

/** Whom a call is made for. */
export interface Caller {
  readonly account: Account;
  readonly roles: readonly Role[];
}

/** Who may do what: hands out codes and tokens, and reads them again. All times in seconds. */
export class Access {
  readonly options: AccessOptions;
  readonly #seal: Seal;
  readonly #memory: Memory;
  readonly #secrets: Secrets;

  constructor({ seal, memory, secrets }: { seal: Seal; memory: Memory; secrets: Secrets }, options: AccessOptions) {
    this.#seal = seal;
    this.#memory = memory;
    this.#secrets = secrets;
    this.options = options;
  }

  /** A code for one seller's consent, good once and for five minutes. */
  grantCode(account: Account, now: number): string {
    const grant = randomBytes(9).toString('base64url');
    return `AN${this.#close(account, { use: 'code', grant, issued: now, expires: now + 5 * MINUTE })}`;
  }

  /** What Amazon's own entry gives along, to be handed back unchanged within ten minutes. */
  entryState(account: Account, now: number): string {
    return this.#close(account, { use: 'entry', grant: 'entry', issued: now, expires: now + 10 * MINUTE });
  }

  /** Whose entry it was; undefined for a state that is none or too old. */
  accountOfEntry(state: string, now: number): Account | undefined {
    const claims = this.#open(state);
    return claims?.use === 'entry' && claims.expires > now ? accountOf(claims) : undefined;
  }

  /** @throws LwaRefusal for a code that is unknown, used or too old */
  exchange(code: string, secret: number, now: number): Record<string, unknown> {
    const claims = code.startsWith('AN') ? this.#open(code.slice(2)) : undefined;
    if (claims?.use !== 'code' || claims.expires <= now || this.#isWithdrawn(claims) || !this.#memory.useCode(claims.grant))
      throw invalidGrant('code');
    const account = accountOf(claims)!;
    const rest = { grant: claims.grant, issued: now, expires: now + Math.round(this.options.consentDays * DAY) };
    return this.#tokens({ ...claims, secret }, `Atzr|${this.#close(account, { ...rest, use: 'refresh' })}`, now);
  }

  /** The same refresh token comes back. @throws LwaRefusal for one that is unknown, withdrawn or over */
  refresh(token: string, secret: number, now: number): Record<string, unknown> {
    const claims = this.#openToken(token, 'Atzr|');
    if (claims?.use !== 'refresh' || claims.expires <= now || this.#isWithdrawn(claims)) throw invalidGrant('refresh_token');
    return this.#tokens({ ...claims, secret }, token, now);
  }

  /** A token that speaks for no seller. @throws LwaRefusal for a scope that is none */
  grantless(scope: string, secret: number, now: number): Record<string, unknown> {
    if (!SCOPES.has(scope)) throw new LwaRefusal(400, 'invalid_scope', `The request has an invalid scope parameter : ${scope}`);
    const claims = {
      use: 'grantless',
      account: '',
      grant: scope,
      issued: now,
      expires: now + this.options.accessTokenSeconds,
      secret,
    } as const;
    const state = { withdrawals: 0, expiries: this.#memory.expiries, roles: [] };
    const token = `Atza|${this.#seal.close({ ...claims, ...state } satisfies Claims)}`;
    return { access_token: token, token_type: 'bearer', expires_in: this.options.accessTokenSeconds, scope };
  }

  /** @throws Refusal 403 with what is wrong about the token in its details */
  callerOf(token: string | undefined, now: number, secretDelay: number): Caller {
    if (token === undefined || token === '') throw unauthorized(DENIALS.missing);
    const claims = this.#openToken(token, 'Atza|');
    if (claims === undefined || (claims.use !== 'access' && claims.use !== 'grantless')) throw unauthorized(DENIALS.invalid);
    if (this.#isWithdrawn(claims)) throw unauthorized(DENIALS.invalid);
    if (claims.expires <= now || claims.expiries < this.#memory.expiries) throw unauthorized(DENIALS.expired);
    if (!this.#secrets.isGood(claims.secret, now, secretDelay)) throw unauthorized(DENIALS.secret);
    const account = accountOf(claims);
    if (account === undefined) throw unauthorized(DENIALS.role);
    return { account, roles: claims.roles };
  }

  /** The seller that a code or token speaks for, whether it is good or not. */
  accountIn(token: string): Account | undefined {
    const claims = this.#openToken(token, 'Atza|') ?? this.#openToken(token, 'Atzr|') ?? this.#openToken(token, 'AN');
    return claims && accountOf(claims);
  }

  /** Every access token given out so far has expired. */
  expireAll(): void {
    this.#memory.expireAccessTokens();
  }

  /** The seller withdraws the consent: all tokens of the account are void. */
  withdraw(account: Account): void {
    this.#memory.withdraw(account.id);
  }

  #tokens(claims: Claims, refreshToken: string, now: number): Record<string, unknown> {
    const { accessTokenSeconds } = this.options;
    const access = { ...claims, use: 'access', issued: now, expires: now + accessTokenSeconds, expiries: this.#memory.expiries } as const;
    const token = `Atza|${this.#seal.close(access satisfies Claims)}`;
    return { access_token: token, refresh_token: refreshToken, token_type: 'bearer', expires_in: accessTokenSeconds };
  }

  #isWithdrawn({ account, withdrawals }: Claims): boolean {
    return withdrawals < this.#memory.withdrawalsOf(account);
  }

  #close(account: Account, rest: Pick<Claims, 'use' | 'grant' | 'issued' | 'expires'>): string {
    const withdrawals = this.#memory.withdrawalsOf(account.id);
    const claims: Claims = { ...rest, account: account.id, withdrawals, expiries: 0, roles: this.options.roles, secret: 0 };
    return this.#seal.close(claims);
  }

  #openToken(token: string, prefix: string): Claims | undefined {
    return token.startsWith(prefix) ? this.#open(token.slice(prefix.length)) : undefined;
  }

  #open(sealed: string): Claims | undefined {
    return this.#seal.open(sealed) as Claims | undefined;
  }
}

function accountOf({ account }: Claims): Account | undefined {
  return ACCOUNTS.find(({ id }) => id === account);
}
