import { Command } from 'commander';
import { Listr } from 'listr2';
import { shownNumber, type Text } from '../../kernel/messages.ts';
import type { Answer } from './api.ts';
import type { Session } from './cli.ts';
import { HELP, withEnd } from './help.ts';
import { bar } from './progress-bar.ts';

type Replayed = Answer<'POST', '/api/replay'>;

interface Progress {
  readonly documents: number;
  readonly total: number;
}

const TEXTS = {
  about: {
    en: "Recalculate: read the platforms' original data again by today's rules, and say what comes out otherwise.",
    zh: '重新解析：按当前规则重新读取平台原始数据，并列出变化。',
    es: 'Recalcular: leer otra vez los datos originales según las reglas de hoy, y decir qué cambia.',
  },
  accept: {
    en: 'keep what comes out, all of it or nothing',
    zh: '保存结果：全部保存，或完全不保存',
    es: 'guardar el resultado, todo o nada',
  },
  notes: {
    en: 'Without --accept nothing is saved. Stopped anywhere, nothing has happened. Syncing and imports wait while it runs.',
    zh: '不加 --accept 不会保存。中途停止不会有任何改动。运行期间同步和导入会等待。',
    es: 'Sin --accept no se guarda nada. Si se interrumpe, no ha pasado nada. La sincronización y las importaciones esperan mientras dura.',
  },
  reading: { en: 'Reading the original data again', zh: '正在重新读取原始数据', es: 'Leyendo otra vez los datos originales' },
  documents: { en: '{documents|record|records}', zh: '{documents} 条记录', es: '{documents|registro|registros}' },
  read: {
    en: '{read|record|records} made anew from the original data',
    zh: '已按原始数据重新生成 {read} 条记录',
    es: '{read|registro rehecho|registros rehechos} a partir de los datos originales',
  },
  without: {
    en: '{count|record stays as it is: no original data are kept of it|records stay as they are: no original data are kept of them}',
    zh: '{count} 条记录未变：没有保存原始数据',
    es: '{count|registro queda como está: no se guardan sus datos originales|registros quedan como están: no se guardan sus datos originales}',
  },
  untold: {
    en: '{count|record stays as it is: its|records stay as they are: their} original data cannot be told from others',
    zh: '{count} 条记录未变：无法区分各自的原始数据',
    es: '{count|registro queda como está|registros quedan como están}: sus datos originales no se distinguen de otros',
  },
  refused: {
    en: '{count|record stays|records stay} unchanged: {source} gives no row any more ({reason})',
    zh: '{count} 条记录未变：{source} 已无法生成记录（{reason}）',
    es: '{count|registro queda|registros quedan} sin cambios: {source} ya no da ninguna fila ({reason})',
  },
  same: { en: 'Everything comes out as it is stored.', zh: '结果与已保存的数据一致。', es: 'Todo sale como está guardado.' },
  changed: { en: '{count} changed', zh: '{count} 条变化', es: '{count} cambian' },
  added: { en: '{count} new', zh: '新增 {count} 条', es: '{count} nuevos' },
  removed: { en: '{count} gone', zh: '{count} 条不再存在', es: '{count} desaparecen' },
  table: { en: '{table}: {parts}', zh: '{table}：{parts}', es: '{table}: {parts}' },
  fields: { en: ' ({fields})', zh: '（{fields}）', es: ' ({fields})' },
  figure: {
    en: '{what}{sums} ({rows|row differs|rows differ}: {example})',
    zh: '{what}{sums}（{rows} 行不同：{example}）',
    es: '{what}{sums} ({rows|fila distinta|filas distintas}: {example})',
  },
  reports: { en: 'No report says anything else.', zh: '报表结果没有变化。', es: 'Ningún informe cambia.' },
  kept: { en: 'Saved.', zh: '已保存。', es: 'Guardado.' },
  notKept: {
    en: 'Nothing was saved. To save it: s7 replay --accept',
    zh: '未保存。如需保存：s7 replay --accept',
    es: 'No se ha guardado nada. Para guardarlo: s7 replay --accept',
  },
} as const satisfies Record<string, Text>;

/** `s7 replay` */
export function replayCommand(session: Session): Command {
  const { say } = session;
  const command = new Command('replay')
    .description(say(TEXTS.about))
    .option('--accept', say(TEXTS.accept))
    .option('--json', say(HELP.json))
    .action(({ accept, json }: { accept?: true; json?: true }) =>
      session.withClient(async (client) => {
        let answer: Replayed | undefined;
        await new Listr(
          [
            {
              title: say(TEXTS.reading),
              task: async (_context, task) => {
                answer = await client.narrated('/api/replay', { accept: accept ?? false }, ({ documents, total }: Progress) => {
                  task.output = bar(total ? documents / total : 1, say(TEXTS.documents, { documents }), session.language);
                });
              },
            },
          ],
          {
            renderer: json ? 'silent' : 'default',
            fallbackRenderer: json ? 'silent' : 'simple',
            rendererOptions: { outputBar: 1 } as object,
            registerSignalListeners: false,
          },
        ).run();
        session.out(json ? JSON.stringify(answer) : told(session, answer!));
      }),
    );
  return withEnd(command, { notes: TEXTS.notes, examples: ['s7 replay', 's7 replay --accept'] });
}

function told(session: Session, { accepted, read, kept, refused, tables, figures }: Replayed): string {
  const { say, language } = session;
  const lines = [say(TEXTS.read, { read })];
  if (kept.without_document > 0) lines.push(say(TEXTS.without, { count: kept.without_document }));
  if (kept.not_told_apart > 0) lines.push(say(TEXTS.untold, { count: kept.not_told_apart }));
  lines.push(...refused.map(({ source, reason, documents: count }) => say(TEXTS.refused, { count, source, reason })));
  const changed = Object.entries(tables);
  if (changed.length === 0) return [...lines, say(TEXTS.same)].join('\n');
  for (const [table, { fields, ...counts }] of changed) {
    const parts = (['changed', 'added', 'removed'] as const)
      .filter((what) => counts[what] !== 0)
      .map((what) => say(TEXTS[what], { count: counts[what] }));
    const columns = Object.entries(fields).map(([name, count]) => `${name} ${shownNumber(count, language)}`);
    lines.push(say(TEXTS.table, { table, parts }) + (columns.length > 0 ? say(TEXTS.fields, { fields: columns }) : ''));
  }
  for (const change of figures) lines.push(figure(session, change));
  if (figures.length === 0) lines.push(say(TEXTS.reports));
  return [...lines, say(accepted ? TEXTS.kept : TEXTS.notKept)].join('\n');
}

function figure({ say, language }: Session, change: Replayed['figures'][number]): string {
  const { report, platform, shop, table, column, rows, before, after, examples } = change;
  const shown = (value: unknown): string =>
    typeof value === 'number'
      ? shownNumber(value, language)
      : typeof value === 'string'
        ? value
        : value == null
          ? '–'
          : JSON.stringify(value);
  const sums = before !== null || after !== null ? ` ${shown(before)} → ${shown(after)}` : '';
  const example = examples.map(({ row, before: was, after: is }) => `${row}: ${shown(was)} → ${shown(is)}`);
  const what = `${report} · ${platform} ${shop} · ${[table, column].filter(Boolean).join('.')}`;
  return say(TEXTS.figure, { what, sums, rows, example: example.join('; ') });
}
