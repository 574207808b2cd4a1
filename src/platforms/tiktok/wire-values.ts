import { z } from 'zod';
import { MAX_MONEY, toMoney, type Money } from '../../model/money.ts';
import { LAST_HELD } from '../../model/shop-day.ts';
import { DocumentRefused } from '../stream.ts';

const MOST_PIECES = 1_000_000_000;
const LAST_SECOND = Math.floor(LAST_HELD / 1000);

/** A text that has to be there. */
export const text = z.string().min(1);
/** A text that may be left out. */
export const optionalText = z.string().nullish();
/** Seconds since 1970; milliseconds would lie thousands of years ahead. */
export const instant = z.int().min(1).max(LAST_SECOND);
/** An instant that may be left out or 0. */
export const optionalInstant = z.int().min(0).max(LAST_SECOND).nullish();
/** A number of pieces, one where it is not told; sent as text by some. */
export const count = z
  .union([
    z.int().min(0).max(MOST_PIECES),
    z
      .string()
      .regex(/^\d{1,9}$/, 'is no number')
      .transform(Number),
  ])
  .nullish()
  .transform((value) => value ?? 1);
/** Yes, no, or nothing said. */
export const flag = z.boolean().nullish();
/** ISO 4217. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'is no currency code');

/** @throws DocumentRefused naming the first field that is not as it has to be */
export function parsed<T>(schema: z.ZodType<T>, document: unknown, what: string): T {
  const read = schema.safeParse(document);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = (issue?.path ?? [])
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  const problem = issue?.message ?? 'is not understood';
  throw new DocumentRefused(field || what, problem.endsWith('received undefined') ? 'is missing' : problem);
}

/** An instant of the wire. */
export function instantOf(seconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000);
}

/**
 * An amount; null where there is none. The field's path is put together only when it is needed.
 * @throws DocumentRefused
 */
export function moneyOf(
  written: string | null | undefined,
  name: string,
  at?: { readonly list: string; readonly place: number },
): Money | null {
  if (written === null || written === undefined || written === '') return null;
  const amount = toMoney(written);
  if (amount !== undefined && amount <= MAX_MONEY && amount >= -MAX_MONEY) return amount;
  throw new DocumentRefused(at === undefined ? name : `${at.list}[${at.place}].${name}`, 'is no exact amount');
}
