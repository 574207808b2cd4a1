import { AppError } from '../kernel/errors.ts';
import { hasCents, type Money } from '../model/money.ts';
import {
  DATE_ORDERS,
  dateReader,
  inOrder,
  orderOf,
  readEitherAmount,
  readQuantity,
  type DateOrder,
  type DateReader,
  type DecimalMark,
  type EitherAmount,
  type WrittenAmount,
} from '../model/written.ts';

/** How many rows spoke for each of two ways, and how many could be read in either. */
interface Votes<Way extends string> {
  readonly for: Record<Way, number>;
  open: number;
}

/** The one way that rows spoke for; null where none did, or both. */
function only<Way extends string>(votes: Record<Way, number>): Way | null {
  const spoken = (Object.keys(votes) as Way[]).filter((way) => votes[way] > 0);
  return spoken.length === 1 ? spoken[0]! : null;
}

/** A date as it can be read: in one way, or differently by what comes first. */
type EitherDate = Readonly<Partial<Record<DateOrder, ReturnType<DateReader>>>>;

const SHORT_DAY = /^\d{1,2}\D\d{1,2}\D\d{2}/;
const LONGEST_DAY = 10;
const REMEMBERED = 50_000;

/** A file of bare days repeats each thousands of times; times of day hardly repeat. */
function remembering(read: DateReader): DateReader {
  const known = new Map<string, ReturnType<DateReader>>();
  return (text) => {
    if (text.length > LONGEST_DAY) return read(text);
    let value = known.get(text);
    if (value === undefined && !known.has(text)) {
      value = read(text);
      if (known.size >= REMEMBERED) known.clear();
      known.set(text, value);
    }
    return value;
  };
}

/** How a file writes its dates: one order of day and month, told by all its rows. */
export class DateHabit {
  readonly #readers: Readonly<Record<DateOrder, DateReader>>;
  /** As long as nothing is decided the first form that fits is the one. */
  readonly #undecided: DateReader;
  readonly #numeric: boolean;
  /** The only order that the forms know, if they know one; `strict` when a user said so, and rows that prove another are not believed. */
  readonly #stated: DateOrder | null;
  readonly #strict: boolean;
  readonly #proofs: Votes<DateOrder> = { for: { dmy: 0, mdy: 0 }, open: 0 };
  readonly #hints: Record<DateOrder, number> = { dmy: 0, mdy: 0 };
  #order: DateOrder | null;

  constructor(forms: readonly string[], { order, strict }: { readonly order: DateOrder | null | undefined; readonly strict: boolean }) {
    const orders = new Set(forms.map(orderOf).filter((each) => each !== null));
    this.#numeric = orders.size > 0;
    this.#stated = orders.size === 1 ? [...orders][0]! : null;
    this.#strict = strict;
    this.#order = order ?? null;
    // The dates of a sheet are ISO text, which can be read one way only.
    const known = forms.includes('iso') ? forms : [...forms, 'iso'];
    const readerOf = (wanted: DateOrder): DateReader => remembering(dateReader([...new Set(known.map((form) => inOrder(form, wanted)))]));
    this.#undecided = remembering(dateReader(known));
    this.#readers = this.#numeric ? { dmy: readerOf('dmy'), mdy: readerOf('mdy') } : { dmy: this.#undecided, mdy: this.#undecided };
  }

