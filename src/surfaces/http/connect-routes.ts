import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AUTHORIZATION_STATES, type Authorization } from '../../records/shops/authorizations.ts';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { fill, type Language, type Text } from '../../kernel/messages.ts';
import type { PlatformId } from '../../model/shop.ts';
import { callbackPath, type Connected } from '../../sync/authorization.ts';
import { connectedShops } from '../../sync/feed-run.ts';
import { chooseShop } from './chosen-shop.ts';
import { escape, htmlPage, PAGE_POLICY } from './layout.ts';
import type { HttpRoom } from './room.ts';
import { named, route, SUCCESS, type Asked, type Given, type Place } from './route.ts';

const HIDDEN = '***';
/** TikTok's `user_type` of who has shops. */
const SELLER = 0;

const TEXTS = {
  connected: { en: 'Connected: {seller}', zh: '已授权：{seller}', es: 'Conectado: {seller}' },
  shops: {
    en: 'Shops: {shops}. Syncing their orders.',
    zh: '店铺：{shops}。正在同步订单。',
    es: 'Tiendas: {shops}. Sincronizando sus pedidos.',
  },
  no_shops: {
    en:
      'The platform has released no shop of this account yet. It is asked again: the shops are connected by themselves, without ' +
      'another authorisation.',
    zh: '平台尚未开放该账号的店铺。系统会再次查询并自动授权，无需再次操作。',
    es:
      'La plataforma aún no ha habilitado ninguna tienda de esta cuenta. Se le volverá a preguntar: las tiendas se conectan solas, ' +
      'sin otra autorización.',
  },
  scopes: {
    en: 'The app lacks the permissions {scopes}: enable them in Partner Center, then authorise again.',
    zh: '应用缺少权限 {scopes}：请在开放平台开启后重新授权。',
    es: 'A la aplicación le faltan los permisos {scopes}: actívelos en Partner Center y vuelva a autorizar.',
  },
  failed: { en: 'Not connected', zh: '授权失败', es: 'No conectado' },
  start_here: { en: 'Start again', zh: '重新开始', es: 'Empezar de nuevo' },
  home: { en: 'To the start page', zh: '返回首页', es: 'A la página de inicio' },
  close: { en: 'You may close this page.', zh: '可以关闭此页面。', es: 'Puede cerrar esta página.' },
} as const satisfies Record<string, Text>;

const consentParameters = z.object({
  region: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'is no two-letter country code')
    .optional()
    .describe('Market of the seller, ISO 3166-1, e.g. ES: it decides which registration is used.'),
});

const consent = {
  path: '/auth_url',
  summary: 'Where the seller consents · 授权链接 · Enlace de autorización',
  parameters: consentParameters,
  answer: z.object({
    message: z.literal(SUCCESS.msg),
    auth_url: z.string(),
    link: z.string().describe('The same; what the older system called it on some platforms.'),
    redirect_url: z.string(),
    warnings: z.array(z.string()),
  }),
} as const;

const authUrl = route({
  ...consent,
  method: 'GET',
  needs: 'admin',
  older: true,
  tag: 'Connect',
  variants({ platforms }, place) {
    const minutes = platforms.find(({ id }) => id === platformOf(place))?.api?.stateMinutes;
    const description =
      `Open \`auth_url\` in the browser of whoever owns the shop. The consent is good for ${minutes} minutes and once. ` +
      '`redirect_url` is what the partner centre has to know.';
    return [{ ...consent, description }];
  },
  bare: true,
  handle(asked, room) {
    const address = consentUrl(asked, room);
    return {
      message: SUCCESS.msg,
      auth_url: address,
      link: address,
      redirect_url: redirectUrl(room, asked.request, platformOf(asked.place)),
      warnings: asked.warnings,
    };
  },
});

const connect = route({
  method: 'GET',
  path: '/connect',
  needs: 'admin',
  page: true,
  older: true,
  parameters: consentParameters,
  type: 'text/html',
  handle: (asked, room) => asked.reply.redirect(consentUrl(asked, room)),
});

function consentUrl({ request, place, parameters: { region } }: Asked<typeof consentParameters>, room: HttpRoom): string {
  const platform = platformOf(place);
  return room.authorizations.consentUrl(platform, {
    region,
    redirectUrl: redirectUrl(room, request, platform),
    query: request.query as Record<string, unknown>,
  });
}

const callback = route({
  method: 'GET',
  path: '/callback',
  needs: 'admin',
  // Its signed state guards it.
  open: true,
  older: true,
  readsItself: true,
  tag: 'Connect',
  summary: 'Where the platform sends the seller back · 授权回调 · Vuelta de la autorización',
  description: 'Answers a page; JSON to callers that ask for `application/json`. The state is checked before anything else.',
  parameters: z.object({ code: z.string().optional(), state: z.string().optional() }),
  answer: z.object({ seller: z.string(), shops: z.array(z.string()), missing_scopes: z.array(z.string()) }),
  async handle({ request, reply, place, language }, room) {
    const platform = platformOf(place);
    const wantsJson = /application\/json/.test(request.headers.accept ?? '');
    try {
      const connected = await room.authorizations.complete(platform, request.query as Record<string, unknown>);
      room.log.went(`consent on ${platform}`);
      for (const shop of connected.shops) room.sync.run(shop).catch(() => undefined);
      if (wantsJson)
        return { seller: connected.seller, shops: connected.shops.map(({ shop }) => shop), missing_scopes: connected.missingScopes };
      return await asPage(reply).send(connectedPage(connected, language, room));
    } catch (error) {
      const known = toAppError(error);
      room.log.failed(`consent on ${platform}`, known);
      if (wantsJson) throw error;
      if (known.status >= 500) request.log.error({ err: known.cause ?? known, name: known.code }, 'consent failed');
      return asPage(reply.code(known.status)).send(failedPage(known, { language, platform, room }));
    }
  },
});

