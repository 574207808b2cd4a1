import { appendFileSync, existsSync, mkdirSync, watch, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { onTestFinished } from 'vitest';
import { startS7, type Ending } from './process.ts';

/** How many kills of each kind; more in a long run: `npm run chaos`. */
export const KILLS = Number(process.env['S7_KILLS'] ?? 5);
/** Where each trial is noted, as a table; nowhere unless told. */
const LEDGER = process.env['S7_LEDGER'];
/** The moments are other ones with another seed. */
const SEED = Number(process.env['S7_KILL_SEED'] ?? 2026);

/** When a process is killed: after so many milliseconds, or as soon as it has written so often to its data file. */
export type Moment = { readonly milliseconds: number } | { readonly writes: number };

/** A run that was not killed: how long it took, and how often it wrote to its data file. */
export interface Measured {
  readonly milliseconds: number;
  readonly writes: number;
}

/** Parts of a whole, 0 to 1, spread over it; the same for the same seed. */
export function spread(count = KILLS): number[] {
  const random = randomOf(SEED);
  return Array.from({ length: count }, (_, i) => (i + random()) / count);
}

/** Moments spread over a run, every other one by its writes. */
export function momentsOf({ milliseconds, writes }: Measured, count = KILLS): Moment[] {
  return spread(count).map((part, i) =>
    i % 2 === 0 ? { milliseconds: Math.round(milliseconds * part) } : { writes: 1 + Math.floor(writes * part) },
  );
}

/** Runs a command to its end, or kills it at the moment; its writes are counted in the data file unless it writes elsewhere. */
export async function runUntil(
  command: readonly string[],
  data: string,
  moment: Moment | null,
  { folder, prefix } = { folder: data, prefix: 's7.duckdb' },
): Promise<Measured & { readonly ending: Ending }> {
  mkdirSync(data, { recursive: true });
  const start = performance.now();
  const child = startS7(command, { data });
  let writes = 0;
  const watcher = watch(folder, { recursive: folder !== data }, (_event, file) => {
    if (!file?.startsWith(prefix)) return;
    writes += 1;
    if (moment && 'writes' in moment && writes === moment.writes) child.kill('SIGKILL');
  });
  const timer = moment && 'milliseconds' in moment ? setTimeout(() => child.kill('SIGKILL'), moment.milliseconds) : undefined;
  const ending = await child.ended;
  clearTimeout(timer);
  watcher.close();
  return { milliseconds: performance.now() - start, writes, ending };
}

/** Notes the trials of one kind; when their test has failed, the seed that brings them back is said. */
export function openLedger(what: string): (moment: Moment | { readonly calls: number }, found: string) => void {
  let trial = 0;
  onTestFinished(({ task }) => {
    if (task.result?.state === 'fail')
      process.stderr.write(`${what}: the same moments again with S7_KILL_SEED=${SEED} S7_KILLS=${KILLS}\n`);
  });
  return (moment, found) => {
    trial += 1;
    if (!LEDGER) return;
    if (!existsSync(LEDGER)) {
      mkdirSync(dirname(LEDGER), { recursive: true });
      writeFileSync(
        LEDGER,
        `# Killed and found\n\nSeed ${SEED}. Each line is a process that was sent SIGKILL; every one was found whole, and what was ` +
          `run again after it ended as if nothing had been.\n\n| what | trial | killed after | found |\n|---|---:|---|---|\n`,
      );
    }
    const when = 'calls' in moment ? `${moment.calls} calls` : 'writes' in moment ? `${moment.writes} writes` : `${moment.milliseconds} ms`;
    appendFileSync(LEDGER, `| ${what} | ${trial} | ${when} | ${found} |\n`);
  };
}

/** Numbers from 0 to 1 that are the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
