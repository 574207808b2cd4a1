import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import type { Language, TextValues } from '../kernel/messages.ts';
import { nearestOf } from '../kernel/nearest.ts';
import { problemOf } from '../kernel/problem.ts';
import { PLATFORM_IDS } from '../model/shop.ts';
import type { NoticeName } from './notices.ts';
import { commonParameters, type CommonParameters } from './parameters.ts';
import type { Report } from './report.ts';

/** The common parameters with the report's own number of rows. */
export type Parameters = CommonParameters & { readonly limit: number };

/** Parameters as they came, text or JSON, and the window that the path ends in. */
interface Given {
  readonly report: Report;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly window?: '7d' | '30d' | 'all' | undefined;
}

/**
 * Reads what a report is asked with; says what it ignores.
 * @throws AppError `invalid_parameter`
 */
export function readParameters({ report, parameters, window }: Given, warn: (notice: NoticeName, values: TextValues) => void): Parameters {
  const schema = commonParameters.extend(report.parameters.shape);
  const known = Object.entries(parameters).filter(
    ([name, value]) => Object.hasOwn(schema.shape, name) && value !== undefined && value !== '',
  );
  const unknown = Object.keys(parameters).filter((name) => !Object.hasOwn(schema.shape, name));
  if (unknown.length > 0) warn('parameters_ignored', { names: unknown });
  const given = Object.fromEntries(known.map(([name, value]) => [name, name === 'platform' ? inOurCase(value) : value]));
  const overruled = window ? ['window', 'from', 'to'].filter((name) => name in given) : [];
  if (overruled.length > 0) warn('window_from_path', { names: overruled });
  for (const name of overruled) delete given[name];
  const result = schema.safeParse(window ? { ...given, window } : given);
  if (!result.success) throw toParameterError(result.error, { given });
  const read = result.data as CommonParameters;
  if (read.from && read.to && read.from > read.to)
    throw new AppError('invalid_parameter', { name: 'from', problem: `${read.from} > ${read.to}` });
  if (read.format === 'csv' && !Object.hasOwn(report.tables, read.table)) {
    throw new AppError('invalid_parameter', { name: 'table', problem: Object.keys(report.tables).join(' | ') });
  }
  return { ...read, limit: read.limit ?? report.rows };
}

function inOurCase(platform: unknown): unknown {
  return [...PLATFORM_IDS, 'all'].find((each) => each.toLowerCase() === String(platform).toLowerCase()) ?? platform;
}

const LOCALES = { en: z.locales.en(), zh: z.locales.zhCN(), es: z.locales.es() } as const;

/** The first thing wrong with some parameters, by name, in every language; `whole` names them all, `given` is what they were read from. */
export function toParameterError(error: z.core.$ZodError, { given, whole = '' }: { given: unknown; whole?: string }): AppError {
  const issue = error.issues[0]!;
  const say = (language: Language): string => {
    const said = LOCALES[language].localeError(issue as z.core.$ZodRawIssue);
    return (typeof said === 'object' ? said?.message : said) ?? issue.message;
  };
  // A schema's own words (`is no IANA time zone`) stand; only zod's are its locales'.
  const problem = say('en') === issue.message ? { en: say('en'), zh: say('zh'), es: say('es') } : problemOf(issue.message);
  return new AppError('invalid_parameter', { name: issue.path.join('.') || whole, problem }, { meant: meantBy(issue, given) });
}

/** The value nearest to the one that was given, where there are only so many. */
function meantBy(issue: z.core.$ZodIssue, given: unknown): string | undefined {
  const known =
    issue.code === 'invalid_value' ? issue.values.map(String) : issue.code === 'custom' ? (issue.params?.['known'] as string[]) : undefined;
  if (!known) return undefined;
  const value = issue.path.reduce((within: unknown, key) => (within as Record<PropertyKey, unknown> | undefined)?.[key], given);
  return typeof value === 'string' ? nearestOf(value, known) : undefined;
}
