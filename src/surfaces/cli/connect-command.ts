import { Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { AppError } from '../../kernel/errors.ts';
import type { PlatformId } from '../../model/shop.ts';
import type { Connection } from '../../platforms/connection.ts';
import type { Session } from './cli.ts';
import type { Client } from './client.ts';
import { openBrowser } from './open-browser.ts';
import { EXAMPLE_PLATFORM, PLATFORM_NAMES, platformOf } from './platform-name.ts';
import { findServer } from './running-server.ts';

const ASK_EVERY_MS = 1500;

/** `s7 connect PLATFORM` */
export function connectCommand(session: Session): Command {
  return new Command('connect')
    .description("Connect a shop: opens the platform's consent page and waits for the seller.")
    .argument('<platform>', `one of ${PLATFORM_NAMES.join(', ')}`, platformOf)
    .option('--region <code>', 'market of the seller, e.g. ES; decides which registration is used')
    .option('--no-browser', 'print the address instead of opening it')
    .option('--paste', 'where this server cannot be reached from outside: paste the address the browser ends at')
    .addHelpText(
      'after',
      `\nWithout --paste the server has to run (s7 serve) where the platform sends the seller back to.\n\nExamples:\n  $ s7 connect ${EXAMPLE_PLATFORM} --region ES\n  $ s7 connect ${EXAMPLE_PLATFORM} --region US --no-browser --paste`,
    )
    .action(async (platform: PlatformId, { region, browser, paste }: { region?: string; browser: boolean; paste?: true }) => {
      const { stateMinutes: minutes } = connectionOf(session, platform);
      if (!paste && !(await findServer(session.room().config.dataFolder))) throw new AppError('server_needed');
      await session.withClient(async (client) => {
        const { auth_url: address, redirect_url: back } = await client.get('/api/{P}/auth_url', { in: { P: platform }, query: { region } });
        const before = await shopsOf(client, platform);
        session.out(`${browser ? 'Opening' : 'Open in a browser'}: ${address}`);
        session.out(`The partner centre has to know this redirect URL: ${back}`);
        if (browser) openBrowser(address);
        const names = paste ? await pasted(session, client, platform) : await untilConnected(client, platform, { before, minutes });
        session.out(
          names.length > 0
            ? `Connected: ${names.join(', ')}. See s7 sync --watch.`
            : 'Authorised. The platform has released no shop of this account yet: it is asked again, and they are connected by themselves.',
        );
      });
    });
}

/** @throws AppError `connecting_later` for a platform whose shops cannot be connected yet, `api_not_offered` where there is no platform to ask */
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
  session.out('After consenting the browser ends at an address that may not load. Paste it here:');
  const lines = createInterface({ input: process.stdin });
  const address = (await lines[Symbol.asyncIterator]().next()).value?.trim() ?? '';
  lines.close();
  const query = Object.fromEntries(new URLSearchParams(address.includes('?') ? address.slice(address.indexOf('?')) : ''));
  const { shops } = await client.get('/api/{P}/callback', { in: { P: platform }, query });
  return shops;
}
