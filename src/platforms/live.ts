import type { Json } from '../kernel/json.ts';
import type { Call } from './operation.ts';

/** The older system's live order paths: its JSON passed on, personal values emptied. */
export interface LiveOrders {
  list(call: Call, given: LiveSearch): Promise<LiveAnswer>;
  detail(call: Call, ids: readonly string[]): Promise<LiveAnswer>;
  priceDetail(call: Call, id: string): Promise<LiveAnswer>;
}

/** What is listed. */
export interface LiveSearch {
  readonly pageSize: number;
  readonly pageToken: string | null;
  /** The platform's own. */
  readonly filters: Json;
  /** The shop's, as a `GrantedShop` has it. */
  readonly handle: string | null;
  readonly now: Temporal.Instant;
}

export interface LiveAnswer {
  readonly data: Json;
  /** Paths of the values that were emptied, e.g. `orders[].recipient_address.name`. */
  readonly redacted: readonly string[];
}
