import type { Incoming, Reply } from '../exchange.ts';
import { openFront, type Front, type Platform, type PlatformOptions, type PlatformRoom, type Who } from '../front.ts';
import { Memory } from '../memory.ts';
import { Seal } from '../seal.ts';
import { Access, ROLES, type Role } from './access.ts';
import { NO_AMAZON_FAULTS, type AmazonFate, type AmazonFaults } from './amazon-faults.ts';
import { AmazonWorld } from './amazon-world.ts';
import { appOf, sealSecret, type App } from './app.ts';
import { header, listOf } from './call.ts';
import { CONSENT_PATHS, answerConfirm, answerConsent, answerDecision, answerEntry, answerStore } from './consent.ts';
import { requestIdOf } from './envelope.ts';
import { Gateway, type GatewayGround } from './gateway.ts';
import { API_HOSTS, MARKETPLACES, type Region } from './marketplaces.ts';
import { decodeOrderId } from './ids.ts';
import { Ledger } from './ledger.ts';
import { answerToken } from './lwa.ts';
import { DOCUMENT_HOSTS, answerDocument } from './report-document.ts';
import { Reports } from './reports.ts';
import { Settlements } from './settlements.ts';
import { Secrets } from './secrets.ts';
import { ACCOUNTS, AMAZON_SHOPS, type Account, type AmazonShop } from './shops.ts';

/** What Amazon can be opened with; everything may be left out. */
export interface AmazonOptions extends PlatformOptions<AmazonFaults> {
  /** Where sellers may be sent back to, as registered; the first unless the app names one. */
  readonly redirectUrls?: readonly string[] | undefined;
  /** Where Amazon's own entry sends sellers, as registered. */
  readonly loginUrl?: string | undefined;
  readonly isDraft?: boolean | undefined;
  readonly limits?: 'on' | 'off' | undefined;
  readonly accessTokenSeconds?: number | undefined;
  /** Negative or zero: every consent is over already. */
  readonly consentDays?: number | undefined;
  /** A factor on how long reports take; 0 makes them at once. */
  readonly reportDelay?: number | undefined;
  /** What the app asks for and sellers grant: all but the restricted one. */
  readonly roles?: readonly Role[] | undefined;
}

/** The registration as a client is configured with it. */
export interface SimulatedAmazonApp {
  readonly applicationId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** One server stands for all hosts: it tells them apart by the first part of the path, and lets be what has none. */
  readonly hosts: {
    readonly lwa: string;
    readonly api: Readonly<Record<Region, string>>;
    readonly consent: Readonly<Record<string, string>>;
  };
}

/** Amazon, simulated. */
export interface AmazonHandle extends Front<AmazonFaults> {
  readonly app: SimulatedAmazonApp;
  /** The orders with nothing hidden, to compare with. */
  readonly world: AmazonWorld;
  /** The second up to which the platform shows the world: the clock's, further on where walks have moved it (`secondsPerPage`). */
  second(): number;
  /** A seller withdraws the consent: all tokens of the account, by its selling partner id, are void. */
  deauthorize(account: string): void;
  /** Every access token given out so far has expired. */
  expireAccessTokens(): void;
  /** Makes a new client secret, which is told; the old one ends after seven days. */
  rotateSecret(): string;
  /** The client secret is over, as after 180 days. */
  expireSecret(): void;
}

const DEFAULT_REDIRECT = 'http://127.0.0.1:8000/api/Amazon/callback';
const DEFAULT_LOGIN = 'http://127.0.0.1:8000/api/Amazon/login';
const LWA_HOST = 'api.amazon.com';
const LWA_PATH = '/auth/o2/token';
/** One of them in a body. */
const MARKETPLACE_ID = /"(A[0-9A-Z]{11,14})"/g;
const SEARCH_PATH = '/orders/2026-01-01/orders';
const UNRESTRICTED = (Object.keys(ROLES) as Role[]).filter((role) => role !== 'shipping');