  /** Reads a date with whatever order fits, and takes note of it; `hint` is the order that the platform itself writes such a text in. */
  see(text: string, hint: DateOrder | null = null): EitherDate {
    if (!this.#numeric || !SHORT_DAY.test(text)) return { dmy: this.#readers.dmy(text) };
    const [dmy, mdy] = [this.#readers.dmy(text), this.#readers.mdy(text)];
    if (dmy !== undefined && mdy !== undefined) {
      if (dmy !== mdy) this.#proofs.open += 1;
    } else if (dmy !== undefined || mdy !== undefined) this.#proofs.for[dmy === undefined ? 'mdy' : 'dmy'] += 1;
    if (hint) this.#hints[hint] += 1;
    return { ...(dmy === undefined ? {} : { dmy }), ...(mdy === undefined ? {} : { mdy }) };
  }

  /** What was decided, or said before. */
  get order(): DateOrder | null {
    return this.#order;
  }

  /**
   * The order of the file; null where every date can be read one way only.
   * @throws AppError `import_date_order_needed`
   */
  decide(): DateOrder | null {
    this.#order ??= this.#told();
    return this.#order;
  }

  #told(): DateOrder | null {
    const { for: proofs, open } = this.#proofs;
    const proven = only(proofs);
    const stated = this.#stated;
    if (proven && !(this.#strict && stated && stated !== proven)) return proven;
    if (proofs.dmy + proofs.mdy > 0 && stated && proofs[stated] > 0) return stated;
    const hinted = proven ? null : (only(this.#hints) ?? stated);
    if (hinted && proofs.dmy + proofs.mdy === 0) return hinted;
    if (open === 0 && !proven) return null;
    throw new AppError('import_date_order_needed');
  }

  /** Reads a date in the order that was decided. */
  read(text: string): ReturnType<DateReader> {
    if (this.#order) return this.#readers[this.#order](text);
    return this.#undecided(text) ?? DATE_ORDERS.map((order) => this.#readers[order](text)).find((value) => value !== undefined);
  }
}

/**
 * How a file writes its numbers: what its points and commas mean, told by all its rows. Those that can be read one way only are, whatever
 * the rest does.
 */
export class NumberHabit {
  readonly #stated: DecimalMark | undefined;
  readonly #written = new Map<string, EitherAmount | null>();
  readonly #proofs: Votes<DecimalMark> = { for: { '.': 0, ',': 0 }, open: 0 };
  #mark: DecimalMark | null;

  constructor(stated: DecimalMark | undefined, decided: DecimalMark | null | undefined) {
    this.#stated = stated;
    this.#mark = stated ?? decided ?? null;
  }

  /** Takes note of an amount in a currency. */
  seeAmount(text: string, currency: string | null): void {
    const either = this.#either(text);
    if (either) this.#see(either['.'], either[','], currency ?? either.sign);
  }

  seeQuantity(text: string): void {
    if (this.#stated || /^\d*$/.test(text)) return;
    this.#see(readQuantity(text, '.'), readQuantity(text, ','), null);
  }

  #see(point: Money | number | undefined, comma: Money | number | undefined, currency: string | null): void {
    // Zeros are filled in by machines, in whatever style.
    if (this.#stated || point === comma || Number(point ?? comma) === 0) return;
    if (point === undefined) this.#proofs.for[','] += 1;
    else if (comma === undefined) this.#proofs.for['.'] += 1;
    else if (currency === null || hasCents(currency)) this.#proofs.open += 1;
  }

  /** What was decided, or said before. */
  get mark(): DecimalMark | null {
    return this.#mark;
  }

  /**
   * What stands before the cents; null where every amount can be read one way only.
   * @throws AppError `import_decimal_mark_needed`
   */
  decide(): DecimalMark | null {
    if (this.#mark) return this.#mark;
    this.#mark = only(this.#proofs.for);
    if (!this.#mark && this.#proofs.open > 0) throw new AppError('import_decimal_mark_needed');
    return this.#mark;
  }

  /** An amount; `currency` is what it is in where it does not say. Null for none, undefined for what cannot be read. */
  amount(text: string, currency: string | null): WrittenAmount | null | undefined {
    const either = this.#either(text);
    if (!either) return either;
    return { amount: this.#chosen(either, either.sign ?? currency), currency: either.currency };
  }

  #chosen({ '.': point, ',': comma }: EitherAmount, currency: string | null): Money {
    if (point === undefined || comma === undefined) return (point ?? comma)!;
    // Three digits behind a mark are no cents where there are none: they are thousands, and so is the larger of the two.
    if (!hasCents(currency) && currency !== null && !this.#stated) return magnitude(point) > magnitude(comma) ? point : comma;
    return this.#mark === ',' ? comma : point;
  }

  quantity(text: string): number | undefined {
    const mark = this.#mark ?? '.';
    return readQuantity(text, mark) ?? (this.#stated ? undefined : readQuantity(text, mark === '.' ? ',' : '.'));
  }

  #either(text: string): EitherAmount | null | undefined {
    // Prices repeat, and each is read several times: when it is checked, and when the order is made.
    let either = this.#written.get(text);
    if (either === undefined) {
      either = readEitherAmount(text, this.#stated ? [this.#stated] : undefined);
      if (this.#written.size >= REMEMBERED) this.#written.clear();
      if (either !== undefined) this.#written.set(text, either);
    }
    return either;
  }
}

function magnitude(amount: Money): Money {
  return amount < 0n ? -amount : amount;
}
