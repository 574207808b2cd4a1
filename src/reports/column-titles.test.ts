import { expect, test } from 'vitest';
import { LANGUAGES } from '../kernel/messages.ts';
import { reports } from './all.ts';
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
