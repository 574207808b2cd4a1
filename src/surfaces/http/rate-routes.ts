import { z } from 'zod';
import { dropManualRates, keepRates, readRates, readRateFetches, readRateSpans } from '../../records/rates/rate-book.ts';
import { problem } from '../../kernel/problem.ts';
import { AppError } from '../../kernel/errors.ts';
import { RATE_SOURCES } from '../../model/exchange.ts';
import { currencyParameter } from '../../reports/parameters.ts';
import { fetchRates, importRates } from '../../sync/rates.ts';
import { fileField, readForm } from './import-form.ts';
import { named, route } from './route.ts';

const decimal = z
  .string()
  .regex(/^\d{1,10}(?:\.\d{1,8})?$/, 'is no decimal with up to 8 digits after the point')
  .refine((text) => /[1-9]/.test(text), 'has to be above 0');

const brought = z.object({
  rates: z.int(),
  first_day: z.string().nullable(),
  last_day: z.string().nullable(),
  bad: z.array(z.object({ line: z.int(), column: z.string(), problem: z.string() })).describe('What is no rate, by line.'),
});

const list = route({
  method: 'GET',
  path: '/api/fx',
  needs: 'read',
  tag: 'Exchange rates',
  summary: 'Stored rates, and how far they reach · 汇率 · Tipos de cambio',
  parameters: z.strictObject({
    currency: currencyParameter.optional().describe('One currency.'),
    from: z.iso.date().optional().describe('First day.'),
    to: z.iso.date().optional().describe('Last day, in it.'),
    limit: z.coerce.number().int().min(1).max(10_000).default(100).describe('How many rates at most, newest first.'),
  }),
  answer: z.object({
    reporting_currency: z.string(),
    fetched_at: z.string().nullable().describe('When rates were last fetched.'),
    spans: z.array(
      named(
        'RateSpan',
        z.object({ source: z.enum(RATE_SOURCES), currency: z.string(), first_day: z.string(), last_day: z.string(), rates: z.int() }),
      ),
    ),
    data: z.array(
      named(
        'Rate',
        z.object({
          day: z.iso.date(),
          currency: z.string(),
          rate: z.string().describe('Units of the currency for 1 EUR.'),
          source: z.enum(RATE_SOURCES),
        }),
      ),
    ),
  }),
  handle: ({ parameters }, { engine, config }) =>
    engine.read(async (reader) => ({
      reporting_currency: config.reportingCurrency,
      fetched_at: (await readRateFetches(reader)).fetchedAt,
      spans: await readRateSpans(reader),
      data: await readRates(reader, parameters),
    })),
});

const set = route({
  method: 'POST',
  path: '/api/fx',
  needs: 'operate',
  tag: 'Exchange rates',
  summary: 'Set rates of your own · 自定义汇率 · Tipos propios',
  description: "A rate of yours wins over the bank's for the same day and currency.",
  body: z.strictObject({
    rates: z
      .array(
        z.strictObject({
          day: z.iso.date().describe('The first day it holds for; it is of use for 7 days after it.'),
          currency: currencyParameter.refine(
            (code) => code !== 'EUR',
            problem({ en: 'is 1 by definition', zh: '按定义为 1', es: 'es 1 por definición' }),
          ),
          rate: z
            .union([decimal, z.number().positive().transform(String).pipe(decimal)])
            .nullable()
            .describe('Units of the currency for 1 EUR; null takes your rate back.'),
        }),
      )
      .min(1)
      .max(10_000),
  }),
  answer: z.object({}),
  async handle({ body: { rates } }, { engine }) {
    await engine.transaction(async (tx) => {
      await keepRates(
        tx,
        rates.flatMap((each) => (each.rate === null ? [] : [{ ...each, rate: each.rate }])),
        'manual',
      );
      await dropManualRates(
        tx,
        rates.filter(({ rate: given }) => given === null),
      );
    });
    return {};
  },
});

const importFile = route({
  method: 'POST',
  path: '/api/fx/import',
  needs: 'operate',
  tag: 'Exchange rates',
  summary: 'Import a file of the European Central Bank · 导入欧洲央行汇率文件 · Importar un archivo del BCE',
  description: 'eurofxref-hist.csv, its ZIP, or XML. What is no rate is listed with its line, the rest is taken.',
  form: z.strictObject({ file: fileField }),
  answer: brought,
  async handle({ request }, room) {
    const { source, mapping } = await readForm(request, []);
    if (mapping !== undefined) throw new AppError('unknown_parameter', { names: ['mapping'], known: ['file'] });
    return room.turns.reading(() => importRates(room.engine, source, room));
  },
});

const fetchNow = route({
  method: 'POST',
  path: '/api/fx/fetch',
  needs: 'operate',
  tag: 'Exchange rates',
  summary: 'Get the rates of the European Central Bank now · 获取欧洲央行汇率 · Obtener tipos del BCE',
  description: 'The server does it by itself when something is sold in another currency than the reporting one: at once, then once a day.',
  answer: brought,
  handle: (_asked, room) => fetchRates({ ...room, ratesUrl: room.config.ratesUrl }),
});

/** The exchange rates: what is stored, the bank's files, the seller's own rates. */
export const rateRoutes = [list, set, importFile, fetchNow] as const;
