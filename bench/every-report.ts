/** Every report against databases that hold the same rows: answers compared first, then timed in turns. `npm run bench -- reports` */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportAnswer } from '../src/reports/run.ts';
import { Child, type Reply } from './child.ts';
import type { DumpedTable } from './dump.ts';
import { coreOf, type CoreRow } from './core-rows.ts';
import { everyReportQuestion, type ReportQuestion } from './report-question.ts';
import { everyScan, type Scan } from './scans.ts';
import { serve } from './served.ts';
import { JSON_HEAP_MEGABYTES } from './imports.ts';
import { grouped, markdownTable, medianAndMin, megabytes, ratio, shownMs } from './table.ts';

/** How often a question is asked, by how long it took the first time. */
const RUNS = [
  { below: 100, runs: 21 },
  { below: 1000, runs: 9 },
  { below: 5000, runs: 5 },
  { below: 20_000, runs: 2 },
  { below: Infinity, runs: 0 },
] as const;
/** SQLite takes an hour to load ten million orders, and Node cannot hold them as one array. */
const SMALL_MOST = 2_000_000;
/** Rows as they are compared, and as they are timed: a page of a screen. */
const COMPARED_ROWS = 1000;
const SHOWN_ROWS = 100;

const JSON_FILE = 'JSON loop';

interface Contender {
  readonly name: string;
  readonly child: Child;
  readonly times: Map<string, number[]>;
  /** What it could not be asked, and why. */
  readonly refused: Map<string, string>;
  version: string;
  diskBytes: number;
  fill: string;
  peakBytes: number;
}

/** Fills every contender, holds their answers together and times them; the tables as markdown. */
export async function compareEveryReport(
  { orders, folder }: { orders: number; folder: string },
  say: (text: string) => void,
): Promise<string[]> {
  const at = (name: string): string => join(folder, name);
  const contender = (name: string, module: string, heapMegabytes?: number): Contender => ({
    name,
    child: new Child(module, heapMegabytes ? { heapMegabytes } : {}),
    times: new Map(),
    refused: new Map(),
    version: '',
    diskBytes: 0,
    fill: '',
    peakBytes: 0,
  });
  mkdirSync(at('ours'), { recursive: true });
  // Started by root, PostgreSQL runs as a user of its own that has to get through.
  chmodSync(folder, 0o711);
  const ours = contender('ours', 'our-reports');
  const rivals = [
    contender('PostgreSQL', 'rivals/postgres'),
    contender('chDB', 'rivals/chdb'),
    ...(orders <= SMALL_MOST ? [contender('SQLite', 'rivals/sqlite'), contender(JSON_FILE, 'rivals/json-file', JSON_HEAP_MEGABYTES)] : []),
  ];
  const all = [ours, ...rivals];
  try {
    const filling = new Child('our-reports');
    const { value: made } = await filling.call<{ bytes: number; csv: DumpedTable[]; parquet: DumpedTable[] }>('fill', [
      orders,
      at('ours'),
      { csv: at('csv'), parquet: at('parquet'), json: orders <= SMALL_MOST ? at('json') : null },
    ]);
    await filling.end();
    await ours.child.call('open', [at('ours')]);
    ours.diskBytes = made.bytes;
    for (const rival of rivals) {
      if (rival.name === JSON_FILE) {
        await rival.child.call('open', [at('json')]);
        rival.diskBytes = (await rival.child.call<number>('diskBytes', [])).value;
        rival.version = 'JSON file, read at each question';
        continue;
      }
      const { value } = await rival.child.call<{ bytes: number; loadSeconds: number; indexSeconds?: number }>('fill', [
        rival.name === 'chDB' ? made.parquet : made.csv,
        at(rival.name),
      ]);
      rival.diskBytes = value.bytes;
      rival.fill = `${value.loadSeconds.toFixed(0)} s${value.indexSeconds === undefined ? '' : ` + ${value.indexSeconds.toFixed(0)} s indexes`}`;
      rival.version = (await rival.child.call<string>('version', [])).value;
      say(`${rival.version} filled: ${rival.fill}, ${megabytes(rival.diskBytes)}`);
    }
    for (const question of everyReportQuestion(COMPARED_ROWS)) await compareAnswers(question, { ours, rivals }, say);
    const questions = everyReportQuestion(SHOWN_ROWS);
    for (const question of questions) {
      await timeInTurns(nameOf(question), all, ({ child }) => child.call('answer', [question], { quiet: true }));
      say(`${nameOf(question)} timed: ${all.map(({ name, times }) => `${name} ${shown(times.get(nameOf(question)))}`).join(', ')}`);
    }
    const databases = all.filter(({ name }) => name !== JSON_FILE);
    for (const scan of everyScan()) await timeScan(scan, databases);
    say('scans timed');
    const postgres = rivals[0]!;
    postgres.peakBytes = (await postgres.child.call<number>('memory', [])).value;
    await Promise.all(all.map(({ child }) => child.end()));
    return [...tables(orders, { ours, rivals, questions }), scansTable(databases), ...(await overHttp(at('ours'), questions, say))];
  } finally {
    await Promise.all(all.map(({ child }) => child.end()));
  }
}

