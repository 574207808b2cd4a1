import { readImports } from '../../records/imports/import-log.ts';
import { streamTitle } from '../../records/all.ts';
import { readAuthorizations } from '../../records/shops/authorizations.ts';
import { readOpenAlerts } from '../../records/alerts/alert-log.ts';
import { readShopsWithCoverage } from '../../records/shops/coverage.ts';
import { readShopTotals } from '../../records/shops/shops.ts';
import { readRuns, runsOf } from '../../records/runs/sync-log.ts';
import { alertText } from '../../jobs/alerts/alert-text.ts';
import { fill, type Language, type Text } from '../../kernel/messages.ts';
import type { Shop } from '../../model/shop.ts';
import { CONNECTION_WORDS, RUN_WORDS } from '../state-words.ts';
import { STAR } from './brand.ts';
import { dropField, dropFieldScript } from './drop-field.ts';
import { escape, htmlPage, PAGE_POLICY } from './layout.ts';
import { SEGMENTS, wishedLanguage, type HttpRoom } from './room.ts';
import { route } from './route.ts';

const LAST_IMPORTS = 8;

const TEXTS = {
  lead: {
    en: 'Back office for TikTok Shop, SHEIN and Amazon',
    zh: 'TikTok Shop、SHEIN 与 Amazon 后台',
    es: 'Gestión para TikTok Shop, SHEIN y Amazon',
  },
  alerts: { en: 'Alerts', zh: '提醒', es: 'Avisos' },
  shops: { en: 'Shops', zh: '店铺', es: 'Tiendas' },
  platform: { en: 'Platform', zh: '平台', es: 'Plataforma' },
  shop: { en: 'Shop', zh: '店铺', es: 'Tienda' },
  orders: { en: 'Orders', zh: '订单', es: 'Pedidos' },
  units: { en: 'Units', zh: '件数', es: 'Unidades' },
  days: { en: 'Days with data', zh: '有数据的日期', es: 'Días con datos' },
  clock: { en: 'Time zone', zh: '时区', es: 'Zona horaria' },
  connection: { en: 'Connection', zh: '授权', es: 'Conexión' },
  history: { en: '{stream} {share}%', zh: '{stream} {share}%', es: '{stream} {share}\u00a0%' },
  error: { en: 'last result: {error}', zh: '最近结果：{error}', es: 'último resultado: {error}' },
  connect: { en: 'Connect shop:', zh: '授权店铺：', es: 'Conectar tienda:' },
  complete: { en: 'Data up to', zh: '数据截至', es: 'Datos hasta' },
  imports: { en: 'Last imports', zh: '最近导入', es: 'Últimas importaciones' },
  file: { en: 'File', zh: '文件', es: 'Archivo' },
  state: { en: 'State', zh: '状态', es: 'Estado' },
  fresh: { en: 'New / updated', zh: '新增 / 更新', es: 'Nuevos / actualizados' },
  refused: { en: 'Rows not imported', zh: '未导入的行', es: 'Filas no importadas' },
  reports: { en: 'Reports', zh: '报表', es: 'Informes' },
  docs: { en: 'Documentation', zh: '接口文档', es: 'Documentación' },
  empty: {
    en: 'No shops yet. Connect one or import an order file.',
    zh: '还没有店铺。请授权店铺，或导入卖家后台的订单文件。',
    es: 'Aún no hay tiendas. Conecte una o importe un archivo de pedidos.',
  },
  window_7d: { en: 'Last 7 days', zh: '近 7 天', es: 'Últimos 7 días' },
  window_30d: { en: 'Last 30 days', zh: '近 30 天', es: 'Últimos 30 días' },
  window_all: { en: 'All time', zh: '全部时间', es: 'Todo' },
  table: { en: 'CSV', zh: 'CSV', es: 'CSV' },
  signout: { en: 'Sign out', zh: '退出登录', es: 'Cerrar sesión' },
  interrupted: { en: 'interrupted: run it again', zh: '已中断，请重新导入', es: 'interrumpida: repítala' },
} as const satisfies Record<string, Text>;

const start = route({
  method: 'GET',
  path: '/',
  needs: 'read',
  page: true,
  type: 'text/html',
  async handle({ request, reply }, room) {
    const page = await render(room, wishedLanguage(request, room), request.asker === 'browser');
    return reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).send(page);
  },
});

// Browsers ask for it beside any answer they show, and complain without it.
const icon = route({
  method: 'GET',
  path: '/favicon.ico',
  needs: 'read',
  open: true,
  type: 'image/svg+xml',
  handle: ({ reply }) => reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(STAR),
});

/** Until the dashboard is there: one plain page with shops, imports and links. `?lang=zh` wins over the browser's language. */
export const pageRoutes = [start, icon, dropFieldScript] as const;

