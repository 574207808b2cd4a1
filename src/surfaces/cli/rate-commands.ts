import { Command } from 'commander';
import type { Text } from '../../kernel/messages.ts';
import type { Answer } from './api.ts';
import type { Session } from './cli.ts';
import { HELP, withEnd } from './help.ts';
import { toTable } from './tables.ts';

const TEXTS = {
  about: {
    en: 'Exchange rates: what is stored, the files of the European Central Bank, rates of your own.',
    zh: '汇率：已保存的汇率、欧洲央行文件、自定义汇率。',
    es: 'Tipos de cambio: los guardados, los archivos del Banco Central Europeo y los propios.',
  },
  notes: {
    en: 'Rates are units of a currency for 1 EUR, as the bank publishes them. A rate holds for its day and 7 days after it.',
    zh: '汇率为 1 EUR 可兑换的金额，与欧洲央行公布的一致。汇率当天及之后 7 天有效。',
    es: 'Los tipos son unidades de una moneda por 1 EUR, como los publica el banco. Un tipo vale para su día y los 7 siguientes.',
  },
  import: {
    en: 'Keep the rates of a file: eurofxref-hist.csv, its ZIP, or XML.',
    zh: '保存文件中的汇率：eurofxref-hist.csv、其 ZIP 或 XML。',
    es: 'Guardar los tipos de un archivo: eurofxref-hist.csv, su ZIP o XML.',
  },
  file: { en: 'the file', zh: '文件', es: 'el archivo' },
  fetch: {
    en: 'Get the ECB rates now; the server does it once a day.',
    zh: '立即获取欧洲央行汇率；服务每天自动获取一次。',
    es: 'Obtener ahora los tipos del BCE; el servidor lo hace una vez al día.',
  },
  set: {
    en: "Set a rate of your own; it wins over the bank's.",
    zh: '设置自定义汇率；优先于欧洲央行汇率。',
    es: 'Fijar un tipo propio; prevalece sobre el del banco.',
  },
  rate: {
    en: 'units of the currency for 1 EUR; `none` takes yours back',
    zh: '1 EUR 可兑换的金额；`none` 删除自定义汇率',
    es: 'unidades de la moneda por 1 EUR; `none` retira el propio',
  },
  list: {
    en: 'List stored rates, newest first, and how far they reach.',
    zh: '列出已保存的汇率（从最新开始）及其日期范围。',
    es: 'Mostrar los tipos guardados, del más reciente al más antiguo, y hasta dónde llegan.',
  },
  onlyCurrency: { en: 'one currency', zh: '一个币种', es: 'una moneda' },
  from: { en: 'first day', zh: '开始日期', es: 'primer día' },
  to: { en: 'last day', zh: '结束日期', es: 'último día' },
  limit: { en: 'how many', zh: '条数', es: 'cuántos' },
  kept: {
    en: '{rates|rate|rates}, {first} to {last}',
    zh: '{rates} 条汇率，{first} 至 {last}',
    es: '{rates|tipo|tipos}, del {first} al {last}',
  },
  bad: { en: 'row {line}, {column}: {problem}', zh: '第 {line} 行，{column}：{problem}', es: 'fila {line}, {column}: {problem}' },
  takenBack: {
    en: '{day} {currency}: yours is taken back',
    zh: '{day} {currency}：已删除自定义汇率',
    es: '{day} {currency}: retirado el propio',
  },
  isSet: { en: '{day}: 1 EUR = {rate} {currency}', zh: '{day}：1 EUR = {rate} {currency}', es: '{day}: 1 EUR = {rate} {currency}' },
  none: {
    en: 'No rate yet: s7 fx fetch, or s7 fx import eurofxref-hist.csv',
    zh: '还没有汇率：s7 fx fetch，或 s7 fx import eurofxref-hist.csv',
    es: 'Aún no hay tipos: s7 fx fetch, o s7 fx import eurofxref-hist.csv',
  },
} as const satisfies Record<string, Text>;
const COLUMNS: Readonly<Record<string, Text>> = {
  currency: { en: 'Currency', zh: '币种', es: 'Moneda' },
  source: { en: 'Source', zh: '来源', es: 'Origen' },
  first_day: { en: 'First day', zh: '开始日期', es: 'Primer día' },
  last_day: { en: 'Last day', zh: '结束日期', es: 'Último día' },
  rates: { en: 'Rates', zh: '条数', es: 'Tipos' },
  day: { en: 'Day', zh: '日期', es: 'Día' },
  rate: { en: 'For 1 EUR', zh: '1 EUR 兑', es: 'Por 1 EUR' },
};

