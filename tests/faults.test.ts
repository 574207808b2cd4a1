import { afterEach, expect, test } from 'vitest';
import { Dice } from '../simulator/faults.ts';
import { NO_FAULTS, type TikTokFaults } from '../simulator/tiktok/tiktok-faults.ts';
import type { TikTokAlone } from '../simulator/tiktok/tiktok-alone.ts';
import { STATUSES } from '../simulator/tiktok/statuses.ts';
import { promptStreams } from '../src/records/all.ts';
import { openConnectedShops, type ConnectedShops } from './connected-shops.ts';

/** What is missing from some orders. */
const BAD = { field: 'create_time', share: 0.03 } as const;
/** A fault planted as it stands anyhow would be a scenario that tries nothing: no such value compiles. */
type Planted<Faults> = {
  readonly [Name in keyof Faults]: Faults[Name] extends (typeof NO_FAULTS)[Name & keyof TikTokFaults] ? never : unknown;
};
const planted = <const Faults extends TikTokFaults>(faults: Faults & Planted<Faults>): TikTokFaults => faults;

/** How each fault is planted; one that the simulator learns is asked for here before anything else compiles. */
const PLANTED = planted({
  latencyMs: 3,
  tooManyRequests: 0.25,
  throttledWithin200: 0.2,
  unavailable: 0.2,
  internal: 0.2,
  timeout: 0.2,
  reset: 0.15,
  lostAnswer: 0.15,
  emptyAnswer: 0.15,
  passingDetail: 0.3,
  unknownFields: 0.5,
  unknownStatus: 0.05,
  missingField: BAD,
  zeroPaidTime: 1,
  pricelessProducts: 0.3,
  duplicates: 0.5,
  lastPageToken: 'both',
  missingIds: 'absent',
  refreshDelayMs: 3,
  expiringTokens: 0.05,
  deauthorized: 0.1,
  forgottenPages: 0.2,
  refusedTokenHeader: 0.02,
  emptyShopList: 0.9,
  lostState: 0.9,
  brokenPriceDetail: 0.1,
  driftingTotals: 0.5,
  secondsPerPage: 5,
  hiddenFromSearch: 0.1,
  hiddenFromUpdates: 0.1,
});
/**
 * All at once: what ends a whole walk has to leave some of them alone, and of the faults of single calls each is rarer, for a call that
 * meets one of eight more often than not never comes through.
 */
const TOGETHER: TikTokFaults = {
  ...PLANTED,
  tooManyRequests: 0.06,
  throttledWithin200: 0.05,
  unavailable: 0.05,
  internal: 0.05,
  timeout: 0.05,
  reset: 0.04,
  lostAnswer: 0.04,
  emptyAnswer: 0.04,
  forgottenPages: 0.05,
  emptyShopList: 0.3,
  lostState: 0.3,
};
/** What meets a fault that the streams read every few minutes do not meet. */
const MEETS: Readonly<Partial<Record<keyof TikTokFaults, Meeting>>> = {
  brokenPriceDetail: { streams: ['price_details'] },
  pricelessProducts: { streams: ['products'] },
  // What no listing by change tells of is found by the nightly count.
  hiddenFromUpdates: { streams: ['day_check'] },
  hiddenFromSearch: { streams: ['day_check'] },
  // An order of nobody is asked for by hand alone.
  missingIds: { ask: '/api/TikTok/order/detail/?order_ids=576400000000000000' },
  refreshDelayMs: { before: (simulator) => simulator.expireAccessTokens() },
};

interface Meeting {
  /** Read after the others, once a round. */
  readonly streams?: readonly string[];
  readonly ask?: string;
  /** Between two rounds. */
  readonly before?: (simulator: TikTokAlone) => void;
}

/** What happens between two runs instead of to single requests. */
const HAPPENINGS: Readonly<Record<string, (simulator: TikTokAlone, seller: Seller) => void>> = {
  'tokens that end before their time': (simulator) => simulator.expireAccessTokens(),
  'a consent that the seller withdraws': (simulator, { account }) => simulator.deauthorize(account),
};
/** Faults of single requests that can befall all of them for a while. */
const OUTAGES: readonly (keyof TikTokFaults)[] = ['tooManyRequests', 'unavailable', 'internal', 'timeout', 'reset'];
const RUNS_OF_AN_OUTAGE = 8;
/** Whose shops are read: a lone shop that sells enough for several pages, or two of one consent. */
const LONE: Seller = { account: 'luz-de-casa', region: 'MX', shops: { MX: 'Luz de Casa MX' }, scale: 3 };
const BOTH: Seller = {
  account: 'estrella-hogar',
  region: 'ES',
  shops: { ES: 'Estrella Hogar España', GB: 'Estrella Hogar UK' },
  scale: 0.6,
};
const DAY = 86_400;
const HISTORY_DAYS = 4;
const RUNS_AFTER = 2;
const HOURS_BETWEEN = 12;
const MOST_TRIES = 60;
/** History is counted from the first run of which anything could be kept. */
const LATEST_START_HOURS = 3;

