import { z } from 'zod';
import { NO_ZONE, problem, problemOf } from '../kernel/problem.ts';
import { AppError } from '../kernel/errors.ts';
import { LINE_KINDS, ORDER_STATUSES, OUTCOMES } from '../model/order.ts';
import { PLATFORM_IDS } from '../model/shop.ts';
import { isZone } from '../model/shop-day.ts';
import { DECIMAL_MARKS, dateReader } from '../model/written.ts';
import { soundsPersonal } from './personal-headers.ts';

const [MOST_NAMES, MOST_FORMS, LONGEST_NAME] = [50, 20, 300];

const header = z.string().min(1).max(LONGEST_NAME);
const column = z
  .union([header, z.array(header).min(1).max(MOST_NAMES)])
  .describe('A column by its header; a list names alternatives, the first that the file has is used.');
const columnSum = z
  .union([column, z.strictObject({ sum: z.array(column).min(1).max(MOST_NAMES) })])
  .describe('A column, or `{"sum": [columns]}`: the amounts of all of them that the file has, added.');
const dates = z
  .union([column, z.strictObject({ latest: z.array(column).min(1).max(MOST_NAMES) })])
  .describe('A column, or `{"latest": [columns]}`: the latest date among those that are filled.');
const zone = z.string().refine(isZone, NO_ZONE);
const currency = z.string().regex(/^[A-Z]{3}$/, 'is no ISO 4217 code such as EUR');
const dateForm = z
  .string()
  .max(100)
  .refine(
    (form) => form === 'iso' || canRead(form),
    problem({
      en: 'is no date form such as DD/MM/YYYY HH:mm:ss',
      zh: '不是日期格式（如 DD/MM/YYYY HH:mm:ss）',
      es: 'no es un formato de fecha como DD/MM/YYYY HH:mm:ss',
    }),
  );

function canRead(form: string): boolean {
  try {
    dateReader([form]);
    return true;
  } catch {
    return false;
  }
}

