import { ERRORS, type ErrorName } from './error-table.ts';
import { fill, type Language, type TextValues } from './messages.ts';

/** What the error carries beside its sentence; shown under `details`, so never a secret or a personal datum. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** An error the product knows by name: status, sentence, hint and whether trying again can help come from the table. */
export class AppError extends Error {
  readonly code: ErrorName;
  readonly values: TextValues;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorName, values: TextValues = {}, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(fill(ERRORS[code].message, 'en', values), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.values = values;
    this.details = options.details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  /** What goes over the wire, in one language; `error` repeats `msg` for the callers of the older system. */
  toBody(language: Language): ErrorBody {
    const entry = ERRORS[this.code];
    const message = fill(entry.message, language, this.values);
    return {
      code: entry.number,
      msg: message,
      error: message,
      name: this.code,
      hint: fill(entry.hint, language, this.values),
      ...(this.details ? { details: this.details } : {}),
    };
  }
}

/** The JSON of an error, as http-api names it. */
export interface ErrorBody {
  readonly code: number;
  readonly msg: string;
  readonly error: string;
  readonly name: string;
  readonly hint: string;
  readonly details?: ErrorDetails;
}

/** The error itself when the product knows it, else `internal` with the original as its cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC') return new AppError('disk_full', {}, { cause: error });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    const path = (error as NodeJS.ErrnoException).path ?? '';
    return new AppError('folder_not_writable', { path }, { cause: error });
  }
  return new AppError('internal', {}, { cause: error });
}
