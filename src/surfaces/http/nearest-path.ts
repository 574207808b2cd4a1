import { nearestOf } from '../../kernel/nearest.ts';

/**
 * The path that a mistyped one most likely means: each of its words is known or near one that is; undefined where it needs no other word.
 */
export function nearestPath(path: string, known: readonly string[]): string | undefined {
  const words = wordsOf(path);
  let open = known.map(wordsOf).filter(({ length }) => length === words.length);
  const meant: string[] = [];
  for (const [place, word] of words.entries()) {
    const names = new Set(open.map((each) => each[place]!));
    const isOpen = [...names].some(isParameter);
    const fixed = [...names].filter((name) => !isParameter(name));
    const name = fixed.find((each) => each.toLowerCase() === word.toLowerCase()) ?? (isOpen ? undefined : nearestOf(word, fixed));
    if (name === undefined && !isOpen) return undefined;
    open = open.filter((each) => (name === undefined ? isParameter(each[place]!) : each[place] === name));
    meant.push(name ?? word);
  }
  const found = `/${meant.join('/')}`;
  return found.toLowerCase() === `/${words.join('/')}`.toLowerCase() ? undefined : found;
}

function wordsOf(path: string): string[] {
  return path.split('/').filter(Boolean);
}

function isParameter(word: string): boolean {
  return word.startsWith(':') || word === '*';
}
