/** An exact amount in ten-thousandths of the currency's unit (scale 4): 12.34 EUR is 123400n. */
export type Money = bigint;

const SCALE = 4;
const ONE = 10n ** BigInt(SCALE);

/** The largest amount a stored column takes, DECIMAL(18,4). */
export const MAX_MONEY: Money = 10n ** 18n - 1n;

/** Currencies that do not have two digits after the point (ISO 4217). */
const DIGITS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

/** How many digits stand after the point in a currency; 2 where the currency is unknown. */
export function currencyDigits(currency: string | null): number {
  return (currency ? DIGITS[currency] : undefined) ?? 2;
}

/** Currencies that have cents by the standard and in no shop. */
const WITHOUT_CENTS = new Set(['COP', 'HUF', 'IDR', 'KHR', 'LAK', 'MMK', 'TWD']);

/** Whether amounts of a currency are written with cents. */
export function hasCents(currency: string | null): boolean {
  return currencyDigits(currency) > 0 && !WITHOUT_CENTS.has(currency ?? '');
}

/**
 * Reads a plain decimal ("-12.5", "0.99", "1e3" is refused) exactly.
 * @returns undefined when the text is no such number or has more than four digits after the point that matter
 */
export function toMoney(decimal: string): Money | undefined {
  const parts = /^([+-]?)(\d{1,34})(?:\.(\d{1,100}))?$/.exec(decimal);
  if (!parts) return undefined;
  const fraction = (parts[3] ?? '').replace(/0+$/, '');
  if (fraction.length > SCALE) return undefined;
  const value = BigInt(parts[2] ?? '0') * ONE + BigInt(fraction.padEnd(SCALE, '0'));
  return parts[1] === '-' ? -value : value;
}

/** The amount as plain decimal text with four digits, as databases take and give it. */
export function moneyText(amount: Money): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(SCALE + 1, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
}

/**
 * Shares an amount out by weights, exactly: what the digits leave over goes to the first that has a weight. Without any weight nobody gets
 * anything.
 */
export function shareOut(whole: Money, weights: readonly bigint[]): Money[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0n);
  if (all === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (whole * weight) / all);
  const left = whole - shares.reduce((sum, share) => sum + share, 0n);
  const first = weights.findIndex((weight) => weight !== 0n);
  return shares.map((share, i) => (i === first ? share + left : share));
}

/** numerator ÷ denominator rounded half-up (away from zero) to so many digits, as a JSON number; null when the denominator is 0. */
export function ratio(numerator: bigint, denominator: bigint, digits: number): number | null {
  if (denominator === 0n) return null;
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [absolute(numerator) * 10n ** BigInt(digits), absolute(denominator)];
  const rounded = (2n * n + d) / (2n * d);
  const text = rounded.toString().padStart(digits + 1, '0');
  const plain = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return rounded === 0n ? 0 : Number(negative ? `-${plain}` : plain);
}

/** An amount rounded half-up to the digits of its currency, as a JSON number. */
export function roundMoney(amount: Money, digits: number): number {
  return ratio(amount, ONE, digits)!;
}

/** An amount per piece, rounded half-up once; null when there are no pieces. */
export function moneyPer(amount: Money, count: bigint, digits: number): number | null {
  return ratio(amount, ONE * count, digits);
}

/** part ÷ whole in percent with two digits; null when the whole is 0. */
export function percent(part: bigint, whole: bigint): number | null {
  return ratio(part * 100n, whole, 2);
}

