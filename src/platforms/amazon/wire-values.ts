import type { z } from 'zod';
import type { Json } from '../../kernel/json.ts';
import { MAX_MONEY, toMoney, type Money } from '../../model/money.ts';
import { dateReader } from '../../model/written.ts';
import { DocumentRefused } from '../stream.ts';

const readDate = dateReader(['iso']);

/** @throws DocumentRefused naming the first field that is not as it has to be */
export function parsed<T>(schema: z.ZodType<T>, document: Json): T {
  const read = schema.safeParse(document);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = (issue?.path ?? [])
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  const problem = issue?.message ?? 'is not understood';
  throw new DocumentRefused(
    field || 'order',
    problem.endsWith('received undefined') || problem === 'Invalid input' ? 'is missing' : problem,
  );
}

/** An amount; null where none is written. @throws DocumentRefused */
export function moneyOf(written: string | null | undefined, field: string): Money | null {
  if (!written) return null;
  const amount = toMoney(written);
  if (amount !== undefined && amount <= MAX_MONEY && amount >= -MAX_MONEY) return amount;
  throw new DocumentRefused(field, 'is no exact amount');
}

/** An instant of the wire; undefined where it is none. */
export function writtenInstant(written: string): Temporal.Instant | undefined {
  const read = readDate(written.trim());
  return typeof read === 'number' ? undefined : read;
}

/** The same where one has to be. @throws DocumentRefused */
export function instantOf(written: string, field: string): Temporal.Instant {
  const read = writtenInstant(written);
  if (read === undefined) throw new DocumentRefused(field, 'is no date');
  return read;
}
