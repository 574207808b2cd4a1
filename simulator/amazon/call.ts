import type { Incoming } from '../exchange.ts';
import type { Seal } from '../seal.ts';
import type { Access, Caller } from './access.ts';
import type { AmazonFate } from './amazon-faults.ts';
import type { AmazonWorld } from './amazon-world.ts';
import { DENIALS, invalidInput, unauthorized } from './envelope.ts';
import { MARKETPLACES } from './marketplaces.ts';
import type { Ledger } from './ledger.ts';
import type { Reports } from './reports.ts';
import type { AmazonShop } from './shops.ts';

/** What an operation works with, once the gateway has let the call in. */
export interface Call extends Caller {
  readonly request: Incoming;
  /** The parts of the path that vary. */
  readonly pathParts: readonly string[];
  readonly access: Access;
  readonly world: AmazonWorld;
  /** Closes and opens page tokens. */
  readonly seal: Seal;
  readonly reports: Reports;
  readonly ledger: Ledger;
  readonly fate: AmazonFate;
  /** Now, in milliseconds. */
  readonly nowMs: number;
}

/** One header's value; the first when it came several times. */
export function header({ headers }: Incoming, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** A list as a query has it: parts between commas. */
export function listOf(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split(',');
}

/**
 * The account's shops in the marketplaces that a call names, by number; none of a marketplace that the seller is not in.
 * @throws Refusal 400 for an id that no marketplace has, 403 for a marketplace of another region
 */
export function shopsIn({ account }: Pick<Call, 'account'>, ids: readonly string[]): readonly AmazonShop[] {
  for (const id of ids) {
    const marketplace = MARKETPLACES.find((each) => each.id === id);
    if (marketplace === undefined) throw invalidInput();
    if (marketplace.region !== account.region) throw unauthorized(DENIALS.region);
  }
  return account.shops.filter(({ marketplace }) => ids.includes(marketplace.id));
}

/**
 * An instant of the wire, in milliseconds.
 * @throws Refusal 400 for anything but UTC with `Z`
 */
export function instantOf(name: string, text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) throw invalidInput(`Invalid date/time field [${name}]`, 'Invalid Input');
  return ms;
}

/** An instant as the wire writes it, to the millisecond. */
export function wireTime(ms: number): string {
  return new Date(ms).toISOString();
}
