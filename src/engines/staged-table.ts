import type { Column, ColumnType } from '../model/tables.ts';
import type { StagedValue } from './engine.ts';

/**
 * Rows on their way into a temporary table, kept column by column as a database takes them.
 * They can be made while the database is busy with others.
 */
export class StagedTable {
  readonly columns: readonly Column[];
  readonly cells: readonly StagedCells[];
  #length = 0;

  /** @param of a table to share columns with, as long as it is now */
  constructor(columns: readonly Column[], of?: StagedTable) {
    this.columns = columns;
    this.cells = columns.map((column) => of?.cells[of.columns.indexOf(column)] ?? CELLS[column.type]());
    this.#length = of?.length ?? 0;
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Adds a row, columns in the order given; what is left out at its end stays null until it is set.
   * @throws RangeError on a value that its column cannot hold
   */
  add(row: readonly StagedValue[]): void {
    const at = this.#length;
    for (let i = 0; i < this.cells.length; i++) this.#set(i, at, row[i] ?? null);
    this.#length += 1;
  }

  /** Sets cells of a row from a column on that comes after those it was added with. */
  fill(row: number, from: number, values: readonly StagedValue[]): void {
    for (let i = 0; i < values.length; i++) this.#set(from + i, row, values[i]!);
  }

  #set(column: number, row: number, value: StagedValue): void {
    if (!this.cells[column]!.set(row, value))
      throw new RangeError(`${typeof value} ${String(value)} does not go into ${this.columns[column]!.name}`);
  }
}

/** The cells of a column: numbers as machines lay them out and one bit for each that is not null, or texts. */
export type StagedCells = NumberCells | TextCells;

type NumberArray = Uint8Array | Int16Array | Int32Array | BigInt64Array;

/** Cells of a fixed size, in one piece of memory. */
export class NumberCells {
  /** A bit is set where there is a value; null where every cell has one. */
  valid: Uint8Array | null = null;
  values: NumberArray;
  /** The same memory, to write 64 bits as two halves. */
  #halves: Int32Array;
  readonly #write: Write;

  constructor(values: NumberArray, write: Write) {
    this.values = values;
    this.#halves = halvesOf(values);
    this.#write = write;
  }

  /** False when the column cannot hold the value. */
  set(row: number, value: StagedValue): boolean {
    if (row >= this.values.length) this.#grow();
    if (value === null) {
      this.valid ??= new Uint8Array(this.values.length / 8).fill(255);
      this.valid[row >> 3]! &= ~(1 << (row & 7));
      return true;
    }
    if (this.valid) this.valid[row >> 3]! |= 1 << (row & 7);
    return this.#write(this.values, this.#halves, row, value);
  }

  #grow(): void {
    const { values, valid } = this;
    const longer = new (values.constructor as Int32ArrayConstructor)(values.length * 2);
    longer.set(values as Int32Array);
    this.values = longer;
    this.#halves = halvesOf(longer);
    if (!valid) return;
    this.valid = new Uint8Array(valid.length * 2).fill(255);
    this.valid.set(valid);
  }
}

/** Cells of any length. */
export class TextCells {
  readonly values: (string | Uint8Array | null)[] = [];

  set(row: number, value: StagedValue): boolean {
    this.values[row] = value as string | Uint8Array | null;
    return value === null || typeof value === 'string' || value instanceof Uint8Array;
  }
}

type Write = (values: NumberArray, halves: Int32Array, row: number, value: StagedValue) => boolean;

const LENGTH = 2048;
const DAY_MS = 86_400_000;
const HALF = 2 ** 32;

const smallWrite =
  (lowest: number, highest: number): Write =>
  (values, _halves, row, value) => {
    values[row] = value as number;
    return Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest;
  };
const writeInteger = smallWrite(-(2 ** 31), 2 ** 31 - 1);

/** Numbers where they are exact, without making an object of each. */
const writeBig: Write = (values, halves, row, value) => {
  if (typeof value === 'number') {
    const high = Math.floor(value / HALF);
    halves[2 * row] = value - high * HALF;
    halves[2 * row + 1] = high;
    return Number.isSafeInteger(value);
  }
  values[row] = value as bigint;
  return values[row] === value;
};

const days = new Map<string, number>();
const REMEMBERED = 50_000;

const writeDay: Write = (values, halves, row, value) => {
  let day = days.get(value as string);
  if (day === undefined) {
    day = Date.parse(`${value as string}T00:00:00Z`) / DAY_MS;
    if (days.size >= REMEMBERED) days.clear();
    days.set(value as string, day);
  }
  return writeInteger(values, halves, row, day);
};

const big = (): NumberCells => new NumberCells(new BigInt64Array(LENGTH), writeBig);
const CELLS: Readonly<Record<ColumnType, () => StagedCells>> = {
  small: () => new NumberCells(new Int16Array(LENGTH), smallWrite(-(2 ** 15), 2 ** 15 - 1)),
  integer: () => new NumberCells(new Int32Array(LENGTH), writeInteger),
  big,
  money: big,
  instant: big,
  day: () => new NumberCells(new Int32Array(LENGTH), writeDay),
  boolean: () =>
    new NumberCells(new Uint8Array(LENGTH), (values, _halves, row, value) => {
      values[row] = value ? 1 : 0;
      return typeof value === 'boolean';
    }),
  text: () => new TextCells(),
  bytes: () => new TextCells(),
};

function halvesOf({ buffer }: NumberArray): Int32Array {
  return new Int32Array(buffer as ArrayBuffer);
}

/** An instant as it is staged, microseconds since 1970: a number holds them exactly until the year 2255. */
export function micros(instant: Temporal.Instant): number {
  return Math.round(Number(instant.epochNanoseconds) / 1000);
}
