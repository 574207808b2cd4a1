import { expect, test } from 'vitest';
import { LANGUAGES } from '../kernel/messages.ts';
import { reports } from './all.ts';
import { columnMeaning, MEANINGS } from './column-meanings.ts';
import { columnTitle } from './column-titles.ts';

test('every column of every report has a title in three languages, and no two of a table have the same', () => {
  for (const report of reports) {
    for (const [table, { row }] of Object.entries(report.tables)) {
      for (const language of LANGUAGES) {
        const titles = Object.keys(row.shape).map((column) => columnTitle(report.name, column)?.[language] ?? `${column} has none`);
        expect(titles, `${report.name}.${table}`).not.toContainEqual(expect.stringMatching(/ has none$/));
        expect(
          titles.filter((title, at) => titles.indexOf(title) !== at),
          `${report.name}.${table}, ${language}`,
        ).toEqual([]);
      }
    }
  }
});

test('what every column means is said in three languages, and no sentence stands there that no column has', () => {
  const columns = reports.flatMap(({ tables }) => Object.values(tables).flatMap(({ row }) => Object.values(row.shape)));
  const sentences = new Set(columns.map(({ description }) => description!));
  for (const language of ['zh', 'es'] as const) {
    expect([...sentences].filter((sentence) => MEANINGS[language][sentence] === undefined)).toEqual([]);
    expect(Object.keys(MEANINGS[language]).filter((sentence) => !sentences.has(sentence))).toEqual([]);
    // Only a formula of keys is the same in all.
    const alike = columns.filter((column) => columnMeaning(column, language).replace('。', '.') === column.description);
    expect(alike.filter(({ description }) => !/^\w+ ÷ \w+\.$|^ISO 3166/.test(description))).toEqual([]);
  }
});
