import { Command, Option } from 'commander';
import { createInterface } from 'node:readline/promises';
import { AppError } from '../../kernel/errors.ts';
import { LOCALES, type Language } from '../../kernel/messages.ts';
import { PLATFORM_IDS, shopsNamed, type PlatformId } from '../../model/shop.ts';
import { streams } from '../../records/all.ts';
import type { Session } from './cli.ts';
import type { Client } from './client.ts';
import { openBrowser } from './open-browser.ts';
import { findServer } from './running-server.ts';
import { toTable } from './tables.ts';

/** The names people type stand for the segments. */
const NAMES: ReadonlyMap<string, PlatformId> = new Map(PLATFORM_IDS.map((id) => [id.toLowerCase(), id]));
const EXAMPLE = PLATFORM_IDS[0].toLowerCase();
const ASK_EVERY_MS = 1500;

interface ShopRow {
  readonly platform: string;
  readonly shop: string;
  readonly connection: string;
  readonly authorized_until: string | null;
}

/** The commands that connect shops, say what they are, and fetch them. */
export function connectCommands(session: Session): Command[] {
  const connect = new Command('connect')
    .description("Connect a shop: opens the platform's consent page and waits for the seller.")
    .argument('<platform>', `one of ${[...NAMES.keys()].join(', ')}`, platformOf)
    .option('--region <code>', 'market of the seller, e.g. ES; decides which registration is used')
    .option('--no-browser', 'print the address instead of opening it')
    .option('--paste', 'where this server cannot be reached from outside: paste the address the browser ends at')
    .addHelpText(
      'after',
      `\nWithout --paste the server has to run (s7 serve) where the platform sends the seller back to.\n\nExamples:\n  $ s7 connect ${EXAMPLE} --region ES\n  $ s7 connect ${EXAMPLE} --region US --no-browser --paste`,
    )
    .action(async (platform: string, { region, browser, paste }: { region?: string; browser: boolean; paste?: true }) => {
      if (!paste && !(await findServer(session.room().config.dataFolder))) throw new AppError('server_needed');
      await session.withClient(async (client) => {
        const query = region ? `?region=${encodeURIComponent(region)}` : '';
        const { auth_url: address, redirect_url: back } = await client.get<{ auth_url: string; redirect_url: string }>(
          `/api/${platform}/auth_url/${query}`,
        );
        const before = await shopsOf(client, platform);
        session.out(`${browser ? 'Opening' : 'Open in a browser'}: ${address}`);
        session.out(`The partner centre has to know this redirect URL: ${back}`);
        if (browser) openBrowser(address);
        const minutes = session.room().platforms.find(({ id }) => id === platform)!.api!.stateMinutes;
        const names = paste ? await pasted(session, client, platform) : await untilConnected(client, platform, { before, minutes });
        session.out(
          names.length > 0
            ? `Connected: ${names.join(', ')}. See s7 sync --watch.`
            : 'Authorised. The platform has released no shop of this account yet: it is asked again, and they are connected by themselves.',
        );
      });
    });

  const token = new Command('token').description('The tokens of connected shops.');
  token
    .command('refresh')
    .description('Get new tokens now.')
    .option('--platform <platform>', `default: ${EXAMPLE}`, platformOf)
    .option('--shop <name>', 'one shop')
    .option('--json', 'for programs')
    .addHelpText('after', '\nThe server does it by itself at start, at midnight and before they end.\n\nExample:\n  $ s7 token refresh')
    .action(({ platform = PLATFORM_IDS[0], shop, json }: { platform?: string; shop?: string; json?: true }) =>
      session.withClient(async (client) => {
        const { authorizations } = await client.post<{ authorizations: Record<string, unknown>[] }>(
          `/api/${platform}/refresh_token/${shop ? `?shop=${encodeURIComponent(shop)}` : ''}`,
          {},
        );
        const rows = authorizations.map(
          ({ seller_name, app, state, access_token_expire_in: access, refresh_token_expire_in: refresh }) => ({
            seller: seller_name,
            app,
            state,
            access_until: dayOf(access),
            consent_until: dayOf(refresh),
          }),
        );
        session.out(json ? JSON.stringify(authorizations) : toTable(rows));
      }),
    );

  const sync = new Command('sync')
    .description('Fetch connected shops now, or watch what is being fetched.')
    .option('--shop <name>', 'one shop')
    .option('--watch', 'only watch, until Ctrl-C')
    .option('--stream <name>', `one of ${streams.map(({ name }) => name).join(', ')}`)
    .option('--plan', 'only say how long the rest will take')
    .option('--status', 'only say how far it has come')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      '\nThe server does it by itself every few minutes.\n\nExamples:\n  $ s7 sync\n  $ s7 sync --plan\n  $ s7 sync --shop "Estrella Hogar" --json\n  $ s7 sync --watch',
    )
    .action(
      ({
        shop,
        stream,
        watch,
        status,
        plan,
        json,
      }: {
        shop?: string;
        stream?: string;
        watch?: true;
        status?: true;
        plan?: true;
        json?: true;
      }) =>
        session.withClient(async (client) => {
          const show = (event: SyncEvent): void => session.out(json ? JSON.stringify(event) : sentence(event));
          if (plan) {
            const { data } = await client.get<{ data: readonly PlanRow[] }>(
              `/api/sync/plan${shop ? `?shop=${encodeURIComponent(shop)}` : ''}`,
            );
            session.out(
              json
                ? JSON.stringify(data)
                : toTable(
                    data.map(({ stream: of, records, calls, seconds, ...whose }) => ({
                      shop: feedName(whose),
                      stream: of,
                      records,
                      calls,
                      takes: duration(seconds),
                    })),
                  ),
            );
            return;
          }
          if (status) {
            const { data } = await client.get<{ data: Record<string, unknown>[] }>('/api/sync');
            session.out(
              json
                ? JSON.stringify(data)
                : toTable(
                    data.map(({ platform, shop: name, stream: of, covered_from, covered_to, history_to, last_run: run }) => ({
                      platform,
                      shop: name,
                      stream: of,
                      covered_from,
                      covered_to,
                      history_to,
                      ...told(run as RunRow | null),
                    })),
                  ),
            );
            return;
          }
          if (watch) {
            await client.events('/api/sync', (event) => show(event as SyncEvent));
            return;
          }
          const { data } = await client.postLong<{ data: SyncEvent[] }>('/api/sync', {
            ...(shop ? { shop } : {}),
            ...(stream ? { stream } : {}),
            wait: true,
          });
          for (const event of data) show(event);
          if (data.some(({ error }) => error !== null)) session.exitCode = 1;
        }),
    );
  return [connect, shopsCommand(session), token, sync];
}