interface Seller {
  readonly account: string;
  readonly region: string;
  readonly shops: Readonly<Record<string, string>>;
  readonly scale: number;
}

const open: ConnectedShops[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

test.each([
  ...plantedOf(PLANTED).map((name) => [name, { ...NO_FAULTS, [name]: PLANTED[name] }, [], LONE] as const),
  ...Object.entries(HAPPENINGS).map(([name, happening]) => [name, NO_FAULTS, [happening], LONE] as const),
  ['all of them together', TOGETHER, Object.values(HAPPENINGS), BOTH] as const,
])(
  'under %s the store ends as the platform has it, holds back exactly what is planted, and the log tells each cause once',
  async (_name, faults, happenings, seller) => {
    const said: {
      level: string;
      what: string;
      name?: string;
      over?: { times: number }[];
      details?: { platform_code?: string; fields?: string[] };
    }[] = [];
    const connected = await openConnectedShops({
      settings: { historyDays: HISTORY_DAYS },
      scale: seller.scale,
      say: (line) => said.push(JSON.parse(line)),
    });
    open.push(connected);
    const { simulator, clock } = connected;
    const first = clock.now();
    const names = plantedOf(faults);
    Object.assign(simulator.faults, faults);
    let failures = await consented(connected, seller);
    failures += await readOn(connected, seller, names);
    // What is rare is read on for, until it was met.
    for (let run = 0; run < RUNS_AFTER || (run < MOST_TRIES && names.some((name) => simulator.met[name] === 0)); run++) {
      clock.advance({ hours: HOURS_BETWEEN });
      for (const happening of happenings) happening(simulator, seller);
      for (const name of names) MEETS[name]?.before?.(simulator);
      failures += await readOn(connected, seller, names);
    }
    const outages = OUTAGES.filter((name) => names.includes(name));
    for (const name of outages) failures += await outage(connected, seller, { name, faults });
    expect(names.filter((name) => simulator.met[name] === 0)).toEqual([]);
    for (const [region, shop] of Object.entries(seller.shops)) {
      const since = await reachOf(connected, shop);
      expect(since.since(first.subtract({ hours: 24 * HISTORY_DAYS })).total('hours')).toBeLessThan(LATEST_START_HOURS);
      const { good, bad, hidden, found } = worldOf(connected, region, { since, faults });
      const inside = new Set([...good.map(idOf), ...bad]);
      const stored = await storeOf(connected, shop, since);
      expect(good.length).toBeGreaterThan(20);
      expect(stored.filter((each) => !hidden.has(idOf(each)))).toEqual(good);
      expect(found.filter((id) => !stored.some((each) => idOf(each) === id))).toEqual([]);
      expect(
        (await connected.rows(`SELECT record FROM quarantine q JOIN shops h ON h.shop_id = q.shop_id WHERE h.shop = '${shop}' ORDER BY 1`))
          .map(({ record }) => String(record))
          .filter((record) => inside.has(record)),
      ).toEqual(bad);
    }
    // What no search lists is told of by day.
    if (faults.hiddenFromSearch > 0) expect((await connected.shops.get('/api/sync/discrepancies')).json.days.length).toBeGreaterThan(0);
    // What went wrong is told by cause and shop, however often it came; after a quiet hour it may be told again.
    const told = said
      .filter(({ level, details }) => level === 'warn' && !details?.fields)
      .map(({ what, name, details }) => `${what} ${name} ${details?.platform_code ?? ''}`);
    const overs = said.filter(({ level }) => level === 'info').length;
    expect(told.length).toBeLessThanOrEqual(new Set(told).size * (1 + overs));
    expect(told.length > 0).toBe(failures > 0);
    // A field that no list knows is no failure; a process tells of each once.
    const fields = said.flatMap(({ details }) => details?.fields ?? []);
    expect(fields).toEqual([...new Set(fields)]);
    // Each of four streams tells of its own causes.
    if (outages.length > 0) expect(failures).toBeGreaterThan(told.length * 2);
  },
);

/** The seller consents; under faults as often as it takes. How often it failed. */
async function consented(connected: ConnectedShops, { region, account }: Seller): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries++) if ((await connected.consent(region, account)).status === 200) return tries;
  throw new Error('the consent never came through');
}

/** The faults that are planted. */
function plantedOf(faults: TikTokFaults): (keyof TikTokFaults)[] {
  return (Object.keys(NO_FAULTS) as (keyof TikTokFaults)[]).filter((name) => faults[name] !== NO_FAULTS[name]);
}

/** Fetches until all is in, and what else meets the planted faults; how many runs failed on the way. */
async function readOn(connected: ConnectedShops, seller: Seller, planted: readonly (keyof TikTokFaults)[]): Promise<number> {
  let failures = await readAll(connected, seller);
  for (const { streams = [], ask } of planted.flatMap((name) => MEETS[name] ?? [])) {
    for (const stream of streams) failures += await readAll(connected, seller, stream);
    for (const shop of ask === undefined ? [] : Object.values(seller.shops)) {
      await connected.shops.get(`${ask}&shop=${encodeURIComponent(shop)}`);
    }
  }
  return failures;
}

