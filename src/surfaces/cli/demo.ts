import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { parseJson } from '../../kernel/json.ts';
import { fill, LOCALES, shownShare, type Language, type Text, type TextValues } from '../../kernel/messages.ts';
import type { PlatformId } from '../../model/shop.ts';
import { callbackPath } from '../../sync/authorization.ts';
import type { Answer } from './api.ts';
import type { Session } from './cli.ts';
import { Client } from './client.ts';
import { importWithBar } from './import-command.ts';
import { openBrowser } from './open-browser.ts';
import { print, REPORT } from './report-command.ts';
import type { CliRoom, Rush } from './room.ts';
import { serve, type Serving } from './running-server.ts';
import { duration, feedName } from './sync-command.ts';

const SHOWN_ROWS = 5;
/** What is shown in the terminal: what sells, where, on which platform. */
const SHOWN_REPORTS = ['SalesRank', 'AreaDemand', 'PlatformComparison'];
const SHOWN_WIDTH = 80;
const HISTORY_DAYS = 365;
const RUSH = { hours: 1 } as const;
const RUSH_EVERY_SECONDS = 4;
const LOOK_EVERY_MS = 5000;
const RUSHES_FILE = 'simulated-rushes.json';
/** Whose consents are given: a market of the seller, and the account that signs in. */
const CONSENTS = [
  { region: 'ES', account: 'Estrella Hogar' },
  { region: 'US', account: 'Lone Star Living' },
] as const;

/** The demo's server with the simulated platforms it talks to. */
export interface DemoServing extends Serving {
  readonly room: CliRoom;
}

