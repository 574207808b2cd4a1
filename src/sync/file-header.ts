import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import type { Text } from '../kernel/messages.ts';
import type { FilePreset } from '../platforms/file-preset.ts';
import { laterFileOf, type LaterFile } from '../platforms/later-file.ts';
import type { Sheet, TableFacts, TableRow } from './table-file.ts';

const HEADER_ROWS = 12;
const [MOST_NAMES, LONGEST_NAME] = [40, 40];

/** The rows of a file as they come, and what is known of it when they have all come. */
export class FileRows {
  facts: TableFacts | undefined;
  readonly #rows: AsyncGenerator<readonly TableRow[], TableFacts>;

  constructor(rows: AsyncGenerator<readonly TableRow[], TableFacts>) {
    this.#rows = rows;
  }

  /** The next rows, all of one sheet; undefined after the last. */
  async next(): Promise<readonly TableRow[] | undefined> {
    for (;;) {
      const { value, done } = await this.#rows.next();
      if (done) {
        // A second end tells nothing.
        this.facts ??= value;
        return undefined;
      }
      if (value.length > 0) return value;
    }
  }
}

/** Where the orders of a file begin. */
export interface FoundHeader {
  readonly header: readonly string[];
  readonly preset: FilePreset;
  /** Undefined where the file has no sheets. */
  readonly sheet: Sheet | undefined;
  /** Rows below the header that came with it. */
  readonly begun: readonly TableRow[];
  /** The names of sheets that were looked at and are no orders. */
  readonly passedOver: readonly string[];
}

/**
 * The header, the preset that knows it best, and the rows that came with it, on whichever sheet it stands.
 * @param later what may be told where no preset knows a header
 * @throws AppError `file_later`, `file_not_recognised`, `file_empty`, `limit_exceeded`
 */
export async function findHeader(rows: FileRows, presets: readonly FilePreset[], later: readonly LaterFile[]): Promise<FoundHeader> {
  const looked: { readonly sheet: Sheet | undefined; readonly rows: TableRow[] }[] = [];
  for (let portion; (portion = await rows.next());) {
    const { sheet } = portion[0]!;
    let current = looked.at(-1);
    if (!current || current.sheet?.name !== sheet?.name) looked.push((current = { sheet, rows: [] }));
    for (const [i, row] of portion.entries()) {
      if (current.rows.length === HEADER_ROWS) break;
      current.rows.push(row);
      if (row.cells.reduce((sum, { length }) => sum + length, 0) > LIMITS.header_characters.most) throw overLimit('header_characters');
      const preset = bestOf(presets, row.cells);
      if (preset)
        return {
          header: row.cells,
          preset,
          sheet,
          begun: portion.slice(i + 1),
          passedOver: looked.slice(0, -1).flatMap((each) => each.sheet?.name ?? []),
        };
    }
    if (!sheet && current.rows.length === HEADER_ROWS) break;
  }
  const [first] = looked.flatMap(({ rows: [row] }) => row ?? []);
  if (!first) throw new AppError('file_empty');
  const sheets = looked.flatMap(({ sheet }) => sheet?.name ?? []);
  const likest = looked
    .flatMap((each) => each.rows)
    .reduce((a, b) => (likeness(presets, b.cells) > likeness(presets, a.cells) ? b : a), first);
  const [only] = presets;
  // A mapping of the user's: say which of its columns are missing rather than that nothing fits.
  if (presets.length === 1 && only)
    return {
      header: likest.cells,
      preset: only,
      sheet: looked.find((each) => each.rows.includes(likest))?.sheet,
      begun: [],
      passedOver: [],
    };
  const comes = laterFileOf(
    later,
    looked.flatMap((each) => each.rows.map(({ cells }) => cells)),
  );
  if (comes) throw new AppError('file_later', { kind: comes.title });
  throw notRecognised(likest.cells, presets, sheets);
}

function bestOf(presets: readonly FilePreset[], cells: readonly string[]): FilePreset | undefined {
  return presets
    .map((preset) => ({ preset, known: preset.recognises(cells) }))
    .filter(({ known }) => known > 2)
    .toSorted((a, b) => b.known - a.known)[0]?.preset;
}

function likeness(presets: readonly FilePreset[], cells: readonly string[]): number {
  return Math.max(...presets.map((preset) => preset.lacks(cells).has));
}

/** Says how many columns there are, and their names where the row is surely a header: another row holds cells. */
function notRecognised(cells: readonly string[], presets: readonly FilePreset[], sheets: readonly string[]): AppError {
  const filled = cells.filter((cell) => cell.trim() !== '');
  const near = presets
    .map((preset) => ({ title: preset.title, ...preset.lacks(cells) }))
    .filter(({ has }) => has > 2)
    .toSorted((a, b) => b.has - a.has)
    .slice(0, 2);
  const names = likeness(presets, cells) > filled.length / 2 ? `: ${shownHeader(cells).join(', ')}` : '';
  const on = (words: string): string => (sheets.length > 0 ? ` (${words} ${sheets.join(', ')})` : '');
  const header: Text = {
    en: `${filled.length === 1 ? '1 column' : `${filled.length} columns`}${names}${on('sheets')}`,
    zh: `${filled.length} 列${names}${on('工作表')}`,
    es: `${filled.length === 1 ? '1 columna' : `${filled.length} columnas`}${names}${on('hojas')}`,
  };
  const nearest = (lacks: string, none: string): string =>
    near.map(({ title, missing }) => `${title}${missing.length > 0 ? ` (${lacks} ${missing.join(', ')})` : ''}`).join('; ') || none;
  return new AppError('file_not_recognised', {
    header,
    nearest: { en: nearest('lacks', 'none'), zh: nearest('缺少', '无'), es: nearest('le falta', 'ninguna') },
    known: presets.map(({ title }) => title),
  });
}

/** Names of columns as a message shows them. */
function shownHeader(cells: readonly string[]): string[] {
  return cells
    .filter((name) => name.trim() !== '')
    .slice(0, MOST_NAMES)
    .map((name) => name.trim().slice(0, LONGEST_NAME));
}

/** Whether a row is this header again, as on the next sheet of a table that one sheet could not hold. */
export function isHeader(header: readonly string[], { cells }: TableRow): boolean {
  const plain = (names: readonly string[]): string => {
    const last = names.findLastIndex((name) => name.trim() !== '');
    return names
      .slice(0, last + 1)
      .map((name) => name.trim().toLowerCase())
      .join('\u001f');
  };
  return plain(header) === plain(cells);
}
