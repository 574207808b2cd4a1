import type { Incoming } from '../exchange.ts';
import type { Dice, Faults } from '../faults.ts';
import type { Changes } from '../world/changes.ts';
import type { Account, Shop } from '../world/shops.ts';
import type { Stock } from '../world/stock.ts';
import type { StoryChanges } from '../world/story-changes.ts';
import type { World } from '../world.ts';
import type { Access } from './access.ts';
import type { App } from './apps.ts';
import { textField } from './wire-text.ts';

/** What changed when, of all that changes. */
export interface Indexes {
  readonly orders: Changes;
  readonly returns: StoryChanges;
  readonly cancellations: StoryChanges;
}

/** What an operation works with, once the gateway has let the call in. */
export interface Call {
  readonly request: Incoming;
  /** The parts of the path that vary. */
  readonly pathParts: readonly string[];
  readonly app: App;
  readonly account: Account;
  readonly access: Access;
  readonly world: World;
  readonly changes: Indexes;
  readonly stock: Stock;
  readonly faults: Faults;
  readonly dice: Dice;
  /** Now, in seconds. */
  readonly at: number;
}

/** A call for one shop. */
export interface ShopCall extends Call {
  readonly shop: Shop;
}

/** One header's value; the first when it came several times. */
export function header({ headers }: Incoming, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** `next_page_token` with its comma; on the last page an empty one or none, as the faults say. */
export function nextTokenField(token: string | undefined, { faults, dice }: Call): string {
  if (token !== undefined) return textField('next_page_token', token);
  const isAbsent = faults.lastPageToken === 'absent' || (faults.lastPageToken === 'both' && dice.chance(0.5));
  return isAbsent ? '' : textField('next_page_token', '');
}
