import { afterEach, expect, test } from 'vitest';
import { Dice, NO_FAULTS, type Faults } from '../simulator/faults.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { STATUSES } from '../simulator/trade/life.ts';
import { promptStreams } from '../src/records/all.ts';
import { openConnectedShops, type ConnectedShops } from './connected-shops.ts';

/** What is missing from some orders. */
const BAD = { field: 'create_time', share: 0.03 } as const;
/** How each fault is planted; one that the simulator learns is asked for here before anything else compiles. */
const PLANTED: Faults = {
  latencyMs: 3,
  tooManyRequests: 0.25,
  unavailable: 0.2,
  internal: 0.2,
  timeout: 0.2,
  reset: 0.15,
  lostAnswer: 0.15,
  passingDetail: 0.3,
  unknownFields: 0.5,
  unknownStatus: 0.05,
  missingField: BAD,
  duplicates: 0.5,
  lastPageToken: 'both',
  missingIds: 'absent',
  refreshDelayMs: 3,
  expiringTokens: 0.05,
  deauthorized: 0.01,
  brokenPriceDetail: 0.1,
  driftingTotals: 0.5,
  secondsPerPage: 5,
  // What no search lists comes home otherwise: see tests/tiktok-background.test.ts.
  hiddenFromSearch: 0,
  hiddenFromUpdates: 0,
};
/** What happens between two runs instead of to single requests. */
const HAPPENINGS: Readonly<Record<string, (simulator: Simulator, seller: Seller) => void>> = {
  'tokens that end before their time': (simulator) => simulator.expireAccessTokens(),
  'a consent that the seller withdraws': (simulator, { account }) => simulator.deauthorize(account),
};
/** Faults of single requests that can befall all of them for a while. */
const OUTAGES: readonly (keyof Faults)[] = ['tooManyRequests', 'unavailable', 'internal', 'timeout', 'reset'];
const RUNS_OF_AN_OUTAGE = 8;
/** Whose shops are read: a lone shop that sells enough for several pages, or two of one consent. */
const LONE: Seller = { account: 'luz-de-casa', region: 'MX', shops: { MX: 'Luz de Casa MX' }, scale: 3 };
const BOTH: Seller = {
  account: 'estrella-hogar',
  region: 'ES',
  shops: { ES: 'Estrella Hogar España', GB: 'Estrella Hogar UK' },
  scale: 0.6,
};
const HISTORY_DAYS = 4;
const RUNS_AFTER = 2;
const HOURS_BETWEEN = 12;
const MOST_TRIES = 60;

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

const names = Object.keys(PLANTED) as (keyof Faults)[];
test.each([
  ...names.map((name) => [name, { ...NO_FAULTS, [name]: PLANTED[name] }, [], LONE] as const),
  ...Object.entries(HAPPENINGS).map(([name, happening]) => [name, NO_FAULTS, [happening], LONE] as const),
  ['all of them together', PLANTED, Object.values(HAPPENINGS), BOTH] as const,
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
    await consented(connected, seller);
    Object.assign(simulator.faults, faults);
    let failures = await readOn(connected, seller);
    for (let run = 0; run < RUNS_AFTER; run++) {
      clock.advance({ hours: HOURS_BETWEEN });
      for (const happening of happenings) happening(simulator, seller);
      failures += await readOn(connected, seller);
    }
    const outages = OUTAGES.filter((name) => faults[name] !== NO_FAULTS[name]);
    for (const name of outages) failures += await outage(connected, seller, { name, faults });
    const dice = new Dice(simulator.world.seed);
    for (const [region, shop] of Object.entries(seller.shops)) {
      const { good, bad } = worldOf(connected, region, { since: first.subtract({ hours: 24 * HISTORY_DAYS }), faults, dice });
      const inside = new Set([...good.map((each) => each.split(' ')[0]!), ...bad]);
      expect(good.length).toBeGreaterThan(20);
      expect(await storeOf(connected, shop, first.subtract({ hours: 24 * HISTORY_DAYS }))).toEqual(good);
      expect(
        (await connected.rows(`SELECT record FROM quarantine q JOIN shops h ON h.shop_id = q.shop_id WHERE h.shop = '${shop}' ORDER BY 1`))
          .map(({ record }) => String(record))
          .filter((record) => inside.has(record)),
      ).toEqual(bad);
    }
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
  600_000,
);

/** The seller consents; under faults as often as it takes. */
async function consented(connected: ConnectedShops, { region, account }: Seller): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) if ((await connected.consent(region, account)).status === 200) return;
  throw new Error('the consent never came through');
}

/** Fetches until all is in, consenting again where the consent is lost; how many runs failed on the way. */
async function readOn(connected: ConnectedShops, seller: Seller): Promise<number> {
  let failures = 0;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const runs = await connected.syncAll().catch(() => []);
    const failed = runs.filter(({ state }) => state !== 'done');
    if (runs.length === Object.keys(seller.shops).length * promptStreams.length && failed.length === 0) return failures;
    failures += failed.length;
    if (failed.some(({ error }) => error === 'authorization_lost') || runs.length === 0) await consented(connected, seller);
    connected.clock.advance({ minutes: 2 });
  }
  throw new Error(`after ${MOST_TRIES} runs not everything is in`);
}

/** Nothing gets through for some runs; then all is as before, and what was missed comes in. How many runs failed. */
async function outage(
  connected: ConnectedShops,
  seller: Seller,
  { name, faults }: { name: keyof Faults; faults: Faults },
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
  return failures + (await readOn(connected, seller));
}

/** What the simulated world holds of a shop, as the faults bend it: the orders that should be stored, and those that should be held back. */
function worldOf(
  { simulator, clock }: ConnectedShops,
  region: string,
  { since, faults, dice }: { since: Temporal.Instant; faults: Faults; dice: Dice },
): { good: string[]; bad: string[] } {
  const now = clock.now().epochMilliseconds / 1000;
  const shop = simulator.world.shops.find((each) => each.region === region)!;
  const missing = [faults.missingField ?? []].flat().filter(({ kind = 'order' }) => kind === 'order');
  const all = [...simulator.world.orders(shop, now)].flatMap(({ id, life }) => {
    const reached = life.times.findLastIndex((time) => time <= now);
    if (reached < 0 || life.times[reached]! < since.epochMilliseconds / 1000) return [];
    const status = dice.falls(id, faults.unknownStatus, 1) ? 'AWAITING_CUSTOMS' : STATUSES[life.statuses[reached]!];
    return [{ id, told: `${id} ${status} ${life.times[reached]}`, bad: missing.some(({ share }) => dice.falls(id, share, 2)) }];
  });
  return {
    good: all
      .filter(({ bad }) => !bad)
      .map(({ told }) => told)
      .toSorted(),
    bad: all
      .filter(({ bad }) => bad)
      .map(({ id }) => id)
      .toSorted(),
  };
}

/** What is stored of a shop and changed since then: orders that a claim alone names are older. */
async function storeOf(connected: ConnectedShops, shop: string, since: Temporal.Instant): Promise<string[]> {
  const rows = await connected.rows(`
    SELECT order_id || ' ' || platform_status || ' ' || epoch(updated_at)::bigint AS told FROM orders o JOIN shops h ON h.shop_id = o.shop_id
    WHERE h.shop = '${shop}' AND o.updated_at >= '${since.toString()}'`);
  return rows.map(({ told }) => String(told)).toSorted();
}
