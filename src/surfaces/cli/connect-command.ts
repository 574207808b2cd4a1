import { Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { AppError } from '../../kernel/errors.ts';
import type { Text } from '../../kernel/messages.ts';
import type { PlatformId } from '../../model/shop.ts';
import type { Connection } from '../../platforms/connection.ts';
import type { Session } from './cli.ts';
import type { Client } from './client.ts';
import { withEnd } from './help.ts';
import { openBrowser } from './open-browser.ts';
import { EXAMPLE_PLATFORM, PLATFORM_NAMES, platformOf } from './platform-name.ts';
import { findServer } from './running-server.ts';

interface ConnectOptions {
  readonly region?: string;
  readonly marketplace?: string;
  readonly browser: boolean;
  readonly paste?: true;
}

const ASK_EVERY_MS = 1500;

const TEXTS = {
  about: {
    en: "Connect a shop: opens the platform's authorisation page and waits for the seller.",
    zh: '授权店铺：打开平台的授权页面，等待卖家授权。',
    es: 'Conectar una tienda: abre la página de autorización de la plataforma y espera al vendedor.',
  },
  platform: { en: 'one of {names}', zh: '可选：{names}', es: 'una de {names}' },
  region: {
    en: 'country of the seller, e.g. ES; decides which registration is used',
    zh: '卖家所在站点，如 ES；决定使用哪个应用',
    es: 'país del vendedor, p. ej. ES; decide qué aplicación se usa',
  },
  marketplace: { en: 'another name of --region', zh: '与 --region 相同', es: 'otro nombre de --region' },
  noBrowser: { en: 'print the address instead of opening it', zh: '只显示地址，不打开', es: 'mostrar la dirección en lugar de abrirla' },
  paste: {
    en: 'where this server cannot be reached from outside: paste the address the browser ends at',
    zh: '外部无法访问本机时使用：粘贴浏览器最后停留的地址',
    es: 'si a este servidor no se llega desde fuera: pegar la dirección en la que acaba el navegador',
  },
  notes: {
    en: 'Without --paste the server has to run (s7 serve) where the platform sends the seller back to.',
    zh: '不用 --paste 时，需先在回调地址所在的电脑上启动服务（s7 serve）。',
    es: 'Sin --paste el servidor debe estar en marcha (s7 serve) allí adonde la plataforma devuelve al vendedor.',
  },
  opening: { en: 'Opening: {address}', zh: '正在打开：{address}', es: 'Abriendo: {address}' },
  open: { en: 'Open in a browser: {address}', zh: '请在浏览器中打开：{address}', es: 'Abra en un navegador: {address}' },
  redirect: {
    en: 'Partner Center has to know this redirect URL: {back}',
    zh: '开放平台需登记此回调地址：{back}',
    es: 'Partner Center debe conocer esta URL de redirección: {back}',
  },
  connected: {
    en: 'Connected: {names}. See s7 sync --watch.',
    zh: '已授权：{names}。同步进度：s7 sync --watch。',
    es: 'Conectada: {names}. Vea s7 sync --watch.',
  },
  noneYet: {
    en: 'Authorised. The platform has released no shop of this account yet: it is asked again, and they are connected by themselves.',
    zh: '已授权。平台尚未开放此账号的店铺：之后会再次查询，并自动授权。',
    es: 'Autorizado. La plataforma aún no ha liberado ninguna tienda de esta cuenta: se le vuelve a preguntar y se conectan solas.',
  },
  pasteHere: {
    en: 'After authorising the browser ends at an address that may not load. Paste it here:',
    zh: '授权后浏览器会停在一个可能打不开的地址，请粘贴到这里：',
    es: 'Tras autorizar, el navegador acaba en una dirección que quizá no cargue. Péguela aquí:',
  },
} as const satisfies Record<string, Text>;

/** `s7 connect PLATFORM` */
export function connectCommand(session: Session): Command {
  const { say } = session;
  const command = new Command('connect')
    .description(say(TEXTS.about))
    .argument('<platform>', say(TEXTS.platform, { names: PLATFORM_NAMES }), platformOf)
    .option('--region <code>', say(TEXTS.region))
    .option('--marketplace <code>', say(TEXTS.marketplace))
    .option('--no-browser', say(TEXTS.noBrowser))
    .option('--paste', say(TEXTS.paste))
    .action(async (platform: PlatformId, { marketplace, region = marketplace, browser, paste }: ConnectOptions) => {
      const { stateMinutes: minutes } = connectionOf(session, platform);
      if (!paste && !(await findServer(session.room().config.dataFolder))) throw new AppError('server_needed');
      await session.withClient(async (client) => {
        const { auth_url: address, redirect_url: back } = await client.get('/api/{P}/auth_url', { in: { P: platform }, query: { region } });
        const before = await shopsOf(client, platform);
        session.out(say(browser ? TEXTS.opening : TEXTS.open, { address }));
        session.out(say(TEXTS.redirect, { back }));
        if (browser) openBrowser(address);
        const names = paste ? await pasted(session, client, platform) : await untilConnected(client, platform, { before, minutes });
        session.out(names.length > 0 ? say(TEXTS.connected, { names }) : say(TEXTS.noneYet));
      });
    });
  return withEnd(command, {
    notes: TEXTS.notes,
    examples: [`s7 connect ${EXAMPLE_PLATFORM} --region ES`, `s7 connect ${EXAMPLE_PLATFORM} --region US --no-browser --paste`],
  });
}

/**
 * @throws AppError `connecting_later` for a platform whose shops cannot be connected yet, `api_not_offered` where there is no platform to
 * ask
 */
function connectionOf(session: Session, platform: PlatformId): Connection {
  const { api, records } = session.room().platforms.find(({ id }) => id === platform)!;
  if (!api) throw new AppError(records ? 'connecting_later' : 'api_not_offered', { platform });
  return api;
}

async function shopsOf(client: Client, platform: string): Promise<Map<string, string>> {
  const { data } = await client.get('/api/shops');
  return new Map(data.filter((row) => row.platform === platform).map((row) => [row.shop, `${row.connection} ${row.authorized_until}`]));
}

/** Waits until a shop appears or is authorized anew, as long as a consent is good. */
async function untilConnected(
  client: Client,
  platform: string,
  { before, minutes }: { before: ReadonlyMap<string, string>; minutes: number },
): Promise<string[]> {
  for (const end = Date.now() + minutes * 60_000; Date.now() < end;) {
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_EVERY_MS);
    });
    const now = await shopsOf(client, platform);
    const changed = [...now].filter(([shop, state]) => before.get(shop) !== state && state.startsWith('connected')).map(([shop]) => shop);
    if (changed.length > 0) return changed;
  }
  throw new AppError('consent_state_expired', { minutes, start: `/api/${platform}/auth_url` });
}

async function pasted(session: Session, client: Client, platform: string): Promise<string[]> {
  session.out(session.say(TEXTS.pasteHere));
  const lines = createInterface({ input: process.stdin });
  const address = (await lines[Symbol.asyncIterator]().next()).value?.trim() ?? '';
  lines.close();
  const query = Object.fromEntries(new URLSearchParams(address.includes('?') ? address.slice(address.indexOf('?')) : ''));
  const { shops } = await client.get('/api/{P}/callback', { in: { P: platform }, query });
  return shops;
}
