import type { z } from 'zod';
import { MAX_MONEY, toMoney, type Money } from '../../model/money.ts';
import { instantOfLocal } from '../../model/shop-day.ts';
import { dateReader } from '../../model/written.ts';
import { DocumentRefused } from '../stream.ts';

/** Times that name no offset are Beijing's, whatever the market. */
const ZONE = 'Asia/Shanghai';
const readDate = dateReader(['iso']);

/** A document as its schema reads it. @throws DocumentRefused naming the first field that is not as it has to be */
export function parsed<T>(schema: z.ZodType<T>, document: unknown): T {
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

/** An instant; null where there is none, which SHEIN writes as nothing or as a second after the beginning of 1970 in Beijing. */
export function instant(written: string | null | undefined, field: string): Temporal.Instant | null {
  if (!written || written.startsWith('1970-01-01')) return null;
  const read = readDate(written.trim());
  if (read === undefined) throw new DocumentRefused(field, 'is no date');
  return typeof read === 'number' ? instantOfLocal(read, ZONE) : read;
}

/** An amount; null where there is none. @throws DocumentRefused */
export function money(written: string | null, field: string): Money | null {
  if (written === null) return null;
  const amount = toMoney(written);
  if (amount !== undefined && amount <= MAX_MONEY && amount >= -MAX_MONEY) return amount;
  throw new DocumentRefused(field, 'is no exact amount');
}
