import { createSocket } from 'node:dgram';
import { readAuthorizations, type Authorization } from '../records/shops/authorizations.ts';
import type { Engine } from '../engines/engine.ts';
import { readQuarantine } from '../records/runs/sync-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { toAppError } from '../kernel/errors.ts';
import { send } from '../kernel/http.ts';
import { fill, type Language, type Text } from '../kernel/messages.ts';
import type { PlatformId } from '../model/shop.ts';
import type { App } from '../platforms/connection.ts';
import type { Platform } from '../platforms/platform.ts';
import { callbackPath, settingNames } from '../sync/authorization.ts';
import { CONSENT_ENDS_SOON } from './alerts/alert-kinds.ts';

/** What is examined of the connections. */
export interface ConnectionRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly apps: readonly App[];
  readonly platforms: readonly Platform[];
  readonly config: { readonly publicUrl: string | undefined; readonly port: number };
}

/** How something is that was looked at: fine, worth knowing, or wrong. */
export const FINDING_STATES = ['ok', 'note', 'problem'] as const;

/** One thing looked at; where it is wrong, with what to do. */
export interface Finding {
  readonly check: string;
  readonly state: (typeof FINDING_STATES)[number];
  readonly text: string;
}

/** Platforms refuse a signature that is further ahead. */
const CLOCK_TOLERANCE_SECONDS = 30;
const ANSWER_MS = 5000;
const SHOWN_RECORDS = 20;

const TEXTS = {
  connections: {
    en: '{count} connected, access valid',
    zh: '已授权 {count} 个，访问凭证有效',
    es: '{count} conectadas, acceso vigente',
  },
  connections_none: {
    en: 'none; `s7 connect {example}`',
    zh: '无；请运行 `s7 connect {example}`',
    es: 'ninguna; `s7 connect {example}`',
  },
  apps: { en: 'an app for every platform', zh: '每个平台都已配置应用', es: 'una aplicación para cada plataforma' },
  apps_missing: {
    en: 'to connect {platforms}, set {settings} (.env.example)',
    zh: '如需连接 {platforms}，请设置 {settings}（见 .env.example）',
    es: 'para conectar {platforms}, ponga {settings} (.env.example)',
  },
  connection_lost: {
    en: '{sellers}: the authorisation is no longer valid, authorise again: `s7 connect`',
    zh: '{sellers}：授权已失效，请重新授权：`s7 connect`',
    es: '{sellers}: la autorización ya no es válida, vuelva a autorizar: `s7 connect`',
  },
  connection_ends: {
    en: '{sellers}: the authorisation ends within 30 days, authorise again in time',
    zh: '{sellers}：授权将在 30 天内到期，请及时重新授权',
    es: '{sellers}: la autorización termina en 30 días, vuelva a autorizar a tiempo',
  },
  connection_failed: {
    en: '{sellers}: the last renewal of access failed',
    zh: '{sellers}：最近一次续期失败',
    es: '{sellers}: la última renovación del acceso falló',
  },
  scopes: { en: 'every app may read what it needs', zh: '应用权限完整', es: 'cada aplicación puede leer lo que necesita' },
  scopes_missing: {
    en: '{sellers}. Enable them in the Partner Center, then authorise again',
    zh: '{sellers}。请在开放平台开启后重新授权',
    es: '{sellers}. Actívelos en el Partner Center y vuelva a autorizar',
  },
  redirect: {
    en: 'to be registered in the Partner Center: {urls}',
    zh: '需在开放平台登记的回调地址：{urls}',
    es: 'a registrar en el Partner Center: {urls}',
  },
  address: {
    en: 'calls leave from {addresses}; a platform with an allow list has to know the public one',
    zh: '请求来自 {addresses}；如平台设有 IP 白名单，请登记公网地址',
    es: 'las llamadas salen de {addresses}; una plataforma con lista de permitidos debe conocer la pública',
  },
  clock: { en: 'within {seconds} s of {platform}', zh: '与 {platform} 相差 {seconds} 秒以内', es: 'a menos de {seconds} s de {platform}' },
  clock_off: {
    en: '{seconds} s from {platform}: signatures are refused beyond 30 s; set the system clock',
    zh: '与 {platform} 相差 {seconds} 秒：超过 30 秒签名会被拒绝，请校准系统时钟',
    es: 'a {seconds} s de {platform}: más de 30 s y se rechazan las firmas; ajuste el reloj',
  },
  clock_unknown: { en: '{platform} does not answer: {reason}', zh: '{platform} 无响应：{reason}', es: '{platform} no responde: {reason}' },
  quarantine: { en: 'no incomplete records', zh: '没有信息不全的记录', es: 'ningún registro incompleto' },
  quarantine_held: {
    en: '{records}: incomplete, in no report; GET /api/sync lists field and problem',
    zh: '{records}：信息不全，未计入报表；字段和问题见 GET /api/sync',
    es: '{records}: incompletos, no entran en los informes; GET /api/sync dice campo y problema',
  },
} as const satisfies Record<string, Text>;

