/**
 * The known name that a mistyped one most likely means: one that differs in a third of its letters at most, or the only one that begins as
 * it does; undefined where none is that near. The case of letters does not count.
 */
export function nearestOf(given: string, known: readonly string[]): string | undefined {
  const wanted = given.trim().toLowerCase();
  if (wanted === '' || wanted.length > LONGEST) return undefined;
  const near = known
    .map((name) => ({ name, steps: stepsBetween(wanted, name.toLowerCase()) }))
    .filter(({ name, steps }) => steps * 3 <= Math.max(wanted.length, name.length))
    .toSorted((a, b) => a.steps - b.steps);
  if (near[0]) return near[0].name;
  const alike = known.filter((name) => name.toLowerCase().startsWith(wanted) || wanted.startsWith(name.toLowerCase()));
  return alike.length === 1 ? alike[0] : undefined;
}

/** Names of ours are shorter; what is longer is no mistyped one, and comparing takes its square. */
const LONGEST = 100;

/** Damerau's distance: letters to put in, take out, replace, or change places with their neighbour (each stretch of letters once). */
function stepsBetween(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return last[other.length]!;
}
