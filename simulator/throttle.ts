/** How much an endpoint may be called by one app for one shop or account. */
export interface Allowance {
  readonly perSecond: number;
  readonly burst: number;
}

/** Token buckets by key, refilled on the clock that is handed in; sub-second bursts empty them as they do the platforms'. */
export class Throttle {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /**
   * Takes one call.
   * @returns how many seconds to wait, 0 when the call may pass
   */
  take(key: string, { perSecond, burst }: Allowance, nowMs: number): number {
    const bucket = this.#buckets.get(key) ?? { left: burst, at: nowMs };
    this.#buckets.set(key, bucket);
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, nowMs - bucket.at) / 1000) * perSecond);
    bucket.at = nowMs;
    if (bucket.left < 1) return (1 - bucket.left) / perSecond;
    bucket.left--;
    return 0;
  }
}
