import { ROLES, type Role } from '../simulator/amazon/access.ts';
import type { AmazonOptions } from '../simulator/amazon/amazon.ts';
import { NO_AMAZON_FAULTS } from '../simulator/amazon/amazon-faults.ts';
import { digitsOf } from '../simulator/amazon/ids.ts';
import { STATUSES } from '../simulator/amazon/statuses.ts';
import { Dice } from '../simulator/faults.ts';
import { openSimulator } from '../simulator/simulator.ts';
import { amazon } from '../src/platforms/amazon/amazon.ts';
import { MARKETPLACES, type Channel } from '../src/platforms/amazon/marketplaces.ts';
import { consentQuery } from './connected-shops.ts';
import { platformKeeps, type OpenSimulated } from './platform-keeps.ts';

const ACCOUNT = 'A1LS6TXW3QK8BF';
const SHOPS: readonly Channel[] = ['Amazon.com', 'Amazon.ca'];
const TROUBLE = {
  latencyMs: 1,
  tooManyRequests: 0.1,
  throttledWithin200: 0.05,
  unavailable: 0.1,
  internal: 0.1,
  truncated: 0.1,
  reset: 0.1,
  lostAnswer: 0.1,
  lwaCut: 0.1,
  expiringTokens: 0.05,
  duplicates: 0.5,
  multiMarketplaceBlind: 0.5,
};
const { lag, youngest } = amazon.api!.orders.windows;
const DAMAGED = { kind: 'order', field: 'createdTime', share: 0.1 } as const;
/** The places of draws that leave out a field of an order. */
const MISSING = 4;

const simulate: OpenSimulated = async (clock) => {
  const redirectUrls: string[] = [];
  const options: AmazonOptions = { limits: 'off', journal: true, redirectUrls, roles: Object.keys(ROLES) as Role[] };
  const simulator = await openSimulator({ clock, scale: 2, platforms: { Amazon: options } });
  const simulated = simulator.platforms.Amazon;
  const { clientId, clientSecret, applicationId } = simulated.app;
  const { world, url } = simulated;
  const dice = new Dice(world.seed);
  const nowMs = (): number => clock.now().epochMilliseconds;
  let damagedFrom = Infinity;
  return {
    apps: [{ platform: 'Amazon', kind: 'SP', key: clientId, secrets: [clientSecret], more: { applicationId }, host: url }],
    environment: {
      S7_AMAZON_CLIENT_ID: clientId,
      S7_AMAZON_CLIENT_SECRET: clientSecret,
      S7_AMAZON_APPLICATION_ID: applicationId,
      S7_AMAZON_HOST: url,
    },
    seller: { region: 'US', shops: SHOPS },
    async decide(address, decision) {
      // What the developer does beforehand in the console.
      redirectUrls.push(new URL(address).searchParams.get('redirect_uri')!);
      return decision === 'cancel' ? null : consentQuery(address, ACCOUNT, decision);
    },
    expire: () => simulated.expireAccessTokens(),
    withdraw: () => simulated.deauthorize(ACCOUNT),
    trouble: (isOn) => void Object.assign(simulated.faults, NO_AMAZON_FAULTS, isOn ? TROUBLE : {}),
    damage() {
      damagedFrom = nowMs();
      simulated.faults.missingField = DAMAGED;
    },
    listings: () => simulated.journal.filter(({ path }) => path.endsWith('/orders')).length,
    orders(shop, since) {
      const now = nowMs();
      const listed = now - youngest.total('milliseconds');
      const of = world.shops.find(({ marketplace }) => marketplace.id === MARKETPLACES[shop as Channel].id)!;
      const held = [...world.orders(of, Math.floor(now / 1000))].flatMap(({ id, life: { serial }, course }) => {
        const msOf = (step: number): number => world.msOf({ shop: of, serial, time: course.times[step]! });
        const reached = course.times.findLastIndex((_, step) => msOf(step) <= now);
        if (reached < 0 || msOf(reached) < since.epochMilliseconds) return [];
        const isBad = msOf(reached) >= damagedFrom - lag.total('milliseconds') && dice.falls(digitsOf(id), DAMAGED.share, MISSING);
        // What had come in whole before stays as it was then; what changed just before is read again.
        const before = isBad ? course.times.findLastIndex((_, step) => msOf(step) < damagedFrom) : reached;
        const told = before >= 0 && msOf(before) >= since.epochMilliseconds ? `${id} ${STATUSES[course.stages[before]!]}` : undefined;
        return [{ id, isBad, told, isLate: msOf(reached) > listed }];
      });
      return {
        good: held.flatMap(({ told, isLate }) => (told && !isLate ? [told] : [])).toSorted(),
        bad: held.flatMap(({ id, isBad, isLate }) => (isBad && !isLate ? [id] : [])).toSorted(),
        late: held.flatMap(({ id, isLate }) => (isLate ? [id] : [])),
      };
    },
    personal(orderId) {
      const buyer = world.find(orderId, Math.floor(nowMs() / 1000))?.buyer;
      if (!buyer) return [];
      const { person, home } = buyer;
      return [`${person.firstName} ${person.lastName}`, person.mailbox, home.street, home.phone];
    },
    close: () => simulator.close(),
  };
};

platformKeeps(amazon, simulate);