/** How the columns of an order file are to be read; the JSON of `--map`, and what every preset is made of. */
export const mappingSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Lets an editor check the file: docs/mapping.schema.json.'),
    name: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .default('mapping')
      .describe('A short name, kept with the import.'),
    platform: z.enum(PLATFORM_IDS).default('Other').describe('Whose orders these are.'),
    shop: z
      .union([z.string().min(1), z.strictObject({ column })])
      .optional()
      .describe('The shop, by name or by a column. `--shop` wins. Default: `name`.'),
    zone: zone.optional().describe("The shop's own clock, an IANA zone; it decides the shop day. `--zone` wins."),
    currency: currency.optional().describe('Currency where the file names none. `--currency` wins.'),
    dateForms: z
      .array(dateForm)
      .min(1)
      .max(MOST_FORMS)
      .default(['iso'])
      .describe(
        'How dates are written: `iso`, or made of YYYY YY MMMM MM DD HH hh mm ss A. The first form that fits is used; whether day ' +
          'or month comes first is one thing for the whole file, ' +
          'told by all its rows, and `--date-order` says it where they do not.',
      ),
    dateZone: zone.optional().describe("The clock the dates are written on, where it is not the shop's."),
    decimalMark: z
      .enum(DECIMAL_MARKS)
      .optional()
      .describe('What stands before the cents. Default: what all rows together tell; `--decimal-mark` says it where they do not.'),
    columns: z
      .strictObject({
        orderId: column.describe('Order id. Needed.'),
        purchasedAt: column.describe('When the order was placed. Needed.'),
        lineId: column.optional().describe("The platform's own id of the line. Default: SKU and occurrence in the order."),
        sku: column.optional().describe("The seller's SKU."),
        platformSku: column
          .optional()
          .describe("The platform's SKU id (ASIN, TikTok SKU ID, SHEIN SKU). Stands in where a row has no seller SKU."),
        skuName: column.optional().describe('Product name.'),
        variation: column.optional().describe('Variation; appended to the product name.'),
        image: column.optional().describe('Address of a picture.'),
        category: column.optional().describe('Category.'),
        quantity: column.optional().describe('Pieces, 0 in an empty cell; without the column every row is one piece.'),
        unitPrice: column.optional().describe('List price of one piece.'),
        grossSales: column.optional().describe('List price × quantity.'),
        sellerDiscount: columnSum.optional().describe('What the seller bears of the discounts on the line, either sign.'),
        platformDiscount: columnSum.optional().describe('What the platform bears of the discounts on the line, either sign.'),
        netSales: column.optional().describe("The line's amount where the file has only one: gross less seller discounts."),
        paidAmount: column.optional().describe('What the buyer paid for the goods of the line.'),
        taxAmount: column.optional().describe('Tax of the line.'),
        orderTax: column
          .optional()
          .describe('Tax of the whole order, on one of its rows or repeated on each; shared out by what the lines are worth.'),
        totalAmount: column.optional().describe('What the whole order came to, repeated on each row.'),
        shippingFee: column.optional().describe('What shipping was listed at for the whole order, repeated on each row.'),
        returnedQuantity: column
          .optional()
          .describe('Pieces of the line that came back. They count as that many, whatever the status says.'),
        refundAmount: column
          .optional()
          .describe(
            'What was paid back for the whole order, on one of its rows or repeated on each; where rows tell different amounts, ' +
              "each is its line's own. " +
              'Shared out by worth to the lines that were cancelled or came back, to all where none is known to have. Without ' +
              "goods, part of a piece's price is no returned piece.",
          ),
        shippingProvider: column.optional().describe('Who carries it.'),
        currency: column.optional().describe('Currency code.'),
        status: column.optional().describe('Status of the order. With a list, the first column whose word is known decides.'),
        lineStatus: column.optional().describe("Status of the line, where it differs from the order's."),
        kind: column
          .optional()
          .describe(
            'Whether the row is goods, a gift, a sample, a replacement; words in `kinds`. With a list, the first column that tells ' +
              'of another kind than goods decides.',
          ),
        paidAt: column.optional().describe('When it was paid.'),
        updatedAt: dates
          .optional()
          .describe('When the row last changed; a newer one replaces an older one. Default: the latest date known.'),
        buyer: column.optional().describe('What names the buyer; only its keyed hash is kept.'),
        country: column.optional().describe('Country of the delivery.'),
        region: column.optional().describe('State, province, region of the delivery.'),
        city: column.optional().describe('City of the delivery.'),
        postalCode: column.optional().describe('Postal code; its first three characters are kept.'),
      })
      .describe('Which column holds what.'),
    statuses: z
      .record(z.string(), z.union([z.enum(ORDER_STATUSES), z.strictObject({ status: z.enum(ORDER_STATUSES), outcome: z.enum(OUTCOMES) })]))
      .default({})
      .describe("The file's status words, upper and lower case alike. A word that is not listed is kept and counts as no sale."),
    defaultStatus: z
      .enum(ORDER_STATUSES)
      .default('completed')
      .describe('The status of an order where the file has no status column, or none of its rows a word in it.'),
    kinds: z.record(z.string(), z.enum(LINE_KINDS)).default({}).describe('Words of the column `kind`; everything else is goods.'),
    refunds: z
      .strictObject({
        column: column.describe('The column that tells them.'),
        startsWith: z.string().min(1).describe('What its cell begins with, upper and lower case alike.'),
        order: column.optional().describe('The order they are paid back for.'),
      })
      .optional()
      .describe(
        'Rows that are money paid back and no order: those whose cell in `column` begins so. The rows of one `orderId` are one refund, ' +
          'on the day of `purchasedAt`, of the amounts and pieces they show, either sign. `order` names the order where the file ' +
          'tells it; else they count by their own day alone.',
      ),
    rows: z
      .enum(['orders', 'parcels'])
      .default('orders')
      .describe(
        'What the rows are: the lines of whole orders, or what was sent or waits of them. ' +
          'Beside another source of the same order, `parcels` bring its state further and fill in what that does not know; they ' +
          'never take lines, pieces or prices away.',
      ),
    zeroPriceIsSale: z.boolean().default(true).describe('Whether a line with no price or a price of 0 counts as sold.'),
    roundIds: z
      .boolean()
      .default(false)
      .describe(
        'Whether ids of more than 15 digits that end in zeros are true ones. Else a file full of them is taken for one that a ' +
          'spreadsheet damaged.',
      ),
    keep: z
      .array(
        z
          .string()
          .min(1)
          .refine(
            (name) => !soundsPersonal(name),
            problem({
              en: 'is about a person by its name: name it under columns where it is needed, or leave it out',
              zh: '列名涉及个人信息：需要时请写在 columns 中，否则不要填写',
              es: 'por su nombre trata de una persona: indíquela en columns si hace falta, o no la ponga',
            }),
          ),
      )
      .default([])
      .describe(
        'Further columns whose cells are kept with the rows, for reading them again later. Nothing is kept but these and the ' +
          'columns named elsewhere in the mapping; names, addresses, phones, notes and tracking numbers are refused.',
      ),
    personal: z
      .array(z.string())
      .default([])
      .describe('Columns that are emptied though they are named elsewhere. What nothing names is emptied without this.'),
  })
  .refine((mapping) => mapping.columns.sku || mapping.columns.platformSku || mapping.columns.skuName, {
    path: ['columns', 'sku'],
    message: problem({
      en: 'one of sku, platformSku and skuName is needed',
      zh: '需要 sku、platformSku、skuName 之一',
      es: 'hace falta sku, platformSku o skuName',
    }),
  });

/** A mapping with its defaults filled in. */
export type Mapping = z.output<typeof mappingSchema>;
/** A mapping as it is written. */
export type MappingInput = z.input<typeof mappingSchema>;
/** What names a column: one header, or alternatives. */
export type ColumnName = z.output<typeof column>;

/**
 * Checks a mapping that came from outside.
 * @throws AppError `mapping_invalid` naming the field and what is wrong
 */
export function parseMapping(json: unknown): Mapping {
  const result = mappingSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new AppError('mapping_invalid', { path: issue.path.join('.') || '(top)', problem: problemOf(issue.message) });
}
