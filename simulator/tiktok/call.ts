import type { Incoming } from '../exchange.ts';
import type { Changes } from '../trade/changes.ts';
import type { Account, TikTokShop } from './shops.ts';
import type { Stock } from '../trade/stock.ts';
import type { StoryChanges } from '../trade/story-changes.ts';
import type { TikTokWorld } from './tiktok-world.ts';
import type { Access } from './access.ts';
import type { App } from './apps.ts';
import type { TikTokFate } from './tiktok-faults.ts';
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
  readonly world: TikTokWorld;
  readonly changes: Indexes;
  readonly stock: Stock;
  readonly fate: TikTokFate;
  /** Now, in seconds. */
  readonly at: number;
}

/** A call for one shop. */
export interface ShopCall extends Call {
  readonly shop: TikTokShop;
}

/** One header's value; the first when it came several times. */
export function header({ headers }: Incoming, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** A total as a page tells it; a page of one row always tells the true one. */
export function driftedTotal(total: number, pageSize: number, { fate }: Call): number {
  if (pageSize === 1 || !fate.befalls('driftingTotals')) return total;
  const off = fate.dice.between(1, 5);
  return fate.dice.chance(0.5) ? total + off : Math.max(0, total - off);
}

/** `next_page_token` with its comma; on the last page an empty one or none, as the faults say. */
export function nextTokenField(token: string | undefined, { fate }: Call): string {
  if (token !== undefined) return textField('next_page_token', token);
  const { lastPageToken } = fate.faults;
  const isAbsent = lastPageToken === 'absent' || (lastPageToken === 'both' && fate.dice.chance(0.5));
  fate.note('lastPageToken', isAbsent);
  return isAbsent ? '' : textField('next_page_token', '');
}
