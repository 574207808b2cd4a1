import type { FastifyInstance } from 'fastify';
import { readImports } from '../../engines/import-log.ts';
import { readShops, readShopTotals } from '../../engines/store.ts';
import type { Language, Text } from '../../kernel/messages.ts';
import { STAR } from './brand.ts';
import { languageOf, SEGMENTS, type HttpRoom } from './room.ts';

const POLICY = "default-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:";
const LAST_IMPORTS = 8;

const TEXTS = {
  lead: { en: 'Back office for TikTok Shop, SHEIN and Amazon', zh: 'TikTok Shop、SHEIN 与 Amazon 后台', es: 'Gestión para TikTok Shop, SHEIN y Amazon' },
  shops: { en: 'Shops', zh: '店铺', es: 'Tiendas' },
  platform: { en: 'Platform', zh: '平台', es: 'Plataforma' },
  shop: { en: 'Shop', zh: '店铺', es: 'Tienda' },
  orders: { en: 'Orders', zh: '订单', es: 'Pedidos' },
  units: { en: 'Units', zh: '件数', es: 'Unidades' },
  days: { en: 'Days', zh: '日期', es: 'Días' },
  clock: { en: 'Clock', zh: '时区', es: 'Reloj' },
  complete: { en: 'Complete as of', zh: '数据截至', es: 'Completa a' },
  imports: { en: 'Last imports', zh: '最近导入', es: 'Últimas importaciones' },
  file: { en: 'File', zh: '文件', es: 'Fichero' },
  state: { en: 'State', zh: '状态', es: 'Estado' },
  fresh: { en: 'New / changed', zh: '新增 / 更新', es: 'Nuevos / cambiados' },
  refused: { en: 'Refused rows', zh: '拒绝行数', es: 'Filas rechazadas' },
  reports: { en: 'Reports', zh: '报表', es: 'Informes' },
  docs: { en: 'Documentation', zh: '接口文档', es: 'Documentación' },
  empty: { en: 'No shop yet. Import an order export of a seller centre:', zh: '还没有店铺。请导入平台卖家中心的订单导出文件：', es: 'Todavía no hay tiendas. Importe una exportación de pedidos:' },
  window_7d: { en: '7 days', zh: '近 7 天', es: '7 días' },
  window_30d: { en: '30 days', zh: '近 30 天', es: '30 días' },
  window_all: { en: 'All', zh: '全部', es: 'Todo' },
  table: { en: 'CSV', zh: 'CSV', es: 'CSV' },
  done: { en: 'done', zh: '完成', es: 'hecha' },
  running: { en: 'running', zh: '进行中', es: 'en curso' },
  failed: { en: 'failed', zh: '失败', es: 'fallida' },
  interrupted: { en: 'interrupted: run it again', zh: '已中断，请重新导入', es: 'interrumpida: repítala' },
} as const satisfies Record<string, Text>;

/** Until the dashboard is there: one plain page with shops, imports and links. `?lang=zh` wins over the browser's language. */
export function startPage(app: FastifyInstance, room: HttpRoom): void {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const wished = (request.query as { lang?: string }).lang;
    const language = wished === 'zh' || wished === 'en' || wished === 'es' ? wished : languageOf(request, room);
    return reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(await render(room, language));
  });
  // Browsers ask for it beside any answer they show, and complain without it.
  app.get('/favicon.ico', { schema: { hide: true } }, (_request, reply) => reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(STAR));
}