/** Opens Amazon's Selling Partner API over the world of a simulator. */
export async function openAmazon(room: PlatformRoom, options: AmazonOptions): Promise<AmazonHandle> {
  const { seed, clock, world: trade } = room;
  const memory = new Memory(options.stateFile);
  const seal = new Seal(sealSecret(seed));
  const secrets = new Secrets(seal, memory);
  const access = new Access(
    { seal, memory, secrets },
    {
      accessTokenSeconds: options.accessTokenSeconds ?? 3600,
      consentDays: options.consentDays ?? 365,
      roles: options.roles ?? UNRESTRICTED,
    },
  );
  const app = appOf(seed, {
    redirectUrls: options.redirectUrls ?? [DEFAULT_REDIRECT],
    loginUrl: options.loginUrl ?? DEFAULT_LOGIN,
    isDraft: options.isDraft ?? false,
  });
  const world = new AmazonWorld(trade);
  const ledger = new Ledger(world);
  const reports = new Reports({ world, settlements: new Settlements(world, ledger), delay: options.reportDelay ?? 1 });
  const amazon = new Amazon(secrets, {
    app,
    access,
    world,
    seal,
    reports,
    ledger,
    limits: options.limits ?? 'on',
  });
  const front = await openFront<AmazonFaults>(room, amazon, { ...options, noFaults: NO_AMAZON_FAULTS });
  const now = (): number => Math.floor(clock.now().epochMilliseconds / 1000);
  return {
    ...front,
    app: simulatedApp(app, secrets.current, front.url),
    world,
    second: () => now() + Math.floor(amazon.msAhead / 1000),
    deauthorize: (account) => memory.withdraw(account),
    expireAccessTokens: () => memory.expireAccessTokens(),
    rotateSecret: () => secrets.rotate(now()),
    expireSecret: () => secrets.expire(now()),
  };
}

function simulatedApp({ applicationId, clientId }: App, clientSecret: string, url: string): SimulatedAmazonApp {
  const hostOf = (host: string): string => `${url}/${host}`;
  const api = { na: hostOf(API_HOSTS.na), eu: hostOf(API_HOSTS.eu), fe: hostOf(API_HOSTS.fe) };
  const consent = Object.fromEntries(MARKETPLACES.map(({ country, consentHost }) => [country, hostOf(consentHost)]));
  return { applicationId, clientId, clientSecret, hosts: { lwa: hostOf(LWA_HOST), api, consent } };
}

/** Hosts by their names, each with the region that it is of. */
const HOSTS: ReadonlyMap<string, Region | undefined> = new Map<string, Region | undefined>([
  [LWA_HOST, undefined],
  ...Object.entries(API_HOSTS).map(([region, host]) => [host, region as Region] as const),
  ...Object.entries(DOCUMENT_HOSTS).map(([region, host]) => [host, region as Region] as const),
  ...MARKETPLACES.map(({ consentHost, region }) => [consentHost, region] as const),
]);

const DOCUMENT_PREFIXES = new Set(Object.values(DOCUMENT_HOSTS).map((host) => `/${host}`));

/** A request without the host that its path may begin with. */
function addressed(request: Incoming): { request: Incoming; region: Region | undefined; prefix: string } {
  const [, host = ''] = request.path.split('/', 2);
  if (!HOSTS.has(host)) return { request, region: undefined, prefix: '' };
  return { request: { ...request, path: request.path.slice(host.length + 1) || '/' }, region: HOSTS.get(host), prefix: `/${host}` };
}

/** All of Amazon's hosts in one: Seller Central's pages, the token host and the API; their paths do not clash. */
class Amazon implements Platform<AmazonFaults> {
  readonly #secrets: Secrets;
  readonly #ground: GatewayGround;
  readonly #gateway: Gateway;
  #requests = 0;