/** Looks at consents, scopes, redirect addresses, the clock against each platform's, and what lies in quarantine. */
export async function examineConnections(room: ConnectionRoom, language: Language): Promise<Finding[]> {
  const say = (check: string, state: Finding['state'], text: keyof typeof TEXTS, values = {}): Finding => ({
    check,
    state,
    text: fill(TEXTS[text], language, values),
  });
  const { authorizations, quarantine } = await room.engine.read(async (reader) => ({
    authorizations: (await readAuthorizations(reader)).filter(({ state }) => state !== 'disconnected'),
    quarantine: await readQuarantine(reader, SHOWN_RECORDS),
  }));
  const findings = [appsOf(room, say), connectionsOf(authorizations, room, say)];
  const missing = authorizations.flatMap((each) => {
    const scopes = scopesOf(room, each.platform).filter((scope) => !each.scopes.includes(scope));
    return scopes.length > 0 ? [`${each.seller}: ${scopes.join(', ')}`] : [];
  });
  if (authorizations.length > 0)
    findings.push(missing.length > 0 ? say('scopes', 'problem', 'scopes_missing', { sellers: missing }) : say('scopes', 'ok', 'scopes'));
  const connectable = [...new Set(room.apps.map(({ platform }) => platform))];
  if (connectable.length > 0) {
    const base = room.config.publicUrl ?? `http://127.0.0.1:${room.config.port}`;
    findings.push(say('redirect', 'note', 'redirect', { urls: connectable.map((platform) => `${base}${callbackPath(platform)}`) }));
    const hosts = hostsOf(room.apps, authorizations);
    findings.push(...(await Promise.all(hosts.map((each) => clockOf(each, room.clock, say)))));
    const addresses = await Promise.all(hosts.map(({ host }) => localAddress(new URL(host).hostname)));
    findings.push(say('address', 'note', 'address', { addresses: [...new Set(addresses)] }));
  }
  findings.push(
    quarantine.length === 0
      ? say('quarantine', 'ok', 'quarantine')
      : say('quarantine', 'problem', 'quarantine_held', {
          records: quarantine.map(
            ({ record, field, problem, shop_id: shop }) => `${record} (${field}${shop === null ? ` ${problem}` : ''})`,
          ),
        }),
  );
  return findings;
}

type Say = (check: string, state: Finding['state'], text: keyof typeof TEXTS, values?: Record<string, unknown>) => Finding;

function appsOf({ platforms, apps }: ConnectionRoom, say: Say): Finding {
  const without = platforms.filter(({ id, api }) => api && !apps.some(({ platform }) => platform === id));
  if (without.length === 0) return say('apps', 'ok', 'apps');
  const settings = without.flatMap(({ api }) => settingNames(api!.apps[0]!));
  return say('apps', 'note', 'apps_missing', { platforms: without.map(({ title }) => title), settings });
}

function connectionsOf(authorizations: readonly Authorization[], room: ConnectionRoom, say: Say): Finding {
  const sellers = (of: readonly Authorization[]): { sellers: string[] } => ({
    sellers: of.map(({ platform, seller }) => `${platform} ${seller}`),
  });
  const lost = authorizations.filter(({ state }) => state === 'lost');
  if (lost.length > 0) return say('connections', 'problem', 'connection_lost', sellers(lost));
  const ending = authorizations.filter((each) => {
    const end = endOf(each, room);
    return end !== null && Temporal.Instant.compare(Temporal.Instant.from(end), room.clock.now().add(CONSENT_ENDS_SOON)) < 0;
  });
  if (ending.length > 0) return say('connections', 'problem', 'connection_ends', sellers(ending));
  const failed = authorizations.filter(({ error }) => error !== null);
  if (failed.length > 0) return say('connections', 'problem', 'connection_failed', sellers(failed));
  return authorizations.length > 0
    ? say('connections', 'ok', 'connections', { count: authorizations.length })
    : say('connections', 'note', 'connections_none', { example: exampleOf(room) });
}

/** What `s7 connect` may be followed by. */
function exampleOf({ platforms }: ConnectionRoom): string {
  const first = platforms.find(({ api }) => api)!;
  return `${first.id.toLowerCase()} --region ${first.api!.exampleRegion}`;
}

/** When the seller has to consent again: with the consent, or with secrets that nobody renews. */
function endOf({ platform, consentEndsAt, expiresAt }: Authorization, { platforms }: ConnectionRoom): string | null {
  return consentEndsAt ?? (platforms.find(({ id }) => id === platform)?.api?.renew ? null : expiresAt);
}

function scopesOf({ platforms }: ConnectionRoom, platform: PlatformId): readonly string[] {
  return platforms.find(({ id }) => id === platform)?.api?.scopes ?? [];
}

interface CalledHost {
  readonly platform: PlatformId;
  readonly host: string;
}

/** Where calls go: for the sellers there are, and where a registration begins. */
function hostsOf(apps: readonly App[], authorizations: readonly Authorization[]): CalledHost[] {
  const called = apps.flatMap((app) => {
    const own = authorizations.filter((each) => each.platform === app.platform && each.app === app.kind);
    const regions = own.length > 0 ? own.map(({ region }) => region) : [null];
    return regions.map((region) => ({ platform: app.platform, host: app.hosts(region).api }));
  });
  return [...new Map(called.map((each) => [each.host, each])).values()];
}

/** The machine's clock beside the platform's, as the date of any answer of its tells. */
async function clockOf({ platform, host }: CalledHost, clock: Clock, say: Say): Promise<Finding> {
  try {
    const { headers } = await send({ method: 'GET', url: host, headers: {}, body: null, deadlineMs: ANSWER_MS });
    const seconds = Math.abs(Math.round((Date.parse(headers.get('date') ?? '') - clock.now().epochMilliseconds) / 1000));
    if (Number.isNaN(seconds)) return say('clock', 'note', 'clock_unknown', { platform, reason: 'no date' });
    return seconds < CLOCK_TOLERANCE_SECONDS
      ? say('clock', 'ok', 'clock', { seconds: Math.max(seconds, 1), platform })
      : say('clock', 'problem', 'clock_off', { seconds, platform });
  } catch (error) {
    return say('clock', 'problem', 'clock_unknown', { platform, reason: toAppError(error).message });
  }
}

/** The address of this machine that calls to a host leave from; nothing is sent to find out. */
function localAddress(host: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const done = (address: string): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => done('?'));
    socket.connect(443, host, () => done(socket.address().address));
  });
}