async function render(room: HttpRoom, language: Language): Promise<string> {
  const say = (text: keyof typeof TEXTS): string => TEXTS[text][language];
  const { shops, totals, imports } = await room.engine.read(async (reader) => ({
    shops: await readShops(reader), totals: await readShopTotals(reader), imports: await readImports(reader, LAST_IMPORTS),
  }));
  const number = new Intl.NumberFormat(language);
  const onClock = (zone: string, at: string): string => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(new Date(at));
  const shopRows = shops.map(({ shopId, platform, shop, zone, completeAt }) => {
    const total = totals.find(({ shop_id }) => shop_id === shopId);
    const days = total ? `${total.first_day} – ${total.last_day}` : '–';
    return row([platform, shop, number.format(total?.orders ?? 0), number.format(total?.units ?? 0), days, zone, completeAt ? onClock(zone, completeAt) : '–'], [2, 3]);
  });
  const importRows = imports.map((each) => row(
    [each.file, say(each.state), `${number.format(each.orders_new)} / ${number.format(each.orders_changed)}`, number.format(each.lines_refused)], [2, 3], each.state));
  const links = room.reports.map(({ name, title }) => `<li><b>${escape(title[language])}</b><span>${(['7d', '30d', 'all'] as const)
    .map((window) => `<a href="/api/Multiplatform/DataScience/${name}_${window}/">${say(`window_${window}`)}</a>`).join(' ')}
    <a class="quiet" href="/api/Multiplatform/DataScience/${name}/?format=csv">${say('table')}</a></span></li>`);
  const docs = ['', ...SEGMENTS.map(({ segment }) => `/${segment}`)].map((segment) =>
    `<li><b>${segment.slice(1) || 'S7StarERP'}</b><span><a href="/api${segment}/swagger/">Swagger</a> <a href="/api${segment}/redoc/">ReDoc</a>
    <a class="quiet" href="/api${segment}/openapi.json">OpenAPI</a></span></li>`);
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>S7StarERP</title><link rel="icon" href="/favicon.ico" type="image/svg+xml"><style>${STYLE}</style></head><body>
<header><div><h1>S7<span>★</span>ERP</h1><p>${say('lead')}</p></div>
<nav aria-label="language">${([['zh', '中文'], ['en', 'English'], ['es', 'Español']] as const).map(([code, name]) =>
  `<a href="/?lang=${code}"${code === language ? ' aria-current="true"' : ''} lang="${code}">${name}</a>`).join('')}</nav></header>
<main>
<section class="wide"><h2>${say('shops')}</h2>${shops.length === 0
    ? `<p>${say('empty')}</p><pre>npx s7 import orders.csv</pre>`
    : table([say('platform'), say('shop'), say('orders'), say('units'), say('days'), say('clock'), say('complete')], shopRows, [2, 3])}</section>
${imports.length === 0 ? '' : `<section class="wide"><h2>${say('imports')}</h2>${table([say('file'), say('state'), say('fresh'), say('refused')], importRows, [2, 3])}</section>`}
<section><h2>${say('reports')}</h2><ul>${links.join('')}</ul></section>
<section><h2>${say('docs')}</h2><ul>${docs.join('')}</ul></section>
</main><footer>S7StarERP ${room.config.version}</footer></body></html>`;
}

function table(heads: readonly string[], rows: readonly string[], right: readonly number[]): string {
  return `<div class="scroll"><table><thead><tr>${heads.map((head, i) => `<th${right.includes(i) ? ' class="right"' : ''}>${escape(head)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function row(cells: readonly string[], right: readonly number[], state = ''): string {
  return `<tr${state ? ` class="${state}"` : ''}>${cells.map((cell, i) => `<td${right.includes(i) ? ' class="right"' : ''}>${escape(cell)}</td>`).join('')}</tr>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2330; --soft: #5c667a; --line: #e3e7ee; --ground: #f5f7fa; --card: #fff; --accent: #0b57d0; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #9aa4b6; --line: #2c3342; --ground: #12151c; --card: #1a1f29; --accent: #8ab4f8; --bad: #f2b8b5 } }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink); background: var(--ground) }
header { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between; align-items: center; padding: 1.4rem clamp(1rem, 4vw, 3rem); background: var(--card); border-bottom: 1px solid var(--line) }
h1 { margin: 0; font-size: 1.5rem; letter-spacing: -.02em } h1 span { color: #f5a524 } header p { margin: .1rem 0 0; color: var(--soft) }
nav a { padding: .35rem .7rem; border-radius: 99px; color: var(--soft) } nav a[aria-current] { background: var(--accent); color: var(--card) }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr)); gap: 1.2rem; padding: 1.5rem clamp(1rem, 4vw, 3rem); max-width: 90rem; margin: auto }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.1rem 1.3rem; min-width: 0 } .wide { grid-column: 1 / -1 }
h2 { margin: 0 0 .7rem; font-size: 1.02rem } ul { list-style: none; margin: 0; padding: 0 } li { display: flex; flex-wrap: wrap; gap: .1rem 1rem; padding: .42rem 0; border-top: 1px solid var(--line) } li:first-child { border: 0 }
li b { flex: 1; min-width: 8.5rem; font-weight: 600 } li span { display: flex; gap: .9rem; white-space: nowrap } a { color: var(--accent); text-decoration: none } a:hover, a:focus-visible { text-decoration: underline } .quiet { color: var(--soft) }
.scroll { overflow-x: auto; background: linear-gradient(to right, var(--card) 1rem, transparent) local left, linear-gradient(to left, var(--card) 1rem, transparent) local right,
  linear-gradient(to right, var(--line), transparent) left, linear-gradient(to left, var(--line), transparent) right; background-repeat: no-repeat; background-size: 3rem 100%, 3rem 100%, 1rem 100%, 1rem 100% }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums } th { text-align: left; color: var(--soft); font-weight: 500; font-size: .86rem }
th, td { padding: .42rem .9rem .42rem 0; border-bottom: 1px solid var(--line); white-space: nowrap } tr:last-child td { border: 0 } .right { text-align: right } .right + :not(.right) { padding-left: .9rem } .failed td, .interrupted td { color: var(--bad) }
pre { background: var(--ground); padding: .7rem 1rem; border-radius: 8px; overflow-x: auto } footer { text-align: center; color: var(--soft); padding: 1rem; font-size: .86rem }
`;
