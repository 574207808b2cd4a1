import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A table as markdown; numbers stand to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumber = (column: number): boolean => rows.every((row) => /^[\d–]/.test(row[column] ?? ''));
  const rule = header.map((_, column) => (column > 0 && isNumber(column) ? '---:' : '---'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Milliseconds as people compare them: three digits that matter, seconds from 10,000 ms on. */
export function shownMs(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds >= 100 ? grouped(milliseconds) : milliseconds.toPrecision(milliseconds < 10 ? 2 : 3)} ms`;
}

/** Median and minimum of some runs. */
export function medianAndMin(times: readonly number[]): { median: number; min: number } {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2, min: sorted[0]! };
}

export function grouped(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

export function megabytes(bytes: number): string {
  return `${grouped(bytes / 2 ** 20)} MB`;
}

/** How many times ours a rival's figure is. */
export function ratio(rival: number, ours: number): string {
  const times = rival / ours;
  return `${times >= 100 ? grouped(times) : times.toPrecision(2)}×`;
}

/** What the figures were taken on; how busy the machine was already, too. */
export function machineFacts(command: string): string {
  const root = join(import.meta.dirname, '..');
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const memory = new DatabaseSync(':memory:');
  const { version } = memory.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  memory.close();
  return [
    `- ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, \`${command}\`, source ${revision(root)}`,
    `- ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB; load when ` +
      `it began ${shownLoad()}`,
    `- Node ${process.versions.node}, DuckDB node-api ${dependencies['@duckdb/node-api']}, SQLite ${version}`,
  ].join('\n');
}

/** Processes that wanted a core, over the last minute, 5 and 15. */
export function shownLoad(): string {
  return loadavg()
    .map((load) => load.toFixed(1))
    .join(' ');
}

function revision(root: string): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'src') ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