/** Starts the simulator and the server on a data folder of its own, beside the real one. */
export async function serveDemo(room: CliRoom): Promise<DemoServing> {
  const dataFolder = `${room.config.dataFolder}-demo`;
  if (!existsSync(dataFolder)) mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const port = room.config.port === 0 ? await freePort() : room.config.port;
  const simulator = await room.openSimulator({
    redirectUrl: (platform) => `http://127.0.0.1:${port}${callbackPath(platform)}`,
    rushes: rushesSoFar(dataFolder),
    stateFile: join(dataFolder, 'simulator.json'),
  });
  // Whoever hears of the real shops' troubles is not told of the simulated ones; nor is the demo meant for the world outside.
  const config = {
    ...room.config,
    port,
    dataFolder,
    backupFolder: join(dataFolder, 'backups'),
    publicUrl: undefined,
    historyDays: HISTORY_DAYS,
    apps: simulator.apps,
    ratesUrl: simulator.ratesUrl,
    alerts: {},
  };
  try {
    const serving = await serve({ ...room, config });
    return {
      ...serving,
      room: { ...room, config },
      async close() {
        await serving.close();
        await simulator.close();
      },
    };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

/**
 * Order files imported, two sellers' authorisations, a year synced, three reports, then every new order as it comes. Started again, it goes
 * on where it was.
 */
export async function demo(session: Session, serving: DemoServing, { browser }: { browser: boolean }): Promise<void> {
  const { room } = serving;
  const { language } = room.config;
  const say = sayIn(session, language);
  const client = new Client(serving, language);
  const { data: before } = await client.get('/api/shops');
  say('address', { url: serving.shownUrl });
  say(before.length === 0 ? 'about' : 'again', { folder: room.config.dataFolder });
  if (browser && process.stdout.isTTY) openBrowser(serving.shownUrl);
  await importFiles(room, client, before);
  const simulated = [...new Set(room.config.apps.map(({ platform }) => platform))];
  for (const consent of simulated.flatMap((platform) => CONSENTS.map((each) => ({ platform, ...each })))) {
    if (before.some(({ platform, region }) => platform === consent.platform && region === consent.region)) continue;
    const { seller, shops } = await giveConsent(client, consent);
    say('authorised', { seller, shops });
  }
  await untilHome(client, say, language);
  for (const name of SHOWN_REPORTS) {
    const report = room.reports.find((each) => each.name === name);
    if (!report) continue;
    const answer = await client.get(REPORT, { in: { P: 'Multiplatform', name }, query: { limit: SHOWN_ROWS, window: '30d' } });
    const width = Math.min(session.width, SHOWN_WIDTH);
    session.out(`\n${print({ ...answer, nulls: {}, warnings: [] }, report, { language, table: 'data', width })}`);
  }
  say('links', { url: serving.shownUrl });
  await tellBackground(client, say, language);
  say('ends');
  await showNewOrders(client, say, language);
}

type Shops = Answer<'GET', '/api/shops'>['data'];

type Say = (text: keyof typeof TEXTS, values?: TextValues) => void;

function sayIn(session: Session, language: Language): Say {
  return (text, values) => session.out(fill(TEXTS[text], language, values));
}

/** Brings in the order files of the platforms that are not simulated, exported now, unless they are in. */
async function importFiles(room: CliRoom, client: Client, before: Shops): Promise<void> {
  const missing = (platform: string): boolean => !before.some((shop) => shop.platform === platform && shop.complete_at !== null);
  const files = Object.entries(await room.exampleFiles()).filter(([platform]) => missing(platform));
  const folder = join(room.config.dataFolder, 'examples');
  if (files.length > 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [, { name, bytes }] of files) {
    writeFileSync(join(folder, name), bytes, { mode: 0o600 });
    await importWithBar(client, '/api/import', { files: [join(folder, name)], silent: false });
  }
}

/** How long what is still synced will take, stream by stream and shop by shop one after the other. */
async function tellBackground(client: Client, say: Say, language: Language): Promise<void> {
  const { data } = await client.get('/api/sync/plan');
  const byShop = Map.groupBy(data, ({ shop }) => shop);
  const seconds = Math.max(0, ...[...byShop.values()].map((rows) => rows.reduce((sum, row) => sum + row.seconds, 0)));
  if (seconds > 0) say('background', { time: duration(seconds, language) });
}

/** Does what a seller does in the browser: opens the consent page, signs in as an account, agrees, and is sent back. */
async function giveConsent(
  client: Client,
  { platform, region, account }: { platform: PlatformId; region: string; account: string },
): Promise<{ readonly seller: string; readonly shops: readonly string[] }> {
  const { auth_url: address } = await client.get('/api/{P}/auth_url', { in: { P: platform }, query: { region } });
  const page = await (await fetch(address)).text();
  const form = new URL(/<form[^>]*action="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '', address);
  for (const [input] of page.matchAll(/<input[^>]*>/g)) {
    const read = (name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1]?.replaceAll('&amp;', '&');
    const [name, value] = [read('name'), read('value')];
    if (name && read('type') === 'hidden') form.searchParams.set(name, value ?? '');
    if (name && value && read('type') === 'radio' && page.slice(page.indexOf(input)).slice(0, 400).includes(account))
      form.searchParams.set(name, value);
  }
  form.searchParams.set('decision', 'authorize');
  const back = (await fetch(form, { redirect: 'manual' })).headers.get('location');
  if (!back) throw new AppError('consent_incomplete', {});
  return client.get('/api/{P}/callback', { in: { P: platform }, query: Object.fromEntries(new URL(back).searchParams) });
}

/** Syncs until every shop's history is in, with a line for each shop now and then and one when it is there. */
async function untilHome(client: Client, say: Say, language: Language): Promise<void> {
  const watching = new AbortController();
  const told = new Map<string, number>();
  const watch = client
    .events(({ stream, state, error, progress, ...whose }) => {
      const shop = feedName(whose);
      if (error) say('failed', { shop, error });
      const share = progress?.history_share ?? 0;
      if (stream !== 'orders' || state !== 'running' || share >= 1 || share - (told.get(shop) ?? 0) < 0.2) return;
      told.set(shop, share);
      say('history', { shop, share: shownShare(share, language), orders: progress!.added });
    }, watching.signal)
    .catch(() => undefined);
  const { data } = await client.postLong('/api/sync', { wait: true });
  watching.abort();
  await watch;
  for (const [shop, events] of Map.groupBy(data, feedName)) {
    const added = (stream: string): number => events.find((event) => event.stream === stream)?.progress?.added ?? 0;
    if (added('orders') > 0) {
      say('home', { shop, orders: added('orders'), returns: added('returns'), cancellations: added('cancellations') });
    }
  }
}

/** Syncs every few seconds and tells what came; for ever. */
async function showNewOrders(client: Client, say: Say, language: Language): Promise<void> {
  const clock = new Intl.DateTimeFormat(LOCALES[language], { timeStyle: 'medium' });
  for (;;) {
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS);
    });
    const { data } = await client.postLong('/api/sync', { wait: true });
    for (const { error, ...whose } of data) if (error) say('failed', { shop: feedName(whose), error });
    const time = clock.format(new Date());
    for (const { stream, progress, ...whose } of data)
      if (stream === 'orders' && progress && progress.added + progress.changed > 0)
        say('news', { time, shop: feedName(whose), added: progress.added, changed: progress.changed });
  }
}