async function render(room: HttpRoom, language: Language, isSignedIn: boolean): Promise<string> {
  const say = (text: keyof typeof TEXTS): string => TEXTS[text][language];
  const { shops, coverage, totals, imports, authorizations, runs, alerts } = await room.engine.read(async (reader) => ({
    ...(await readShopsWithCoverage(reader, room.clock.now())),
    totals: await readShopTotals(reader),
    imports: await readImports(reader, LAST_IMPORTS),
    authorizations: await readAuthorizations(reader),
    runs: await readRuns(reader),
    alerts: await readOpenAlerts(reader),
  }));
  const number = new Intl.NumberFormat(language);
  const onClock = (zone: string, at: string): string =>
    new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(new Date(at));
  const stateOf = (each: Shop): string => {
    const { region, connection } = each;
    const now = room.sync
      .runningFor(each)
      .flatMap(({ progress, stream }) =>
        progress && progress.share < 1
          ? [fill(TEXTS.history, language, { stream: streamTitle(stream), share: Math.floor(progress.share * 100) })]
          : [],
      );
    if (now.length > 0) return now.join(' · ');
    const authorization = authorizations.find(({ authorizationId }) => authorizationId === connection?.authorizationId);
    if (!authorization) return CONNECTION_WORDS[region ? 'disconnected' : 'files'][language];
    if (authorization.state !== 'active') return CONNECTION_WORDS.lost[language];
    const error = authorization.error ?? runsOf(runs, each).find(({ error: failed }) => failed !== null)?.error;
    return error ? fill(TEXTS.error, language, { error }) : CONNECTION_WORDS.connected[language];
  };
  const shopRows = shops.map((each) => {
    const { shopId, platform, shop, zone, completeAt } = each;
    const total = totals.find(({ shop_id }) => shop_id === shopId);
    const covered = coverage.get(shopId)?.days;
    const days = covered ? `${covered.from} – ${covered.to}` : '–';
    return row(
      [
        platform,
        shop,
        number.format(total?.orders ?? 0),
        number.format(total?.units ?? 0),
        days,
        zone,
        completeAt ? onClock(zone, completeAt) : '–',
        stateOf(each),
      ],
      [2, 3],
    );
  });
  const importRows = imports.map((each) =>
    row(
      [
        each.file,
        each.state === 'interrupted' ? say('interrupted') : RUN_WORDS[each.state][language],
        `${number.format(each.orders_new)} / ${number.format(each.orders_changed)}`,
        number.format(each.lines_refused),
      ],
      [2, 3],
      each.state,
    ),
  );
  const links = room.reports.map(
    ({ name, title }) => `<li><b>${escape(title[language])}</b><span>${(['7d', '30d', 'all'] as const)
      .map((window) => `<a href="/api/Multiplatform/DataScience/${name}_${window}/">${say(`window_${window}`)}</a>`)
      .join(' ')}
    <a class="quiet" href="/api/Multiplatform/DataScience/${name}/?format=csv">${say('table')}</a></span></li>`,
  );
  const docs = ['', ...SEGMENTS.map(({ segment }) => `/${segment}`)].map(
    (segment) =>
      `<li><b>${segment.slice(1) || 'S7StarERP'}</b><span><a href="/api${segment}/swagger/">Swagger</a> <a href="/api${segment}/redoc/">ReDoc</a>
    <a class="quiet" href="/api${segment}/openapi.json">OpenAPI</a></span></li>`,
  );
  return htmlPage(
    { language, title: 'S7StarERP', lead: say('lead'), version: room.config.version, languagesAt: '/' },
    `<main>
${
  alerts.length === 0
    ? ''
    : `<section class="wide alerts"><h2>${say('alerts')}</h2><ul>${alerts
        .map((each) => {
          const { text, todo } = alertText(each, language);
          return `<li class="${each.severity}"><b>${escape(text)}</b><i>${escape(todo)}</i></li>`;
        })
        .join('')}</ul></section>`
}
<section class="wide"><h2>${say('shops')}</h2>${
      shops.length === 0
        ? `<p>${say('empty')}</p>`
        : table(
            [say('platform'), say('shop'), say('orders'), say('units'), say('days'), say('clock'), say('complete'), say('connection')],
            shopRows,
            [2, 3],
          )
    }${connectLinks(room, say('connect'))}</section>
${dropField(language, room.platforms)}
${
  imports.length === 0
    ? ''
    : `<section class="wide"><h2>${say('imports')}</h2>${table([say('file'), say('state'), say('fresh'), say('refused')], importRows, [2, 3])}</section>`
}
<section><h2>${say('reports')}</h2><ul>${links.join('')}</ul></section>
<section><h2>${say('docs')}</h2><ul>${docs.join('')}</ul></section>
</main>${isSignedIn ? `<p class="aside"><button data-signout>${say('signout')}</button></p><script type="module" src="/signin.js"></script>` : ''}`,
  );
}

/** One link for each registration in the settings; none without. */
function connectLinks({ apps, platforms }: HttpRoom, lead: string): string {
  const links = apps.map(({ platform, kind }) => {
    const known = platforms.find(({ id }) => id === platform);
    const region = known?.api?.apps.find(({ name }) => name === kind)?.regions?.[0];
    return `<a href="/api/${platform}/connect${region ? `?region=${region}` : ''}">${escape(`${known?.title ?? platform} ${kind}`)}</a>`;
  });
  return links.length > 0 ? `<p>${escape(lead)} ${links.join(' · ')}</p>` : '';
}

function table(heads: readonly string[], rows: readonly string[], right: readonly number[]): string {
  return `<div class="scroll"><table><thead><tr>${heads.map((head, i) => `<th${right.includes(i) ? ' class="right"' : ''}>${escape(head)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function row(cells: readonly string[], right: readonly number[], state = ''): string {
  return `<tr${state ? ` class="${state}"` : ''}>${cells.map((cell, i) => `<td${right.includes(i) ? ' class="right"' : ''}>${escape(cell)}</td>`).join('')}</tr>`;
}
