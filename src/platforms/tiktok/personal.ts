import type { Json } from '../../kernel/json.ts';
import type { KeyedHash } from '../../kernel/vault.ts';
import { unknownFields } from '../kept-fields.ts';
import type { PlatformKeeping } from '../platform.ts';
import { KEPT, LIVE_ORDERS, type KeptStream } from './fields.ts';

/** A keyed hash in hexadecimal digits, as documents hold it in place of the buyer's id. */
export const KEPT_BUYER = /^(?:[0-7]?[\da-f]{1,15})?$/;

/**
 * The document as it is kept: personal and unknown texts emptied, the buyer's id its keyed hash in hexadecimal digits, the postal code cut.
 */
export function withoutPersonalData(document: Json, hash: KeyedHash, stream: KeptStream = 'orders'): Json {
  return KEPT[stream].kept(document, (id) => hash('TikTok', id).toString(16));
}

/** How TikTok's documents of all streams are kept. */
export const keeping: PlatformKeeping = {
  again: (document, stream, hash) =>
    KEPT[stream in KEPT ? (stream as KeptStream) : 'orders'].kept(document, (id) =>
      KEPT_BUYER.test(id) ? id : hash('TikTok', id).toString(16),
    ),
  unknown: () => unknownFields({ ...KEPT, live: LIVE_ORDERS }),
};
