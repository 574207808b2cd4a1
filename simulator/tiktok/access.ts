import { randomBytes } from 'node:crypto';
import type { Memory } from '../memory.ts';
import { ACCOUNTS, type Account, type TikTokShop } from './shops.ts';
import type { App } from './apps.ts';
import { Refusal } from './envelope.ts';
import type { Claims, Seals } from './seals.ts';

const CODE_SECONDS = 30 * 60;
const DAY = 86_400;

/** How tokens behave. */
export interface AccessOptions {
  readonly accessTokenSeconds: number;
  readonly refreshTokenDays: number;
  /** Whether a refresh token is still good after it has been used. */
  readonly rotation: 'lenient' | 'strict';
  readonly scopes: readonly string[];
}

/** The pair of tokens an exchange or a refresh gives. */
export interface TokenPair {
  readonly account: Account;
  readonly accessToken: string;
  readonly accessExpires: number;
  readonly refreshToken: string;
  readonly refreshExpires: number;
}

/** Who may do what: hands out codes and tokens, and reads them again. All times in seconds. */
export class Access {
  readonly options: AccessOptions;
  readonly #seals: Seals;
  readonly #memory: Memory;

  constructor(seals: Seals, memory: Memory, options: AccessOptions) {
    this.#seals = seals;
    this.#memory = memory;
    this.options = options;
  }

  /** A code for one seller's consent, good once and for half an hour. */
  grantCode(app: App, account: Account, now: number): string {
    return this.#seal(app, account.id, {
      use: 'code',
      grant: randomBytes(9).toString('base64url'),
      rotation: 0,
      issued: now,
      expires: now + CODE_SECONDS,
    });
  }

  /** @throws Refusal 36004004 for a code that is unknown, used, too old or another app's */
  exchange(app: App, code: string, now: number): TokenPair {
    const claims = this.#seals.open(code);
    const isGood = claims?.use === 'code' && claims.app === app.kind && claims.expires > now && !this.#isWithdrawn(claims);
    if (!isGood || !this.#memory.useCode(claims.grant))
      throw new Refusal(200, 36004004, 'The authorization code is invalid, expired or already used');
    return this.#pair(app, claims, { now, rotation: 0, refreshExpires: now + Math.round(this.options.refreshTokenDays * DAY) });
  }

  /** @throws Refusal 36004001 for a refresh token that is unknown, expired, withdrawn or, in strict rotation, used before */
  refresh(app: App, token: string, now: number): TokenPair {
    const claims = this.#seals.open(token);
    if (claims?.use !== 'refresh' || claims.app !== app.kind) throw new Refusal(200, 36004001, 'The refresh token is invalid');
    if (claims.expires <= now || this.#isWithdrawn(claims)) throw new Refusal(200, 36004001, 'rt has expired, please authorize again');
    const isUsed = claims.rotation < this.#memory.rotationOf(claims.grant);
    if (isUsed && this.options.rotation === 'strict') throw new Refusal(200, 36004001, 'The refresh token has been used already');
    // The end of the seller's authorization does not move.
    return this.#pair(app, claims, { now, rotation: this.#memory.rotate(claims.grant), refreshExpires: claims.expires });
  }

  /**
   * The account an access token speaks for.
   * @throws Refusal 36009004 for no token of ours, 105002 for one that expired or was withdrawn
   */
  accountOf(app: App, token: string | undefined, now: number): Account {
    const claims = token === undefined ? undefined : this.#seals.open(token);
    const account = ACCOUNTS.find(({ id }) => id === claims?.account);
    if (claims?.use !== 'access' || claims.app !== app.kind || account === undefined) {
      throw new Refusal(401, 36009004, 'Invalid credentials. The value of the x-tts-access-token header (access_token) is invalid');
    }
    const isOver = claims.expires <= now || claims.expiries < this.#memory.expiries || this.#isWithdrawn(claims);
    if (isOver) throw new Refusal(401, 105002, 'Expired credentials. The access_token has expired. Refresh it and try again');
    return account;
  }

  /** Every access token given out so far has expired. */
  expireAll(): void {
    this.#memory.expireAccessTokens();
  }

  /** The seller withdraws the authorization: all tokens of the account are void. */
  withdraw(account: Account): void {
    this.#memory.withdraw(account.id);
  }

  /** The routing credential of a shop for one app. */
  cipherOf(app: App, shop: TikTokShop): string {
    return `${app.kind}_${this.#seals.name('cipher', app.key, shop.id).slice(0, 26)}`;
  }

  openIdOf(app: App, account: Account): string {
    return this.#seals.name('open id', app.key, account.id).padEnd(50, '0');
  }

  #isWithdrawn({ account, withdrawals }: Claims): boolean {
    return withdrawals < this.#memory.withdrawalsOf(account);
  }

  #pair(
    app: App,
    { account, grant }: Claims,
    { now, rotation, refreshExpires }: { now: number; rotation: number; refreshExpires: number },
  ): TokenPair {
    const accessExpires = now + this.options.accessTokenSeconds;
    const common = { grant, rotation, issued: now };
    return {
      account: ACCOUNTS.find(({ id }) => id === account)!,
      accessToken: this.#seal(app, account, { ...common, use: 'access', expires: accessExpires }),
      accessExpires,
      refreshToken: this.#seal(app, account, { ...common, use: 'refresh', expires: refreshExpires }),
      refreshExpires,
    };
  }

  #seal(app: App, account: string, rest: Omit<Claims, 'app' | 'account' | 'withdrawals' | 'expiries'>): string {
    return this.#seals.seal({
      ...rest,
      app: app.kind,
      account,
      withdrawals: this.#memory.withdrawalsOf(account),
      expiries: this.#memory.expiries,
    });
  }
}
