/** What a spreadsheet makes of a long number: "5.79906E+17", in any decimal mark, or a sign that there is no value. */
const DAMAGED = /^(?:[+-]?\d+[.,·٫]\d*e[+-]?\d{1,3}|[+-]?\d{1,3}e\+\d{1,3}|#+|#(?:n\/?a|ref!|name\?|value!|null!|num!|div\/0!))$/i;

/** Whether an id was damaged by a spreadsheet beyond repair. */
export function isDamagedId(text: string): boolean {
  // All but a few ids are known by their first look.
  return text.length < 32 && /[e#]/i.test(text) && DAMAGED.test(text);
}

/** A spreadsheet keeps so many digits of a number, and fills up with zeros. */
const KEPT_DIGITS = 15;
const REMEMBERED = 20_000;
/** So unlikely that it is damage and no chance: one in a hundred thousand. */
const [SURELY, PERHAPS] = [Math.log(1e-5), Math.log(1e-2)];

/** Watches a column of ids: whether their last digits were lost, is told by how many of them end in zeros beyond the fifteenth digit. */
export class LongIds {
  readonly #seen = new Set<string>();
  #zeros = 0;
  /** How many would end so by chance. */
  #expected = 0;

  see(id: string): void {
    if (id.length <= KEPT_DIGITS || this.#seen.size >= REMEMBERED || !/^\d+$/.test(id) || this.#seen.has(id)) return;
    this.#seen.add(id);
    this.#expected += 10 ** (KEPT_DIGITS - id.length);
    if (endsInZeros(id)) this.#zeros += 1;
  }

  /** `lost` when ids with such ends are damaged, `doubtful` when they may be. */
  get verdict(): 'fine' | 'doubtful' | 'lost' {
    if (this.#zeros <= this.#expected) return 'fine';
    let chance = this.#zeros * Math.log(this.#expected);
    for (let i = 2; i <= this.#zeros; i++) chance -= Math.log(i);
    return chance < SURELY ? 'lost' : chance < PERHAPS ? 'doubtful' : 'fine';
  }
}

/** Whether a long id ends in zeros from its sixteenth digit on. */
export function endsInZeros(id: string): boolean {
  return id.length > KEPT_DIGITS && /^\d{15}0+$/.test(id);
}
