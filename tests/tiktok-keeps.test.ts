import { Dice } from '../simulator/faults.ts';
import { serverSettings } from '../simulator/thread.ts';
import { buyerIdOf } from '../simulator/tiktok/ids.ts';
import { STATUSES } from '../simulator/tiktok/statuses.ts';
import { openTikTokAlone } from '../simulator/tiktok/tiktok-alone.ts';
import { NO_FAULTS } from '../simulator/tiktok/tiktok-faults.ts';
import { tiktok } from '../src/platforms/tiktok/tiktok.ts';
import { consentQuery } from './connected-shops.ts';
import { platformKeeps, type OpenSimulated } from './platform-keeps.ts';

const ACCOUNT = 'estrella-hogar';
const COUNTRIES: Readonly<Record<string, string>> = { 'Estrella Hogar España': 'ES', 'Estrella Hogar UK': 'GB' };
const TROUBLE = {
  latencyMs: 1,
  tooManyRequests: 0.15,
  unavailable: 0.15,
  internal: 0.15,
  reset: 0.1,
  lostAnswer: 0.1,
  passingDetail: 0.2,
  expiringTokens: 0.05,
  duplicates: 0.5,
  driftingTotals: 0.5,
};
const LAG_SECONDS = tiktok.api!.orders.windows.lag.total('seconds');
const DAMAGED = { field: 'create_time', share: 0.1 };

const simulate: OpenSimulated = async (clock) => {
  const simulator = await openTikTokAlone({ clock, limits: 'off', journal: true, scale: 0.4 });
  const apps = serverSettings(simulator);
  const { key, secrets, more, host } = apps[0]!;
  const dice = new Dice(simulator.world.seed);
  const second = (): number => clock.now().epochMilliseconds / 1000;
  let damagedFrom = Infinity;
  return {
    apps,
    environment: {
      S7_TIKTOK_ROW_APP_KEY: key,
      S7_TIKTOK_ROW_APP_SECRET: secrets[0],
      S7_TIKTOK_ROW_SERVICE_ID: more.serviceId,
      S7_TIKTOK_ROW_HOST: host,
    },
    seller: { region: 'ES', shops: Object.keys(COUNTRIES) },
    decide: (address, decision) => consentQuery(address, ACCOUNT, decision),
    expire: () => simulator.expireAccessTokens(),
    withdraw: () => simulator.deauthorize(ACCOUNT),
    trouble: (isOn) => void Object.assign(simulator.faults, NO_FAULTS, isOn ? TROUBLE : {}),
    damage() {
      damagedFrom = second();
      simulator.faults.missingField = DAMAGED;
    },
    listings: () => simulator.journal.filter(({ path }) => path.endsWith('/search')).length,
    orders(shop, since) {
      const now = second();
      const of = simulator.world.shops.find(({ country }) => country === COUNTRIES[shop])!;
      const held = [...simulator.world.orders(of, now)].flatMap(({ id, life }) => {
        const reached = life.times.findLastIndex((time) => time <= now);
        if (reached < 0 || life.times[reached]! < since.epochMilliseconds / 1000) return [];
        const changed = life.times[reached]!;
        // What had come in whole before stays as it was then; what changed just before is read again.
        const isBad = changed >= damagedFrom - LAG_SECONDS && dice.falls(id, DAMAGED.share, 2);
        const before = isBad ? life.times.findLastIndex((time) => time < damagedFrom) : reached;
        return [{ id, isBad, told: before < 0 ? undefined : `${id} ${STATUSES[life.stages[before]!]}`, at: life.times[before] }];
      });
      return {
        good: held.flatMap(({ told, at }) => (told && at! >= since.epochMilliseconds / 1000 ? [told] : [])).toSorted(),
        bad: held
          .filter(({ isBad }) => isBad)
          .map(({ id }) => id)
          .toSorted(),
      };
    },
    personal(orderId) {
      const buyer = simulator.world.find(orderId, Math.floor(second()))?.buyer;
      if (!buyer) return [];
      const { person, home } = buyer;
      return [buyerIdOf(buyer), `${person.firstName} ${person.lastName}`, person.nickname, person.mailbox, home.street, home.phone];
    },
    close: () => simulator.close(),
  };
};

platformKeeps(tiktok, simulate);
