import { Command } from 'commander';
import { Listr } from 'listr2';
import type { Answer } from './api.ts';
import type { Session } from './cli.ts';
import { bar } from './progress-bar.ts';

type Replayed = Answer<'POST', '/api/replay'>;

interface Progress {
  readonly documents: number;
  readonly total: number;
}

/** `s7 replay` */
export function replayCommand(session: Session): Command {
  return new Command('replay')
    .description("Read the kept documents again by today's mapping, and say what comes out otherwise.")
    .option('--accept', 'keep what comes out, all of it or nothing')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      `
Without --accept nothing is written. Stopped anywhere, nothing has happened. Fetching and imports wait while it runs.

Examples:
  $ s7 replay
  $ s7 replay --accept`,
    )
    .action(({ accept, json }: { accept?: true; json?: true }) =>
      session.withClient(async (client) => {
        let answer: Replayed | undefined;
        await new Listr(
          [
            {
              title: 'Reading the kept documents again',
              task: async (_context, task) => {
                answer = await client.narrated('/api/replay', { accept: accept ?? false }, ({ documents, total }: Progress) => {
                  task.output = bar(total ? documents / total : 1, `${documents} documents`);
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
        session.out(json ? JSON.stringify(answer) : told(answer!));
      }),
    );
}

function told({ accepted, read, kept, refused, tables, figures }: Replayed): string {
  const lines = [`${read} rows made anew from their documents`];
  if (kept.without_document > 0) lines.push(`${kept.without_document} stay as they are: no document is kept of them`);
  if (kept.not_told_apart > 0) lines.push(`${kept.not_told_apart} stay as they are: their document cannot be told from another`);
  for (const { source, reason, documents } of refused)
    lines.push(`${documents} stay as they are: ${source} makes no row any more (${reason})`);
  const changed = Object.entries(tables);
  if (changed.length === 0) return [...lines, 'Everything comes out as it is stored.'].join('\n');
  for (const [table, { added, removed, changed: rows, fields }] of changed) {
    const parts = [
      [rows, 'changed'],
      [added, 'new'],
      [removed, 'gone'],
    ]
      .filter(([count]) => count !== 0)
      .map(([count, word]) => `${count} ${word}`);
    const columns = Object.entries(fields).map(([name, count]) => `${name} ${count}`);
    lines.push(`${table.padEnd(9)} ${parts.join(', ')}${columns.length > 0 ? `: ${columns.join(', ')}` : ''}`);
  }
  for (const change of figures) lines.push(figure(change));
  if (figures.length === 0) lines.push('No report says anything else.');
  return [...lines, accepted ? 'Kept.' : 'Nothing was written. To keep it: s7 replay --accept'].join('\n');
}

function figure({ report, platform, shop, table, column, rows, before, after, examples }: Replayed['figures'][number]): string {
  const sums = before !== null || after !== null ? ` ${before} → ${after}` : '';
  const example = examples.map(({ row, before: was, after: is }) => `${row}: ${shown(was)} → ${shown(is)}`).join('; ');
  return `${report} · ${platform} ${shop} · ${[table, column].filter(Boolean).join('.')}${sums} (${rows} rows differ: ${example})`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