async function compareAnswers(
  question: ReportQuestion,
  { ours, rivals }: { ours: Contender; rivals: readonly Contender[] },
  say: (text: string) => void,
): Promise<void> {
  const name = nameOf(question);
  const first = await ours.child.call<ReportAnswer>('answer', [question]);
  ours.times.set(name, [first.milliseconds]);
  for (const rival of rivals) {
    try {
      const theirs = await rival.child.call<ReportAnswer | CoreRow[]>('answer', [question]);
      demandEqual(name, comparable(question, first.value, theirs.value), {
        name: rival.name,
        ...comparable(question, theirs.value, theirs.value),
      });
      rival.times.set(name, [theirs.milliseconds]);
    } catch (error) {
      // Another answer ends the measurement; a text that its dialect does not know is said.
      if (error instanceof Difference) throw error;
      refuse(rival, name, error);
    }
  }
  say(
    `${name}: ${first.value.row_count} rows, ` +
      rivals.map((rival) => `${rival.name} ${rival.times.has(name) ? 'equal' : `not: ${rival.refused.get(name)}`}`).join(', '),
  );
}

/** Notes why a contender gives no answer; what it may have given before is none. */
function refuse({ times, refused }: Contender, name: string, error: unknown): void {
  times.delete(name);
  refused.set(
    name,
    (error instanceof Error ? error.message : String(error))
      .split('\n', 1)[0]!
      .replace(/^\w*Error: /, '')
      .slice(0, 120),
  );
}

/** Whole tables, or the rows and columns that the older loops give. */
function comparable(
  { report }: ReportQuestion,
  answer: ReportAnswer | CoreRow[],
  theirs: ReportAnswer | CoreRow[],
): { tables: Readonly<Record<string, readonly unknown[]>> } {
  if (!Array.isArray(theirs)) return { tables: (answer as ReportAnswer).tables };
  return { tables: { data: Array.isArray(answer) ? answer : coreOf(report, answer.tables) } };
}

/** Two contenders give different answers to one question. */
class Difference extends Error {}

/** @throws Difference that shows the first rows that differ */
function demandEqual(
  question: string,
  ours: { tables: Readonly<Record<string, readonly unknown[]>> },
  { name, tables }: { name: string; tables: Readonly<Record<string, readonly unknown[]>> },
): void {
  for (const [table, rows] of Object.entries(ours.tables)) {
    const theirs = (tables[table] ?? []).map((row) => JSON.stringify(row));
    const different = rows.findIndex((row, i) => JSON.stringify(row) !== theirs[i]);
    if (different >= 0 || theirs.length !== rows.length) {
      throw new Difference(
        `${question}, ${table}, row ${different + 1}\n  ours: ${JSON.stringify(rows[different])}\n  ${name}: ${theirs[different]}`,
      );
    }
  }
}

async function timeInTurns(name: string, all: readonly Contender[], ask: (contender: Contender) => Promise<Reply<unknown>>): Promise<void> {
  const wanted = new Map(
    all.map((each) => {
      const [first] = each.times.get(name) ?? [];
      return [each, first === undefined || each.refused.has(name) ? 0 : RUNS.find(({ below }) => first < below)!.runs];
    }),
  );
  // The first answer of each was the warm-up; where one run takes long it counts.
  for (const each of all) if (wanted.get(each)! > 2) each.times.set(name, []);
  for (let run = 0; run < RUNS[0].runs; run++) {
    for (let i = 0; i < all.length; i++) {
      const each = all[(i + run) % all.length]!;
      if (run >= wanted.get(each)!) continue;
      try {
        const { milliseconds, peakBytes } = await ask(each);
        each.times.get(name)!.push(milliseconds);
        each.peakBytes = peakBytes;
      } catch (error) {
        refuse(each, name, error);
        wanted.set(each, 0);
      }
    }
  }
}

async function timeScan(scan: Scan, databases: readonly Contender[]): Promise<void> {
  const name = nameOfScan(scan);
  const ask = ({ child }: Contender): Promise<Reply<unknown>> => child.call('scan', [scan]);
  const counted = new Set<string>();
  for (const each of databases) {
    try {
      const { value, milliseconds } = await ask(each);
      counted.add(JSON.stringify(value));
      each.times.set(name, [milliseconds]);
    } catch (error) {
      refuse(each, name, error);
    }
  }
  if (counted.size > 1) throw new Difference(`${name}: ${[...counted].join(' ')}`);
  await timeInTurns(name, databases, ask);
}

