import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { parseJson } from '../../kernel/json.ts';
import type { PlatformId } from '../../model/shop.ts';
import { callbackPath } from '../../sync/authorization.ts';
import type { Session } from './cli.ts';
import { Client } from './client.ts';
import { sentence } from './sync-command.ts';
import { importWithBar } from './import-command.ts';
import { print, REPORT } from './report-command.ts';
import type { CliRoom, Rush } from './room.ts';
import { serve, type Serving } from './running-server.ts';

/** What an example file's name ends with; it begins with the platform's. */
const ORDER_FILE = /\.(?:csv|tsv|txt|xlsx)(?:\.gz)?$/;
const SHOWN_ROWS = 8;
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

/** Two consents, a year brought home, the reports, then every new order as it comes. Started again, it goes on where it was. */
export async function demo(session: Session, serving: DemoServing): Promise<void> {
  const { room } = serving;
  const client = new Client(serving, room.config.language);
  const { data: before } = await client.get('/api/shops');
  const simulated = [...new Set(room.config.apps.map(({ platform }) => platform))];
  // Of a platform that is not simulated there are files.
  for (const { id: platform } of room.platforms.filter(({ id }) => !simulated.includes(id))) {
    if (before.some((shop) => shop.platform === platform && shop.complete_at !== null)) continue;
    for (const file of readdirSync(room.examplesFolder)
      .filter((each) => each.startsWith(`${platform.toLowerCase()}-`) && ORDER_FILE.test(each))
      .toSorted()) {
      await importWithBar(client, '/api/import', { files: [join(room.examplesFolder, file)], silent: false });
    }
  }
  for (const platform of simulated) {
    for (const consent of CONSENTS) {
      if (!before.some((shop) => shop.platform === platform && shop.region === consent.region))
        session.out(`✔ ${await giveConsent(client, { platform, ...consent })}`);
    }
  }
  await untilHome(session, client);
  for (const report of room.reports) {
    const answer = await client.get(REPORT, { in: { P: 'Multiplatform', name: report.name }, query: { limit: SHOWN_ROWS, window: '30d' } });
    session.out(`\n${print(answer, report, { language: room.config.language })}`);
  }
  session.out(`
${serving.shownUrl}/                                              shops, imports, links
${serving.shownUrl}/api/swagger/                                  every path, to try out
${serving.shownUrl}/api/Multiplatform/DataScience/SalesRank_30d/
${serving.shownUrl}/api/${simulated[0]}/order/all/?limit=3
Orders of the simulated shops keep coming; Ctrl-C ends, the next start goes on.
`);
  await showNewOrders(session, client);
}

/** Does what a seller does in the browser: opens the consent page, signs in as an account, agrees, and is sent back. */
async function giveConsent(
  client: Client,
  { platform, region, account }: { platform: PlatformId; region: string; account: string },
): Promise<string> {
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
  const { seller, shops } = await client.get('/api/{P}/callback', {
    in: { P: platform },
    query: Object.fromEntries(new URL(back).searchParams),
  });
  return `${seller} consented: ${shops.join(', ')}`;
}

/** Fetches until every shop's history is in, with a line for each shop now and then. */
async function untilHome(session: Session, client: Client): Promise<void> {
  const watching = new AbortController();
  const told = new Map<string, number>();
  const watch = client
    .events((now) => {
      const share = now.progress?.history_share ?? 0;
      if (now.state !== 'done' && share - (told.get(`${now.shop} ${now.stream}`) ?? 0) < 0.1) return;
      told.set(`${now.shop} ${now.stream}`, share);
      session.out(sentence(now));
    }, watching.signal)
    .catch(() => undefined);
  await client.post('/api/sync', { wait: true });
  watching.abort();
  await watch;
}

async function showNewOrders(session: Session, client: Client): Promise<void> {
  for (;;) {
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS);
    });
    const { data } = await client.post('/api/sync', { wait: true });
    const changes = data.flatMap(({ shop, stream, error, progress }) => {
      if (error) return [`${shop}, ${stream}: ${error}`];
      return progress && progress.added + progress.changed > 0
        ? [`${shop}, ${stream}: ${progress.added} new, ${progress.changed} changed`]
        : [];
    });
    if (changes.length > 0) session.out(`${new Date().toTimeString().slice(0, 8)}  ${changes.join(' · ')}`);
  }
}

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
