import { Command } from 'commander';
import { LOCALES, type Language } from '../../kernel/messages.ts';
import { streams } from '../../records/all.ts';
import type { ShownEvent } from '../http/sync-routes.ts';
import type { Answer, Body } from './api.ts';
import type { Session } from './cli.ts';
import type { Client } from './client.ts';
import { toTable } from './tables.ts';

type Run = NonNullable<Answer<'GET', '/api/sync'>['data'][number]['last_run']>;

interface Options {
  readonly shop?: string;
  readonly stream?: NonNullable<Body<'/api/sync'>['stream']>;
  readonly watch?: true;
  readonly status?: true;
  readonly plan?: true;
  readonly json?: true;
}

/** `s7 sync` */
export function syncCommand(session: Session): Command {
  return new Command('sync')
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
    .action((options: Options) =>
      session.withClient(async (client) => {
        const show = (event: ShownEvent): void => session.out(options.json ? JSON.stringify(event) : sentence(event));
        if (options.plan) return showPlan(session, client, options);
        if (options.status) return showStatus(session, client, options);
        if (options.watch) return client.events(show);
        const { shop, stream } = options;
        const { data } = await client.postLong('/api/sync', { ...(shop ? { shop } : {}), ...(stream ? { stream } : {}), wait: true });
        for (const event of data) show(event);
        if (data.some(({ error }) => error !== null)) session.exitCode = 1;
      }),
    );
}

async function showPlan(session: Session, client: Client, { shop, json }: Options): Promise<void> {
  const { data } = await client.get('/api/sync/plan', { query: { shop } });
  const rows = data.map(({ stream, records, calls, seconds, ...whose }) => ({
    shop: feedName(whose),
    stream,
    records,
    calls,
    takes: duration(seconds),
  }));
  session.out(json ? JSON.stringify(data) : toTable(rows));
}

async function showStatus(session: Session, client: Client, { json }: Options): Promise<void> {
  const { data } = await client.get('/api/sync');
  const rows = data.map(({ platform, stream, covered_from, covered_to, history_to, last_run: run, ...whose }) => ({
    platform,
    shop: feedName(whose),
    stream,
    covered_from,
    covered_to,
    history_to,
    ...told(run),
  }));
  session.out(json ? JSON.stringify(data) : toTable(rows));
}

/** The last run: what it took, and what had been told of it. */
function told(run: Run | null) {
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
export function feedName({ shop, account }: Pick<ShownEvent, 'shop' | 'account'>): string {
  return shop ?? account ?? '';
}

/** One line about a run, for people. */
export function sentence({ stream, state, error, progress, ...whose }: ShownEvent): string {
  const shop = feedName(whose);
  if (error) return `✗ ${shop}, ${stream}: ${error}`;
  if (!progress) return `· ${shop}, ${stream}: ${state}`;
  const rest = progress.remaining_seconds ? `, about ${Math.ceil(progress.remaining_seconds)} s to go` : '';
  const held = progress.quarantined > 0 ? `, ${progress.quarantined} in quarantine` : '';
  return `${state === 'done' ? '✔' : '·'} ${shop}, ${stream}: ${progress.added} new, ${progress.changed} changed${held} · history ${Math.floor(progress.history_share * 100)} %${state === 'running' ? rest : ''}`;
}
