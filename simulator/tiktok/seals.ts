import { Seal } from '../seal.ts';
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

/** Makes and opens codes and tokens that say everything themselves. */
export class Seals {
  readonly #seal: Seal;

  constructor(secret: Buffer) {
    this.#seal = new Seal(secret);
  }

  seal(claims: Claims): string {
    return `${claims.app === 'US' ? 'TTP' : 'ROW'}_${this.#seal.close(claims)}`;
  }

  /** The claims; undefined for anything this simulator did not seal. */
  open(sealed: string): Claims | undefined {
    const [, inner] = /^(?:TTP|ROW)_(.+)$/s.exec(sealed) ?? [];
    return inner === undefined ? undefined : (this.#seal.open(inner) as Claims | undefined);
  }

  /** A word for something that must not be guessed, the same each time: ciphers, open ids. */
  name(...parts: readonly string[]): string {
    return this.#seal.name(...parts);
  }
}