function shopsCommand(session: Session): Command {
  const shops = new Command('shops')
    .description('List the shops and what is stored of them; change, disconnect or erase one.')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      '\nExamples:\n  $ s7 shops\n  $ s7 shops set "Estrella Hogar" --zone Europe/Madrid --vat 21\n  $ s7 shops disconnect "Estrella Hogar"',
    )
    .action(({ json }: { json?: true }) =>
      session.withClient(async (client) => {
        const { data } = await client.get<{ data: Record<string, unknown>[] }>('/api/shops');
        if (json) session.out(JSON.stringify(data));
        else
          session.out(
            data.length > 0
              ? toTable(data.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'last_run'))))
              : `No shop yet: s7 connect ${EXAMPLE}, or s7 import FILE`,
          );
      }),
    );
  const platform = (): Option => new Option('--platform <platform>', 'where two shops have one name').argParser(platformOf);
  const post = async (name: string, given: string | undefined, { path, body = {} }: { path: string; body?: object }): Promise<void> =>
    session.withClient(async (client) => {
      await client.post(`/api/shops/${path}`, { platform: given ?? (await platformOfShop(client, name)), shop: name, ...body });
      session.out(`${name}: done`);
    });
  shops
    .command('set')
    .description('Say what a shop is: name, clock, currency, VAT.')
    .argument('<shop>', 'its name')
    .addOption(platform())
    .option('--name <name>', 'what it is called here')
    .option('--zone <zone>', 'IANA zone of its clock; moves its orders to their new days')
    .option('--currency <code>', 'ISO 4217')
    .option('--vat <percent>', 'value-added tax in percent', Number)
    .option(
      '--vat-rules <list>',
      'rates by country and date, COUNTRY:FROM:PERCENT:seller|platform with commas, e.g. FR::20:platform,ES:2026-01-01:21',
      vatRulesOf,
    )
    .action(
      (
        shop: string,
        {
          platform: given,
          vat,
          vatRules,
          ...settings
        }: { platform?: string; vat?: number; vatRules?: object[]; name?: string; zone?: string; currency?: string },
      ) =>
        post(shop, given, {
          path: 'set',
          body: { ...settings, ...(vat === undefined ? {} : { vat_rate: vat }), ...(vatRules ? { vat_rules: vatRules } : {}) },
        }),
    );
  shops
    .command('disconnect')
    .description('Stop fetching a shop; its data stay.')
    .argument('<shop>', 'its name')
    .addOption(platform())
    .action((shop: string, { platform: given }: { platform?: string }) => post(shop, given, { path: 'disconnect' }));
  shops
    .command('erase')
    .description('Erase a shop with everything stored of it, for good.')
    .argument('<shop>', 'its name')
    .addOption(platform())
    .requiredOption('--confirm <name>', "the shop's name once more")
    .action((shop: string, { platform: given, confirm }: { platform?: string; confirm: string }) =>
      post(shop, given, { path: 'erase', body: { confirm } }),
    );
  return shops;
}

