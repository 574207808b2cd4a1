import { MAX_MONEY, toMoney, type Money } from './money.ts';
import { FIRST_HELD, LAST_HELD, type LocalTime } from './shop-day.ts';

/** Whether day or month comes first. */
export const DATE_ORDERS = ['dmy', 'mdy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** What stands before the cents. */
export const DECIMAL_MARKS = ['.', ','] as const;
export type DecimalMark = (typeof DECIMAL_MARKS)[number];

/**
 * How the dates of a file are written, ready to read: a local time (see {@link instantOfLocal}), or an instant where the text names its
 * offset.
 */
export type DateReader = (text: string) => LocalTime | Temporal.Instant | undefined;

const TOKENS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  YY: '(?<year>\\d{2})',
  MMMM: '(?<monthName>[\\p{L}.]+)',
  MM: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{1,2})',
  hh: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  A: '(?<half>[AaPp])\\.?[Mm]\\.?',
};
const MONTH_LANGUAGES = ['en', 'es', 'pt', 'fr', 'it', 'de'];

/** What is longer is no date and no amount; patterns are not tried on it. */
const LONGEST = 100;

/**
 * Reads dates from 1900 to 2199 in any of these forms, the first that fits wins: `iso`, or made of YYYY YY MMMM MM DD HH hh mm ss A,
 * e.g. `DD/MM/YYYY HH:mm:ss`, `MM/DD/YYYY hh:mm:ss A`. Leading zeros may be missing; text in [ ] stands for itself.
 * @throws RangeError when a form has no day, month or year
 */
export function dateReader(forms: readonly string[]): DateReader {
  const readers = forms.map((form) => (form === 'iso' ? readIso : patternReader(form)));
  return (text) => {
    if (text.length > LONGEST) return undefined;
    for (const read of readers) {
      const value = read(text);
      if (value !== undefined) return isHeld(value) ? value : undefined;
    }
    return undefined;
  };
}

/** The order of day and month that a form says in numbers; null for one that says it otherwise, or begins with the year. */
export function orderOf(form: string): DateOrder | null {
  return /^DD\W*MM(?!M)/.test(form) ? 'dmy' : /^MM\W*DD/.test(form) ? 'mdy' : null;
}

/** A form with day and month in this order. */
export function inOrder(form: string, order: DateOrder): string {
  return orderOf(form) === null || orderOf(form) === order ? form : form.replace(/^(DD|MM)(\W*)(DD|MM)/, '$3$2$1');
}

/** Whether it is a date that things happen on. */
function isHeld(value: LocalTime | Temporal.Instant): boolean {
  const time = typeof value === 'number' ? value : value.epochMilliseconds;
  return time >= FIRST_HELD && time <= LAST_HELD;
}

/** Instants as machines write them, on days that every month has: the case that takes no calendar to read. */
const PLAIN_INSTANT = /^(\d{4}-\d\d-(?:[01]\d|2[0-8])T\d\d:\d\d:\d\d(?:\.\d{1,3})?)(?:Z|\+00:00)$/;

function readIso(text: string): ReturnType<DateReader> {
  const plain = PLAIN_INSTANT.exec(text);
  const milliseconds = plain ? Date.parse(`${plain[1]}Z`) : NaN;
  if (!Number.isNaN(milliseconds)) return Temporal.Instant.fromEpochMilliseconds(milliseconds);
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/i.exec(text);
  if (!parts) return undefined;
  const [, day, time = '00:00', offset] = parts;
  try {
    if (!offset) return localTime(`${day}T${time.replace(',', '.')}`);
    return Temporal.Instant.from(`${day}T${time}${/^(z|utc)$/i.test(offset) ? 'Z' : offset}`);
  } catch {
    return undefined;
  }
}

