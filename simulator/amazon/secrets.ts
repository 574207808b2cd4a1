import type { Memory } from '../memory.ts';
import type { Seal } from '../seal.ts';

const DAY = 86_400;
/** How long the old secret lives on beside a new one. */
const OVERLAP_SECONDS = 7 * DAY;
const NAME = 'client secret';

/** The app's client secrets, one after the other; all times in seconds. */
export class Secrets {
  readonly #seal: Seal;
  readonly #memory: Memory;
  /** When each was made and ends, as far as this process has seen it. */
  readonly #made = new Map<number, number>();
  readonly #ends = new Map<number, number>();

  constructor(seal: Seal, memory: Memory) {
    this.#seal = seal;
    this.#memory = memory;
  }

  /** The newest. */
  get current(): string {
    return this.#secretOf(this.#memory.rotationOf(NAME));
  }

  /** Makes a new one; the one before it ends after seven days. */
  rotate(now: number): string {
    this.#ends.set(this.#memory.rotationOf(NAME), now + OVERLAP_SECONDS);
    const number = this.#memory.rotate(NAME);
    this.#made.set(number, now);
    return this.#secretOf(number);
  }

  /** The newest one is over from now on, as after 180 days. */
  expire(now: number): void {
    this.#ends.set(this.#memory.rotationOf(NAME), now);
  }

  /** Which of them this is, whether it is over or not; undefined for none. */
  numberOf(secret: string): number | undefined {
    for (let number = this.#memory.rotationOf(NAME); number >= 0; number--) if (this.#secretOf(number) === secret) return number;
    return undefined;
  }

  /** Whether a token asked for with it is let in: until it ends, and once a new one has become known everywhere. */
  isGood(number: number, now: number, delaySeconds: number): boolean {
    return now < (this.#ends.get(number) ?? Infinity) && now >= (this.#made.get(number) ?? -Infinity) + delaySeconds;
  }

  #secretOf(number: number): string {
    return `amzn1.oa2-cs.v1.${this.#seal.name(NAME, String(number)).replace(/[^\w]/g, '0')}`;
  }
}
