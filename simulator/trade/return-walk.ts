import type { Random } from '../random.ts';
import { Walk } from './walk.ts';

/** TikTok's return statuses; their places in this list stand for them in tables. */
export const RETURN_STATUSES = [
  'RETURN_OR_REFUND_REQUEST_PENDING',
  'REFUND_OR_RETURN_REQUEST_REJECT',
  'AWAITING_BUYER_SHIP',
  'BUYER_SHIPPED_ITEM',
  'REJECT_RECEIVE_PACKAGE',
  'RETURN_OR_REFUND_REQUEST_SUCCESS',
  'RETURN_OR_REFUND_REQUEST_CANCEL',
  'RETURN_OR_REFUND_REQUEST_COMPLETE',
  'AWAITING_BUYER_RESPONSE',
  'REPLACEMENT_REQUEST_PENDING',
  'REPLACEMENT_REQUEST_REJECT',
  'REPLACEMENT_REQUEST_REFUND_SUCCESS',
  'REPLACEMENT_REQUEST_CANCEL',
  'REPLACEMENT_REQUEST_COMPLETE',
] as const;
/** One of them. */
export type ReturnStatus = (typeof RETURN_STATUSES)[number];
/** What the buyer asks for. */
export const RETURN_TYPES = ['REFUND', 'RETURN_AND_REFUND', 'REPLACEMENT'] as const;
/** One of them. */
export type ReturnType = (typeof RETURN_TYPES)[number];
/** Where the platform's judgement stands. */
export const ARBITRATIONS = ['IN_PROGRESS', 'SUPPORT_BUYER', 'SUPPORT_SELLER', 'CLOSED'] as const;
/** One of them. */
export type Arbitration = (typeof ARBITRATIONS)[number];

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
  readonly #walk: Walk<ReturnStatus>;
  readonly #random: Random;
  readonly arbitration: (Arbitration | undefined)[] = [];
  offer: PartialOffer | undefined;

  constructor(random: Random, opened: number) {
    this.#walk = new Walk(RETURN_STATUSES, opened);
    this.#random = random;
  }

  get now(): number {
    return this.#walk.now;
  }

  get statuses(): readonly number[] {
    return this.#walk.statuses;
  }

  get times(): readonly number[] {
    return this.#walk.times;
  }

  /** The buyer asks for money and sends nothing back. */
  moneyOnly(): void {
    this.#enter('RETURN_OR_REFUND_REQUEST_PENDING', 0);
    const share = this.#random.next();
    if (share < 0.09) return this.#partial();
    if (share < 0.14) return this.#enter('REFUND_OR_RETURN_REQUEST_REJECT', this.#between(3 * HOUR, 3 * DAY));
    if (share < 0.18) return this.#judged();
    if (share < 0.21) return this.#enter('RETURN_OR_REFUND_REQUEST_CANCEL', this.#between(HOUR, 2 * DAY));
    this.#refund(this.#between(20 * MINUTE, 3 * DAY));
  }

  /** The buyer sends something back for money. */
  sentBack(): void {
    this.#enter('RETURN_OR_REFUND_REQUEST_PENDING', 0);
    const share = this.#random.next();
    if (share < 0.04) return this.#enter('REFUND_OR_RETURN_REQUEST_REJECT', this.#between(3 * HOUR, 3 * DAY));
    if (share < 0.055) return this.#judged();
    if (share < 0.085) return this.#enter('RETURN_OR_REFUND_REQUEST_CANCEL', this.#between(HOUR, 2 * DAY));
    if (share < 0.105) {
      this.#enter('REFUND_OR_RETURN_REQUEST_REJECT', this.#between(3 * HOUR, 2 * DAY));
      this.#enter('REFUND_OR_RETURN_REQUEST_REJECT', this.#between(2 * HOUR, DAY), 'IN_PROGRESS');
      this.#enter('AWAITING_BUYER_SHIP', this.#between(DAY, 5 * DAY), 'SUPPORT_BUYER');
    } else {
      this.#enter('AWAITING_BUYER_SHIP', this.#between(10 * MINUTE, 2 * DAY));
    }
    if (this.#random.chance(0.07)) return this.#enter('RETURN_OR_REFUND_REQUEST_CANCEL', 7 * DAY);
    this.#enter('BUYER_SHIPPED_ITEM', this.#between(5 * HOUR, 5 * DAY));
    this.#walk.wait(this.#between(2 * DAY, 8 * DAY));
    if (this.#random.chance(0.05)) return this.#received();
    this.#refund(0);
  }

  /** The buyer wants another one. */
  replacement(): void {
    this.#enter('REPLACEMENT_REQUEST_PENDING', 0);
    const share = this.#random.next();
    if (share < 0.14) return this.#enter('REPLACEMENT_REQUEST_REJECT', this.#between(3 * HOUR, 3 * DAY));
    if (share < 0.24) return this.#enter('REPLACEMENT_REQUEST_CANCEL', this.#between(HOUR, 2 * DAY));
    if (share < 0.46) return this.#enter('REPLACEMENT_REQUEST_REFUND_SUCCESS', this.#between(5 * HOUR, 4 * DAY));
    this.#enter('REPLACEMENT_REQUEST_COMPLETE', this.#between(5 * HOUR, 4 * DAY));
  }

  /** The buyer takes the request back. */
  takenBack(): void {
    this.#enter('RETURN_OR_REFUND_REQUEST_PENDING', 0);
    this.#enter('RETURN_OR_REFUND_REQUEST_CANCEL', this.#between(20 * MINUTE, DAY));
  }

  /** The seller offers a part, which two of three buyers take. */
  #partial(): void {
    this.#enter('AWAITING_BUYER_RESPONSE', this.#between(2 * HOUR, 2 * DAY));
    const offered = this.now;
    const share = this.#random.pick([0.3, 0.4, 0.5]);
    this.#walk.wait(this.#between(2 * HOUR, 2 * DAY));
    const isTaken = this.#random.chance(0.66);
    this.offer = { offered, share, rejected: isTaken ? undefined : this.now };
    if (!isTaken) this.#enter('RETURN_OR_REFUND_REQUEST_PENDING', 0);
    this.#refund(isTaken ? 0 : this.#between(3 * HOUR, 2 * DAY));
  }

  /** The seller refuses, the buyer calls the platform. */
  #judged(): void {
    this.#enter('REFUND_OR_RETURN_REQUEST_REJECT', this.#between(3 * HOUR, 2 * DAY));
    this.#enter('REFUND_OR_RETURN_REQUEST_REJECT', this.#between(2 * HOUR, DAY), 'IN_PROGRESS');
    this.#judge();
  }

  /** The seller does not accept what came back. */
  #received(): void {
    this.#enter('REJECT_RECEIVE_PACKAGE', 0);
    this.#enter('REJECT_RECEIVE_PACKAGE', this.#between(2 * HOUR, DAY), 'IN_PROGRESS');
    this.#judge();
  }

  #judge(): void {
    this.#walk.wait(this.#between(DAY, 8 * DAY));
    if (this.#random.chance(0.6)) return this.#refund(0, 'SUPPORT_BUYER');
    this.#enter('RETURN_OR_REFUND_REQUEST_CANCEL', 0, this.#random.chance(0.35) ? 'CLOSED' : 'SUPPORT_SELLER');
  }

  #refund(after: number, judged?: Arbitration): void {
    this.#enter('RETURN_OR_REFUND_REQUEST_SUCCESS', after, judged);
    this.#enter('RETURN_OR_REFUND_REQUEST_COMPLETE', this.#between(MINUTE, 26 * HOUR), judged);
  }

  /** A judgement, once there, stays. */
  #enter(status: ReturnStatus, after: number, judged?: Arbitration): void {
    this.#walk.enter(status, after);
    this.arbitration.push(judged ?? this.arbitration.at(-1));
  }

  #between(from: number, to: number): number {
    return this.#random.between(from, to);
  }
}
