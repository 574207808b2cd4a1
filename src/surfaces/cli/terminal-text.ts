const WIDE = '\\u1100-\\u115F\\u2E80-\\uA4CF\\uAC00-\\uD7A3\\uF900-\\uFAFF\\uFE30-\\uFE6F\\uFF00-\\uFF60';
const WIDE_LETTERS = new RegExp(`[${WIDE}]`, 'g');
/** What stays on one line: a word, or one letter of a language that has no spaces, each with the marks that belong to it. */
const CHUNKS = new RegExp(`\\s*[（“«]*(?:[^\\s${WIDE}]+|[${WIDE}])[，。、；：！？）”»]*`, 'g');

/** How many letters of a terminal a text takes: those of East Asia take two. */
export function lettersOf(text: string): number {
  return text.length + (text.match(WIDE_LETTERS)?.length ?? 0);
}

/** A text with its lines broken so that each has so many letters at most, where words allow it. */
export function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      for (const chunk of line.match(CHUNKS) ?? ['']) {
        const last = lines.at(-1);
        if (last !== undefined && lettersOf(last + chunk) <= width) lines[lines.length - 1] = last + chunk;
        else lines.push(last === undefined ? chunk : chunk.trimStart());
      }
      return lines;
    })
    .join('\n');
}
