/** The calendar day of an instant on the shop's own clock, `YYYY-MM-DD`. */
export function shopDay(instant: Temporal.Instant, zone: string): string {
  // Since 1972 every clock is some quarters of an hour from UTC, and changes at one: within a quarter the day is the same.
  const quarter = Math.floor(instant.epochMilliseconds / QUARTER_MS);
  if (quarter < FIRST_QUARTER) return instant.toZonedDateTimeISO(zone).toPlainDate().toString();
  const days = daysOf(zone);
  let day = days.get(quarter);
  if (day === undefined) {
    day = instant.toZonedDateTimeISO(zone).toPlainDate().toString();
    if (days.size >= REMEMBERED) days.clear();
    days.set(quarter, day);
  }
  return day;
}

const QUARTER_MS = 900_000;
const FIRST_QUARTER = Date.UTC(1973, 0) / QUARTER_MS;
const REMEMBERED = 100_000;
const daysByZone = new Map<string, Map<number, string>>();

function daysOf(zone: string): Map<number, string> {
  let days = daysByZone.get(zone);
  if (!days) daysByZone.set(zone, (days = new Map()));
  return days;
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
