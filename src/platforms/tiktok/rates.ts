import type { Rate } from '../operation.ts';

/**
 * TikTok publishes no rates. Calls of one shop are held together, whatever they ask for: each takes its part of a second, and a second's
 * worth may go at once.
 * @param perSecond what was borne where calls of this kind went alone
 */
export function ofShop(perSecond: number): Rate {
  return { perSecond, burst: perSecond, by: 'shop', shared: 'shop', published: false };
}

/** The same of calls for the registration, before a shop is known. */
export function ofApp(perSecond: number): Rate {
  return { perSecond, burst: perSecond, by: 'app', shared: 'app', published: false };
}
