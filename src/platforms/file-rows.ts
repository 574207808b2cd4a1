import { normalHeader } from './file-columns.ts';

/** How lines begin that sum up those above them. */
const TOTAL = /^(?:grand |sub-?)?tot(?:al|ale|aal|als)?\b|^(?:sum|summe|gesamt|suma|som|合计|总计|总额|小计|總計|合計)(?:$|[\s:：])/iu;

/** What a row's kind is told by. */
interface RowLooks {
  readonly orderId: string;
  readonly purchasedAt: string;
  /** Whether any of its cells that are numbers in an order has a digit. */
  readonly numbers: () => boolean;
}

/** Tells rows that are no orders: one below the header that describes its columns, the header once more, a line that sums up. */
export class RowKinds {
  readonly #header: readonly string[];
  #begun = false;

  constructor(header: readonly string[]) {
    this.#header = header.map(normalHeader);
  }

  isNoData(cells: readonly string[], { orderId, purchasedAt, numbers }: RowLooks): boolean {
    const first = !this.#begun;
    this.#begun = true;
    if (this.#repeatsHeader(cells)) return true;
    if (/\d/.test(purchasedAt)) return false;
    if (first && orderId.trim() !== '' && !/\d/.test(orderId) && !numbers()) return true;
    return TOTAL.test(cells.find((cell) => cell.trim() !== '')!.trim());
  }

  /** Files are put together from several with their headers. */
  #repeatsHeader(cells: readonly string[]): boolean {
    const place = this.#header.findIndex((name) => name !== '');
    const cell = cells[place] ?? '';
    // Hardly a row does: a look at one sign is enough for most.
    if (cell.trimStart().charAt(0).toLowerCase() !== (this.#header[place] ?? '').charAt(0)) return false;
    return cells.every((each, i) => normalHeader(each) === (this.#header[i] ?? ''));
  }
}

/** A cell without what protects a number in it from spreadsheets: ="123", '123. */
export function plainCell(cell: string): string {
  const first = cell.charCodeAt(0);
  if (first === 61) return /^="(.*)"$/.exec(cell.trim())?.[1] ?? cell;
  return first === 39 ? cell.replace(/^'(?=\d+\s*$)/, '') : cell;
}
