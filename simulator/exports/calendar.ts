import type { Chance } from './random.ts';

/** The first and the last day of the year on sale, by the clock in Madrid. */
export const FIRST_DAY = '2025-11-23';
export const LAST_DAY = '2026-11-22';

const second = 1000;
export const MINUTE = 60 * second;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The instant (epoch milliseconds) of a wall-clock time in Madrid; a time the clock shows twice is the earlier one unless said. */
export function madrid(wallClock: string, disambiguation: 'earlier' | 'later' = 'earlier'): number {
  return Temporal.PlainDateTime.from(wallClock).toZonedDateTime('Europe/Madrid', { disambiguation }).epochMilliseconds;
}

/** When the seller of the committed files pressed "export": nothing in them is younger. */
export const EXPORTED_AT = madrid('2026-11-23T00:05:00');

/** When a file is exported: an instant of the year on sale, and by how many days its dates are told later. */
export interface Pressed {
  readonly exportedAt: number;
  readonly shiftDays: number;
}

/** What the committed files are. */
export const AS_COMMITTED: Pressed = { exportedAt: EXPORTED_AT, shiftDays: 0 };

/** An export of this moment: the last day on sale is told as today. */
export function pressedAt(now: Temporal.Instant): Pressed {
  const clock = now.toZonedDateTimeISO('Europe/Madrid').toPlainDateTime();
  const shiftDays = Temporal.PlainDate.from(LAST_DAY).until(clock.toPlainDate()).days;
  return { exportedAt: madrid(clock.subtract({ days: shiftDays }).toString()), shiftDays };
}

/** A cell with its day, where it is an instant, told so many days later. */
export function told<Cell extends string | number>(cell: Cell, { shiftDays }: Pressed): Cell | string {
  if (typeof cell === 'number' || shiftDays === 0) return cell;
  return cell.replace(/20\d\d-\d\d-\d\d(?=[T ]\d\d:\d\d)/, (day) => Temporal.PlainDate.from(day).add({ days: shiftDays }).toString());
}

/** The wall clock of a zone as `yyyy-MM-ddTHH:mm:ss`. */
export function wallClock(instant: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' });
}

/** The calendar day in Madrid, `yyyy-MM-dd`. */
export const dayInMadrid = (instant: number): string => wallClock(instant, 'Europe/Madrid').slice(0, 10);

// Later rows multiply with earlier ones.
const EVENTS: readonly (readonly [from: string, to: string, factor: number])[] = [
  ['2025-11-24', '2025-12-01', 1.9], // Black Friday week
  ['2025-11-28', '2025-11-28', 2],
  ['2025-12-01', '2025-12-01', 1.3], // Cyber Monday
  ['2025-12-02', '2025-12-20', 1.7],
  ['2025-12-24', '2025-12-26', 0.45],
  ['2025-12-31', '2026-01-01', 0.6],
  ['2026-01-02', '2026-01-05', 1.4], // Reyes
  ['2026-01-07', '2026-01-18', 1.3], // winter sales
  ['2026-02-09', '2026-02-13', 1.2],
  ['2026-04-02', '2026-04-05', 0.75], // Easter
  ['2026-04-27', '2026-05-03', 1.2], // Mother's Day
  ['2026-06-15', '2026-07-20', 1.6], // summer sales
  ['2026-08-08', '2026-08-20', 0.8],
  ['2026-11-09', '2026-11-11', 1.5], // Singles' Day
  ['2026-11-16', '2026-11-22', 1.2],
];

const WEEKDAY_FACTOR = [1.06, 1, 0.97, 0.98, 0.92, 0.95, 1.16];
const HOUR_FACTOR = [5, 2, 1, 0.5, 0.5, 0.8, 2, 4, 6, 8, 10, 11, 11, 10, 11, 12, 11, 10, 11, 13, 15, 18, 19, 12];

// Moments where a wrong zone or a wrong end of a range moves an order to another day, hour, month or year.
const EDGES = [
  madrid('2025-11-23T00:01:07'),
  madrid('2025-11-30T23:59:41'),
  madrid('2025-12-01T00:01:12'),
  madrid('2025-12-31T23:59:58'),
  madrid('2026-01-01T00:00:03'),
  madrid('2026-03-29T01:59:30'),
  madrid('2026-03-29T03:00:20'),
  madrid('2026-10-25T02:30:15', 'earlier'),
  madrid('2026-10-25T02:30:15', 'later'),
  madrid('2026-11-21T23:59:36'),
  madrid('2026-11-22T00:01:09'),
  madrid('2026-11-22T23:59:48'),
];

/** Draws moments of purchase, in order: growth over the year × season × weekday × hour. */
export function drawMoments(chance: Chance, count: number, growth: number): number[] {
  const first = Temporal.PlainDate.from(FIRST_DAY);
  const days = Array.from({ length: first.until(LAST_DAY).days + 1 }, (_, index) => {
    const date = first.add({ days: index });
    const day = date.toString();
    const event = EVENTS.filter(([from, to]) => day >= from && day <= to).reduce((factor, one) => factor * one[2], 1);
    return { day, weight: (1 + (growth - 1) * (index / 364)) * (WEEKDAY_FACTOR[date.dayOfWeek - 1] ?? 1) * event };
  });
  const hours = HOUR_FACTOR.map((weight, hour) => ({ hour, weight }));
  const two = (value: number): string => String(value).padStart(2, '0');
  const draw = (): number => {
    const { day } = chance.weighted(days, (one) => one.weight);
    const { hour } = chance.weighted(hours, (one) => one.weight);
    return madrid(`${day}T${two(hour)}:${two(chance.between(0, 59))}:${two(chance.between(0, 59))}`);
  };
  return [...EDGES, ...Array.from({ length: count - EDGES.length }, draw)].sort((a, b) => a - b);
}
