import type { Random } from '../random.ts';
import { Walk } from './walk.ts';

/**
 * How far a return has come; their places in this list stand for them in tables. Asked for; refused; to be sent back; on its way back; what
 * came back refused; granted; withdrawn; refunded; part of the money offered; replaced.
 */
export const RETURN_STAGES = [
  'asked',
  'refused',
  'toSendBack',
  'sentBack',
  'turnedBack',
  'granted',
  'withdrawn',
  'refunded',
  'offered',
  'replaced',
] as const;
/** One of them. */
export type ReturnStage = (typeof RETURN_STAGES)[number];
/** What the buyer asks for: the money alone, the money for what is sent back, or another piece. */
export type ReturnType = 'money' | 'sendBack' | 'replacement';
/** Where the platform's judgement stands. */
export type Arbitration = 'open' | 'forBuyer' | 'forSeller' | 'closed';

/** Part of the money, offered by the seller instead of a return. */
export interface PartialOffer {
  readonly offered: number;
  /** Of the money for the pieces. */
  readonly share: number;
  readonly rejected: number | undefined;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Walks through one return, by chance, from the buyer's request to its end. */
export class ReturnWalk {
  readonly #walk: Walk<ReturnStage>;
  readonly #random: Random;
  readonly arbitration: (Arbitration | undefined)[] = [];
  offer: PartialOffer | undefined;

  constructor(random: Random, opened: number) {
    this.#walk = new Walk(RETURN_STAGES, opened);
    this.#random = random;
  }

  get now(): number {
    return this.#walk.now;
  }

  get stages(): readonly number[] {
    return this.#walk.stages;
  }

  get times(): readonly number[] {
    return this.#walk.times;
  }

  /** The buyer asks for money and sends nothing back. */
  moneyOnly(): void {
    this.#enter('asked', 0);
    const share = this.#random.next();
    if (share < 0.09) return this.#partial();
    if (share < 0.14) return this.#enter('refused', this.#between(3 * HOUR, 3 * DAY));
    if (share < 0.18) return this.#judged();
    if (share < 0.21) return this.#enter('withdrawn', this.#between(HOUR, 2 * DAY));
    this.#refund(this.#between(20 * MINUTE, 3 * DAY));
  }

  /** The buyer sends something back for money. */
  sentBack(): void {
    this.#enter('asked', 0);
    const share = this.#random.next();
    if (share < 0.04) return this.#enter('refused', this.#between(3 * HOUR, 3 * DAY));
    if (share < 0.055) return this.#judged();
    if (share < 0.085) return this.#enter('withdrawn', this.#between(HOUR, 2 * DAY));
    if (share < 0.105) {
      this.#enter('refused', this.#between(3 * HOUR, 2 * DAY));
      this.#enter('refused', this.#between(2 * HOUR, DAY), 'open');
      this.#enter('toSendBack', this.#between(DAY, 5 * DAY), 'forBuyer');
    } else {
      this.#enter('toSendBack', this.#between(10 * MINUTE, 2 * DAY));
    }
    if (this.#random.chance(0.07)) return this.#enter('withdrawn', 7 * DAY);
    this.#enter('sentBack', this.#between(5 * HOUR, 5 * DAY));
    this.#walk.wait(this.#between(2 * DAY, 8 * DAY));
    if (this.#random.chance(0.05)) return this.#received();
    this.#refund(0);
  }

  /** The buyer wants another one. */
  replacement(): void {
    this.#enter('asked', 0);
    const share = this.#random.next();
    if (share < 0.14) return this.#enter('refused', this.#between(3 * HOUR, 3 * DAY));
    if (share < 0.24) return this.#enter('withdrawn', this.#between(HOUR, 2 * DAY));
    if (share < 0.46) return this.#enter('refunded', this.#between(5 * HOUR, 4 * DAY));
    this.#enter('replaced', this.#between(5 * HOUR, 4 * DAY));
  }

  /** The buyer takes the request back. */
  takenBack(): void {
    this.#enter('asked', 0);
    this.#enter('withdrawn', this.#between(20 * MINUTE, DAY));
  }

  /** The seller offers a part, which two of three buyers take. */
  #partial(): void {
    this.#enter('offered', this.#between(2 * HOUR, 2 * DAY));
    const offered = this.now;
    const share = this.#random.pick([0.3, 0.4, 0.5]);
    this.#walk.wait(this.#between(2 * HOUR, 2 * DAY));
    const isTaken = this.#random.chance(0.66);
    this.offer = { offered, share, rejected: isTaken ? undefined : this.now };
    if (!isTaken) this.#enter('asked', 0);
    this.#refund(isTaken ? 0 : this.#between(3 * HOUR, 2 * DAY));
  }

  /** The seller refuses, the buyer calls the platform. */
  #judged(): void {
    this.#enter('refused', this.#between(3 * HOUR, 2 * DAY));
    this.#enter('refused', this.#between(2 * HOUR, DAY), 'open');
    this.#judge();
  }

  /** The seller does not accept what came back. */
  #received(): void {
    this.#enter('turnedBack', 0);
    this.#enter('turnedBack', this.#between(2 * HOUR, DAY), 'open');
    this.#judge();
  }

  #judge(): void {
    this.#walk.wait(this.#between(DAY, 8 * DAY));
    if (this.#random.chance(0.6)) return this.#refund(0, 'forBuyer');
    this.#enter('withdrawn', 0, this.#random.chance(0.35) ? 'closed' : 'forSeller');
  }

  #refund(after: number, judged?: Arbitration): void {
    this.#enter('granted', after, judged);
    this.#enter('refunded', this.#between(MINUTE, 26 * HOUR), judged);
  }

  /** A judgement, once there, stays. */
  #enter(stage: ReturnStage, after: number, judged?: Arbitration): void {
    this.#walk.enter(stage, after);
    this.arbitration.push(judged ?? this.arbitration.at(-1));
  }

  #between(from: number, to: number): number {
    return this.#random.between(from, to);
  }
}
