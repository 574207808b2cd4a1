import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { plainText, type XmlReader } from './workbook-xml.ts';

/** A row of a sheet with its number there, from 1. */
export interface SheetRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const { columns, cell_characters } = LIMITS;
const [MOST_COLUMNS, MOST_ROWS] = [16_384, 1_048_576];
const DAY_MS = 86_400_000;
const EPOCHS = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) } as const;

/**
 * Gathers the rows of a sheet's XML as they come; `taken` hands out those that are whole. Rows of one number are one row, and cells without
 * a place stand one beside the other, whatever the sheet says of its size.
 */
export function sheetReader({
  strings,
  dates,
  since1904,
}: {
  readonly strings: readonly string[];
  readonly dates: readonly boolean[];
  readonly since1904: boolean;
}): { readonly reader: XmlReader; readonly taken: (last?: boolean) => SheetRow[] } {
  let whole: SheetRow[] = [];
  let line = 0;
  let cells: string[] = [];
  let [column, kind, style, value, inline] = [0, '', -1, '', ''];
  let [inData, inValue, inInline, inText, phonetic] = [false, false, false, false, false];
  const finish = (): void => {
    if (line > 0 && cells.length > 0) whole.push({ line, cells });
    cells = [];
  };
  const goTo = (next: number): void => {
    if (next === line) return;
    if (!(next >= 1 && next <= MOST_ROWS)) throw new AppError('file_unreadable', { reason: 'a row of the sheet has no place' });
    finish();
    line = next;
  };
  const reader: XmlReader = {
    open(local, attributes) {
      if (local === 'sheetData') inData = true;
      if (!inData) return;
      switch (local) {
        case 'row': {
          const number = attributes['r'];
          goTo(number === undefined ? line + 1 : Number(number));
          if (number === undefined || cells.length === 0) column = 0;
          break;
        }
        case 'c': {
          const place = /^([A-Z]{1,3})(\d{0,7})$/i.exec(attributes['r'] ?? '');
          if (place) column = columnOf(place[1]!);
          if (column >= MOST_COLUMNS) throw new AppError('file_unreadable', { reason: 'a cell of the sheet has no place' });
          [kind, style, value, inline] = [attributes['t'] ?? 'n', Number(attributes['s'] ?? -1), '', ''];
          break;
        }
        case 'v':
          inValue = true;
          break;
        case 'is':
          inInline = true;
          break;
        case 'rPh':
          phonetic = true;
          break;
        case 't':
          inText = inInline && !phonetic;
          break;
        default:
      }
    },
    text(text) {
      if (inValue) value += text;
      else if (inText) inline += text;
      if (value.length > cell_characters.most || inline.length > cell_characters.most) throw overLimit('cell_characters');
    },
    close(local) {
      if (!inData) return;
      switch (local) {
        case 'sheetData':
          inData = false;
          break;
        case 'v':
          inValue = false;
          break;
        case 'is':
          inInline = false;
          break;
        case 'rPh':
          phonetic = false;
          break;
        case 't':
          inText = false;
          break;
        case 'c': {
          const text = textOf();
          if (column < columns.most) {
            while (cells.length < column) cells.push('');
            cells[column] = text;
          } else if (text.trim() !== '') throw overLimit('columns');
          column += 1;
          break;
        }
        default:
      }
    },
  };
  const textOf = (): string => {
    switch (kind) {
      case 's':
        return strings[Number(value)] ?? '';
      case 'inlineStr':
        return plainText(inline);
      case 'str':
        return plainText(value || inline);
      case 'b':
        return value === '1' || value === 'true' ? 'true' : value === '' ? '' : 'false';
      // A date of its own kind: the wall clock of whoever wrote it, like all dates of a sheet.
      case 'd':
        return value.replace('T', ' ').replace(/\.\d+|Z$/g, '');
      case 'e':
        return value;
      default:
        return dates[style] ? dateText(value, since1904) : numberText(value || plainText(inline));
    }
  };
  return {
    reader,
    taken(last = false) {
      if (last) finish();
      const rows = whole;
      whole = [];
      return rows;
    },
  };
}

function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** A number as it is written in the file, whole ones with all their digits: an order id has more of them than a double holds. */
function numberText(written: string): string {
  const text = written.trim();
  if (/^-?\d+$/.test(text)) return text;
  const number = Number(text);
  if (text === '' || Number.isNaN(number)) return written;
  // Its last digits are gone: left as it is, so that an id among them is known to be damaged.
  if (Math.abs(number) >= 1e15) return /^-?\d+\.0+$/.test(text) ? text.slice(0, text.indexOf('.')) : text;
  // Shown as Excel shows it, with 15 digits: three times 19.99 is 59.97, not 59.969999999999995.
  const plain = String(Number(number.toPrecision(15)));
  return plain.includes('e') ? number.toFixed(15).replace(/\.?0+$/, '') : plain;
}

/** A day of the sheet's calendar as ISO text without a zone: the wall clock of whoever wrote it. */
function dateText(written: string, since1904: boolean): string {
  const serial = Number(written);
  if (written.trim() === '' || !Number.isFinite(serial) || serial < 0 || serial > 2_958_466) return written;
  // The calendar of 1900 has a 29th of February that never was.
  const days = !since1904 && serial < 60 ? serial + 1 : serial;
  return new Date(EPOCHS[since1904 ? 1904 : 1900] + Math.round((days * DAY_MS) / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
