import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../src/kernel/clock.ts';
import { htmlReply, type Incoming, type Reply } from './exchange.ts';
import { Plants, type CommonFaults, type Fate, type PlantedFor } from './faults.ts';
import { markOf, tellable, tellableBody, type JournalEntry } from './journal.ts';
import { openServer } from './server.ts';
import type { Shop } from './trade/shops.ts';
import type { World } from './trade/world.ts';

/** Where all platforms of a simulator stand. */
export interface PlatformRoom {
  readonly world: World;
  readonly seed: string;
  readonly clock: Clock;
  readonly host: string;
}

/** What every platform can be opened with. */
export interface PlatformOptions<Faults> {
  /** 0 takes any free port. */
  readonly port?: number | undefined;
  readonly faults?: Partial<Faults> | undefined;
  readonly journal?: boolean | undefined;
  /** Remembers used codes, rotations and withdrawals over a restart. */
  readonly stateFile?: string | undefined;
}

/** Who calls, as far as a request says so: nothing of it has been examined. */
export interface Who {
  readonly app: string | undefined;
  readonly token: string | undefined;
  readonly account: string | undefined;
  readonly shop: Shop | undefined;
  /** All shops that a request is for, where it can be for several at once. */
  readonly shops?: readonly Shop[];
}

/** A platform behind its front: what it answers. */
export interface Platform<Faults> {
  whoOf(request: Incoming, now: Temporal.Instant): Who;
  /** Pages that a person's browser asks for: no fault of the wire befalls them. */
  isPage(request: Incoming): boolean;
  answer(request: Incoming, moment: { readonly now: Temporal.Instant; readonly fate: Fate<Faults & CommonFaults> }): Reply;
}

/** A platform of a running simulator, as far as all are alike. */
export interface Front<Faults> {
  /** One server stands for all of its hosts. */
  readonly url: string;
  /** The requests to it so far; empty unless a journal was asked for. May be emptied between two steps of a test. */
  readonly journal: JournalEntry[];
  /** What befalls all calls; may be changed while it runs. */
  readonly faults: Faults;
  /** How many calls have met each fault. */
  readonly met: Readonly<Record<keyof Faults, number>>;
  /** Lets faults befall some calls: of one shop, so many, or until an instant. */
  plant(faults: Partial<Faults>, where: PlantedFor): void;
  close(): Promise<void>;
}

const BROKEN_OFF: Reply = { status: 0, headers: {}, body: '', destroy: true };
const NOTHING: Reply = { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '' };
const UNAVAILABLE = htmlReply(503, '<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>');

/** Listens for a platform: lets the faults befall its calls that befall any platform's, and keeps the journal. */
export async function openFront<Faults extends CommonFaults>(
  { world, clock, host }: PlatformRoom,
  platform: Platform<Faults>,
  { noFaults, port = 0, faults, journal: isKept = false }: PlatformOptions<Faults> & { readonly noFaults: Faults },
): Promise<Front<Faults>> {
  const plants = new Plants<Faults>({ ...noFaults, ...faults }, world.seed);
  const journal: JournalEntry[] = [];

  const replyOf = (request: Incoming, now: Temporal.Instant, fate: Fate<Faults>): Reply => {
    const common = fate as unknown as Fate<CommonFaults>;
    const isPage = platform.isPage(request);
    if (!isPage && common.befalls('reset')) return BROKEN_OFF;
    if (!isPage && common.befalls('unavailable')) return UNAVAILABLE;
    const reply = platform.answer(request, { now, fate });
    if (!isPage && common.befalls('lostAnswer')) return BROKEN_OFF;
    return !isPage && common.befalls('emptyAnswer') ? NOTHING : reply;
  };

  const server = await openServer({ host, port }, async (request) => {
    const now = clock.now();
    const who = platform.whoOf(request, now);
    const fate = plants.fateOf(who, now);
    const reply = replyOf(request, now, fate);
    const delayMs = fate.faults.latencyMs + (reply.delayMs ?? 0);
    fate.note('latencyMs', fate.faults.latencyMs > 0);
    plants.count(fate);
    if (delayMs > 0) await wait(delayMs);
    if (isKept) journal.push(entryOf(request, reply, { now, who, met: [...fate.met].map(String) }));
    return reply;
  });
  return {
    url: server.url,
    journal,
    faults: plants.standing,
    met: plants.met,
    plant: (planted, where) => plants.plant(planted, where),
    close: () => server.close(),
  };
}

function entryOf(
  { method, path, query, body }: Incoming,
  { status, code }: Reply,
  { now, who, met }: { now: Temporal.Instant; who: Who; met: readonly string[] },
): JournalEntry {
  return {
    at: now.toString(),
    method,
    path,
    query: tellable(query),
    body: tellableBody(body.toString()),
    app: who.app,
    token: who.token === undefined ? undefined : markOf(who.token),
    account: who.account,
    shop: who.shop?.name ?? (who.shops?.map(({ name }) => name).join(', ') || undefined),
    status,
    code,
    met,
  };
}
