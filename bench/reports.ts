import { Child } from './child.ts';
import { JSON_HEAP_MEGABYTES, type Folders } from './imports.ts';
import { ALL_ROWS, demandEqual, everyQuestion, USUAL_ROWS, type AnswerRow, type Question } from './question.ts';
import { grouped, markdownTable, medianAndMin, megabytes, ratio, shownMs } from './table.ts';
import type { World } from './world.ts';

const RUNS = 7;
/** Where a run takes longer than this, three are enough. */
const LONG_MS = 1000;
const LONG_RUNS = 3;

interface Contender {
  readonly name: string;
  readonly child: Child;
  readonly way: string;
  /** The questions that took it long when they were asked first. */
  readonly slow: Set<string>;
  readonly times: Map<string, number[]>;
  peakBytes: number;
}

/** Asks every contender every question: the answers are held together first, then the time is taken; the table as markdown. */
export async function compareReports(
  { world, folders }: { world: World; folders: Folders },
  say: (text: string) => void,
): Promise<string[]> {
  const s7 = new Child('s7');
  const [sqlite, file, hot] = [
    new Child('sqlite'),
    new Child('json-loop', { heapMegabytes: JSON_HEAP_MEGABYTES }),
    new Child('json-loop', { heapMegabytes: JSON_HEAP_MEGABYTES }),
  ];
  const contender = (name: string, child: Child, way = ''): Contender => ({
    name,
    child,
    way,
    slow: new Set(),
    times: new Map(),
    peakBytes: 0,
  });
  const ours = contender('ours, whole answer', s7, 'report');
  const rivals = [
    contender('ours, SQL alone', s7, 'sql'),
    contender('SQLite', sqlite),
    contender('JSON file', file, 'file'),
    contender('array kept in memory', hot, 'hot'),
  ];
  const all = [ours, ...rivals];
  try {
    await Promise.all([
      s7.call('open', [folders.s7]),
      sqlite.call('open', [folders.sqlite]),
      file.call('open', [folders.json]),
      hot.call('open', [folders.json]),
    ]);
    const rowCounts = await compareAnswers(ours, rivals, say);
    for (const question of everyQuestion((report) => USUAL_ROWS[report])) {
      await timeInTurns(question, all);
      say(`${nameOf(question)} timed`);
    }
    return [
      `## Reports on ${grouped(world.orders)} orders`,
      `All ${rowCounts.reduce((sum, rows) => sum + rows, 0).toLocaleString('en-US')} rows of the nine answers were equal among the ` +
        'five before any time was taken.',
      timesTable(ours, rivals, rowCounts),
      'Time: median (minimum) of 7 warm runs, contenders in turn; ³: of 3, where one takes more than a second. Each answer has the ' +
        'rows it usually has: 20 SKUs, 5 areas, up to 100,000 months and SKUs.',
      '÷ ours: how many times our time the rival takes, by median: against our whole answer · against our SQL for the same rows. ' +
        'Rivals give these rows and nothing beside them.',
      `Peak memory: ours ${megabytes(ours.peakBytes)}, ${rivals
        .slice(1)
        .map(({ name, peakBytes }) => `${name} ${megabytes(peakBytes)}`)
        .join(', ')}.`,
    ];
  } finally {
    await Promise.all([s7, sqlite, file, hot].map((child) => child.end()));
  }
}

async function compareAnswers(ours: Contender, rivals: readonly Contender[], say: (text: string) => void): Promise<number[]> {
  const counts: number[] = [];
  for (const question of everyQuestion(() => ALL_ROWS)) {
    const { value, milliseconds } = await ask<AnswerRow[]>(ours, question, false);
    if (milliseconds > LONG_MS) ours.slow.add(nameOf(question));
    if (value.length === 0) throw new Error(`${nameOf(question)} has no rows`);
    for (const rival of rivals) {
      const theirs = await ask<AnswerRow[]>(rival, question, false);
      if (theirs.milliseconds > LONG_MS) rival.slow.add(nameOf(question));
      demandEqual(question, { name: ours.name, rows: value }, { name: rival.name, rows: theirs.value });
    }
    counts.push(value.length);
    say(`${nameOf(question)}: ${value.length} rows, all equal`);
  }
  return counts;
}

/** A warm-up where it costs little, for every answer has been given once; then one run each in turn, another first every time. */
async function timeInTurns(question: Question, all: readonly Contender[]): Promise<void> {
  const name = nameOf(question);
  for (const each of all) {
    each.times.set(name, []);
    if (!each.slow.has(name)) await ask(each, question, true);
  }
  for (let run = 0; run < RUNS; run++) {
    for (let i = 0; i < all.length; i++) {
      const each = all[(i + run) % all.length]!;
      const times = each.times.get(name)!;
      if (times.length >= LONG_RUNS && times[0]! > LONG_MS) continue;
      const { milliseconds, peakBytes } = await ask(each, question, true);
      times.push(milliseconds);
      each.peakBytes = peakBytes;
    }
  }
}

function ask<T>({ child, way }: Contender, question: Question, quiet: boolean) {
  return child.call<T>('answer', [question, way], { quiet });
}

function timesTable(ours: Contender, rivals: readonly Contender[], rowCounts: readonly number[]): string {
  const [bare, ...others] = rivals as [Contender, ...Contender[]];
  const header = ['report', 'all its rows', ours.name, bare.name, ...others.flatMap(({ name }) => [name, '÷ ours'])];
  const rows = everyQuestion(() => 0).map((question, i) => {
    const timesOf = ({ times }: Contender) => times.get(nameOf(question))!;
    const median = (contender: Contender): number => medianAndMin(timesOf(contender)).median;
    return [
      nameOf(question),
      grouped(rowCounts[i]!),
      shownTimes(timesOf(ours)),
      shownTimes(timesOf(bare)),
      ...others.flatMap((rival) => [
        shownTimes(timesOf(rival)),
        `${ratio(median(rival), median(ours))} · ${ratio(median(rival), median(bare))}`,
      ]),
    ];
  });
  return markdownTable(header, rows);
}

function shownTimes(times: readonly number[]): string {
  const { median, min } = medianAndMin(times);
  return `${shownMs(median)} (${shownMs(min)})${times.length < RUNS ? '³' : ''}`;
}

function nameOf({ report, window }: Question): string {
  return `${report} ${window}`;
}
