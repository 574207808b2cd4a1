import { z } from 'zod';
import { described } from '../kernel/described.ts';
import { NO_CURRENCY, problem } from '../kernel/problem.ts';
import { CURRENCIES, currencyCode, isCurrency } from '../model/currency.ts';
import { PLATFORM_IDS } from '../model/shop.ts';

const CALENDAR = { first: '1900-01-01', last: '2999-12-31' };

/** A day that windows and what growth compares can be reckoned from: with the year 9999 they would leave the calendar. */
const day = z.iso.date().refine(
  isNear,
  problem({
    en: `is not between ${CALENDAR.first} and ${CALENDAR.last}`,
    zh: `不在 ${CALENDAR.first} 与 ${CALENDAR.last} 之间`,
    es: `no está entre ${CALENDAR.first} y ${CALENDAR.last}`,
  }),
);
/** An instant as text that Temporal reads. */
export const instantParameter = z.iso.datetime({ offset: true }).refine(
  isInstant,
  problem({
    en: 'is no instant such as 2026-11-22T12:00:00Z',
    zh: '不是时刻（如 2026-11-22T12:00:00Z）',
    es: 'no es un instante como 2026-11-22T12:00:00Z',
  }),
);

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
  .refine(isCurrency, { error: NO_CURRENCY, params: { known: CURRENCIES } });
const NATIVE = 'native';

