import { Command } from 'commander';
import { LOCALES, shownList, type Language, type Text } from '../../kernel/messages.ts';
import { streams, streamTitle } from '../../records/all.ts';
import type { ShownEvent } from '../http/sync-routes.ts';
import type { Answer, Body } from './api.ts';
import type { Session } from './cli.ts';
import { RUN_WORDS } from '../state-words.ts';
import type { Client } from './client.ts';
import { HELP, withEnd } from './help.ts';
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

const TEXTS = {
  about: {
    en: 'Sync connected shops now, or watch what syncs.',
    zh: '立即同步已授权店铺，或查看同步进度。',
    es: 'Sincronizar ahora las tiendas conectadas, o ver qué se sincroniza.',
  },
  watch: { en: 'only watch, until Ctrl-C', zh: '仅查看，按 Ctrl-C 结束', es: 'solo mirar, hasta Ctrl-C' },
  stream: { en: 'one of {names}', zh: '可选：{names}', es: 'uno de {names}' },
  plan: { en: 'only say how long the rest will take', zh: '仅估算剩余时间', es: 'solo decir cuánto tardará el resto' },
  status: { en: 'only say how far it has come', zh: '仅显示当前进度', es: 'solo decir hasta dónde ha llegado' },
  notes: {
    en: 'The server does it by itself every few minutes.',
    zh: '服务每隔几分钟自动同步。',
    es: 'El servidor lo hace solo cada pocos minutos.',
  },
  failed: { en: '✗ {shop}, {stream}: {error}', zh: '✗ {shop}，{stream}：{error}', es: '✗ {shop}, {stream}: {error}' },
  begins: { en: '· {shop}, {stream}: {state}', zh: '· {shop}，{stream}：{state}', es: '· {shop}, {stream}: {state}' },
  counts: {
    en: '{mark} {shop}, {stream}: {added} new, {changed} updated',
    zh: '{mark} {shop}，{stream}：新增 {added}，更新 {changed}',
    es: '{mark} {shop}, {stream}: {added} nuevos, {changed} actualizados',
  },
  incomplete: {
    en: '{count|incomplete record|incomplete records}',
    zh: '{count} 条记录信息不全',
    es: '{count|registro incompleto|registros incompletos}',
  },
  history: { en: 'history {share}%', zh: '历史订单 {share}%', es: 'histórico {share}\u00a0%' },
  rest: { en: 'about {time} to go', zh: '约剩 {time}', es: 'quedan unos {time}' },
  took: { en: '{calls|call|calls}, {time}', zh: '{calls} 次调用，{time}', es: '{calls|llamada|llamadas}, {time}' },
} as const satisfies Record<string, Text>;
const COLUMNS = {
  platform: { en: 'Platform', zh: '平台', es: 'Plataforma' },
  shop: { en: 'Shop', zh: '店铺', es: 'Tienda' },
  stream: { en: 'What', zh: '内容', es: 'Qué' },
  records: { en: 'Records', zh: '记录数', es: 'Registros' },
  calls: { en: 'Calls', zh: '调用次数', es: 'Llamadas' },
  takes: { en: 'Takes', zh: '预计用时', es: 'Tarda' },
  last_run: { en: 'Last sync', zh: '最近同步', es: 'Última sincronización' },
  took: { en: 'Took', zh: '用时', es: 'Tardó' },
  forecast: { en: 'Foreseen', zh: '预计', es: 'Previsto' },
  covered_from: { en: 'Changes from', zh: '变更自', es: 'Cambios desde' },
  covered_to: { en: 'to', zh: '至', es: 'hasta' },
  history_to: { en: 'History from', zh: '历史订单自', es: 'Histórico desde' },
} as const satisfies Record<string, Text>;

