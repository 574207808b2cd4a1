import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { toAppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { orderOf } from './spool-order.ts';

/** A record that waits for the others of its group. */
export interface SpooledRecord {
  readonly group: string;
  /** Milliseconds since 1970; groups are sorted by their earliest, to the second. */
  readonly time: number;
  /** The same as it is if the records turn out to tell their times otherwise. */
  readonly otherTime?: number | undefined;
  readonly place: number;
  readonly body: string;
}

export interface SpooledGroup {
  readonly group: string;
  /** In the order they were added. */
  readonly records: readonly { readonly place: number; readonly body: string }[];
}

/**
 * Puts a file's records together by group and in order of time, however large the file is: they wait on disk, memory holds some 40 bytes of
 * each.
 */
export interface Spool {
  add(records: readonly SpooledRecord[]): Promise<void>;
  /**
   * All groups, by the time of their earliest record (`byOtherTime`: by the other one, where a record has it), so many at a time or fewer
   * where they are long. To be called once, after the last `add`.
   * @throws AppError `limit_exceeded`, before the first, when one is too long
   */
  portions(groups: number, order?: { readonly byOtherTime?: boolean }): AsyncGenerator<SpooledGroup[]>;
  close(): Promise<void>;
}

const PORTION_BYTES = 32 * 2 ** 20;
/** Records that stand so near to each other are read in one go. */
const NEAR_BYTES = 16 * 1024;
const READ_BYTES = 2 ** 20;
const READS_AT_ONCE = 64;

/**
 * Opens an empty spool in a folder.
 * @throws AppError `disk_full`, from whatever it does
 */
export async function openSpool(folder: string): Promise<Spool> {
  const path = join(folder, `${randomUUID()}.spool`);
  const file = await open(path, 'wx+', 0o600).catch((error: unknown) => {
    throw toAppError(error);
  });
  const hashes = new Numbers<Uint32Array<ArrayBuffer>>(Uint32Array);
  const places = new Numbers<Uint32Array<ArrayBuffer>>(Uint32Array);
  const times = new Numbers<Float64Array<ArrayBuffer>>(Float64Array);
  /** Only where a record has another time. */
  let otherTimes: Numbers<Float64Array<ArrayBuffer>> | undefined;
  /** Where each record begins, and after the last where the next will. */
  const starts = new Numbers<Float64Array<ArrayBuffer>>(Float64Array);
  starts.push(0);
  const lengthOf = (record: number): number => starts.at(record + 1) - starts.at(record);

  /** The texts of records that are given in the order they stand in the file. */
  const readTexts = async (records: Uint32Array): Promise<Map<number, string>> => {
    const texts = new Map<number, string>();
    const readStretch = async (stretch: Uint32Array): Promise<void> => {
      const start = starts.at(stretch[0]!);
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(starts.at(stretch.at(-1)! + 1) - start), { position: start });
      if (bytesRead < buffer.length) throw new Error('the spool is shorter than what was written to it');
      for (const record of stretch) texts.set(record, buffer.toString('utf8', starts.at(record) - start, starts.at(record + 1) - start));
    };
    let stretches: Promise<void>[] = [];
    let from = 0;
    for (let to = 1; to <= records.length; to++) {
      const apart =
        to === records.length ||
        starts.at(records[to]!) - starts.at(records[to - 1]! + 1) > NEAR_BYTES ||
        starts.at(records[to]!) - starts.at(records[from]!) > READ_BYTES;
      if (!apart) continue;
      stretches.push(readStretch(records.subarray(from, to)));
      from = to;
      if (stretches.length < READS_AT_ONCE) continue;
      await Promise.all(stretches);
      stretches = [];
    }
    await Promise.all(stretches);
    return texts;
  };

  return {
    async add(records) {
      const parts = records.map(({ group, body }) => Buffer.from(`${group.length}:${group}${body}`));
      for (const [i, { group, time, otherTime, place }] of records.entries()) {
        if (otherTime !== undefined) otherTimes ??= times.copy();
        otherTimes?.push(otherTime ?? time);
        hashes.push(crc32(group));
        places.push(place);
        times.push(time);
        starts.push(starts.at(-1) + parts[i]!.length);
      }
      await file.appendFile(Buffer.concat(parts)).catch((error: unknown) => {
        throw toAppError(error);
      });
    },
    async *portions(groups, { byOtherTime = false } = {}) {
      // What the order is made of is let go.
      const { records, bounds, runs } = await orderOf({
        hashes: hashes.take(),
        times: byOtherTime && otherTimes ? otherTimes.take() : times.take(),
      });
      times.take();
      otherTimes?.take();
      const runAt = (i: number): Uint32Array => records.subarray(bounds[runs[i]!], bounds[runs[i]! + 1]);
      // Told before anything is written: whoever reads them holds all records of a group.
      for (let i = 0; i < runs.length; i++) if (runAt(i).length > LIMITS.order_rows.most) throw overLimit('order_rows');
      for (let next = 0; next < runs.length;) {
        const chosen: Uint32Array[] = [];
        for (let bytes = 0; next < runs.length && chosen.length < groups && bytes < PORTION_BYTES; next++) {
          const run = runAt(next);
          for (const record of run) bytes += lengthOf(record);
          chosen.push(run);
        }
        const texts = await readTexts(Uint32Array.from(chosen.flatMap((run) => [...run])).sort());
        yield chosen.flatMap((run) => groupsOf(run, texts, places));
      }
    },
    async close() {
      await file.close();
      rmSync(path, { force: true });
    },
  };
}

function groupsOf(run: Uint32Array, texts: ReadonlyMap<number, string>, places: { at(record: number): number }): SpooledGroup[] {
  const groups = new Map<string, { place: number; body: string }[]>();
  for (const record of run) {
    const text = texts.get(record)!;
    const nameStart = text.indexOf(':') + 1;
    const nameEnd = nameStart + Number(text.slice(0, nameStart - 1));
    const name = text.slice(nameStart, nameEnd);
    const known = groups.get(name);
    const held = { place: places.at(record), body: text.slice(nameEnd) };
    if (known) known.push(held);
    else groups.set(name, [held]);
  }
  return [...groups].map(([group, records]) => ({ group, records }));
}

/** A list of numbers that grows without a number becoming an object. */
class Numbers<Kind extends Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>> {
  length = 0;
  readonly #kind: new (length: number) => Kind;
  #values: Kind;

  constructor(kind: new (length: number) => Kind) {
    this.#kind = kind;
    this.#values = new kind(4096);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new this.#kind(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  copy(): Numbers<Kind> {
    const copy = new Numbers<Kind>(this.#kind);
    for (let i = 0; i < this.length; i++) copy.push(this.#values[i]!);
    return copy;
  }

  /** All of them; the list is empty afterwards. */
  take(): Kind {
    const all = this.#values.slice(0, this.length) as Kind;
    this.length = 0;
    this.#values = new this.#kind(0);
    return all;
  }

  at(i: number): number {
    return this.#values[i < 0 ? this.length + i : i]!;
  }
}
