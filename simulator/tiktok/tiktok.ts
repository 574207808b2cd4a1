import type { Incoming, Reply } from '../exchange.ts';
import { openFront, type Front, type Platform, type PlatformOptions, type PlatformRoom, type Who } from '../front.ts';
import { Memory } from '../memory.ts';
import { Changes } from '../trade/changes.ts';
import { Stock } from '../trade/stock.ts';
import { StoryChanges } from '../trade/story-changes.ts';
import { Access, type AccessOptions } from './access.ts';
import { appsOf, sealSecret, type App } from './apps.ts';
import { header } from './call.ts';
import { answerConsent, answerDecision } from './consent.ts';
import { requestIdOf } from './envelope.ts';
import { Gateway, type GatewayGround } from './gateway.ts';
import { Seals } from './seals.ts';
import { ACCOUNTS, TIKTOK_SHOPS, type AppKind } from './shops.ts';
import { NO_FAULTS, type TikTokFate, type TikTokFaults } from './tiktok-faults.ts';
import { TikTokWorld } from './tiktok-world.ts';
import { answerToken } from './token-endpoints.ts';

/** What TikTok can be opened with; everything may be left out. */
export interface TikTokOptions extends PlatformOptions<TikTokFaults> {
  /** Where each app's sellers are sent back to, as registered in Partner Center. */
  readonly redirectUrls?: Readonly<Record<AppKind, string>> | undefined;
  /** `sandbox`: the 1,000 calls an hour of a development shop. */
  readonly limits?: 'on' | 'off' | 'sandbox' | undefined;
  readonly accessTokenSeconds?: number | undefined;
  /** Negative or zero: every refresh token has expired already. */
  readonly refreshTokenDays?: number | undefined;
  readonly rotation?: AccessOptions['rotation'] | undefined;
  /** What the sellers grant. */
  readonly scopes?: readonly string[] | undefined;
}

/** A registration as a client is configured with it; one server stands for all hosts. */
export interface SimulatedApp {
  readonly key: string;
  readonly secret: string;
  readonly serviceId: string;
  readonly hosts: Readonly<Record<'consent' | 'auth' | 'api', string>>;
}

/** TikTok, simulated. */
export interface TikTokHandle extends Front<TikTokFaults> {
  readonly apps: Readonly<Record<AppKind, SimulatedApp>>;
  /** The orders with nothing hidden, to compare with. */
  readonly world: TikTokWorld;
  /** The second up to which the platform shows the world: the clock's, further on where walks have moved it (`secondsPerPage`). */
  second(): number;
  /** A seller withdraws the authorization: all tokens of the account, by its id, are void. */
  deauthorize(account: string): void;
  /** Every access token given out so far has expired. */
  expireAccessTokens(): void;
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
const DEFAULT_REDIRECT = 'http://127.0.0.1:8000/api/tiktok/callback';
const [TOKEN_PATH, REFRESH_PATH] = ['/api/v2/token/get', '/api/v2/token/refresh'] as const;

/** Opens TikTok Shop's Partner API over the world of a simulator. */
export async function openTikTok(room: PlatformRoom, options: TikTokOptions): Promise<TikTokHandle> {
  const { seed, clock, world: trade } = room;
  const memory = new Memory(options.stateFile);
  const seals = new Seals(sealSecret(seed));
  const access = new Access(seals, memory, {
    accessTokenSeconds: options.accessTokenSeconds ?? 604_800,
    refreshTokenDays: options.refreshTokenDays ?? 365,
    rotation: options.rotation ?? 'lenient',
    scopes: options.scopes ?? SCOPES,
  });
  const apps = appsOf(seed, options.redirectUrls ?? { ROW: DEFAULT_REDIRECT, US: DEFAULT_REDIRECT });
  const world = new TikTokWorld(trade);
  const tiktok = new TikTok(seals, {
    apps: Object.values(apps),
    access,
    world,
    changes: {
      orders: new Changes(trade),
      returns: new StoryChanges(trade, trade.returnSource),
      cancellations: new StoryChanges(trade, trade.cancellationSource),
    },
    stock: new Stock(trade),
    limits: options.limits ?? 'on',
  });
  const front = await openFront<TikTokFaults>(room, tiktok, { ...options, noFaults: NO_FAULTS });
  const hosts = { consent: front.url, auth: front.url, api: front.url };
  const simulated = ({ key, secret, serviceId }: App): SimulatedApp => ({ key, secret, serviceId, hosts });
  return {
    ...front,
    apps: { ROW: simulated(apps.ROW), US: simulated(apps.US) },
    world,
    second: () => Math.floor(clock.now().epochMilliseconds / 1000) + tiktok.secondsAhead,
    deauthorize: (account) => memory.withdraw(account),
    expireAccessTokens: () => memory.expireAccessTokens(),
  };
}

/** TikTok's three hosts in one: consent pages, token endpoints and the signed API; their paths do not clash. */
class TikTok implements Platform<TikTokFaults> {
  readonly #seals: Seals;
  readonly #ground: GatewayGround;
  readonly #gateway: Gateway;
  #requests = 0;

  constructor(seals: Seals, ground: GatewayGround) {
    this.#seals = seals;
    this.#ground = ground;
    this.#gateway = new Gateway(ground);
  }

  /** How far the platform's world has gone on before the clock. */
  get secondsAhead(): number {
    return this.#gateway.secondsAhead;
  }

  whoOf(request: Incoming): Who {
    const { query } = request;
    const { apps, access } = this.#ground;
    const token = header(request, 'x-tts-access-token') ?? query.get('refresh_token') ?? query.get('auth_code');
    const app = apps.find(({ key, serviceId }) => key === query.get('app_key') || serviceId === query.get('service_id'));
    const cipher = query.get('shop_cipher');
    return {
      app: app?.key ?? query.get('app_key'),
      token,
      account:
        (token === undefined ? undefined : this.#seals.open(token)?.account) ?? ACCOUNTS.find(({ id }) => id === query.get('account'))?.id,
      shop: app && cipher ? TIKTOK_SHOPS.find((shop) => access.cipherOf(app, shop) === cipher) : undefined,
    };
  }

  isPage({ path }: Incoming): boolean {
    return path.startsWith('/open/authorize');
  }

  answer(request: Incoming, { now, fate }: { now: Temporal.Instant; fate: TikTokFate }): Reply {
    const { apps, access } = this.#ground;
    const requestId = requestIdOf(now, this.#requests++);
    const context = { apps, access, fate, now: Math.floor(now.epochMilliseconds / 1000), requestId };
    if (request.path === '/open/authorize') return answerConsent(request, context);
    if (request.path === '/open/authorize/decide') return answerDecision(request, context);
    const isRefresh = request.method === 'GET' && request.path === REFRESH_PATH;
    if (!isRefresh && !(request.method === 'GET' && request.path === TOKEN_PATH))
      return this.#gateway.answer(request, { now, fate, requestId });
    const { refreshDelayMs } = fate.faults;
    fate.note('refreshDelayMs', isRefresh && refreshDelayMs > 0);
    return { ...answerToken(request, context), delayMs: isRefresh ? refreshDelayMs : 0 };
  }
}