/** The parameters every report takes; described and defaulted here and nowhere else. */
export const commonParameters = z.strictObject({
  platform: described(z.enum([...PLATFORM_IDS, 'all']).default('all'), {
    en: 'One platform, or `all`. Only of use where the path is Multiplatform.',
    zh: '一个平台，或 `all`。只用于 Multiplatform 路径。',
    es: 'Una plataforma, o `all`. Solo sirve en la ruta Multiplatform.',
  }),
  shop: described(z.string().min(1).optional(), {
    en: 'One shop by its name, or several with commas. Default: every shop.',
    zh: '店铺名称，多个用逗号分隔。默认：全部店铺。',
    es: 'Una tienda por su nombre, o varias con comas. Por defecto, todas.',
  }),
  window: described(z.enum(['7d', '30d', 'all']).default('all'), {
    en:
      'The period: today and the 6 or 29 shop days before it, or all time. A report name ending in `_7d`, `_30d`, `_all` says it ' +
      'already.',
    zh: '时间范围：今天及之前的 6 或 29 个店铺当地日期，或全部时间。报表名以 `_7d`、`_30d`、`_all` 结尾时已包含。',
    es:
      'El periodo: hoy y los 6 o 29 días de la tienda anteriores, o todo. Un nombre de informe que acaba en `_7d`, `_30d`, `_all` ya ' +
      'lo dice.',
  }),
  from: described(day.optional(), {
    en: 'First shop day (YYYY-MM-DD), instead of `window`.',
    zh: '第一个店铺当地日期（YYYY-MM-DD），代替 `window`。',
    es: 'Primer día de la tienda (AAAA-MM-DD), en lugar de `window`.',
  }),
  to: described(z.iso.date().optional(), {
    en: 'Last shop day, in it.',
    zh: '最后一个店铺当地日期，含当天。',
    es: 'Último día de la tienda, incluido.',
  }),
  basis: described(z.enum(['created', 'paid']).default('created'), {
    en: 'Whether an order belongs to the day it was placed or the day it was paid.',
    zh: '订单按下单日期还是按付款日期统计。',
    es: 'Si un pedido cuenta el día en que se hizo o el día en que se pagó.',
  }),
  asOf: described(z.union([day, instantParameter]).optional(), {
    en: 'What "today" is: a day (in every shop\'s time zone) or an instant. Default: now.',
    zh: '“今天”是哪一天：日期（按各店铺时区）或时刻。默认：现在。',
    es: 'Qué es «hoy»: un día (en la zona horaria de cada tienda) o un instante. Por defecto, ahora.',
  }),
  measure: described(z.enum(['net', 'gross', 'paid']).default('net'), {
    en:
      'What the money columns hold: net sales before refunds, list price less what the seller bears of discounts (net); ' +
      'list price (gross); what buyers paid (paid).',
    zh: '金额列的口径：折后销售额（原价减卖家折扣，未减退款）（net）；折前销售额（gross）；买家实付（paid）。',
    es:
      'Qué contienen los importes: ventas tras descuentos, precio original menos los descuentos del vendedor, antes de reembolsos (net); ' +
      'ventas brutas (gross); lo pagado por los compradores (paid).',
  }),
  currency: described(
    z
      .string()
      .transform((text) => (text === NATIVE ? NATIVE : currencyCode(text)))
      .refine((code) => code === NATIVE || isCurrency(code), {
        error: problem({
          en: 'is no ISO 4217 code such as EUR, nor `native`',
          zh: '不是 ISO 4217 币种代码（如 EUR），也不是 `native`',
          es: 'no es un código ISO 4217 como EUR, ni `native`',
        }),
        params: { known: [...CURRENCIES, NATIVE] },
      })
      .optional(),
    {
      en: 'Currency of the amounts. Default: that of the orders where there is one, else EUR. `native` keeps several side by side.',
      zh: '金额的币种。默认：订单只有一个币种时用该币种，否则 EUR。`native` 分列多个币种。',
      es: 'Moneda de los importes. Por defecto, la de los pedidos si hay una sola; si no, EUR. `native` muestra varias por separado.',
    },
  ),
  model: described(z.enum(['retail', 'supply', 'both']).default('retail'), {
    en: 'Retail sales, or what is supplied to the platform at a supply price.',
    zh: '零售，或以供货价供给平台的商品。',
    es: 'Venta al comprador, o lo que se suministra a la plataforma a precio de suministro.',
  }),
  group: described(z.enum(['none', 'platform']).default('none'), {
    en: '`platform`: the rows of each platform by themselves, with the column `platform`.',
    zh: '`platform`：各平台分行列出，带 `platform` 列。',
    es: '`platform`: las filas de cada plataforma por separado, con la columna `platform`.',
  }),
  limit: described(z.coerce.number().int().min(1).max(100_000).optional(), {
    en: 'How many rows at most.',
    zh: '最多多少行。',
    es: 'Cuántas filas como máximo.',
  }),
  format: described(z.enum(['json', 'csv', 'xlsx']).default('json'), {
    en: 'JSON, one table as CSV, or all of them as sheets for Excel.',
    zh: 'JSON；一张表的 CSV；或含全部表的 Excel 工作簿。',
    es: 'JSON, una tabla en CSV, o todas como hojas de Excel.',
  }),
  table: described(z.string().default('data'), {
    en: 'Which table the CSV holds: `data` or one of its siblings.',
    zh: 'CSV 输出哪张表：`data` 或同一报表的其他表。',
    es: 'Qué tabla contiene el CSV: `data` u otra del informe.',
  }),
  keys: described(z.enum(['raw']).optional(), {
    en: '`raw`: the columns of the workbook by their keys and lists as JSON, for programs. Default: titles in words, with their unit.',
    zh: '`raw`：工作簿的列用键名、列表用 JSON，供程序使用。默认：文字标题加单位。',
    es: '`raw`: columnas del libro por su clave y listas en JSON, para programas. Por defecto, títulos con su unidad.',
  }),
  titles: described(z.enum(['true', 'false']).default('false'), {
    en: '`true`: the columns of the CSV by their titles and lists as text. Default: keys and JSON, for programs.',
    zh: '`true`：CSV 的列用文字标题、列表用文本。默认：键名和 JSON，供程序使用。',
    es: '`true`: columnas del CSV por su título y listas como texto. Por defecto, claves y JSON, para programas.',
  }),
});

/** The common parameters, read. */
export type CommonParameters = z.output<typeof commonParameters>;