/** Fetches the prompt streams, or one, until all is in, consenting again where the consent is lost; how many runs failed on the way. */
async function readAll(connected: ConnectedShops, seller: Seller, stream?: string): Promise<number> {
  const streams = stream === undefined ? promptStreams : [stream];
  let failures = 0;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const runs = await connected.syncAll(undefined, stream).catch(() => []);
    const failed = runs.filter(({ state }) => state !== 'done');
    if (runs.length === Object.keys(seller.shops).length * streams.length && failed.length === 0) return failures;
    failures += failed.length;
    if (failed.some(({ error }) => error === 'authorization_lost') || runs.length === 0) failures += await consented(connected, seller);
    connected.clock.advance({ minutes: 2 });
  }
  throw new Error(`after ${MOST_TRIES} runs not everything is in`);
}

/** Nothing gets through for some runs; then all is as before, and what was missed comes in. How many runs failed. */
async function outage(
  connected: ConnectedShops,
  seller: Seller,
  { name, faults }: { name: keyof TikTokFaults; faults: TikTokFaults },
): Promise<number> {
  Object.assign(connected.simulator.faults, { [name]: 1 });
  let failures = 0;
  for (let run = 0; run < RUNS_OF_AN_OUTAGE; run++) {
    connected.clock.advance({ minutes: 2 });
    failures += (await connected.sync()).filter(({ state }) => state === 'failed').length;
  }
  expect(failures).toBe(RUNS_OF_AN_OUTAGE * Object.keys(seller.shops).length);
  Object.assign(connected.simulator.faults, { [name]: faults[name] });
  connected.clock.advance({ hours: 2 });
  return failures + (await readAll(connected, seller));
}

/** What the simulated world holds of a shop, as the faults bend it. */
interface Expected {
  /** The orders that should be stored as they are told of, and the ids of those that should be held back. */
  readonly good: readonly string[];
  readonly bad: readonly string[];
  /** Those that some search does not list; of them, those that the nightly count has to find. */
  readonly hidden: ReadonlySet<string>;
  readonly found: readonly string[];
}

function worldOf(
  { simulator, clock }: ConnectedShops,
  region: string,
  { since, faults }: { since: Temporal.Instant; faults: TikTokFaults },
): Expected {
  const dice = new Dice(simulator.world.seed);
  const now = clock.now().epochMilliseconds / 1000;
  const begin = since.epochMilliseconds / 1000;
  const shop = simulator.world.shops.find((each) => each.country === region)!;
  const missing = [faults.missingField ?? []].flat().filter(({ kind = 'order' }) => kind === 'order');
  const all = [...simulator.world.orders(shop, now)].flatMap(({ id, life }) => {
    const reached = life.times.findLastIndex((time) => time <= now);
    if (reached < 0 || life.times[reached]! < begin) return [];
    const status = dice.falls(id, faults.unknownStatus, 1) ? 'AWAITING_CUSTOMS' : STATUSES[life.stages[reached]!];
    const isUnlisted = dice.falls(id, faults.hiddenFromSearch, 6);
    return [
      {
        id,
        told: `${id} ${status} ${life.times[reached]}`,
        bad: missing.some(({ share }) => dice.falls(id, share, 2)),
        hidden: isUnlisted || dice.falls(id, faults.hiddenFromUpdates, 7),
        // A day that is over, and that the back-fill reaches.
        found: !isUnlisted && life.time > begin + DAY && life.time < now - 2 * DAY,
      },
    ];
  });
  const seen = all.filter((each) => !each.hidden);
  const ids = (orders: typeof all): string[] => orders.map(({ id }) => id).toSorted();
  return {
    good: seen.flatMap(({ bad, told }) => (bad ? [] : [told])).toSorted(),
    bad: ids(seen.filter(({ bad }) => bad)),
    hidden: new Set(ids(all.filter((each) => each.hidden))),
    found: ids(all.filter(({ hidden, found, bad }) => hidden && found && !bad)),
  };
}

function idOf(told: string): string {
  return told.split(' ')[0]!;
}

/** From when on a shop's orders were to be read. */
async function reachOf(connected: ConnectedShops, shop: string): Promise<Temporal.Instant> {
  const [reached] = await connected.rows(`
    SELECT epoch_ms(c.covered_from) AS ms FROM checkpoints c JOIN shops h ON h.shop_id = c.shop_id WHERE c.stream = 'orders' AND h.shop = '${shop}'`);
  return Temporal.Instant.fromEpochMilliseconds(Number(reached!['ms']));
}

/** What is stored of a shop and changed since then: orders that a claim alone names are older. */
async function storeOf(connected: ConnectedShops, shop: string, since: Temporal.Instant): Promise<string[]> {
  const rows = await connected.rows(`
    SELECT order_id || ' ' || platform_status || ' ' || epoch(updated_at)::bigint AS told FROM orders o JOIN shops h ON h.shop_id = o.shop_id
    WHERE h.shop = '${shop}' AND o.updated_at >= '${since.toString()}'`);
  return rows.map(({ told }) => String(told)).toSorted();
}
