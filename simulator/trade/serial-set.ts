import { FIRST_RUSH_SERIAL } from './calendar.ts';

/** Serials, one bit for each; those of rushes, which lie far apart, are not kept. */
export class SerialSet {
  #bits = new Uint8Array(4096);

  has(serial: number): boolean {
    return (this.#bits[serial >>> 3]! & (1 << (serial & 7))) !== 0;
  }

  add(serial: number): void {
    if (serial >= FIRST_RUSH_SERIAL) return;
    const byte = serial >>> 3;
    if (byte >= this.#bits.length) {
      const longer = new Uint8Array(Math.max(byte + 1, this.#bits.length * 2));
      longer.set(this.#bits);
      this.#bits = longer;
    }
    this.#bits[byte]! |= 1 << (serial & 7);
  }
}