function patternReader(form: string): DateReader {
  const source = form
    .replace(/\[([^\]]*)\]|YYYY|YY|MMMM|MM|DD|HH|hh|mm|ss|A|[^\p{L}\d]/gu, (token, literal?: string) =>
      literal === undefined ? (TOKENS[token] ?? escape(token)) : escape(literal),
    )
    // Blanks beside each other are one gap: two that may both be of any length would be shared out in every way.
    .replace(/(?:\\s\+)+/g, '\\s+');
  const pattern = new RegExp(`^${source}$`, 'u');
  for (const part of ['year', 'month', 'day']) {
    if (!source.includes(`?<${part}`)) throw new RangeError(`${form} has no ${part}`);
  }
  return (text) => {
    const found = pattern.exec(text)?.groups;
    if (!found) return undefined;
    const year = Number(found['year']);
    const month = found['month'] ? Number(found['month']) : monthOf(found['monthName'] ?? '');
    const [hour, minute, second] = [hourOf(found['hour'], found['half']), Number(found['minute'] ?? 0), Number(found['second'] ?? 0)];
    if (month < 1 || month > 12 || !(hour < 24) || minute > 59 || second > 59) return undefined;
    if (year < 100 && found['year']!.length > 2) return undefined;
    const local = Date.UTC(year < 100 ? 2000 + year : year, month - 1, Number(found['day']), hour, minute, second);
    // The 31st of April would be the 1st of May.
    return new Date(local).getUTCMonth() === month - 1 ? local : undefined;
  };
}

/** ISO text without an offset as a local time; undefined for a day or time that there is not. */
function localTime(text: string): LocalTime | undefined {
  const local = Date.parse(`${text}Z`);
  // Date.parse takes the 31st of February for the 3rd of March, and 24:00 for the next day.
  return Number.isNaN(local) || new Date(local).toISOString().slice(0, 13) !== text.slice(0, 13) ? undefined : local;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(/\s+/g, '\\s+');
}

