import { z } from 'zod';
import { CURRENCIES, currencyCode, isCurrency } from '../model/currency.ts';
import { PLATFORM_IDS } from '../model/shop.ts';

const CALENDAR = { first: '1900-01-01', last: '2999-12-31' };

/** A day that windows and what growth compares can be reckoned from: with the year 9999 they would leave the calendar. */
const day = z.iso.date().refine(isNear, `is not between ${CALENDAR.first} and ${CALENDAR.last}`);
/** An instant as text that Temporal reads. */
export const instantParameter = z.iso.datetime({ offset: true }).refine(isInstant, 'is no instant such as 2026-11-22T12:00:00Z');

function isNear(text: string): boolean {
  return text.slice(0, 10) >= CALENDAR.first && text.slice(0, 10) <= CALENDAR.last;
}

/** Fractions of more than nine digits are ISO 8601, but no instant of ours. */
function isInstant(text: string): boolean {
  return isNear(text) && !/\.\d{10}/.test(text);
}

/** A currency that a person names. */
export const currencyParameter = z
  .string()
  .transform(currencyCode)
  .refine(isCurrency, { error: 'is no ISO 4217 code such as EUR', params: { known: CURRENCIES } });
const NATIVE = 'native';

/** The parameters every report takes; described and defaulted here and nowhere else. */
export const commonParameters = z.strictObject({
  platform: z
    .enum([...PLATFORM_IDS, 'all'])
    .default('all')
    .describe('One platform, or `all`. Only of use where the path is Multiplatform.'),
  shop: z.string().min(1).optional().describe('One shop by its name, or several with commas. Default: every shop.'),
  window: z
    .enum(['7d', '30d', 'all'])
    .default('all')
    .describe('Today and the 6 or 29 shop days before it, or everything. The paths ending in `_7d`, `_30d`, `_all` say it for you.'),
  from: day.optional().describe('First shop day (YYYY-MM-DD), instead of `window`.'),
  to: z.iso.date().optional().describe('Last shop day, in it.'),
  basis: z
    .enum(['created', 'paid'])
    .default('created')
    .describe('Whether an order belongs to the day it was placed or the day it was paid.'),
  asOf: z
    .union([day, instantParameter])
    .optional()
    .describe('What "today" is: a day (on every shop\'s clock) or an instant. Default: now.'),
  measure: z
    .enum(['net', 'gross', 'paid'])
    .default('net')
    .describe(
      'What the money columns hold: list price less what the seller bears of discounts (net), list price (gross), what buyers paid (paid).',
    ),
  currency: z
    .string()
    .transform((text) => (text === NATIVE ? NATIVE : currencyCode(text)))
    .refine((code) => code === NATIVE || isCurrency(code), {
      error: 'is no ISO 4217 code such as EUR, nor `native`',
      params: { known: [...CURRENCIES, NATIVE] },
    })
    .optional()
    .describe('Currency of the amounts. Default: that of the orders where there is one, else EUR. `native` keeps several side by side.'),
  model: z
    .enum(['retail', 'supply', 'both'])
    .default('retail')
    .describe('Retail sales, or what is supplied to the platform at a supply price.'),
  group: z
    .enum(['none', 'platform'])
    .default('none')
    .describe('`platform`: the rows of each platform by themselves, with the column `platform`.'),
  limit: z.coerce.number().int().min(1).max(100_000).optional().describe('How many rows at most.'),
  format: z.enum(['json', 'csv', 'xlsx']).default('json').describe('JSON, one table as CSV, or all of them as sheets for Excel.'),
  table: z.string().default('data').describe('Which table the CSV holds: `data` or one of its siblings.'),
  keys: z
    .enum(['raw'])
    .optional()
    .describe(
      '`raw`: the columns of the workbook by their keys and lists as JSON, for programs. Default: titles in words, with their unit.',
    ),
  titles: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: the columns of the CSV by their titles and lists as text. Default: keys and JSON, for programs.'),
});

/** The common parameters, read. */
export type CommonParameters = z.output<typeof commonParameters>;
