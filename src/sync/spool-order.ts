import { endianness } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** The order of a spool's records: runs of one name hash each, by the time of their earliest record. */
export interface SpoolOrder {
  /** Records by hash. */
  readonly records: Uint32Array<ArrayBuffer>;
  /** Where among them each run begins, and after the last the end. */
  readonly bounds: Uint32Array<ArrayBuffer>;
  /** The runs by time. */
  readonly runs: Uint32Array<ArrayBuffer>;
}

interface Keys {
  readonly hashes: Uint32Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
}

const LOW = endianness() === 'LE' ? 0 : 1;
/** Fewer are sorted sooner than a thread has begun. */
const WORTH_A_THREAD = 100_000;

/**
 * Orders records by hash and time (two names may share a hash), many of them on a thread of its own: ten million take a second. The keys
 * are used up.
 */
export async function orderOf(keys: Keys): Promise<SpoolOrder> {
  if (keys.hashes.length < WORTH_A_THREAD) return sorted(keys);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { spoolKeys: keys },
    transferList: [keys.hashes.buffer, keys.times.buffer],
  });
  return new Promise((resolve, reject) => {
    worker
      .once('message', resolve)
      .once('error', reject)
      .once('exit', (code) => reject(new Error(`the thread that sorts ended with ${code}`)));
  });
}

function sorted({ hashes, times }: Keys): SpoolOrder {
  const records = sortedBy((i) => hashes[i]!, hashes.length);
  const starts = records.filter((record, i) => i === 0 || hashes[record] !== hashes[records[i - 1]!]).length;
  const bounds = new Uint32Array(starts + 1).fill(records.length);
  for (let [i, run] = [0, 0]; i < records.length; i++) if (i === 0 || hashes[records[i]!] !== hashes[records[i - 1]!]) bounds[run++] = i;
  const firsts = new Float64Array(starts).fill(Infinity);
  for (let run = 0; run < starts; run++) {
    for (let i = bounds[run]!; i < bounds[run + 1]!; i++) firsts[run] = Math.min(firsts[run]!, times[records[i]!]!);
  }
  const origin = firsts.reduce((a, b) => Math.min(a, b), Infinity);
  return { records, bounds, runs: sortedBy((run) => Math.floor((firsts[run]! - origin) / 1000), starts) };
}

/** The numbers below `length` by a key of 32 bits, then by themselves: sorted as 64-bit numbers, without a comparison in JavaScript. */
function sortedBy(key: (i: number) => number, length: number): Uint32Array<ArrayBuffer> {
  const halves = new Uint32Array(length * 2);
  for (let i = 0; i < length; i++) {
    halves[2 * i + LOW] = i;
    halves[2 * i + 1 - LOW] = key(i);
  }
  new BigUint64Array(halves.buffer).sort();
  return halves.filter((_, i) => i % 2 === LOW);
}

const { spoolKeys } = (workerData ?? {}) as { spoolKeys?: Keys };
if (!isMainThread && spoolKeys) {
  const order = sorted(spoolKeys);
  parentPort!.postMessage(order, [order.records.buffer, order.bounds.buffer, order.runs.buffer]);
}
