import type { Json } from '../kernel/json.ts';
import type { Call } from './operation.ts';

/** The older system's live order paths: its JSON passed on, personal values emptied. */
export interface LiveOrders {
  list(call: Call, given: { readonly pageSize: number; readonly pageToken: string | null; readonly filters: Json }): Promise<LiveAnswer>;
  detail(call: Call, ids: readonly string[]): Promise<LiveAnswer>;
  priceDetail(call: Call, id: string): Promise<LiveAnswer>;
}

export interface LiveAnswer {
  readonly data: Json;
  /** Paths of the values that were emptied, e.g. `orders[].recipient_address.name`. */
  readonly redacted: readonly string[];
}