function hourOf(written: string | undefined, half: string | undefined): number {
  const hour = Number(written ?? 0);
  if (!half) return hour;
  if (hour > 12) return NaN;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

let months: Map<string, number> | undefined;
function monthOf(name: string): number {
  months ??= new Map(
    MONTH_LANGUAGES.flatMap((language) =>
      (['long', 'short'] as const).flatMap((style) => {
        const format = new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' });
        return Array.from({ length: 12 }, (_, i) => [plain(format.format(Date.UTC(2026, i, 15))), i + 1] as const);
      }),
    ),
  );
  return months.get(plain(name)) ?? 0;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('.', '').trim();
}

/** An amount as people write it, with the currency that may stand beside it. */
export interface WrittenAmount {
  readonly amount: Money;
  readonly currency: string | null;
}

/** Whether a cell says that there is nothing: empty, "-", "/", "N/A". */
export function saysNothing(text: string): boolean {
  return text.length <= LONGEST && /^(|-+|\/|n\/?a|null|none)$/i.test(text.trim());
}

/** What stands beside an amount: a code, or a sign, of which some are one currency's alone. */
const UNIT = String.raw`[A-Z]{3}|[A-Z]{1,3}\$|\p{Sc}|Rp\.?|RM|kr\.?|zł|đ|Ft|Kč|TL|S/\.?`;
const AMOUNT = new RegExp(
  String.raw`^(?<open>\()?(?<sign1>-)?\s*(?<unit1>${UNIT})?\s*(?<sign2>[+-])?\s*(?<number>\d[\d.,'\s]*)\s*(?<unit2>${UNIT})?(?<close>\))?$`,
  'u',
);
const SIGNS: Readonly<Record<string, string>> = { '₫': 'VND', đ: 'VND', Rp: 'IDR', '₩': 'KRW', Ft: 'HUF', NT$: 'TWD' };
/** The digits before the decimal mark: plain, or grouped by one mark, the last group of three (Indian groups before it have two). */
const WHOLE = { '.': wholeNumber(','), ',': wholeNumber('.') };

function wholeNumber(mark: string): RegExp {
  return new RegExp(`^(?:\\d+|[1-9]\\d{0,2}([${mark}'\\s])\\d{2,3}(?:\\1\\d{2,3})*(?<=\\1\\d{3}))$`);
}

/**
 * Reads "12.99", "EUR 1,234.50", "₹647.62", "(3.00)", "1.234,50 €" exactly.
 * @returns null for what means "no amount" (empty, "-", "/", "N/A"), undefined for what is no amount
 */
export function readAmount(text: string, decimalMark: DecimalMark = '.'): WrittenAmount | null | undefined {
  const found = readEitherAmount(text, [decimalMark]);
  const amount = found?.[decimalMark];
  return found && (amount === undefined ? undefined : { amount, currency: found.currency });
}

/** An amount by what may stand before its cents: "1.234" can be read either way, "12,99" with the comma alone. */
export interface EitherAmount extends Readonly<Partial<Record<DecimalMark, Money>>> {
  readonly currency: string | null;
  /** The currency that the sign beside it belongs to, where it is one's alone. */
  readonly sign: string | null;
}

/** {@link readAmount} with each mark that it can be read with; undefined where it can with none. */
export function readEitherAmount(text: string, marks: readonly DecimalMark[] = DECIMAL_MARKS): EitherAmount | null | undefined {
  if (text.length > LONGEST) return undefined;
  // A sign stands before the number, not in it.
  const direct = /^\d/.test(text) ? readings(text, marks) : undefined;
  if (direct) return { ...direct, currency: null, sign: null };
  if (saysNothing(text)) return null;
  // Single blanks only: the pattern would try every way to share out a long run of them.
  const parts = AMOUNT.exec(text.replace(/\s{2,}/g, ' ').trim())?.groups;
  if (!parts || !parts['open'] !== !parts['close']) return undefined;
  const negative = [parts['open'], parts['sign1'], parts['sign2'] === '-'].some(Boolean);
  const read = readings(parts['number']!.trim(), marks, negative);
  const unit = parts['unit1'] ?? parts['unit2'] ?? '';
  const currency = /^[A-Z]{3}$/.test(unit) ? unit : null;
  return read && { ...read, currency, sign: currency ?? SIGNS[unit.replace(/\.$/, '')] ?? null };
}

function readings(written: string, marks: readonly DecimalMark[], negative = false): Partial<Record<DecimalMark, Money>> | undefined {
  const read: Partial<Record<DecimalMark, Money>> = {};
  for (const mark of marks) {
    const amount = readNumber(written, mark);
    if (amount !== undefined) read[mark] = negative ? -amount : amount;
  }
  return read['.'] === undefined && read[','] === undefined ? undefined : read;
}

function readNumber(written: string, decimalMark: DecimalMark): Money | undefined {
  const amount = (decimalMark === '.' ? toMoney(written) : undefined) ?? toMoney(ungrouped(written, decimalMark));
  return amount !== undefined && amount <= MAX_MONEY && amount >= -MAX_MONEY ? amount : undefined;
}

/** The number with a decimal point; empty where the grouping does not look like one: "12,99" among decimal points is not 1299. */
function ungrouped(written: string, decimalMark: DecimalMark): string {
  const [whole = '', fraction = '', ...more] = written.split(decimalMark);
  if (more.length > 0 || !WHOLE[decimalMark].test(whole)) return '';
  return `${whole.replace(/\D/g, '')}${fraction && '.'}${fraction}`;
}

/** A whole number of pieces, or undefined: "2", "2.0", "-1", "1,000". */
export function readQuantity(text: string, decimalMark: DecimalMark = '.'): number | undefined {
  const [, sign = '', number = ''] = /^([+-]?)(.{1,16})$/.exec(text.trim()) ?? [];
  const parts = /^(\d{1,9})(?:\.0*)?$/.exec(decimalMark === '.' && /^\d+$/.test(number) ? number : ungrouped(number, decimalMark));
  return parts ? Number(`${sign}${parts[1]}`) : undefined;
}
