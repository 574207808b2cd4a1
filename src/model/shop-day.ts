/** What a clock shows, as the milliseconds since 1970 of a clock that stands on UTC. */
export type LocalTime = number;

/** What an order's date can be, in milliseconds since 1970; `9999-12-31` and `0001-01-01` are what programs write for "never". */
export const FIRST_HELD = Date.UTC(1900, 0);
export const LAST_HELD = Date.UTC(2200, 0) - 1;

// Since 1972 every clock is some quarters of an hour from UTC and changes at one: within a quarter day and offset are the same.
const QUARTER_MS = 900_000;
const FIRST_QUARTER = Date.UTC(1973, 0) / QUARTER_MS;
const REMEMBERED = 100_000;

/** The calendar day of an instant on the shop's own clock, `YYYY-MM-DD`. */
export function shopDay(instant: Temporal.Instant, zone: string): string {
  const dayOf = (): string => instant.toZonedDateTimeISO(zone).toPlainDate().toString();
  const quarter = Math.floor(instant.epochMilliseconds / QUARTER_MS);
  return quarter < FIRST_QUARTER ? dayOf() : remembered(days, zone, quarter, dayOf);
}

/** The instant at which the clocks of a zone show a time; of two the earlier, and where they skip it, as if they had not yet. */
export function instantOfLocal(local: LocalTime, zone: string): Temporal.Instant {
  const offsetOf = (time: LocalTime): number =>
    time - Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO('UTC').toPlainDateTime().toZonedDateTime(zone).epochMilliseconds;
  const quarter = Math.floor(local / QUARTER_MS);
  const offset = quarter < FIRST_QUARTER ? offsetOf(local) : remembered(offsets, zone, quarter, () => offsetOf(quarter * QUARTER_MS));
  return Temporal.Instant.fromEpochMilliseconds(local - offset);
}

type Memory<T> = Map<string, Map<number, T>>;
const days: Memory<string> = new Map();
const offsets: Memory<number> = new Map();

function remembered<T>(memory: Memory<T>, zone: string, quarter: number, work: () => T): T {
  let known = memory.get(zone);
  if (!known) memory.set(zone, (known = new Map()));
  let value = known.get(quarter);
  if (value === undefined) {
    value = work();
    if (known.size >= REMEMBERED) known.clear();
    known.set(quarter, value);
  }
  return value;
}

/** Whether a text names a time zone this machine knows (IANA, e.g. `Europe/Madrid`). */
export function isZone(text: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return /^[A-Za-z]/.test(text);
  } catch {
    return false;
  }
}

/** A day so many days later (or earlier). */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** How many days lie from one day to the next, both counted. */
export function spanDays(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days + 1;
}

/** The earlier of two instants. By the millisecond, which no source tells finer: `Temporal.Instant.compare` takes ten times as long. */
export function earlierOf(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return b.epochMilliseconds < a.epochMilliseconds ? b : a;
}

/** The later of two. */
export function laterOf(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return b.epochMilliseconds > a.epochMilliseconds ? b : a;
}
