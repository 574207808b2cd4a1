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
import { callbackPath } from '../sync/authorization.ts';
import { CONSENT_ENDS_SOON } from './alerts/alert-kinds.ts';

/** What is examined of the connections. */
export interface ConnectionRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly apps: readonly App[];
  readonly platforms: readonly Platform[];
  readonly config: { readonly publicUrl: string | undefined; readonly port: number };
}

/** One thing looked at: fine, worth knowing, or wrong with what to do. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
}

/** Platforms refuse a signature that is further ahead. */
const CLOCK_TOLERANCE_SECONDS = 30;
const ANSWER_MS = 5000;
const SHOWN_RECORDS = 20;

const TEXTS = {
  connections: {
    en: '{count} connected, tokens fresh',
    zh: '已连接 {count} 个，令牌有效',
    es: '{count} conectadas, credenciales vigentes',
  },
  connections_none: {
    en: 'none; `s7 connect tiktok --region ES`',
    zh: '无；请运行 `s7 connect tiktok --region ES`',
    es: 'ninguna; `s7 connect tiktok --region ES`',
  },
  connection_lost: {
    en: '{sellers}: the consent has ended, connect again: `s7 connect`',
    zh: '{sellers}：授权已失效，请重新连接：`s7 connect`',
    es: '{sellers}: el consentimiento terminó, conecte de nuevo: `s7 connect`',
  },
  connection_ends: {
    en: '{sellers}: the consent ends within 30 days, connect again in time',
    zh: '{sellers}：授权将在 30 天内到期，请及时重新连接',
    es: '{sellers}: el consentimiento termina en 30 días, conecte de nuevo a tiempo',
  },
  connection_failed: {
    en: '{sellers}: the last token refresh failed',
    zh: '{sellers}：最近一次刷新令牌失败',
    es: '{sellers}: la última renovación de credenciales falló',
  },
  scopes: { en: 'every app may read what it needs', zh: '应用权限完整', es: 'cada aplicación puede leer lo que necesita' },
  scopes_missing: {
    en: '{sellers}. Enable them in the partner centre, then connect again',
    zh: '{sellers}。请在开放平台开启后重新连接',
    es: '{sellers}. Actívelos en el centro de socios y conecte de nuevo',
  },
  redirect: {
    en: 'to be registered in the partner centre: {urls}',
    zh: '需在开放平台登记的回调地址：{urls}',
    es: 'a registrar en el centro de socios: {urls}',
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
  quarantine: { en: 'empty', zh: '无', es: 'vacía' },
  quarantine_held: {
    en: '{records}: kept aside with their documents; GET /api/sync lists field and problem',
    zh: '{records}：已连同原始数据隔离；详见 GET /api/sync',
    es: '{records}: apartados con sus documentos; GET /api/sync dice campo y problema',
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
  const findings = [connectionsOf(authorizations, room, say)];
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
    findings.push(...(await Promise.all(distinctHosts(room.apps).map((app) => clockOf(app, room.clock, say)))));
    const addresses = await Promise.all(distinctHosts(room.apps).map((app) => localAddress(new URL(app.hosts.api).hostname)));
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

function connectionsOf(authorizations: readonly Authorization[], { clock }: ConnectionRoom, say: Say): Finding {
  const sellers = (of: readonly Authorization[]): { sellers: string[] } => ({
    sellers: of.map(({ platform, seller }) => `${platform} ${seller}`),
  });
  const lost = authorizations.filter(({ state }) => state === 'lost');
  if (lost.length > 0) return say('connections', 'problem', 'connection_lost', sellers(lost));
  const ending = authorizations.filter(
    ({ refreshExpiresAt }) =>
      refreshExpiresAt !== null &&
      Temporal.Instant.compare(Temporal.Instant.from(refreshExpiresAt), clock.now().add(CONSENT_ENDS_SOON)) < 0,
  );
  if (ending.length > 0) return say('connections', 'problem', 'connection_ends', sellers(ending));
  const failed = authorizations.filter(({ error }) => error !== null);
  if (failed.length > 0) return say('connections', 'problem', 'connection_failed', sellers(failed));
  return authorizations.length > 0
    ? say('connections', 'ok', 'connections', { count: authorizations.length })
    : say('connections', 'note', 'connections_none');
}

function scopesOf({ platforms }: ConnectionRoom, platform: PlatformId): readonly string[] {
  return platforms.find(({ id }) => id === platform)?.api?.scopes ?? [];
}

function distinctHosts(apps: readonly App[]): App[] {
  return [...new Map(apps.map((app) => [app.hosts.api, app])).values()];
}

/** The machine's clock beside the platform's, as the date of any answer of its tells. */
async function clockOf({ platform, hosts }: App, clock: Clock, say: Say): Promise<Finding> {
  try {
    const { headers } = await send({ method: 'GET', url: hosts.api, headers: {}, body: null, deadlineMs: ANSWER_MS });
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
