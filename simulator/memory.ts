import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The little the simulator remembers; everything else follows from the seed and the tokens themselves. */
interface Remembered {
  usedCodes: string[];
  /** By consent: how often its tokens were refreshed. */
  rotations: Record<string, number>;
  /** By account: how often its authorization was withdrawn. */
  withdrawals: Record<string, number>;
  /** How often all access tokens were declared expired. */
  expiries: number;
}

/** Used codes, rotations and withdrawn authorizations; kept in a file when one is named, so that a restart goes on. */
export class Memory {
  readonly #path: string | undefined;
  readonly #usedCodes: Set<string>;
  readonly #state: Remembered;

  constructor(path: string | undefined) {
    this.#path = path;
    this.#state = { usedCodes: [], rotations: {}, withdrawals: {}, expiries: 0, ...(path === undefined ? {} : read(path)) };
    this.#usedCodes = new Set(this.#state.usedCodes);
  }

  /** Marks a code as used; false when it was already. */
  useCode(nonce: string): boolean {
    if (this.#usedCodes.has(nonce)) return false;
    this.#usedCodes.add(nonce);
    this.#save();
    return true;
  }

  rotationOf(grant: string): number {
    return this.#state.rotations[grant] ?? 0;
  }

  rotate(grant: string): number {
    const rotation = this.rotationOf(grant) + 1;
    this.#state.rotations[grant] = rotation;
    this.#save();
    return rotation;
  }

  withdrawalsOf(account: string): number {
    return this.#state.withdrawals[account] ?? 0;
  }

  withdraw(account: string): void {
    this.#state.withdrawals[account] = this.withdrawalsOf(account) + 1;
    this.#save();
  }

  get expiries(): number {
    return this.#state.expiries;
  }

  expireAccessTokens(): void {
    this.#state.expiries++;
    this.#save();
  }

  #save(): void {
    if (this.#path === undefined) return;
    const draft = `${this.#path}.${process.pid}.new`;
    writeFileSync(draft, JSON.stringify({ ...this.#state, usedCodes: [...this.#usedCodes] }));
    renameSync(draft, this.#path);
  }
}

function read(path: string): Partial<Remembered> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<Remembered>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
