import { Random, mix } from '../random.ts';
import { ACCOUNTS, type Account, type AmazonShop } from './shops.ts';
import type { AmazonFate } from './amazon-faults.ts';
import type { AmazonWorld } from './amazon-world.ts';
import { Refusal } from './envelope.ts';
import type { ReportKind } from './report-kinds.ts';
import type { Settlements } from './settlements.ts';

/** What a report says of itself. */
export type ProcessingStatus = 'IN_QUEUE' | 'IN_PROGRESS' | 'DONE' | 'CANCELLED' | 'FATAL';

/** What was asked for; times in milliseconds. */
export interface ReportRequest {
  readonly type: string;
  readonly account: Account;
  readonly marketplaceIds: readonly string[];
  readonly shops: readonly AmazonShop[];
  readonly startMs: number;
  readonly endMs: number;
}

/** One report, with what will become of it. */
export interface Report extends ReportRequest {
  readonly id: string;
  readonly createdMs: number;
  /** When it leaves the queue and when it is over. */
  readonly startsMs: number;
  readonly endsMs: number;
  readonly outcome: 'DONE' | 'CANCELLED' | 'FATAL';
  /** The text of its document, and what its charset is said to be; undefined where there is no document. */
  readonly document: { readonly text: string; readonly charset: 'natural' | 'unknown' | 'unsaid' } | undefined;
  readonly keptDays: number;
  cancelledMs: number | undefined;
}

const DAY_MS = 86_400_000;
const WHY = {
  range: 'The requested date range is longer than this report type allows.',
  cooldown: 'A report of this type was requested for this account less than 30 minutes ago.',
  fatal: 'The report could not be generated. Please try again later.',
} as const;

/** The reports of all sellers: each waits for the one before it of the same seller and type. Those of one process are known, no others. */
export class Reports {
  readonly #world: AmazonWorld;
  readonly #settlements: Settlements;
  readonly #delay: number;
  readonly #all: Report[] = [];
  #flavours = 0;

  /** `delay` is a factor on how long reports take. */
  constructor({ world, settlements, delay }: { world: AmazonWorld; settlements: Settlements; delay: number }) {
    this.#world = world;
    this.#settlements = settlements;
    this.#delay = delay;
  }

  /** Takes a report in. @throws Refusal 429 where a fault says so */
  create(request: ReportRequest, kind: ReportKind, { nowMs, fate }: { nowMs: number; fate: AmazonFate }): Report {
    const isFlavoured = fate.befalls('reportCancelFlavours');
    const flavour = isFlavoured ? this.#flavours++ % 3 : undefined;
    if (flavour === 2) throw new Refusal(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.');
    const isForeign = fate.befalls('reportForeignCooldown');
    if (isForeign) this.#add({ ...request, createdMs: nowMs - 10 * 60_000, jamMs: 0 }, this.#made(request, kind, { nowMs, fate }));
    const jamMs = fate.faults.reportQueueJamSeconds * 1000;
    fate.note('reportQueueJamSeconds', jamMs > 0);
    const isTooLong = request.endMs - request.startMs > kind.mostDays * DAY_MS;
    const why = isTooLong ? WHY.range : isForeign ? WHY.cooldown : flavour === 1 || fate.befalls('reportFatal') ? WHY.fatal : undefined;
    const ended = why !== undefined ? fatal(why) : flavour === 0 || fate.befalls('reportCancelled') ? NOTHING : undefined;
    return this.#add({ ...request, createdMs: nowMs, jamMs }, ended ?? this.#made(request, kind, { nowMs, fate }), kind.keptDays);
  }

  /** A report of a seller; undefined when there is none, or none any more. */
  find(account: Account, id: string, nowMs: number): Report | undefined {
    return this.list(account, nowMs).find((report) => report.id === id);
  }

  /** All reports of a seller that are still kept, newest first; foreign ones among them. */
  list(account: Account, nowMs: number): Report[] {
    const kept = this.#all.filter((each) => each.account === account && nowMs - each.createdMs < each.keptDays * DAY_MS);
    return [...kept, ...this.#settlements.of(account, nowMs)].toSorted((one, other) => other.createdMs - one.createdMs);
  }

  /** The report a document belongs to, whoever asked for it. */
  ofDocument(documentId: string, nowMs: number): Report | undefined {
    return this.#everything(nowMs).find((report) => documentIdOf(report) === documentId);
  }

  /** The shops that a report was asked for; none for an id that is none. */
  shopsOf(id: string, nowMs: number): readonly AmazonShop[] {
    return this.#everything(nowMs).find((report) => report.id === id || documentIdOf(report) === id)?.shops ?? [];
  }

  #everything(nowMs: number): Report[] {
    return [...this.#all, ...ACCOUNTS.flatMap((account) => this.#settlements.of(account, nowMs))];
  }

  #made(request: ReportRequest, kind: ReportKind, { nowMs, fate }: { nowMs: number; fate: AmazonFate }): Ended {
    // As the world is when it is asked for: what happens while it waits is not in it.
    const content = kind.content({ ...request, world: this.#world, fate, at: Math.floor(nowMs / 1000) });
    if (content === undefined) return NOTHING;
    const { reportCharset } = fate.faults;
    fate.note('reportCharset', reportCharset !== 'natural');
    return { outcome: 'DONE', document: { text: content.text, charset: reportCharset } };
  }

  #add({ jamMs, ...request }: ReportRequest & { createdMs: number; jamMs: number }, ended: Ended, keptDays = 30): Report {
    const number = this.#all.length;
    const random = new Random(mix(this.#world.seed, 980, number));
    const before = this.#all.findLast(({ account, type }) => account === request.account && type === request.type);
    const waited = Math.max(request.createdMs, before && before.cancelledMs === undefined ? before.endsMs : 0);
    const startsMs = waited + random.between(5, 30) * 1000 * this.#delay;
    const endsMs = startsMs + random.between(15, 60) * 1000 * this.#delay + jamMs;
    const id = String(50_000_000_000 + (mix(this.#world.seed, 981, number) % 1_000_000) * 10_000 + number);
    const report: Report = { ...request, ...ended, id, startsMs, endsMs, keptDays, cancelledMs: undefined };
    this.#all.push(report);
    return report;
  }
}

type Ended = Pick<Report, 'outcome' | 'document'>;
const NOTHING: Ended = { outcome: 'CANCELLED', document: undefined };

/** Cannot be made; a document says why. */
function fatal(why: string): Ended {
  return { outcome: 'FATAL', document: { text: `${JSON.stringify({ errorDetails: why })}\n`, charset: 'natural' } };
}

/** How far a report has come. */
export function statusAt(report: Report, nowMs: number): ProcessingStatus {
  if (report.cancelledMs !== undefined) return 'CANCELLED';
  if (nowMs < report.startsMs) return 'IN_QUEUE';
  return nowMs < report.endsMs ? 'IN_PROGRESS' : report.outcome;
}

/** What names its document, once there is one. */
export function documentIdOf({ id, account }: Report): string {
  const part = (kind: number): string =>
    mix(Number(id.slice(-9)), kind)
      .toString(16)
      .padStart(8, '0');
  const uuid = `${part(1)}-${part(2).slice(0, 4)}-4${part(2).slice(5)}-b${part(3).slice(1, 4)}-${part(3).slice(4)}${part(4)}`;
  return `amzn1.spdoc.1.4.${account.region}.${uuid}.T${id}.${Number(id.slice(-4)) + 300}`;
}
