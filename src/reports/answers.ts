import { LRUCache } from 'lru-cache';
import { randomBytes } from 'node:crypto';
import type { Engine } from '../engines/engine.ts';
import { readShops } from '../records/shops/shops.ts';
import { shopDay } from '../model/shop-day.ts';
import { runReport, understoodAs, type ReportAnswer, type ReportRequest, type ReportRoom } from './run.ts';

/** An answer in the older shape: rows in `data`, siblings beside them. */
export type ShownAnswer = Omit<ReportAnswer, 'tables'> & { readonly data: readonly object[] } & Readonly<Record<string, unknown>>;

/** An answer as it is kept. */
export interface KeptAnswer {
  /** The JSON of a {@link ShownAnswer}, with `code` and `msg` before it. */
  readonly json: Buffer;
  /** A name that no other answer has or will have, in no run of the program. */
  readonly tag: string;
}

/** The answers of the reports. */
export interface Answers {
  /**
   * The answer to a request, computed once for each state of the data, each language and each day on the shops' clocks;
   * never older than what was committed when it was asked for.
   * @throws AppError as {@link runReport} does
   */
  find(request: ReportRequest): Promise<KeptAnswer>;
}

const KEPT_BYTES = 64 * 2 ** 20;

/** Keeps the answers that were asked for last, as many as fit. */
export function openAnswers(
  room: ReportRoom & { readonly engine: Pick<Engine, 'mark'> },
  { keptBytes = KEPT_BYTES }: { keptBytes?: number } = {},
): Answers {
  const { engine, clock } = room;
  const kept = new LRUCache<string, KeptAnswer>({ maxSize: keptBytes, sizeCalculation: ({ json }, key) => json.length + key.length });
  const underway = new Map<string, Promise<KeptAnswer>>();
  const run = randomBytes(9).toString('base64url');
  let count = 0;
  let zones: { readonly mark: string; readonly found: Promise<readonly string[]> } | undefined;

  /** The clocks that say when "today" is another day, read once for each state of the data. */
  const zonesAt = (mark: string): Promise<readonly string[]> => {
    if (zones?.mark !== mark) {
      const found = engine.read(readShops).then((shops) => [...new Set(shops.map(({ zone }) => zone))]);
      zones = { mark, found };
      found.catch(() => (zones = undefined));
      // No other request can ask for what was computed on the data before.
      kept.clear();
    }
    return zones.found;
  };

  const compute = async (request: ReportRequest, now: Temporal.Instant): Promise<KeptAnswer> => {
    const { tables, ...rest } = await runReport({ ...room, clock: { now: () => now } }, request);
    count += 1;
    return { json: Buffer.from(JSON.stringify({ code: 0, msg: 'success', ...tables, ...rest })), tag: `${run}-${count}` };
  };

  return {
    async find(request) {
      const understood = understoodAs(request);
      // Looked at before the data are: an answer may be newer than it says, never older.
      const mark = await engine.mark();
      const now = clock.now();
      const days = (await zonesAt(mark)).map((zone) => shopDay(now, zone));
      const key = [mark, ...days, understood].join(' ');
      const found = kept.get(key) ?? underway.get(key);
      if (found) return found;
      const computed = compute(request, now).finally(() => underway.delete(key));
      underway.set(key, computed);
      const answer = await computed;
      if ((await engine.mark()) === mark) kept.set(key, answer);
      return answer;
    },
  };
}

/** A kept answer, to be read. */
export function readAnswer({ json }: KeptAnswer): ShownAnswer {
  return JSON.parse(json.toString()) as ShownAnswer;
}