/** `s7 fx …`: the exchange rates that reports convert with. */
export function rateCommands(session: Session): Command {
  const { say } = session;
  const fx = new Command('fx').description(say(TEXTS.about));
  fx.command('import')
    .description(say(TEXTS.import))
    .argument('<file>', say(TEXTS.file))
    .option('--json', say(HELP.json))
    .action((file: string, { json }: { json?: true }) =>
      session.withClient(async (client) => tell(session, await client.sendFile('/api/fx/import', file), json)),
    );
  fx.command('fetch')
    .description(say(TEXTS.fetch))
    .option('--json', say(HELP.json))
    .action(({ json }: { json?: true }) =>
      session.withClient(async (client) => tell(session, await client.post('/api/fx/fetch', undefined), json)),
    );
  fx.command('set')
    .description(say(TEXTS.set))
    .argument('<day>', 'YYYY-MM-DD')
    .argument('<currency>', 'ISO 4217')
    .argument('<rate>', say(TEXTS.rate))
    .action((day: string, code: string, rate: string) =>
      session.withClient(async (client) => {
        const [currency, isBack] = [code.toUpperCase(), rate === 'none'];
        await client.post('/api/fx', { rates: [{ day, currency, rate: isBack ? null : rate }] });
        session.out(say(isBack ? TEXTS.takenBack : TEXTS.isSet, { day, currency, rate }));
      }),
    );
  fx.addCommand(listCommand(session));
  return withEnd(fx, {
    notes: TEXTS.notes,
    examples: [
      's7 fx fetch',
      's7 fx import eurofxref-hist.zip',
      's7 fx set 2026-11-20 GBP 0.8790',
      's7 fx list --currency GBP --from 2026-11-01',
    ],
  });
}

function listCommand(session: Session): Command {
  const { say } = session;
  return new Command('list')
    .description(say(TEXTS.list))
    .option('--currency <code>', say(TEXTS.onlyCurrency))
    .option('--from <day>', say(TEXTS.from))
    .option('--to <day>', say(TEXTS.to))
    .option('--limit <count>', say(TEXTS.limit))
    .option('--json', say(HELP.json))
    .action(({ json, ...query }: { json?: true } & Record<string, string>) =>
      session.withClient(async (client) => {
        const list = await client.get('/api/fx', { query });
        if (json) session.out(JSON.stringify(list));
        else if (list.data.length === 0) session.out(say(TEXTS.none));
        else session.out(`${table(session, list.spans)}\n\n${table(session, list.data)}`);
      }),
    );
}

function table({ say, language, width }: Session, rows: readonly Readonly<Record<string, unknown>>[]): string {
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({ name, ...(COLUMNS[name] ? { title: say(COLUMNS[name]) } : {}) }));
  return toTable(rows, columns, { language, width });
}

function tell({ out, say }: Session, result: Answer<'POST', '/api/fx/fetch'>, json?: true): void {
  const { rates, first_day: first, last_day: last, bad } = result;
  const lines = [say(TEXTS.kept, { rates, first: first ?? '–', last: last ?? '–' }), ...bad.map((each) => say(TEXTS.bad, each))];
  out(json ? JSON.stringify(result) : lines.join('\n'));
}
