import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf } from '../scripts/report-files.ts';
import type { Engine } from '../src/engines/engine.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { PLATFORM_IDS, type PlatformId } from '../src/model/shop.ts';
import { reports } from '../src/reports/all.ts';
import { runReport, type ReportAnswer } from '../src/reports/run.ts';
import { AMAZON_ES, ES_MODA, SHEIN_ES, TOKYO } from './golden-world.ts';

/** Questions by a title that people understand: parameters, and the platforms of the path (default: all). */
export type Questions = Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, (readonly PlatformId[])?]>>;

/** One shop of one currency. */
export const ES = ES_MODA.shop;
/** Shops whose amounts may be added up. */
export const EURO_SHOPS = [ES_MODA, SHEIN_ES, AMAZON_ES].map(({ shop }) => shop).join(',');
/** The moment at which the golden world is asked. */
export const EVENING = '2026-10-28T18:00:00Z';

const QUESTIONS_FOLDER = join(import.meta.dirname, 'questions');

/** What every report is asked. */
const OF_EVERY_REPORT: Questions = {
  'one shop, everything': [{ shop: ES }],
  'one shop, 7 days': [{ shop: ES, window: '7d' }],
  'one shop, 30 days': [{ shop: ES, window: '30d' }],
  'one shop, a span that is over': [{ shop: ES, from: '2026-10-21', to: '2026-10-25' }],
  'one shop, 7 days by payment': [{ shop: ES, window: '7d', basis: 'paid' }],
  'euro shops, 7 days': [{ shop: EURO_SHOPS, window: '7d' }],
  'euro shops, 7 days at list prices': [{ shop: EURO_SHOPS, window: '7d', measure: 'gross' }],
  'euro shops, 7 days as paid': [{ shop: EURO_SHOPS, window: '7d', measure: 'paid' }],
  'euro shops, 7 days, platform by platform': [{ shop: EURO_SHOPS, window: '7d', group: 'platform' }],
  'euro shops, 7 days, one row': [{ shop: EURO_SHOPS, window: '7d', limit: 1 }],
  'SHEIN, supplied': [{ model: 'supply' }, ['Shein']],
  'SHEIN, retail and supplied': [{ model: 'both' }, ['Shein']],
  'Tokyo, everything': [{ shop: TOKYO.shop }],
  'all, side by side, 30 days': [{ window: '30d', currency: 'native' }],
  'all, side by side, an instant': [{ window: '7d', currency: 'native', asOf: EVENING }],
  'all, side by side, platform by platform': [{ currency: 'native', group: 'platform' }],
  'nothing sold': [{ shop: ES, from: '2026-05-01', to: '2026-05-31' }],
};

/** What a report is asked: what every report is, and what `questions/<report>.ts` adds. */
export async function questionsOf(report: string): Promise<Questions> {
  const file = join(QUESTIONS_FOLDER, `${fileNameOf(report)}.ts`);
  if (!existsSync(file)) return OF_EVERY_REPORT;
  const { questions } = (await import(file)) as { questions: Questions };
  return { ...OF_EVERY_REPORT, ...questions };
}

/** The reports that have questions of their own, by file name. */
export function questionFiles(): string[] {
  return readdirSync(QUESTIONS_FOLDER).map((file) => file.replace(/\.ts$/, ''));
}

/** Asks the golden world as of 2026-10-28, in the evening, unless told otherwise. */
export function askGolden(
  engine: Engine,
  name: string,
  parameters: Readonly<Record<string, unknown>> = {},
  platforms: readonly PlatformId[] = PLATFORM_IDS,
): Promise<ReportAnswer> {
  const report = reports.find((each) => each.name === name);
  if (!report) throw new Error(`there is no report ${name}`);
  return runReport(
    { engine, clock: fixedClock(EVENING) },
    { report, platforms, parameters: { asOf: '2026-10-28', ...parameters }, language: 'en' },
  );
}
