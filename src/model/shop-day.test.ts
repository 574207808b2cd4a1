import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOfLocal, shopDay } from './shop-day.ts';

const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const milliseconds = fc.integer({ min: Date.UTC(1969, 0), max: Date.UTC(2040, 0) });
/** Near the hours at which clocks are put forward and back. */
const nearChange = fc
  .tuple(
    fc.integer({ min: 1970, max: 2039 }),
    fc.constantFrom(2, 3, 9, 10),
    fc.integer({ min: 1, max: 31 }),
    fc.integer({ min: 0, max: 4 * 3600_000 }),
  )
  .map(([year, month, day, rest]) => Date.UTC(year, month, day) + rest);

test('the day and the instant of a local time are those of the calendar, in every zone, at every change of the clock', () => {
  fc.assert(
    fc.property(zone, fc.oneof(milliseconds, nearChange), (name, time) => {
      const instant = Temporal.Instant.fromEpochMilliseconds(time);
      expect(shopDay(instant, name)).toBe(instant.toZonedDateTimeISO(name).toPlainDate().toString());
      const local = instant.toZonedDateTimeISO('UTC').toPlainDateTime();
      expect(instantOfLocal(time, name).toString()).toBe(local.toZonedDateTime(name).toInstant().toString());
    }),
    { numRuns: 4000 },
  );
});

test.each([
  ['Europe/Madrid', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
  ['Europe/Madrid', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
  ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00Z'],
])('in %s the clock shows %s at %s: a skipped time counts as not yet skipped, of two the earlier', (name, local, instant) => {
  expect(instantOfLocal(Date.parse(`${local}Z`), name).toString()).toBe(instant);
});
