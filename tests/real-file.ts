import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { parseMapping } from '../src/platforms/mapping.ts';
import { reports } from '../src/reports/all.ts';
import { runReport } from '../src/reports/run.ts';
import { importFile, type ImportResult } from '../src/sync/import.ts';
import { partsOf } from './part-reading.ts';

type Rows = Record<string, unknown>[];

/** A store with one file in it that came home by a mapping of `examples/mappings`. */
export interface RealFile {
  readonly engine: Engine;
  readonly result: ImportResult;
  /** The tables of a report's answer. */
  ask(name: string, parameters?: Record<string, unknown>): Promise<Record<string, Rows>>;
  close(): Promise<void>;
}

/** Brings a file home and stops the clock at an instant. */
export async function openRealFile(source: Readable, { mapping: name, now }: { mapping: string; now: string }): Promise<RealFile> {
  const folder = mkdtempSync(join(tmpdir(), 's7-real-'));
  const clock = fixedClock(now);
  const engine = await openDuckDb(join(folder, 's7.duckdb'), { memoryLimit: '1GB', temporaryFolder: folder });
  await prepareStore(engine);
  const mapping: unknown = JSON.parse(readFileSync(resolve(import.meta.dirname, '../examples/mappings', name), 'utf8'));
  const result = await importFile(
    {
      engine,
      clock,
      hash: keyedHash(Buffer.from('test')),
      parts: partsOf(keyedHash(Buffer.from('test'))),
      presets: [],
      temporaryFolder: folder,
    },
    { source, file: name, settings: {}, describe: String, mapped: { preset: presetOf(parseMapping(mapping)), mapping } },
  );
  return {
    engine,
    result,
    async ask(report, parameters = {}) {
      const answer = await runReport(
        { engine, clock },
        { report: reports.find((each) => each.name === report)!, platforms: ['Other'], parameters, language: 'en' },
      );
      return answer.tables as unknown as Record<string, Rows>;
    },
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Some columns of every row. */
export function pick(rows: Rows, ...columns: readonly string[]): Rows {
  return rows.map((row) => Object.fromEntries(columns.map((name) => [name, row[name]])));
}
