import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Authorization } from '../../records/shops/authorizations.ts';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { fill, type Language, type Text } from '../../kernel/messages.ts';
import type { PlatformId } from '../../model/shop.ts';
import { callbackPath, type Connected, type ConsentBegun } from '../../sync/authorization.ts';
import { connectedShops } from '../../sync/feed-run.ts';
import { errorAnswers } from './answers.ts';
import { chooseShop } from './chosen-shop.ts';
import { escape, htmlPage, PAGE_POLICY } from './layout.ts';
import { ignoredWarnings, knownOnly, readParameters } from './parameters.ts';
import { languageOf, type HttpRoom } from './room.ts';

const HIDDEN = '***';
/** TikTok's `user_type` of who has shops. */
const SELLER = 0;

const TEXTS = {
  connected: { en: 'Connected: {seller}', zh: '已连接：{seller}', es: 'Conectado: {seller}' },
  shops: {
    en: 'Shops: {shops}. Their orders are being brought home now.',
    zh: '店铺：{shops}。正在拉取订单。',
    es: 'Tiendas: {shops}. Sus pedidos se están trayendo ahora.',
  },
  no_shops: { en: 'This account has no shop.', zh: '该账号下没有店铺。', es: 'Esta cuenta no tiene tiendas.' },
  scopes: {
    en: 'The app lacks the scopes {scopes}: enable them in the partner centre, then connect again.',
    zh: '应用缺少权限 {scopes}：请在开放平台开启后重新连接。',
    es: 'A la aplicación le faltan los permisos {scopes}: actívelos en el centro de socios y conecte de nuevo.',
  },
  failed: { en: 'Not connected', zh: '连接失败', es: 'No conectado' },
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
const refreshParameters = z.object({ shop: z.string().optional().describe('One shop by its name. Default: every connected shop.') });

/** Connecting shops of one platform: where to consent, the way back, tokens refreshed now. */
export function connectRoutes(scope: FastifyInstance, room: HttpRoom, platform: PlatformId): void {
  const lenient = { validatorCompiler: () => (value: unknown) => ({ value }) };
  const minutes = room.platforms.find(({ id }) => id === platform)?.api?.stateMinutes;
  const begun = (request: FastifyRequest, region: string | undefined): ConsentBegun => ({
    region,
    redirectUrl: redirectUrl(room, request, platform),
    query: request.query as Record<string, unknown>,
  });
  scope.get(
    '/auth_url',
    {
      ...lenient,
      schema: {
        tags: ['Connect'],
        summary: 'Where the seller consents · 授权链接',
        querystring: consentParameters,
        description: `Open \`auth_url\` in the browser of whoever owns the shop. The consent is good for ${minutes} minutes and once. \`redirect_url\` is what the partner centre has to know.`,
        response: { 200: z.object({ auth_url: z.string(), redirect_url: z.string(), warnings: z.array(z.string()) }), ...errorAnswers },
      },
    },
    (request) => {
      const { given, ignored } = knownOnly(consentParameters, request.query);
      const { region } = readParameters(consentParameters, given);
      return {
        auth_url: room.authorizations.consentUrl(platform, begun(request, region)),
        redirect_url: redirectUrl(room, request, platform),
        warnings: ignoredWarnings(ignored, languageOf(request, room)),
      };
    },
  );

  scope.get('/connect', { schema: { hide: true } }, (request, reply) => {
    const { region } = readParameters(consentParameters, knownOnly(consentParameters, request.query).given);
    return reply.redirect(room.authorizations.consentUrl(platform, begun(request, region)));
  });

  scope.get(
    '/callback',
    {
      ...lenient,
      schema: {
        tags: ['Connect'],
        summary: 'Where the platform sends the seller back · 授权回调',
        description: 'Answers a page; JSON to callers that ask for `application/json`. The state is checked before anything else.',
        querystring: z.object({ code: z.string().optional(), state: z.string().optional() }),
      },
    },
    async (request, reply) => {
      const language = languageOf(request, room);
      const wantsJson = /application\/json/.test(request.headers.accept ?? '');
      try {
        const connected = await room.authorizations.complete(platform, request.query as Record<string, unknown>);
        for (const shop of connected.shops) room.sync.run(shop).catch(() => undefined);
        if (wantsJson)
          return {
            code: 0,
            msg: 'success',
            seller: connected.seller,
            shops: connected.shops.map(({ shop }) => shop),
            missing_scopes: connected.missingScopes,
          };
        return await reply
          .type('text/html; charset=utf-8')
          .header('content-security-policy', PAGE_POLICY)
          .send(connectedPage(connected, language, room));
      } catch (error) {
        if (wantsJson) throw error;
        const known = toAppError(error);
        if (known.status >= 500) request.log.error({ err: known.cause ?? known, name: known.code }, 'consent failed');
        return reply
          .code(known.status)
          .type('text/html; charset=utf-8')
          .header('content-security-policy', PAGE_POLICY)
          .send(failedPage(known, { language, platform, room }));
      }
    },
  );

  scope.route({
    method: ['GET', 'POST'],
    url: '/refresh_token',
    ...lenient,
    schema: {
      tags: ['Connect'],
      summary: 'Refresh tokens now · 刷新令牌',
      querystring: refreshParameters,
      description:
        'The older keys, with `***` for what is secret; expiries in epoch seconds. `data` is the first authorization, `authorizations` all of them.',
      response: {
        200: z.object({
          code: z.literal(0),
          msg: z.literal('success'),
          message: z.literal('success'),
          request_id: z.string(),
          data: z.unknown(),
          authorizations: z.array(z.unknown()),
        }),
        ...errorAnswers,
      },
    },
    handler: async (request) => {
      const { given } = knownOnly(refreshParameters, request.query);
      const { shop } = readParameters(refreshParameters, given);
      const shops = shop ? [await chooseShop(room, platform, shop)] : await connectedShops(room, [platform]);
      if (shops.length === 0) throw new AppError('no_shop_connected', { platform, start: `/api/${platform}/auth_url` });
      const ids = [...new Set(shops.map(({ connection }) => connection!.authorizationId))];
      const refreshed = await Promise.all(ids.map((id) => room.authorizations.refresh(id)));
      const shown = refreshed.map(describe);
      return { code: 0, msg: 'success', message: 'success', request_id: request.id, data: shown[0], authorizations: shown };
    },
  });
}

/** The address that the platform sends the seller back to, as it has to be registered there. */
export function redirectUrl(room: HttpRoom, request: Pick<FastifyRequest, 'host'>, platform: PlatformId): string {
  return `${room.config.publicUrl ?? `http://${request.host}`}${callbackPath(platform)}`;
}

function describe(row: Authorization) {
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