function tables(
  orders: number,
  { ours, rivals, questions }: { ours: Contender; rivals: readonly Contender[]; questions: readonly ReportQuestion[] },
): string[] {
  const median = (contender: Contender, name: string): number | null => {
    const times = contender.times.get(name);
    return times && times.length > 0 ? medianAndMin(times).median : null;
  };
  const rows = questions.map((question) => {
    const name = nameOf(question);
    const mine = median(ours, name)!;
    return [
      name,
      shown(ours.times.get(name)),
      ...rivals.flatMap((rival) => {
        const theirs = median(rival, name);
        return theirs === null ? ['–', '–'] : [shown(rival.times.get(name)), ratio(theirs, mine)];
      }),
    ];
  });
  const middles = rivals.map((rival) => {
    const ratios = questions
      .flatMap((question) => median(rival, nameOf(question)) ?? [])
      .map((theirs, i) => theirs / median(ours, nameOf(questions.filter((each) => median(rival, nameOf(each)) !== null)[i]!))!);
    return `${rival.name} ${medianAndMin(ratios).median.toPrecision(3)}× (of ${ratios.length} answers)`;
  });
  return [
    `## Every report on ${grouped(orders)} orders, in process`,
    `Whole answers of the product (growth, names, maturity, reasons; ${SHOWN_ROWS} rows) from each database: PostgreSQL, chDB and ` +
      `SQLite run the same texts through the same code. Up to ${grouped(COMPARED_ROWS)} rows of all tables were equal before any time ` +
      'was taken; the JSON loop gives a few columns of six reports, which were equal, too.',
    markdownTable(['report', 'ours', ...rivals.flatMap(({ name }) => [name, '÷ ours'])], rows),
    'p50 / p95 of 21 warm runs (9 from 100 ms on, 5 from 1 s, 3 from 5 s; from 20 s on the one that was compared, with up to ' +
      `${grouped(COMPARED_ROWS)} rows), contenders in turn. – : not its dialect, or no answer of its own.`,
    `**Median over all answers**: ${middles.join(', ')}.`,
    markdownTable(
      ['', 'on disk', 'filled in', 'peak memory'],
      [ours, ...rivals].map((each) => [
        each.version || 'S7StarERP',
        megabytes(each.diskBytes),
        each.fill || '–',
        megabytes(each.peakBytes),
      ]),
    ),
    refusals(rivals),
  ];
}

/** What each could not be asked, by the reason. */
function refusals(rivals: readonly Contender[]): string {
  return rivals
    .flatMap(({ name, refused }) =>
      [...Map.groupBy(refused, ([, reason]) => reason)].map(([reason, questions]) => {
        const windows = Map.groupBy(
          questions.map(([question]) => question.split(/ (?=\S+$)/) as [string, string]),
          ([report]) => report,
        );
        return (
          `- ${name}, ${[...windows].map(([report, each]) => `${report} ${each.map(([, window]) => window).join('/')}`).join(', ')}: ` +
          reason
        );
      }),
    )
    .join('\n');
}

function scansTable(databases: readonly Contender[]): string {
  const rows = everyScan().map((scan) => [nameOfScan(scan), ...databases.map(({ times }) => shown(times.get(nameOfScan(scan))))]);
  return [
    '### What the scan alone costs',
    markdownTable(['grouped with its count and amount', ...databases.map(({ name }) => name)], rows),
    'p50 / p95, one row as the answer; rows counted were equal.',
  ].join('\n\n');
}

async function overHttp(folder: string, questions: readonly ReportQuestion[], say: (text: string) => void): Promise<string[]> {
  const server = await serve(folder);
  try {
    const rows: string[][] = [];
    for (const question of questions) {
      const computed: number[] = [];
      const kept: number[] = [];
      for (let run = 0; run < 7; run++) {
        computed.push(await server.time(question, 'computed'));
        kept.push(await server.time(question, 'kept'));
      }
      rows.push([nameOf(question), shown(computed), shown(kept.slice(1))]);
    }
    say('over HTTP timed');
    return [
      '## The same over HTTP',
      markdownTable(['report', 'computed', 'kept since the last sync'], rows),
      'p50 / p95 of 7 and 6 calls of one client, from the call to the last byte.',
    ];
  } finally {
    await server.close();
  }
}

/** Middle and the one that 95 of 100 stay below. */
function shown(times: readonly number[] | undefined): string {
  if (!times || times.length === 0) return '–';
  const sorted = times.toSorted((a, b) => a - b);
  return `${shownMs(medianAndMin(times).median)} / ${shownMs(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)]!)}`;
}

function nameOf({ report, window }: ReportQuestion): string {
  return `${report} ${window}`;
}

function nameOfScan({ name, window }: Scan): string {
  return `${name}, ${window}`;
}
