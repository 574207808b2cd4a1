const SCRATCH = new BigInt64Array(1);
const HALVES = new Int32Array(SCRATCH.buffer);
/** No text is so long, and with {@link NOWHERE} above it, no integer so small. */
const NOTHING = -1;
const NOWHERE = 1 << 31;

/**
 * Tells lists of values apart by 63 bits, the same on every machine. Two halves are mixed apart, each step one to one: lists
 * that differ in one character or small number never meet, others by a chance of one in 2^63. Not for what somebody may forge.
 */
export class Fingerprint {
  #a = 0x243f6a88;
  #b = 0x13198a2e;

  /** Texts are told apart by their length, too: "ab", "c" is not "a", "bc"; null is not "". */
  text(value: string | null): this {
    if (value === null) return this.#mix(NOTHING);
    this.#mix(value.length);
    let [a, b] = [this.#a, this.#b];
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x9e3779b1);
      a ^= a >>> 15;
      b = Math.imul(b ^ unit, 0x85ebca6b);
      b ^= b >>> 13;
    }
    this.#a = a;
    this.#b = b;
    return this;
  }

  /** An integer of 63 bits, the same for a number and a bigint of one value; null is none of them. */
  whole(value: bigint | number | null): this {
    if (value === null) return this.#mix(NOTHING).#mix(NOWHERE);
    if (typeof value === 'number') return this.#mix(value | 0).#mix(Math.floor(value / 2 ** 32));
    SCRATCH[0] = value;
    return this.#mix(HALVES[0]!).#mix(HALVES[1]!);
  }

  /** What came out, from 0 to 2^63 - 1. */
  value(): bigint {
    HALVES[0] = this.#a;
    HALVES[1] = this.#b >>> 1;
    return SCRATCH[0]!;
  }

  #mix(word: number): this {
    this.#a = Math.imul(this.#a ^ word, 0x9e3779b1);
    this.#a ^= this.#a >>> 15;
    this.#b = Math.imul(this.#b ^ word, 0x85ebca6b);
    this.#b ^= this.#b >>> 13;
    return this;
  }
}