  constructor(secrets: Secrets, ground: GatewayGround) {
    this.#secrets = secrets;
    this.#ground = ground;
    this.#gateway = new Gateway(ground);
  }

  /** How far the platform's world has gone on before the clock. */
  get msAhead(): number {
    return this.#gateway.msAhead;
  }

  whoOf(incoming: Incoming, now: Temporal.Instant): Who {
    const { request } = addressed(incoming);
    const { access, app } = this.#ground;
    const form = request.path === LWA_PATH ? new URLSearchParams(request.body.toString()) : undefined;
    const token = header(request, 'x-amz-access-token') ?? form?.get('refresh_token') ?? form?.get('code') ?? undefined;
    const account = token === undefined ? ACCOUNTS.find(({ id }) => id === request.query.get('account')) : access.accountIn(token);
    return {
      app: form?.get('client_id') ?? (token === undefined ? undefined : app.clientId),
      token,
      account: account?.id,
      shop: undefined,
      shops: this.#shopsMeant(request, account, now.epochMilliseconds),
    };
  }

  isPage(request: Incoming): boolean {
    return addressed(request).request.path.startsWith('/apps/');
  }

  answer(incoming: Incoming, { now, fate }: { now: Temporal.Instant; fate: AmazonFate }): Reply {
    const { request, region, prefix } = addressed(incoming);
    const { app, access, world, reports, seal } = this.#ground;
    const requestId = requestIdOf(world.seed, this.#requests++);
    const seconds = Math.floor(now.epochMilliseconds / 1000);
    if (request.path === LWA_PATH) {
      if (fate.befalls('lwaCut')) return { status: 0, headers: {}, body: '', destroy: true };
      const { refreshDelayMs } = fate.faults;
      const isRefresh = request.body.includes('refresh_token');
      fate.note('refreshDelayMs', isRefresh && refreshDelayMs > 0);
      const reply = answerToken(request, { app, access, secrets: this.#secrets, now: seconds, requestId });
      return { ...reply, delayMs: isRefresh ? refreshDelayMs : 0 };
    }
    if (DOCUMENT_PREFIXES.has(prefix)) return answerDocument(request, { reports, seal, nowMs: now.epochMilliseconds });
    const page = { app, access, now: seconds, fate, region, base: `http://${header(request, 'host')}${prefix}` };
    if (request.path === CONSENT_PATHS.consent) return answerConsent(request, page);
    if (request.path === CONSENT_PATHS.decide) return answerDecision(request, page);
    if (request.path === CONSENT_PATHS.store) return answerStore(request, page);
    if (request.path === CONSENT_PATHS.enter) return answerEntry(request, page);
    if (request.path.startsWith(CONSENT_PATHS.confirm)) return answerConfirm(request, page);
    return this.#gateway.answer(request, { nowMs: now.epochMilliseconds, fate, requestId, region });
  }

  /** The shops that a call names: by their marketplaces, by one of their orders or by a report. */
  #shopsMeant({ method, path, query, body }: Incoming, account: Account | undefined, nowMs: number): readonly AmazonShop[] {
    const [, orderId] = /^\/orders\/2026-01-01\/orders\/(.+)$/.exec(path) ?? [];
    if (orderId !== undefined) return [decodeOrderId(this.#ground.world.seed, orderId)?.shop ?? []].flat();
    const [reportId] = /\d{11,}$|amzn1\.spdoc\.[^/]+$/.exec(path) ?? [];
    if (reportId !== undefined) return this.#ground.reports.shopsOf(reportId, nowMs);
    const ids =
      method === 'POST' ? [...body.toString().matchAll(MARKETPLACE_ID)].map(([, id]) => id!) : listOf(query.get('marketplaceIds'));
    if (path === SEARCH_PATH && ids.length === 0) return account?.shops ?? [];
    return AMAZON_SHOPS.filter(({ marketplace }) => ids.includes(marketplace.id));
  }
}