const authorization = named(
  'Authorization',
  z.object({
    access_token: z.literal(HIDDEN),
    access_token_expire_in: z.int().nullable().describe('Epoch seconds.'),
    refresh_token: z.literal(HIDDEN),
    refresh_token_expire_in: z.int().nullable().describe('Epoch seconds.'),
    open_id: z.literal(HIDDEN),
    seller_name: z.string(),
    seller_base_region: z.string().nullable(),
    user_type: z.int(),
    granted_scopes: z.array(z.string()),
    obtained_at: z.int().nullable().describe('Epoch seconds.'),
    app: z.string(),
    state: z.enum(AUTHORIZATION_STATES),
    refreshed_at: z.string().nullable(),
  }),
);

const refreshToken = route({
  method: ['GET', 'POST'],
  path: '/refresh_token',
  needs: 'operate',
  older: true,
  tag: 'Connect',
  summary: 'Renew the access now · 更新访问凭证 · Renovar el acceso',
  description:
    'The older keys, with `***` for what is secret; expiries in epoch seconds. `data` is the first authorization, `authorizations` ' +
    'all of them.',
  parameters: z.object({ shop: z.string().optional().describe('One shop by its name. Default: every connected shop.') }),
  answer: z.object({
    message: z.literal(SUCCESS.msg),
    request_id: z.string(),
    data: authorization,
    authorizations: z.array(authorization),
  }),
  async handle({ request, place, parameters: { shop } }, room) {
    const platform = platformOf(place);
    const shops = shop ? [await chooseShop(room, platform, shop)] : await connectedShops(room, [platform]);
    if (shops.length === 0) throw new AppError('no_shop_connected', { platform, start: `/api/${platform}/auth_url` });
    const ids = [...new Set(shops.map(({ connection }) => connection!.authorizationId))];
    const refreshed = await Promise.all(ids.map((id) => room.authorizations.refresh(id)));
    const shown = refreshed.map(describe);
    return { message: SUCCESS.msg, request_id: request.id, data: shown[0]!, authorizations: shown };
  },
});

/** Connecting shops of one platform: where to consent, the way back, tokens refreshed now. */
export const connectRoutes = [authUrl, connect, callback, refreshToken] as const;

/** The platform of a place that stands for one. */
function platformOf({ platforms }: Place): PlatformId {
  return platforms[0]!;
}

function asPage(reply: FastifyReply): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY);
}

/** The address that the platform sends the seller back to, as it has to be registered there. */
export function redirectUrl(room: HttpRoom, request: Pick<FastifyRequest, 'host'>, platform: PlatformId): string {
  return `${room.config.publicUrl ?? `http://${request.host}`}${callbackPath(platform)}`;
}

function describe(row: Authorization): Given<z.input<typeof authorization>> {
  const epoch = (instant: string | null): number | null =>
    instant === null ? null : Math.floor(Temporal.Instant.from(instant).epochMilliseconds / 1000);
  return {
    access_token: HIDDEN,
    access_token_expire_in: epoch(row.expiresAt),
    refresh_token: HIDDEN,
    refresh_token_expire_in: epoch(row.consentEndsAt),
    open_id: HIDDEN,
    seller_name: row.seller,
    seller_base_region: row.region,
    user_type: SELLER,
    granted_scopes: row.scopes,
    obtained_at: epoch(row.refreshedAt),
    app: row.app,
    state: row.state,
    refreshed_at: row.refreshedAt,
  };
}

function connectedPage({ seller, shops, missingScopes }: Connected, language: Language, room: HttpRoom): string {
  const say = (text: keyof typeof TEXTS, values = {}): string => escape(fill(TEXTS[text], language, values));
  return htmlPage(
    { language, title: 'S7StarERP', lead: '', version: room.config.version },
    `<main><section class="wide">
<h2>✓ ${say('connected', { seller })}</h2><p>${shops.length > 0 ? say('shops', { shops: shops.map(({ shop }) => shop) }) : say('no_shops')}</p>
${missingScopes.length > 0 ? `<p>⚠ ${say('scopes', { scopes: [...missingScopes] })}</p>` : ''}<p>${say('close')} <a href="/">${say('home')}</a></p></section></main>`,
  );
}

function failedPage(error: AppError, { language, platform, room }: { language: Language; platform: PlatformId; room: HttpRoom }): string {
  const say = (text: keyof typeof TEXTS): string => escape(TEXTS[text][language]);
  const { msg, hint } = error.toBody(language);
  return htmlPage(
    { language, title: 'S7StarERP', lead: '', version: room.config.version },
    `<main><section class="wide">
<h2>✗ ${say('failed')}</h2><p>${escape(msg)}</p><p>${escape(hint)}</p><p><a href="/api/${platform}/connect">${say('start_here')}</a> · <a href="/">${say('home')}</a></p></section></main>`,
  );
}