const TEXTS = {
  address: { en: 'S7StarERP demo · {url}', zh: 'S7StarERP 演示 · {url}', es: 'Demostración de S7StarERP · {url}' },
  about: {
    en: 'Two simulated sellers, a year of orders, in a data folder of their own: {folder}',
    zh: '两位模拟卖家，一年的订单，使用独立的数据目录：{folder}',
    es: 'Dos vendedores simulados, un año de pedidos, en su propia carpeta de datos: {folder}',
  },
  again: { en: 'Going on where it was: {folder}', zh: '从上次结束处继续：{folder}', es: 'Sigue donde se quedó: {folder}' },
  authorised: { en: '✔ {seller} authorised: {shops}', zh: '✔ {seller} 已授权：{shops}', es: '✔ {seller} ha autorizado: {shops}' },
  history: {
    en: '· {shop}: history {share}, {orders} orders',
    zh: '· {shop}：历史订单 {share}，{orders} 个订单',
    es: '· {shop}: histórico {share}, {orders} pedidos',
  },
  home: {
    en: '✔ {shop}: {orders} orders, {returns} returns, {cancellations} cancellations',
    zh: '✔ {shop}：{orders} 个订单，{returns} 个退货，{cancellations} 个取消',
    es: '✔ {shop}: {orders} pedidos, {returns} devoluciones, {cancellations} cancelaciones',
  },
  failed: { en: '✗ {shop}: {error}', zh: '✗ {shop}：{error}', es: '✗ {shop}: {error}' },
  news: {
    en: '{time}  {shop}: {added} new, {changed} updated',
    zh: '{time}  {shop}：新增 {added}，更新 {changed}',
    es: '{time}  {shop}: {added|nuevo|nuevos}, {changed|actualizado|actualizados}',
  },
  links: {
    en: `
{url}/               shops, sales, alerts
{url}/api/swagger/   every path, to try out`,
    zh: `
{url}/               店铺、销售、提醒
{url}/api/swagger/   全部接口，可直接试用`,
    es: `
{url}/               tiendas, ventas, avisos
{url}/api/swagger/   todas las rutas, para probarlas`,
  },
  background: {
    en: 'In the background price breakdowns and products still sync: about {time}.',
    zh: '价格明细与商品仍在后台同步，约需 {time}。',
    es: 'En segundo plano se sincronizan desgloses de precios y productos: unos {time}.',
  },
  ends: {
    en: 'New orders keep coming for an hour. Ctrl-C ends; the next start goes on.',
    zh: '接下来一小时会不断有新订单。按 Ctrl-C 结束，下次启动会继续。',
    es: 'Durante una hora siguen llegando pedidos. Ctrl-C termina; el próximo arranque sigue.',
  },
} as const satisfies Record<string, Text>;

/** The hours with many orders, those of former starts too: what was sold then stays sold. */
function rushesSoFar(dataFolder: string): Rush[] {
  const file = join(dataFolder, RUSHES_FILE);
  const known = existsSync(file) ? ((parseJson(readFileSync(file, 'utf8')) ?? []) as unknown as Rush[]) : [];
  const now = Temporal.Now.instant();
  const ended = known.map((rush) =>
    Temporal.Instant.compare(Temporal.Instant.from(rush.to), now) > 0 ? { ...rush, to: now.toString() } : rush,
  );
  const rushes = [...ended, { from: now.toString(), to: now.add(RUSH).toString(), everySeconds: RUSH_EVERY_SECONDS }];
  writeFileSync(file, JSON.stringify(rushes), { mode: 0o600 });
  return rushes;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => resolve(port));
      });
  });
}
