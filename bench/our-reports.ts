/** The product's own reports on a store that {@link makeBigStore} made. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../src/engines/engine.ts';
import type { ReportAnswer } from '../src/reports/run.ts';
import { makeBigStore } from './big-store.ts';
import { dumpTables, type DumpedTable } from './dump.ts';
import { answerFrom, type ReportQuestion } from './report-question.ts';
import { openStore } from './s7.ts';

let engine: Engine | null = null;
let path = '';

/** Makes the store, and the files that the rivals load. */
export async function fill(orders: number, folder: string, dumps: { csv: string; parquet: string }): Promise<{ bytes: number; csv: DumpedTable[]; parquet: DumpedTable[] }> {
  const made = await makeBigStore(folder, orders);
  const csv = await dumpTables(made, dumps.csv, 'csv');
  const parquet = await dumpTables(made, dumps.parquet, 'parquet');
  await made.close();
  return { bytes: statSync(join(folder, 's7.duckdb')).size, csv, parquet };
}

/** Opens the store with the memory the server gives it. */
export async function open(folder: string): Promise<void> {
  path = join(folder, 's7.duckdb');
  engine = await openStore(folder);
}

export function answer(question: ReportQuestion): Promise<ReportAnswer> {
  return answerFrom(engine!, question);
}

export function diskBytes(): number {
  return statSync(path).size;
}

export async function close(): Promise<void> {
  await engine?.close();
}
