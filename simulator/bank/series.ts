import { hashText, mix } from '../random.ts';

/**
 * What one euro was worth when the series begins, and with how many digits the bank writes it. The currencies of the shops, and some the
 * bank has beside.
 */
const CURRENCIES = {
  USD: { base: 1.12, digits: 4 },
  JPY: { base: 138, digits: 2 },
  GBP: { base: 0.866, digits: 5 },
  MXN: { base: 20.6, digits: 4 },
  BRL: { base: 5.6, digits: 4 },
  CHF: { base: 0.96, digits: 4 },
  CNY: { base: 7.7, digits: 4 },
  CZK: { base: 24.9, digits: 3 },
  DKK: { base: 7.456, digits: 4 },
  HUF: { base: 388, digits: 2 },
  IDR: { base: 16_900, digits: 2 },
  MYR: { base: 4.8, digits: 4 },
  PHP: { base: 61.5, digits: 3 },
  PLN: { base: 4.32, digits: 4 },
  RON: { base: 4.97, digits: 4 },
  SEK: { base: 11.2, digits: 4 },
  SGD: { base: 1.46, digits: 4 },
  THB: { base: 38.4, digits: 3 },
} as const;

/** How far the Danish crown may go from its parity; others go some percent. */
const PEGGED = new Set(['DKK']);
const WAVES = [
  { days: 1100, share: 0.045 },
  { days: 210, share: 0.018 },
  { days: 37, share: 0.006 },
] as const;
const NOISE = 0.002;

export const FIRST_DAY = '2020-01-02';

/** The rates of a day by currency, invented: each swings slowly about its base, as a function of the day alone. */
export function ratesOn(day: string): readonly (readonly [currency: string, rate: string])[] {
  const number = Temporal.PlainDate.from('1970-01-01').until(Temporal.PlainDate.from(day)).days;
  return Object.entries(CURRENCIES).map(([currency, { base, digits }]) => {
    const hash = hashText(currency);
    const swing = WAVES.reduce(
      (sum, { days, share }, n) => sum + share * Math.sin((2 * Math.PI * number) / days + (mix(hash, n) / 2 ** 32) * 2 * Math.PI),
      0,
    );
    const noise = NOISE * ((mix(hash, number, 7) / 2 ** 32) * 2 - 1);
    return [currency, (base * (1 + (swing + noise) * (PEGGED.has(currency) ? 0.01 : 1))).toFixed(digits)] as const;
  });
}

/** Whether the bank publishes on a day: not at weekends, nor on the six holidays of its settlement system. */
export function isPublished(day: string): boolean {
  const date = Temporal.PlainDate.from(day);
  if (date.dayOfWeek > 5 || ['01-01', '05-01', '12-25', '12-26'].includes(day.slice(5))) return false;
  const easter = easterOf(date.year);
  return !date.equals(easter.subtract({ days: 2 })) && !date.equals(easter.add({ days: 1 }));
}

/** Easter Sunday by the Gregorian rule. */
function easterOf(year: number): Temporal.PlainDate {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(sum / 31), day: (sum % 31) + 1 });
}
