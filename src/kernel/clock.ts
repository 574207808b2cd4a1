/** Where "now" comes from; injected, so that tests decide what time it is. */
export interface Clock {
  now(): Temporal.Instant;
}

/** The clock of this machine. */
export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** A clock that stands still at an ISO instant. */
export function fixedClock(instant: string): Clock {
  const now = Temporal.Instant.from(instant);
  return { now: () => now };
}
