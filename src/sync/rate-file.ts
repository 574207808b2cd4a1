import { Readable } from 'node:stream';
import { inflateRawSync } from 'node:zlib';
import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import type { Rate } from '../model/exchange.ts';
import { FIRST_HELD, LAST_HELD } from '../model/shop-day.ts';
import { readTable } from './table-file.ts';

/** A cell of a rate file that is no rate, with its line. */
export interface BadRate {
  readonly line: number;
  readonly column: string;
  readonly problem: 'not_a_day' | 'not_a_rate' | 'not_a_currency';
}

export interface RateFile {
  readonly rates: readonly Rate[];
  readonly bad: readonly BadRate[];
}

const ZIP = Buffer.from('PK\u0003\u0004');
const RATE = /^\d{1,10}(?:\.\d{1,8})?$/;
const CURRENCY = /^[A-Z]{3}$/;
/** What the bank writes where it published none. */
const NONE = new Set(['', 'N/A', '-']);
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** How many of what is no rate are named. */
const MOST_BAD = 1000;
const PORTION = 5000;
const PIECE_BYTES = 256 * 1024;

/** {@link readRateFile} of a file that comes in pieces, some rates at a time. */
export async function* readRates(source: AsyncIterable<Uint8Array>): AsyncGenerator<RateFile> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > LIMITS.rate_bytes.most) throw overLimit('rate_bytes');
    chunks.push(chunk);
  }
  const { rates, bad } = await readRateFile(Buffer.concat(chunks));
  for (let at = 0; at === 0 || at < rates.length; at += PORTION) yield { rates: rates.slice(at, at + PORTION), bad: at === 0 ? bad : [] };
}

/**
 * Reads a file of euro reference rates as the European Central Bank publishes them (eurofxref, -hist, -hist-90d; CSV, its ZIP, or XML).
 * What is no rate is named with its line, the first thousand of them; the rest is taken.
 * @throws AppError `file_unreadable` when it is no such file, `limit_exceeded`
 */
export async function readRateFile(bytes: Buffer): Promise<RateFile> {
  const text = bytes.subarray(0, 4).equals(ZIP) ? onlyFileOf(bytes) : bytes;
  const file = text.subarray(0, 200).toString('latin1').trimStart().startsWith('<') ? readXml(text.toString('utf8')) : await readCsv(text);
  if (file.rates.length === 0 && file.bad.length === 0) throw new AppError('file_unreadable', { reason: 'it holds no exchange rate' });
  return { rates: file.rates, bad: file.bad.slice(0, MOST_BAD) };
}

/** Given in one piece, all rows would be made at once. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** One row a day, one column a currency. */
async function readCsv(bytes: Buffer): Promise<RateFile> {
  const [rates, bad]: [Rate[], BadRate[]] = [[], []];
  let currencies: readonly string[] | undefined;
  for await (const rows of readTable(Readable.from(pieces(bytes), { objectMode: false }))) {
    for (const { line, cells } of rows) {
      const [first, ...rest] = cells.map((cell) => cell.trim());
      if (!currencies) {
        if (first !== 'Date') throw new AppError('file_unreadable', { reason: 'its first line does not begin with Date' });
        currencies = rest;
        for (const column of rest) if (column !== '' && !CURRENCY.test(column)) bad.push({ line, column, problem: 'not_a_currency' });
        continue;
      }
      const day = toDay(first!);
      if (rates.length + bad.length > LIMITS.rates.most) throw overLimit('rates');
      if (!day) bad.push({ line, column: 'Date', problem: 'not_a_day' });
      else for (const [at, rate] of rest.entries()) take({ day, currency: currencies[at] ?? '', rate }, line, { rates, bad });
    }
  }
  return { rates, bad };
}

/** A tag without an end, again and again, would be looked through to the end of the file each time. */
const CUBE = /<Cube\s[^<>]{0,500}>/g;

/** `<Cube time='2026-11-20'><Cube currency='USD' rate='1.0823'/>…`, line breaks where they like. */
function readXml(text: string): RateFile {
  const [rates, bad]: [Rate[], BadRate[]] = [[], []];
  let day: string | undefined;
  let line = 1;
  let read = 0;
  for (const { 0: tag, index } of text.matchAll(CUBE)) {
    for (; read < index; read++) if (text[read] === '\n') line += 1;
    const of = (name: string): string | undefined => new RegExp(`\\b${name}=['"]([^'"]*)['"]`).exec(tag)?.[1];
    const [time, currency, rate] = [of('time'), of('currency'), of('rate')];
    if (time !== undefined) {
      day = toDay(time);
      if (!day) bad.push({ line, column: 'time', problem: 'not_a_day' });
    } else if (day && currency !== undefined) {
      if (CURRENCY.test(currency)) take({ day, currency, rate: rate ?? '?' }, line, { rates, bad });
      else bad.push({ line, column: currency, problem: 'not_a_currency' });
    }
  }
  return { rates, bad };
}

function take(rate: Rate, line: number, { rates, bad }: { rates: Rate[]; bad: BadRate[] }): void {
  if (!CURRENCY.test(rate.currency) || NONE.has(rate.rate)) return;
  if (rates.length + bad.length >= LIMITS.rates.most) throw overLimit('rates');
  if (RATE.test(rate.rate) && /[1-9]/.test(rate.rate)) rates.push(rate);
  else bad.push({ line, column: rate.currency, problem: 'not_a_rate' });
}

/** `2026-11-20`, or `20 November 2026` as the file of one day has it. */
function toDay(text: string): string | undefined {
  const [, date, month, year] = /^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(text) ?? [];
  const iso = date ? `${year}-${String(MONTHS.indexOf(month!) + 1).padStart(2, '0')}-${date.padStart(2, '0')}` : text;
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return undefined;
  try {
    const day = Temporal.PlainDate.from(iso).toString();
    const time = Date.parse(day);
    return time >= FIRST_HELD && time <= LAST_HELD ? day : undefined;
  } catch {
    return undefined;
  }
}

const LOCAL_HEADER = { method: 8, packed: 18, name: 26, extra: 28, length: 30 } as const;

/** The first file of a ZIP archive. The bank's holds one, deflated, its sizes in front of it or behind. */
function onlyFileOf(zip: Buffer): Buffer {
  try {
    const start = LOCAL_HEADER.length + zip.readUInt16LE(LOCAL_HEADER.name) + zip.readUInt16LE(LOCAL_HEADER.extra);
    const packed = zip.readUInt32LE(LOCAL_HEADER.packed);
    if (zip.readUInt16LE(LOCAL_HEADER.method) === 0) return zip.subarray(start, start + packed);
    return inflateRawSync(packed > 0 ? zip.subarray(start, start + packed) : zip.subarray(start), {
      maxOutputLength: LIMITS.rate_bytes.most,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw overLimit('rate_bytes');
    throw new AppError('file_unreadable', { reason: 'its ZIP is damaged' }, { cause: error });
  }
}
