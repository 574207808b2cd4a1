import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AppKind } from './shops.ts';

/** What a code or token says of itself. */
export interface Claims {
  readonly use: 'code' | 'access' | 'refresh';
  readonly app: AppKind;
  readonly account: string;
  /** One consent; all tokens that came of it carry the same. */
  readonly grant: string;
  /** How often the consent had been refreshed. */
  readonly rotation: number;
  /** How often the account had withdrawn its authorization, and all access tokens had been declared expired. */
  readonly withdrawals: number;
  readonly expiries: number;
  readonly issued: number;
  readonly expires: number;
}

/** Makes and opens codes and tokens that say everything themselves, so that a restart with the same seed knows them still. */
export class Seals {
  readonly #secret: Buffer;

  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  seal(claims: Claims): string {
    const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${claims.app === 'US' ? 'TTP' : 'ROW'}_${text}.${this.#mac(text)}`;
  }

  /** The claims; undefined for anything this simulator did not seal. */
  open(sealed: string): Claims | undefined {
    const [, text, mac] = /^(?:TTP|ROW)_([\w-]+)\.([\w-]+)$/.exec(sealed) ?? [];
    if (text === undefined || mac === undefined) return undefined;
    const expected = this.#mac(text);
    if (expected.length !== mac.length || !timingSafeEqual(Buffer.from(expected), Buffer.from(mac))) return undefined;
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Claims;
  }

  /** A word for something that must not be guessed, the same each time: ciphers, open ids. */
  name(...parts: readonly string[]): string {
    return createHmac('sha256', this.#secret).update(parts.join('\n')).digest('base64url');
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url').slice(0, 22);
  }
}
