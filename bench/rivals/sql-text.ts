/** Reads the texts of our reports as far as a rival's dialect needs them written otherwise: brackets, calls and the lists of SELECTs. */

/** A SELECT of a text. */
export interface SelectParts {
  /** What is selected, one text each. */
  readonly items: readonly string[];
  /** From FROM to the end of this SELECT; empty where there is none. */
  readonly rest: string;
}

/** A text with one space wherever there was any, outside of quotes. */
export function onOneLine(text: string): string {
  return text
    .split(/('(?:[^']|'')*')/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/\s+/g, ' ')))
    .join('')
    .trim();
}

/** Writes every call of a function anew, inner ones first. */
export function mapCalls(text: string, name: string, map: (args: readonly string[]) => string): string {
  const starts = [...text.matchAll(new RegExp(`\\b${name}\\(`, 'gi'))].map(({ index }) => index).toReversed();
  return starts.reduce((whole, start) => {
    const open = start + name.length;
    const close = endOf(whole, open + 1);
    return `${whole.slice(0, start)}${map(splitAt(whole.slice(open + 1, close), ','))}${whole.slice(close + 1)}`;
  }, text);
}

/** Writes every SELECT anew, inner ones first. */
export function mapSelects(text: string, map: (select: SelectParts) => SelectParts): string {
  const starts = [...text.matchAll(/\bSELECT (?:DISTINCT )?/g)].map(({ 0: word, index }) => index + word.length).toReversed();
  return starts.reduce((whole, start) => {
    const end = endOf(whole, start, [' UNION ', ' ORDER BY ']);
    const from = Math.min(end, endOf(whole, start, [' FROM ']));
    const { items, rest } = map({ items: splitAt(whole.slice(start, from), ','), rest: whole.slice(from, end) });
    return `${whole.slice(0, start)}${items.join(', ')}${rest}${whole.slice(end)}`;
  }, text);
}

/** The name an item of a SELECT has for whoever reads from it. */
export function nameOf(item: string): string {
  return /(\w+|\*)$/.exec(item)![1];
}

/** The items of the first SELECT of a bracketed query. */
export function itemsOf(query: string): readonly string[] {
  const start = query.indexOf('SELECT ') + 'SELECT '.length;
  return splitAt(query.slice(start, endOf(query, start, [' FROM '])), ',');
}

/** Where the bracket opened before a place closes, or one of some words stands at its depth, or the text ends. */
export function endOf(text: string, start: number, words: readonly string[] = []): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (char === `'`) i = text.indexOf(`'`, i + 1);
    else if (char === '(') depth++;
    else if (char === ')' && depth-- === 0) return i;
    // IS DISTINCT FROM begins no list of tables.
    else if (depth === 0 && words.some((word) => text.startsWith(word, i)) && !text.endsWith(' DISTINCT', i)) return i;
  }
  return text.length;
}

/** The parts of a text between separators that stand in no brackets. */
export function splitAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  for (let start = 0, end = 0; start <= text.length; start = end + separator.length) {
    for (end = start; end < text.length && !text.startsWith(separator, end); end++) {
      if (text[end] === `'`) end = text.indexOf(`'`, end + 1);
      else if (text[end] === '(') end = endOf(text, end + 1);
    }
    parts.push(text.slice(start, end).trim());
  }
  return parts;
}
