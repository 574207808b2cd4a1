import { z } from 'zod';
import { fill, type Language } from '../../kernel/messages.ts';
import { ORDER_STATUSES } from '../../model/order.ts';
import { PLATFORM_IDS } from '../../model/shop.ts';
import type { Report } from '../../reports/report.ts';
import { toParameterError } from '../../reports/read-parameters.ts';
import { answerSchema, parametersOf } from '../../reports/shape.ts';
import { toQuery, type Answered, type Ask, type Tool } from './tool.ts';

const PAGE_ROWS = 50;
const MOST_PAGE_ROWS = 500;
const ORDERS = 20;
const MOST_ORDERS = 200;

/** Which rows of an answer are given: a model's memory is short. */
const paging = z.object({
  offset: z.coerce.number().int().min(0).default(0).describe('The row to begin with, in each table: `page.next` of the answer before.'),
  page_size: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_PAGE_ROWS)
    .default(PAGE_ROWS)
    .describe('How many rows of each table this answer gives at most; `limit` is how many there are altogether.'),
});
const page = z.object({
  offset: z.int(),
  size: z.int(),
  rows: z.record(z.string(), z.int()).describe('How many rows each table has altogether.'),
  next: z.int().nullable().describe('The `offset` to go on with; null when nothing is left.'),
});
const anything = z.record(z.string(), z.unknown());

/** Everything there is to ask: each report, the shops, the orders, the state of the server. */
export function toolsOf(reports: readonly Report[], language: Language): Tool[] {
  return [...reports.map((report) => reportTool(report, language)), shops, orders, status];
}

/** The tool of a report: `sales_rank` of `SalesRank`. */
export function toolName(report: string): string {
  return report.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase();
}

function reportTool(report: Report, language: Language): Tool {
  const tables = Object.entries(report.tables)
    .map(([name, { title }]) => `\`${name}\`: ${fill(title, language)}`)
    .join('; ');
  return {
    name: toolName(report.name),
    title: fill(report.title, language),
    description: `${fill(report.question, language)} ${tables}.`,
    input: parametersOf(report).omit({ format: true, table: true }).extend(paging.shape),
    output: answerSchema(report).omit({ code: true, msg: true }).extend({ page }),
    async answer({ offset, page_size, ...given }, ask) {
      const wish = paging.safeParse(toQuery({ offset, page_size }));
      if (!wish.success) return { refusal: toParameterError(wish.error).toBody(language) };
      // A table is no format of this face, nor is a format.
      const { format: _format, table: _table, ...query } = toQuery(given);
      const answered = await ask(`/api/Multiplatform/DataScience/${report.name}`, query);
      return 'refusal' in answered
        ? answered
        : { body: toPage(report, answered.body, { offset: wish.data.offset, size: wish.data.page_size }) };
    },
  };
}

function toPage(
  report: Report,
  { code: _code, msg: _msg, ...answer }: Readonly<Record<string, unknown>>,
  { offset, size }: { offset: number; size: number },
): Record<string, unknown> {
  const tables = Object.keys(report.tables).map((name) => [name, (answer[name] ?? []) as readonly unknown[]] as const);
  const more = tables.some(([, rows]) => rows.length > offset + size);
  return {
    ...answer,
    ...Object.fromEntries(tables.map(([name, rows]) => [name, rows.slice(offset, offset + size)])),
    page: { offset, size, rows: Object.fromEntries(tables.map(([name, rows]) => [name, rows.length])), next: more ? offset + size : null },
  };
}

const shops: Tool = {
  name: 'shops',
  title: 'Shops · 店铺 · Tiendas',
  description:
    'Which shops there are, and what is stored of each: platform, clock, currency, orders, first and last day, whether it is connected, when its data were last complete.',
  input: z.object({}),
  output: z.object({ shops: z.array(anything) }),
  async answer(_given, ask) {
    const answered = await ask('/api/shops');
    return 'refusal' in answered ? answered : { body: { shops: answered.body['data'] } };
  },
};

const orders: Tool = {
  name: 'orders',
  title: 'Orders · 订单 · Pedidos',
  description:
    'Stored orders with their lines, oldest first: by id, or by shop, status and time. Without personal data; `buyer_id` is a keyed hash. For figures ask the reports, which count by the same definitions everywhere.',
  input: z.object({
    platform: z
      .enum([...PLATFORM_IDS, 'all'])
      .default('all')
      .describe('One platform, or `all`.'),
    order_ids: z.string().optional().describe('One id or several with commas.'),
    shop: z.string().optional().describe('One shop by its name, or several with commas.'),
    status: z
      .string()
      .optional()
      .describe(`One status or several with commas: ${ORDER_STATUSES.join(', ')}.`),
    from: z.string().optional().describe('Placed at or after this instant, e.g. 2026-11-22T00:00:00Z.'),
    to: z.string().optional().describe('Placed before this instant.'),
    after: z.string().optional().describe('Goes on where an earlier answer ended: its `next`.'),
    limit: z.coerce.number().int().min(1).max(MOST_ORDERS).default(ORDERS).describe('How many orders at most.'),
  }),
  output: z.object({
    orders: z.array(anything),
    count: z.int(),
    next: z.string().nullable().describe('`after` of the question to go on with; null when nothing is left.'),
    warnings: z.array(z.string()),
  }),
  async answer({ platform, ...given }, ask, language) {
    const wish = z
      .object({ platform: this.input.shape['platform'] as z.ZodType<string>, limit: this.input.shape['limit'] as z.ZodType<number> })
      .safeParse(toQuery({ platform, limit: given['limit'] }));
    if (!wish.success) return { refusal: toParameterError(wish.error).toBody(language) };
    const segment = wish.data.platform === 'all' ? 'Multiplatform' : wish.data.platform;
    return ask(`/api/${segment}/orders`, toQuery({ ...given, limit: wish.data.limit }));
  },
};

const status: Tool = {
  name: 'status',
  title: 'Status · 状态 · Estado',
  description:
    'How fresh the data are, shop by shop, whether the last runs went well, and everything that is wrong with the server and what to do about it. Ask this first where figures look odd.',
  input: z.object({}),
  output: z.object({
    version: z.string(),
    shops: z.array(
      z.object({
        platform: z.string(),
        shop: z.string(),
        connection: z.string(),
        complete_at: z.string().nullable(),
        covers_from: z.string().nullable(),
        covers_to: z.string().nullable(),
        last_error: z.string().nullable(),
      }),
    ),
    findings: z.array(anything).describe('What was checked; `state` is ok, note or problem.'),
  }),
  async answer(_given, ask) {
    const answers: Answered[] = await inTurn(['/api/health', '/api/shops', '/api/doctor'], ask);
    const refused = answers.find((each) => 'refusal' in each);
    if (refused) return refused;
    const [health, stored, doctor] = answers.map((each) => (each as { body: Record<string, unknown> }).body);
    const freshness = (stored!['data'] as Record<string, unknown>[]).map(
      ({ platform, shop, connection, complete_at, covers_from, covers_to, last_error }) => ({
        platform,
        shop,
        connection,
        complete_at,
        covers_from,
        covers_to,
        last_error,
      }),
    );
    return { body: { version: health!['version'], shops: freshness, findings: doctor!['data'] } };
  },
};

async function inTurn(paths: readonly string[], ask: Ask): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const path of paths) answers.push(await ask(path));
  return answers;
}
