import type { OrderCursor } from '../../records/orders/stored-orders.ts';
import { AppError } from '../../kernel/errors.ts';

/** A place in the list of stored orders as callers carry it. */
export function writeCursor({ at, oid }: OrderCursor): string {
  return Buffer.from(`${at.toString()} ${oid}`).toString('base64url');
}

/** @throws AppError `invalid_parameter` of that name */
export function readCursor(text: string, name: string): OrderCursor {
  const [at, oid] = Buffer.from(text, 'base64url').toString().split(' ');
  try {
    const cursor = { at: Temporal.Instant.from(at ?? ''), oid: Number(oid) };
    if (Number.isSafeInteger(cursor.oid)) return cursor;
  } catch {
    // Falls through to the one error for whatever is wrong with it.
  }
  throw new AppError('invalid_parameter', {
    name,
    problem: {
      en: 'is not what an earlier answer gave to go on with',
      zh: '不是之前结果给出的续读位置',
      es: 'no es lo que dio una respuesta anterior para seguir',
    },
  });
}