/** `s7 sync` */
export function syncCommand(session: Session): Command {
  const { say } = session;
  const command = new Command('sync')
    .description(say(TEXTS.about))
    .option('--shop <name>', say(HELP.shop))
    .option('--watch', say(TEXTS.watch))
    .option('--stream <name>', say(TEXTS.stream, { names: streams.map(({ name }) => name) }))
    .option('--plan', say(TEXTS.plan))
    .option('--status', say(TEXTS.status))
    .option('--json', say(HELP.json))
    .action((options: Options) =>
      session.withClient(async (client) => {
        const show = (event: ShownEvent): void => session.out(options.json ? JSON.stringify(event) : sentence(session, event));
        if (options.plan) return showPlan(session, client, options);
        if (options.status) return showStatus(session, client, options);
        if (options.watch) return client.events(show);
        const { shop, stream } = options;
        const { data } = await client.postLong('/api/sync', { ...(shop ? { shop } : {}), ...(stream ? { stream } : {}), wait: true });
        for (const event of data) show(event);
        if (data.some(({ error }) => error !== null)) session.exitCode = 1;
      }),
    );
  return withEnd(command, {
    notes: TEXTS.notes,
    examples: ['s7 sync', 's7 sync --plan', 's7 sync --shop "Estrella Hogar" --json', 's7 sync --watch'],
  });
}

async function showPlan(session: Session, client: Client, { shop, json }: Options): Promise<void> {
  const { data } = await client.get('/api/sync/plan', { query: { shop } });
  const rows = data.map(({ stream, records, calls, seconds, ...whose }) => ({
    shop: feedName(whose),
    stream: session.say(streamTitle(stream)),
    records,
    calls,
    takes: duration(seconds, session.language),
  }));
  session.out(json ? JSON.stringify(data) : table(session, rows));
}

async function showStatus(session: Session, client: Client, { json }: Options): Promise<void> {
  const { data } = await client.get('/api/sync');
  const rows = data.map(({ platform, stream, covered_from, covered_to, history_to, last_run: run, ...whose }) => ({
    platform,
    shop: feedName(whose),
    stream: session.say(streamTitle(stream)),
    ...told(session, run),
    covered_from,
    covered_to,
    history_to,
  }));
  session.out(json ? JSON.stringify(data) : table(session, rows));
}

function table({ say, language, width }: Session, rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = Object.keys(rows[0] ?? {}) as (keyof typeof COLUMNS)[];
  const columns = names.map((name) => ({ name, title: say(COLUMNS[name]) }));
  return toTable(rows, columns, { language, width });
}

/** The last run: what it took, and what had been told of it. */
function told({ say, language }: Session, run: Run | null) {
  const took = run?.finished_at ? (Date.parse(run.finished_at) - Date.parse(run.started_at)) / 1000 : null;
  const spent = (calls: number, seconds: number): string => say(TEXTS.took, { calls, time: duration(seconds, language) });
  return {
    last_run: run ? say(RUN_WORDS[run.state]) : null,
    took: took === null ? null : spent(run!.calls, took),
    forecast: run?.forecast_calls == null ? null : spent(run.forecast_calls, run.forecast_seconds ?? 0),
  };
}

/** Seconds as people say them. */
export function duration(seconds: number, language: Language): string {
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
  const rounded = unit === 'hour' ? Number(value.toFixed(1)) : Math.ceil(value);
  // Chinese, as it is set here, parts figures from letters.
  return new Intl.NumberFormat(LOCALES[language], { style: 'unit', unit, unitDisplay: 'short' })
    .format(rounded)
    .replace(/(?<=\d)(?=\p{Script=Han})/u, ' ');
}

/** Whom a feed is for: a shop, or the seller all of whose shops it is for. */
export function feedName({ shop, account }: Pick<ShownEvent, 'shop' | 'account'>): string {
  return shop ?? account ?? '';
}

/** One line about a run, for people. */
function sentence({ say, language }: Session, { stream, state, error, progress, ...whose }: ShownEvent): string {
  const about = { shop: feedName(whose), stream: streamTitle(stream) };
  if (error) return say(TEXTS.failed, { ...about, error });
  if (!progress) return say(TEXTS.begins, { ...about, state: RUN_WORDS[state] });
  const { added, changed, quarantined, history_share: share, remaining_seconds: seconds } = progress;
  const parts = [say(TEXTS.counts, { ...about, mark: state === 'done' ? '✔' : '·', added, changed })];
  if (quarantined > 0) parts.push(say(TEXTS.incomplete, { count: quarantined }));
  parts.push(say(TEXTS.history, { share: Math.floor(share * 100) }));
  if (state === 'running' && seconds) parts.push(say(TEXTS.rest, { time: duration(seconds, language) }));
  return shownList(parts, language);
}
