import { z } from 'zod';
import { fill } from '../kernel/messages.ts';
import { PLATFORM_IDS } from '../model/shop.ts';
import type { ShownAnswer } from './answers.ts';
import examples from './examples.json' with { type: 'json' };
import { commonParameters } from './parameters.ts';
import { column, type Report } from './report.ts';
import type { ReportAnswer } from './run.ts';

/** The parameters of a report, the common ones among them; without those that a path's window says already. */
export function parametersOf(report: Report, windowed = false): z.ZodObject {
  const all = commonParameters.extend(report.parameters.shape);
  return windowed ? all.omit({ window: true, from: true, to: true }) : all;
}

const besides = {
  filters: z.record(z.string(), z.unknown()).describe('The filters as they were understood.'),
  asOf: z.string().describe('What "today" was.'),
  currency: z.string().nullable().describe('Currency of all amounts.'),
  exchange: z
    .array(z.object({ pair: z.string(), rate_days: z.array(z.string()) }))
    .optional()
    .describe('Where amounts were converted: the pairs of currencies with the days their rates were published on.'),
  freshness: z
    .array(
      z
        .object({
          platform: z.string(),
          shop: z.string(),
          complete_at: z.string().nullable(),
          covers_from: z
            .string()
            .nullable()
            .describe('First day that is known whole; of days before it only what changed later. null: none is.'),
          covers_to: z.string().nullable().describe('Last day that is known whole, today as far as it has come.'),
        })
        .meta({ id: 'Freshness' }),
    )
    .describe('When the data of each shop were last complete, and which days they cover.'),
  row_count: z.int().describe('Rows in `data`.'),
  maturity: z
    .object({
      orders: z.int(),
      open_orders: z.int(),
      open_share: z.number().nullable(),
      returns_open_share: z
        .number()
        .nullable()
        .describe(
          'Of the returns of what the window sold, the part still to come, in percent, by how old the orders of 90 to 455 days ago ' +
            'were when they came back. null: no rate of returns by order, or fewer than 20 units to tell by.',
        ),
    })
    .meta({ id: 'Maturity' })
    .describe('How much of the window may still change.'),
  nulls: z.record(z.string(), z.string()).describe('Why a column is null.'),
  warnings: z.array(z.string()).describe('What to know about the figures.'),
} satisfies Readonly<Record<Exclude<keyof ReportAnswer, 'report' | 'tables'>, z.ZodType>>;

const byPlatform = column(z.enum(PLATFORM_IDS).optional(), 'text', 'Platform of the row, with `group=platform`.');

const named = { name: z.string(), version: z.int().describe('Raised when the meaning of a figure changes.') };

/** The answer of whichever report: what all have, and tables by name. */
export const anyAnswer = z.looseObject({ data: z.array(z.record(z.string(), z.unknown())), report: z.object(named), ...besides });

/**
 * The answer of a report as a schema with a name; under the names of its older path where one is given. Each of its tables' rows has
 * a name, too: they are written once, however many paths answer them.
 */
export function answerSchema(report: Report, older?: Report['older']): z.ZodObject {
  const tables = Object.entries(report.tables).map(([name, { row, title }]) => [
    older && name === 'data' ? older.rows : name,
    z.array(rowSchema(report, name, row)).describe(fill(title, 'en')),
  ]);
  return z
    .object({
      ...(older ? {} : { code: z.literal(0), msg: z.literal('success') }),
      ...(Object.fromEntries(tables) as Record<string, z.ZodType>),
      ...(older ? { [older.count]: z.int().describe('How many rows there are.') } : {}),
      report: z.object({ ...named, name: z.literal(report.name) }),
      ...besides,
    })
    .meta({ id: `${report.name}${older ? 'Older' : ''}` });
}

function rowSchema({ name }: Report, table: string, row: z.ZodObject): z.ZodObject {
  const whole = 'platform' in row.shape ? row : row.extend({ platform: byPlatform });
  return whole.meta({ id: `${name}_${table}` });
}

/** An answer of the report in the world of its golden file, its tables cut short; undefined as long as it has none. */
export function exampleOf(report: Report): ShownAnswer | undefined {
  return (examples as unknown as Readonly<Record<string, ShownAnswer>>)[report.name];
}
