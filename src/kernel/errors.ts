import { ERRORS, type ErrorName } from './error-table.ts';
import { fill, type Language, type Text, type TextValues } from './messages.ts';
import { nearestOf } from './nearest.ts';

const DID_YOU_MEAN: Text = { en: 'Did you mean {meant}? ', zh: '是否为 {meant}？', es: '¿Quería decir {meant}? ' };

/** What the error carries beside its sentence; shown under `details`, so never a secret or a personal datum. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** An error the product knows by name: status, sentence, hint and whether trying again can help come from the table. */
export class AppError extends Error {
  readonly code: ErrorName;
  readonly values: TextValues;
  readonly details: ErrorDetails | undefined;
  /** What was most likely meant by what is not known. */
  readonly meant: string | undefined;

  constructor(
    code: ErrorName,
    values: TextValues = {},
    options: { details?: ErrorDetails; cause?: unknown; meant?: string | undefined } = {},
  ) {
    super(fill(ERRORS[code].message, 'en', values), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.values = values;
    this.details = options.details;
    this.meant = options.meant;
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
    const hint = fill(entry.hint, language, this.values);
    return {
      code: entry.number,
      msg: message,
      error: message,
      name: this.code,
      hint: this.meant === undefined ? hint : `${fill(DID_YOU_MEAN, language, { meant: this.meant })}${hint}`,
      ...(this.details ? { details: this.details } : {}),
    };
  }
}

/** What names something that is not there, in words: `report`, `command`. */
const THINGS = {
  command: { en: 'command', zh: '命令', es: 'la orden' },
  option: { en: 'option', zh: '选项', es: 'la opción' },
  report: { en: 'report', zh: '报表', es: 'el informe' },
  table: { en: 'table', zh: '数据表', es: 'la tabla' },
  platform: { en: 'platform', zh: '平台', es: 'la plataforma' },
  market: { en: 'market', zh: '站点', es: 'el país' },
  fault: { en: 'fault', zh: '故障', es: 'el fallo' },
} as const satisfies Record<string, Text>;

/** The refusal of a name that is not known: it lists those that are, and proposes the nearest. */
export function unknownName(thing: keyof typeof THINGS, name: string, known: readonly string[]): AppError {
  return new AppError('unknown_name', { thing: THINGS[thing], name, known }, { meant: nearestOf(name, known) });
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
