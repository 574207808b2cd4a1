import { normalHeader, type FileColumns } from './file-columns.ts';
import type { Mapping } from './mapping.ts';

/** A column, by any of its headers, in which states hide, and the words that are known there. */
export interface DecidingColumn {
  readonly headers: readonly string[];
  readonly known: RegExp;
}

/** Headers that speak of states or pieces, in the languages the exports come in. */
const DECIDING: Readonly<Record<'status' | 'quantity', RegExp>> = {
  status: new RegExp(
    [
      '\\bstatus',
      'sub.?status',
      'order.?state',
      'cancel',
      '\\breturn(ed|s)?\\b',
      'refund',
      '\\bestado\\b',
      'situa[cç]',
      'devol',
      'reembols',
      'anulad',
      '\\bstatut',
      'retour',
      'storno',
      'erstatt',
      'rimbors',
      '\\bstato\\b',
      '状态',
      '狀態',
      '退货',
      '退款',
      '取消',
      '退貨',
      'สถานะ',
      'ยกเลิก',
      'คืน',
      'pembatalan',
      'pengembalian',
      'trạng thái',
      'hủy',
      'trả hàng',
    ].join('|'),
    'iu',
  ),
  quantity: new RegExp(
    [
      '\\bquantit',
      '\\bqty\\b',
      '\\bpieces\\b',
      '\\bunits\\b',
      '(items|articles|artigos|artículos) (sold|vend)',
      '\\bunidades\\b',
      '\\bcantidad\\b',
      '\\bquantidade\\b',
      '\\bmenge\\b',
      'stück',
      '\\banzahl\\b',
      '数量',
      '件数',
      'จำนวน',
      '\\bjumlah\\b',
      'số lượng',
    ].join('|'),
    'iu',
  ),
};
/** Times, people and reasons of a state decide nothing. */
const BESIDE =
  /\b(time|date|reason|by|at|fee|amount|tax|policy|address|hora|fecha|data|motivo|razón|taxa|valor|waktu|alasan)\b|时间|原因|金额|费|เวลา|เหตุผล/iu;

const [MOST_WORDS, LONGEST_WORD] = [40, 60];

/**
 * What a file holds that may decide pieces or states and is not understood: columns by their headers, and words by how many rows have them.
 */
export class Unknowns {
  readonly columns: readonly string[];
  readonly #places: FileColumns;
  readonly #deciding: readonly DecidingColumn[];
  readonly #knows: (word: string) => boolean;
  readonly #known = new Map<string, boolean>();
  readonly #words = new Map<string, number>();

  constructor(
    header: readonly string[],
    {
      columns,
      mapping,
      deciding,
      own,
      knows,
    }: {
      readonly columns: FileColumns;
      readonly mapping: Mapping;
      readonly deciding: readonly DecidingColumn[];
      readonly own: boolean;
      readonly knows: (word: string) => boolean;
    },
  ) {
    this.#places = columns;
    this.#deciding = deciding;
    this.#knows = knows;
    const settled = new Set([...mapping.keep, ...mapping.personal, ...deciding.flatMap(({ headers }) => headers)].map(normalHeader));
    // A user's mapping says what counts: where it names a status column, the others were left out on purpose.
    const asked = (['status', 'quantity'] as const).filter((field) => !own || mapping.columns[field] === undefined);
    this.columns = header
      .filter(
        (name, i) =>
          !columns.used.has(i) &&
          !settled.has(normalHeader(name)) &&
          !BESIDE.test(name) &&
          asked.some((field) => DECIDING[field].test(name)),
      )
      .map((name) => name.trim());
  }

  /** Takes note of a row's status words. */
  see(document: readonly string[]): void {
    const words = this.#places.values('status', document);
    if (words.length > 0 && !this.#areKnown(words)) this.word(words.join(' / '));
    const ofLine = this.#places.values('lineStatus', document);
    if (ofLine.length > 0 && !this.#areKnown(ofLine)) this.word(ofLine.join(' / '));
    for (const { headers, known } of this.#deciding) {
      const word = headers.map((header) => this.#places.cellOf(document, header)).find((cell) => cell !== undefined);
      if (word && !known.test(word)) this.word(word);
    }
  }

  /** Takes note of a word that is not known. What is no word, because a column was taken for another, is not repeated. */
  word(word: string): void {
    const short = word.length <= LONGEST_WORD && !/@|\d{4}/.test(word) ? word : '…';
    if (this.#words.has(short) || this.#words.size < MOST_WORDS) this.#words.set(short, (this.#words.get(short) ?? 0) + 1);
  }

  words(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#words);
  }

  #areKnown(words: readonly string[]): boolean {
    const key = words.join('\u001f');
    let known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, (known = words.some((word) => this.#knows(word))));
    return known;
  }
}
