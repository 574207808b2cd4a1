import Papa from 'papaparse';
import { fill, type Language, type Text } from '../../kernel/messages.ts';
import type { Client } from './client.ts';

/** How many rows the command line lists; a file holds them all. */
export const SHOWN = 20;

const TEXTS = {
  row: { en: 'row {line}: {reason}', zh: '第 {line} 行：{reason}', es: 'fila {line}: {reason}' },
  cell: { en: 'row {line}, {column}: {reason}', zh: '第 {line} 行，{column}：{reason}', es: 'fila {line}, {column}: {reason}' },
  more: {
    en: '… and {rows} more; --refused FILE writes all of them',
    zh: '…… 另有 {rows} 行；用 --refused 文件 写出全部',
    es: '… y {rows} más; --refused ARCHIVO las escribe todas',
  },
} as const satisfies Record<string, Text>;

/** The first of the rows of a file that were not imported, one a line: which, which column, why; where the others are. */
export async function refusedList(client: Client, { list, rows }: { list: string; rows: number }, language: Language): Promise<string> {
  const lines = await client.firstLines(list, SHOWN + 1);
  const [, ...told] = Papa.parse<string[]>(lines.join('\n')).data;
  const shown = told.map(([line = '', column = '', reason = '']) =>
    fill(TEXTS[column ? 'cell' : 'row'], language, { line, column, reason }),
  );
  if (rows > shown.length) shown.push(fill(TEXTS.more, language, { rows: rows - shown.length }));
  return shown.map((each) => `    ${each}`).join('\n');
}