/** `FR::20:platform,ES:2026-01-01:21` as the API takes it; nothing empties the list. */
function vatRulesOf(list: string): object[] {
  return list
    .split(',')
    .filter(Boolean)
    .map((rule) => {
      const [country, from, rate, who] = rule.split(':').map((part) => part.trim());
      return { country: country || null, from: from || null, rate: Number(rate), ...(who ? { remitted_by: who } : {}) };
    });
}

/** A step of a run, as the server tells it. */
export interface SyncEvent {
  /** Null where it is for all shops of an account. */
  readonly shop: string | null;
  readonly account?: string;
  readonly stream: string;
  readonly state: string;
  readonly error: string | null;
  readonly progress: {
    readonly phase: string;
    readonly documents: number;
    readonly added: number;
    readonly changed: number;
    readonly quarantined: number;
    readonly history_share: number;
    readonly remaining_seconds: number | null;
  } | null;
}

interface PlanRow {
  readonly shop: string | null;
  readonly account?: string;
  readonly stream: string;
  readonly records: number | null;
  readonly calls: number;
  readonly seconds: number;
}

interface RunRow {
  readonly state: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly calls: number;
  readonly forecast_calls: number | null;
  readonly forecast_seconds: number | null;
}

/** The last run: what it took, and what had been told of it. */
function told(run: RunRow | null) {
  const took = run?.finished_at ? (Date.parse(run.finished_at) - Date.parse(run.started_at)) / 1000 : null;
  return {
    last_run: run?.state ?? '',
    took: took === null ? '' : `${run!.calls} calls, ${duration(took)}`,
    forecast: run?.forecast_calls == null ? '' : `${run.forecast_calls} calls, ${duration(run.forecast_seconds ?? 0)}`,
  };
}

/** Seconds as people say them. */
export function duration(seconds: number, language: Language = 'en'): string {
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
  const rounded = unit === 'hour' ? Number(value.toFixed(1)) : Math.ceil(value);
  return new Intl.NumberFormat(LOCALES[language], { style: 'unit', unit, unitDisplay: 'short' }).format(rounded);
}

/** Whom a feed is for: a shop, or the seller all of whose shops it is for. */
export function feedName({ shop, account }: Pick<SyncEvent, 'shop' | 'account'>): string {
  return shop ?? account ?? '';
}

/** One line about a run, for people. */
export function sentence({ stream, state, error, progress, ...whose }: SyncEvent): string {
  const shop = feedName(whose);
  if (error) return `✗ ${shop}, ${stream}: ${error}`;
  if (!progress) return `· ${shop}, ${stream}: ${state}`;
  const rest = progress.remaining_seconds ? `, about ${Math.ceil(progress.remaining_seconds)} s to go` : '';
  const held = progress.quarantined > 0 ? `, ${progress.quarantined} in quarantine` : '';
  return `${state === 'done' ? '✔' : '·'} ${shop}, ${stream}: ${progress.added} new, ${progress.changed} changed${held} · history ${Math.floor(progress.history_share * 100)} %${state === 'running' ? rest : ''}`;
}

function platformOf(name: string): string {
  const known = NAMES.get(name.toLowerCase());
  if (!known) throw new AppError('invalid_parameter', { name: 'platform', problem: [...NAMES.keys()].join(' | ') });
  return known;
}

async function platformOfShop(client: Client, name: string): Promise<string> {
  const { data } = await client.get<{ data: ShopRow[] }>('/api/shops');
  const found = shopsNamed(data, name);
  if (found.length === 0) throw new AppError('unknown_shop', { shop: name, shops: data.map(({ shop }) => shop) });
  if (found.length > 1)
    throw new AppError('invalid_parameter', { name: '--platform', problem: found.map(({ platform }) => platform).join(' | ') });
  return found[0]!.platform;
}

async function shopsOf(client: Client, platform: string): Promise<Map<string, string>> {
  const { data } = await client.get<{ data: ShopRow[] }>('/api/shops');
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
  const query = address.includes('?') ? address.slice(address.indexOf('?')) : '';
  const { shops } = await client.get<{ shops: string[] }>(`/api/${platform}/callback${query}`, { accept: 'application/json' });
  return shops;
}

/** Opens the system's browser; where there is none the printed address is enough. */
function dayOf(epochSeconds: unknown): string {
  return typeof epochSeconds === 'number' ? new Date(epochSeconds * 1000).toISOString().slice(0, 16) : '';
}
