import type { Engine } from '../src/engines/engine.ts';
import { PLATFORM_IDS } from '../src/model/shop.ts';
import { reports } from '../src/reports/all.ts';
import { runReport, type ReportAnswer } from '../src/reports/run.ts';
import { clock } from './s7.ts';
import { WINDOWS } from './question.ts';

/** A report over a window, with so many rows at most. */
export interface ReportQuestion {
  readonly report: string;
  readonly window: (typeof WINDOWS)[number];
  readonly limit: number;
}

/** Every report of the product over every window. */
export function everyReportQuestion(limit: number): ReportQuestion[] {
  return reports.flatMap(({ name }) => WINDOWS.map((window) => ({ report: name, window, limit })));
}

/** The whole answer, as every face shows it, from whatever engine holds the rows. */
export function answerFrom(engine: Engine, { report, window, limit }: ReportQuestion): Promise<ReportAnswer> {
  return runReport(
    { engine, clock },
    {
      report: reports.find(({ name }) => name === report)!,
      platforms: PLATFORM_IDS,
      parameters: { limit: String(limit) },
      window,
      language: 'en',
    },
  );
}
