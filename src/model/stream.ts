/**
 * What is brought home of a shop, in the order in which it is: orders, the claims on them, orders that only claims name,
 * then what may take its time.
 */
export const STREAM_NAMES = ['orders', 'returns', 'cancellations', 'gaps', 'price_details', 'products', 'day_check'] as const;
export type StreamName = (typeof STREAM_NAMES)[number];

/** What is read again and again at the pace of the sync; the others take the calls that these leave over. */
export const PROMPT_STREAMS: readonly StreamName[] = ['orders', 'returns', 'cancellations', 'gaps'];
