import { z } from 'zod';
import { fill, type Language } from '../../kernel/messages.ts';
import { PLATFORM_IDS } from '../../model/shop.ts';
import type { Report } from '../../reports/report.ts';
import { toParameterError } from '../../reports/read-parameters.ts';
import { answerSchema, parametersOf } from '../../reports/shape.ts';
import { doctor, health } from '../http/general-routes.ts';
import { orderList } from '../http/order-routes.ts';
import { urlOf } from '../http/route.ts';
import { shopList } from '../http/shop-routes.ts';
import { toJsonSchema, toQuery, type Answered, type Ask, type Tool } from './tool.ts';

const PAGE_ROWS = 50;
const MOST_PAGE_ROWS = 500;
/** What the state of a shop is told by. */
const FRESHNESS = {
  platform: true,
  shop: true,
  connection: true,
  complete_at: true,
  covers_from: true,
  covers_to: true,
  last_error: true,
} as const;
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
/** Everything there is to ask: each report, the shops, the orders, the state of the server. */
export function toolsOf(reports: readonly Report[], language: Language): Tool[] {
  const tools = [...reports.map((report) => reportTool(report, language)), shops, orders, status];
  return [...tools, definitionsOf(tools)];
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
    description: `${fill(report.question, language)} ${tables}. Columns: ${Object.keys(report.tables.data.row.shape).join(', ')}.`,
    input: parametersOf(report).omit({ format: true, table: true, keys: true, titles: true }).extend(paging.shape),
    output: answerSchema(report).omit({ code: true, msg: true }).extend({ page }),
    async answer({ offset, page_size, ...given }, ask) {
      const where = toQuery({ offset, page_size });
      const wish = paging.safeParse(where);
      if (!wish.success) return { refusal: toParameterError(wish.error, { given: where }).toBody(language) };
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
    'Which shops there are, and what is stored of each: platform, clock, currency, orders, first and last day, whether it is ' +
    'connected, when its data were last complete.',
  input: z.object({}),
  output: z.object({ shops: shopList.answer!.shape.data }),
  async answer(_given, ask) {
    const answered = await ask(shopList.path);
    return 'refusal' in answered ? answered : { body: { shops: answered.body['data'] } };
  },
};

const orders: Tool = {
  name: 'orders',
  title: 'Orders · 订单 · Pedidos',
  description:
    'Stored orders with their lines, oldest first: by id, or by shop, status and time. Without personal data; `buyer_id` is a keyed ' +
    'hash. For figures ask the reports, which count by the same definitions everywhere.',
  input: orderList.parameters!.omit({ format: true }).extend({
    platform: z
      .enum([...PLATFORM_IDS, 'all'])
      .default('all')
      .describe('One platform, or `all`.'),
    limit: z.coerce.number().int().min(1).max(MOST_ORDERS).default(ORDERS).describe('How many orders at most.'),
  }),
  output: orderList.answer!,
  async answer({ platform, ...given }, ask, language) {
    const asked = toQuery({ platform, limit: given['limit'] });
    const wish = z
      .object({ platform: this.input.shape['platform'] as z.ZodType<string>, limit: this.input.shape['limit'] as z.ZodType<number> })
      .safeParse(asked);
    if (!wish.success) return { refusal: toParameterError(wish.error, { given: asked }).toBody(language) };
    const segment = wish.data.platform === 'all' ? 'Multiplatform' : wish.data.platform;
    return ask(urlOf(orderList.path, { segment, platforms: [] }), toQuery({ ...given, limit: wish.data.limit }));
  },
};

const status: Tool = {
  name: 'status',
  title: 'Status · 状态 · Estado',
  description:
    'How fresh the data are, shop by shop, whether the last runs went well, and everything that is wrong with the server and what ' +
    'to do about it. Ask this first where figures look odd.',
  input: z.object({}),
  output: z.object({
    version: health.answer!.shape.version,
    shops: z.array(shopList.answer!.shape.data.element.pick(FRESHNESS)),
    findings: doctor.answer!.shape.data.describe('What was checked; `state` is ok, note or problem.'),
  }),
  async answer(_given, ask) {
    const answers: Answered[] = await inTurn([health.path, shopList.path, doctor.path], ask);
    const refused = answers.find((each) => 'refusal' in each);
    if (refused) return refused;
    const [alive, stored, examined] = answers.map((each) => (each as { body: Record<string, unknown> }).body);
    const shown = z.object({ data: z.array(shopList.answer!.shape.data.element.pick(FRESHNESS)) }).parse(stored);
    return { body: { version: alive!['version'], shops: shown.data, findings: examined!['data'] } };
  },
};

/** What the list of tools is too short for. */
function definitionsOf(tools: readonly Tool[]): Tool {
  const input = z.object({ tool: z.enum(tools.map(({ name }) => name)).describe('The tool whose words are asked for.') });
  return {
    name: 'definitions',
    title: 'Definitions · 指标口径 · Definiciones',
    description: 'What each parameter and each column of a tool means, with units, as JSON schemas. Ask it before explaining a figure.',
    input,
    output: z.object({ parameters: z.record(z.string(), z.unknown()), answer: z.record(z.string(), z.unknown()) }),
    answer(given, _ask, language) {
      const wish = input.safeParse(given);
      if (!wish.success) return Promise.resolve({ refusal: toParameterError(wish.error, { given }).toBody(language) });
      const { input: parameters, output } = tools.find(({ name }) => name === wish.data.tool)!;
      return Promise.resolve({ body: { parameters: toJsonSchema(parameters, 'input'), answer: toJsonSchema(output, 'output') } });
    },
  };
}

async function inTurn(paths: readonly string[], ask: Ask): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const path of paths) answers.push(await ask(path));
  return answers;
}
