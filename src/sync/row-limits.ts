import { LIMITS, overLimit } from '../kernel/limits.ts';
import type { TableRow } from './table-file.ts';

const { columns, cell_characters: cell, row_characters: row, lines } = LIMITS;

/**
 * The rows of a table as they come, each within the limits; what a spreadsheet has of empty columns beyond them is cut off.
 * @throws AppError `limit_exceeded`
 */
export async function* withinLimits<Told>(portions: AsyncGenerator<readonly TableRow[], Told>): AsyncGenerator<readonly TableRow[], Told> {
  try {
    for (;;) {
      const next = await portions.next();
      if (next.done) return next.value;
      yield next.value.map(checked);
    }
  } finally {
    await portions.return(undefined as Told);
  }
}

function checked(given: TableRow): TableRow {
  const { line, cells } = given;
  if (line > lines.most) throw overLimit('lines');
  let characters = 0;
  for (const { length } of cells) {
    if (length > cell.most) throw overLimit('cell_characters');
    characters += length;
  }
  if (characters > row.most) throw overLimit('row_characters');
  if (cells.length <= columns.most) return given;
  if (cells.findLastIndex((text) => text.trim() !== '') >= columns.most) throw overLimit('columns');
  return { ...given, cells: cells.slice(0, columns.most) };
}
