/** Stand between cells and between the rows of an order: the unit and the record separator, which no cell holds. */
export const CELL_END = '\u001f';
export const ROW_END = '\u001e';

/** The rows of a file's order as they are kept, cell by cell. */
export function rowsOf(document: string): string[][] {
  return document.split(ROW_END).map((row) => row.split(CELL_END));
}
