import { createHmac, timingSafeEqual } from 'node:crypto';

/** Makes and opens texts that say everything themselves, so that a restart with the same secret knows them still. */
export class Seal {
  readonly #secret: Buffer;

  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** A text of letters, digits, `-`, `_` and one dot. */
  close(value: object): string {
    const text = Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${text}.${this.#mac(text)}`;
  }

  /** What was sealed; undefined for anything that this secret did not seal. */
  open(sealed: string): object | undefined {
    const [, text, mac] = /^([\w-]+)\.([\w-]+)$/.exec(sealed) ?? [];
    if (text === undefined || mac === undefined) return undefined;
    const expected = this.#mac(text);
    if (expected.length !== mac.length || !timingSafeEqual(Buffer.from(expected), Buffer.from(mac))) return undefined;
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as object;
  }

  /** A word for something that must not be guessed, the same each time. */
  name(...parts: readonly string[]): string {
    return createHmac('sha256', this.#secret).update(parts.join('\n')).digest('base64url');
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url').slice(0, 22);
  }
}
