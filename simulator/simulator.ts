import { setTimeout as wait } from 'node:timers/promises';
import { systemClock, type Clock } from '../src/kernel/clock.ts';
import { answerBank, BANK_PATH } from './bank/bank.ts';
import type { Incoming, Reply } from './exchange.ts';
import { Dice, NO_FAULTS, type Faults } from './faults.ts';
import { tellable, type JournalEntry } from './journal.ts';
import { Memory } from './memory.ts';
import { openServer } from './server.ts';
import { Access } from './tiktok/access.ts';
import { appsOf, sealSecret } from './tiktok/apps.ts';
import { Seals } from './tiktok/seals.ts';
import { TikTok } from './tiktok/tiktok.ts';
import { World } from './trade/world.ts';
import { Changes } from './trade/changes.ts';
import type { Rush } from './trade/rushes.ts';
import type { AppKind } from './trade/shops.ts';
import { Stock } from './trade/stock.ts';
import { StoryChanges } from './trade/story-changes.ts';

export type { Faults } from './faults.ts';
export type { JournalEntry } from './journal.ts';
export type { Rush } from './trade/rushes.ts';
export type { World } from './trade/world.ts';

/** What a simulator is opened with; everything may be left out. */
export interface SimulatorOptions {
  readonly clock?: Clock | undefined;
  /** The same seed has the same orders, keys and tokens. */
  readonly seed?: string | undefined;
  readonly host?: string | undefined;
  /** 0 takes any free port. */
  readonly port?: number | undefined;
  /** Where each app's sellers are sent back to, as registered in Partner Center. */
  readonly redirectUrls?: Readonly<Record<AppKind, string>> | undefined;
  /** A factor on the orders of a day. */
  readonly scale?: number | undefined;
  readonly rushes?: readonly Rush[] | undefined;
  /** How many products the Spanish shop lists at least; above 10,000 a search has to be cut into slices. */
  readonly products?: number | undefined;
  /** `sandbox`: the 1,000 calls an hour of a development shop. */
  readonly limits?: 'on' | 'off' | 'sandbox' | undefined;
  readonly accessTokenSeconds?: number | undefined;
  /** Negative or zero: every refresh token has expired already. */
  readonly refreshTokenDays?: number | undefined;
  readonly rotation?: 'lenient' | 'strict' | undefined;
  /** What the sellers grant. */
  readonly scopes?: readonly string[] | undefined;
  readonly faults?: Partial<Faults> | undefined;
  /** Remembers used codes, rotations and withdrawals over a restart. */
  readonly stateFile?: string | undefined;
  readonly journal?: boolean | undefined;
}

/** A registration as a client is configured with it; one server stands for all hosts. */
export interface SimulatedApp {
  readonly key: string;
  readonly secret: string;
  readonly serviceId: string;
  readonly hosts: Readonly<Record<'consent' | 'auth' | 'api', string>>;
}

/** A running simulator. */
export interface Simulator {
  readonly url: string;
  readonly apps: Readonly<Record<AppKind, SimulatedApp>>;
  /** The folder of the central bank's files of exchange rates. */
  readonly ratesUrl: string;
  /** The requests to the platform so far; empty unless `journal` was asked for. May be emptied between two steps of a test. */
  readonly journal: JournalEntry[];
  /** May be changed while it runs. */
  readonly faults: Faults;
  /** The orders with nothing hidden, to compare with. */
  readonly world: World;
  /** The second up to which the platform shows the world: the clock's, further on where walks have moved it (`secondsPerPage`). */
  second(): number;
  /** A seller withdraws the authorization: all tokens of the account, by its id, are void. */
  deauthorize(account: string): void;
  /** Every access token given out so far has expired. */
  expireAccessTokens(): void;
  close(): Promise<void>;
}

const SCOPES = [
  'seller.authorization.info',
  'seller.shop.info',
  'seller.order.info',
  'seller.product.basic',
  'seller.fulfillment.basic',
  'seller.return_refund.basic',
  'seller.finance.info',
];
const REFRESH_PATH = '/api/v2/token/refresh';
const DEFAULT_REDIRECT = 'http://127.0.0.1:8000/api/tiktok/callback';

/** Opens a simulator of TikTok Shop's Partner API, and of the central bank's exchange rates, that listens on this machine. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { clock = systemClock, seed = 's7', scale = 1, rushes = [], products, host = '127.0.0.1', port = 0, limits = 'on' } = options;
  const faults: Faults = { ...NO_FAULTS, ...options.faults };
  const world = new World({ seed, scale, rushes, products });
  const memory = new Memory(options.stateFile);
  const access = new Access(new Seals(sealSecret(seed)), memory, {
    accessTokenSeconds: options.accessTokenSeconds ?? 604_800,
    refreshTokenDays: options.refreshTokenDays ?? 365,
    rotation: options.rotation ?? 'lenient',
    scopes: options.scopes ?? SCOPES,
  });
  const apps = appsOf(seed, options.redirectUrls ?? { ROW: DEFAULT_REDIRECT, US: DEFAULT_REDIRECT });
  const changes = {
    orders: new Changes(world),
    returns: new StoryChanges(world, world.returnSource),
    cancellations: new StoryChanges(world, world.cancellationSource),
  };
  const tiktok = new TikTok({
    apps: Object.values(apps),
    access,
    world,
    changes,
    stock: new Stock(world),
    faults,
    dice: new Dice(world.seed),
    limits,
  });
  const journal: JournalEntry[] = [];
  const answer = async (request: Incoming): Promise<Reply> => {
    const now = clock.now();
    const bank = answerBank(request, now);
    if (bank) return bank;
    const reply = tiktok.answer(request, now);
    const delayMs = faults.latencyMs + (request.path === REFRESH_PATH ? faults.refreshDelayMs : 0);
    if (delayMs > 0) await wait(delayMs);
    if (options.journal === true) journal.push(entryOf(request, reply, now));
    return reply;
  };
  const server = await openServer({ host, port }, answer);
  const hosts = { consent: server.url, auth: server.url, api: server.url };
  const simulated = (kind: AppKind): SimulatedApp => ({
    key: apps[kind].key,
    secret: apps[kind].secret,
    serviceId: apps[kind].serviceId,
    hosts,
  });
  return {
    url: server.url,
    apps: { ROW: simulated('ROW'), US: simulated('US') },
    ratesUrl: `${server.url}${BANK_PATH}`,
    journal,
    faults,
    world,
    second: () => Math.floor(clock.now().epochMilliseconds / 1000) + tiktok.secondsAhead,
    deauthorize: (account) => memory.withdraw(account),
    expireAccessTokens: () => memory.expireAccessTokens(),
    close: () => server.close(),
  };
}

function entryOf({ method, path, query, body }: Incoming, { status, code }: Reply, now: Temporal.Instant): JournalEntry {
  return { at: now.toString(), method, path, query: tellable(query), body: body.toString(), status, code };
}