/** The change from one figure to the next in percent with two digits; null when the earlier figure is 0. */
export function growth(earlier: bigint, later: bigint): number | null {
  return percent(later - earlier, earlier < 0n ? -earlier : earlier);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

const PLAIN_DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** A decimal text as whole steps of its last digit, and how many digits stand after its point. */
function toSteps(decimal: string): { steps: bigint; digits: number } {
  const parts = PLAIN_DECIMAL.exec(decimal);
  if (!parts) throw new RangeError('no plain decimal');
  const digits = parts[3]?.length ?? 0;
  const steps = BigInt(`${parts[2]!}${parts[3] ?? ''}`);
  return { steps: parts[1] === '-' ? -steps : steps, digits };
}

/**
 * An exact sum as a database gives it, with any number of digits after the point, ÷ count, rounded half-up once; null when there is nothing
 * to divide by.
 */
export function sumPer(sum: string, count: bigint, digits: number): number | null {
  if (sum.length <= SAFE_CHARACTERS && count > 0n && count <= SAFE_COUNT)
    return quickly(sum, Number(count), digits) ?? exactly(sum, count, digits);
  return exactly(sum, count, digits);
}

/** With so many characters and pieces every step of the division is a whole number that a double holds exactly. */
const SAFE_CHARACTERS = 15;
const SAFE_COUNT = 1_000_000n;

/** The same for whole numbers that are small enough, ten times as fast: long tables have hundreds of thousands of amounts. */
function quickly(sum: string, count: number, digits: number): number | null {
  const point = sum.indexOf('.');
  const given = point < 0 ? 0 : sum.length - point - 1;
  if (given < digits || given > 8) return null;
  const steps = Number(point < 0 ? sum : sum.slice(0, point) + sum.slice(point + 1));
  if (!Number.isSafeInteger(steps)) return null;
  const denominator = 10 ** (given - digits) * count;
  const rest = Math.abs(steps) % denominator;
  const whole = (Math.abs(steps) - rest) / denominator + (rest * 2 >= denominator ? 1 : 0);
  return whole === 0 ? 0 : (steps < 0 ? -whole : whole) / 10 ** digits;
}

function exactly(sum: string, count: bigint, digits: number): number | null {
  const { steps, digits: given } = toSteps(sum);
  return ratio(steps, 10n ** BigInt(given) * count, digits);
}

/** Exact sums added up; null when none is known. */
export function addSums(sums: readonly (string | null)[]): string | null {
  const known = sums.filter((sum) => sum !== null).map(toSteps);
  if (known.length === 0) return null;
  const digits = Math.max(...known.map((each) => each.digits));
  const steps = known.reduce((all, each) => all + each.steps * 10n ** BigInt(digits - each.digits), 0n);
  return decimalText(steps, digits);
}

/** Which of two exact sums is the larger: negative, 0 or positive, as sorting wants it. */
export function compareSums(a: string, b: string): number {
  const [one, other] = [toSteps(a), toSteps(b)];
  const digits = Math.max(one.digits, other.digits);
  const difference = one.steps * 10n ** BigInt(digits - one.digits) - other.steps * 10n ** BigInt(digits - other.digits);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** One exact sum ÷ another in percent with two digits; null when that is 0. */
export function sumPercent(part: string, whole: string): number | null {
  const [one, other] = [toSteps(part), toSteps(whole)];
  return percent(one.steps * 10n ** BigInt(other.digits), other.steps * 10n ** BigInt(one.digits));
}

/** The change from one exact sum to the next in percent with two digits; null when the earlier one is 0. */
export function sumGrowth(earlier: string, later: string): number | null {
  const [one, other] = [toSteps(earlier), toSteps(later)];
  const digits = Math.max(one.digits, other.digits);
  return growth(one.steps * 10n ** BigInt(digits - one.digits), other.steps * 10n ** BigInt(digits - other.digits));
}

/** a ÷ b of two positive decimals as decimal text with so many digits, rounded half-up. */
export function quotientText(a: string, b: string, digits: number): string {
  const [one, other] = [toSteps(a), toSteps(b)];
  const numerator = one.steps * 10n ** BigInt(other.digits + digits);
  const denominator = other.steps * 10n ** BigInt(one.digits);
  return decimalText((2n * numerator + denominator) / (2n * denominator), digits);
}

function decimalText(steps: bigint, digits: number): string {
  const text = absolute(steps)
    .toString()
    .padStart(digits + 1, '0');
  const plain = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return steps < 0n ? `-${plain}` : plain;
}

/** The change from one exact sum per piece to the next in percent with two digits; null when the earlier one is 0 or has no pieces. */
export function sumPerGrowth(earlier: { sum: string; count: number }, later: { sum: string; count: number }): number | null {
  if (earlier.count === 0 || later.count === 0) return null;
  const [one, other] = [toSteps(earlier.sum), toSteps(later.sum)];
  const digits = Math.max(one.digits, other.digits);
  return growth(
    one.steps * 10n ** BigInt(digits - one.digits) * BigInt(later.count),
    other.steps * 10n ** BigInt(digits - other.digits) * BigInt(earlier.count),
  );
}

/** An exact sum × numerator ÷ denominator (above 0) as decimal text with so many digits, rounded half-up. */
export function sumTimes(sum: string, numerator: bigint, denominator: bigint, digits: number): string {
  const { steps, digits: given } = toSteps(sum);
  const [n, d] = [absolute(steps * numerator) * 10n ** BigInt(digits), denominator * 10n ** BigInt(given)];
  const rounded = (2n * n + d) / (2n * d);
  return decimalText(steps * numerator < 0n ? -rounded : rounded, digits);
}
