/** What docs/mapping.md and docs/mapping.schema.json say, out of the schema, the presets and the readers themselves. */
import { z } from 'zod';
import { keyedHash } from '../src/kernel/vault.ts';
import { moneyText, type Money } from '../src/model/money.ts';
import { LINE_KINDS, ORDER_STATUSES, OUTCOMES, type Order } from '../src/model/order.ts';
import { shopDay } from '../src/model/shop-day.ts';
import { imaginedShop } from '../src/model/shop.ts';
import { dateReader, readAmount } from '../src/model/written.ts';
import { platforms } from '../src/platforms/all.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { mappingSchema, parseMapping, type MappingInput } from '../src/platforms/mapping.ts';

interface Example {
  readonly mapping: MappingInput;
  readonly delimiter: string;
  readonly rows: readonly (readonly string[])[];
}

/** A web shop whose export tells what belongs to the order on its first row alone. */
const WEB_SHOP: Example = {
  mapping: {
    $schema: './mapping.schema.json',
    name: 'web-shop',
    shop: 'Web shop',
    zone: 'Europe/Madrid',
    columns: {
      orderId: 'Name',
      purchasedAt: 'Created at',
      paidAt: 'Paid at',
      sku: 'Lineitem sku',
      skuName: 'Lineitem name',
      quantity: 'Lineitem quantity',
      unitPrice: 'Lineitem price',
      sellerDiscount: 'Discount Amount',
      totalAmount: 'Total',
      currency: 'Currency',
      status: ['Financial Status', 'Fulfillment Status'],
      buyer: 'Email',
      country: 'Shipping Country',
      region: 'Shipping Province',
      city: 'Shipping City',
      postalCode: 'Shipping Zip',
    },
    statuses: {
      pending: 'unpaid',
      voided: 'cancelled',
      refunded: { status: 'completed', outcome: 'refunded' },
      unfulfilled: 'to_ship',
      partial: 'to_ship',
      fulfilled: 'shipped',
    },
  },
  delimiter: ',',
  rows: [
    [
      'Name',
      'Email',
      'Financial Status',
      'Paid at',
      'Fulfillment Status',
      'Currency',
      'Total',
      'Discount Amount',
      'Created at',
      'Lineitem quantity',
      'Lineitem name',
      'Lineitem price',
      'Lineitem sku',
      'Billing Name',
      'Shipping City',
      'Shipping Zip',
      'Shipping Province',
      'Shipping Country',
    ],
    [
      '#1001',
      'ana@example.com',
      'paid',
      '2026-03-01 22:05:10 +0000',
      'fulfilled',
      'EUR',
      '52.90',
      '5.00',
      '2026-03-01 22:05:00 +0000',
      '2',
      'Vase',
      '19.95',
      'HOM-VASE-1',
      'Ana Example',
      'Getafe',
      "'28901",
      'M',
      'ES',
    ],
    [
      '#1001',
      'ana@example.com',
      '',
      '',
      '',
      '',
      '',
      '',
      '2026-03-01 22:05:00 +0000',
      '1',
      'Mug, blue',
      '14.00',
      'HOM-MUG-3',
      '',
      '',
      '',
      '',
      '',
    ],
    [
      '#1002',
      'leo@example.com',
      'voided',
      '',
      'unfulfilled',
      'EUR',
      '14.00',
      '0.00',
      '2026-03-01 23:40:00 +0000',
      '1',
      'Mug, blue',
      '14.00',
      'HOM-MUG-3',
      'Leo Example',
      'Porto',
      '4000-123',
      '',
      'PT',
    ],
  ],
};

/** A list kept in a Spanish spreadsheet: semicolons, decimal commas, days without time, one price a piece. */
const PRICE_LIST: Example = {
  mapping: {
    $schema: './mapping.schema.json',
    name: 'tiendas',
    shop: { column: 'Tienda' },
    zone: 'Europe/Madrid',
    currency: 'EUR',
    dateForms: ['DD/MM/YYYY'],
    decimalMark: ',',
    columns: {
      orderId: 'Pedido',
      purchasedAt: 'Fecha',
      sku: ['Referencia', 'Ref.'],
      skuName: 'Artículo',
      quantity: 'Unidades',
      unitPrice: 'PVP',
      sellerDiscount: { sum: ['Dto. tienda', 'Cupón'] },
      platformDiscount: 'Dto. plataforma',
      status: 'Estado',
      kind: 'Tipo',
      region: 'Provincia',
      postalCode: 'CP',
    },
    statuses: {
      Pendiente: 'unpaid',
      'En preparación': 'to_ship',
      Enviado: 'shipped',
      Devuelto: { status: 'delivered', outcome: 'returned' },
      Anulado: 'cancelled',
    },
    kinds: { Regalo: 'gift' },
    zeroPriceIsSale: false,
    personal: ['Vendedor'],
  },
  delimiter: ';',
  rows: [
    [
      'Tienda',
      'Pedido',
      'Fecha',
      'Referencia',
      'Artículo',
      'Unidades',
      'PVP',
      'Dto. tienda',
      'Cupón',
      'Dto. plataforma',
      'Estado',
      'Tipo',
      'Provincia',
      'CP',
      'Cliente',
      'Vendedor',
    ],
    [
      'Mercado',
      'A-17',
      '05/03/2026',
      'FAS-BAG-2',
      'Bolso',
      '2',
      '1.024,50',
      '-50,00',
      '',
      '10,00',
      'Enviado',
      '',
      'Cádiz',
      '11001',
      'Ana Example',
      'Luis',
    ],
    [
      'Mercado',
      'A-17',
      '05/03/2026',
      'PRO-CARD',
      'Tarjeta',
      '1',
      '0,00',
      '',
      '',
      '',
      'Enviado',
      'Regalo',
      'Cádiz',
      '11001',
      'Ana Example',
      'Luis',
    ],
    [
      'Mercado',
      'A-18',
      '06/03/2026',
      'FAS-BELT-1',
      'Cinturón',
      '1',
      '19,90',
      '',
      '2,00',
      '-',
      'Devuelto',
      '',
      'Álava',
      '01001',
      'Leo Example',
      'Luis',
    ],
    ['Feria', 'A-19', '06/03/2026', 'FAS-BELT-1', 'Cinturón', '1', '', '', '', '', 'En espera', '', '', '', '', 'Luis'],
  ],
};

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** docs/mapping.md and docs/mapping.schema.json as they should be; their examples are run, not claimed. */
export function mappingDocs(): { markdown: string; schema: string } {
  const schema = { title: 'S7StarERP: how to read a file of orders', ...z.toJSONSchema(mappingSchema, { io: 'input' }) };
  const { columns, ...fields } = schema.properties as Record<string, JsonSchema>;
  return {
    markdown: page(table(fields, schema.required), table(columns!.properties as Record<string, JsonSchema>, columns!.required)),
    schema: `${JSON.stringify(schema, null, 2)}\n`,
  };
}

function page(fields: string, columns: string): string {
  return `# Files of your own: the mapping

<!-- Written by scripts/write-docs.ts; change the code, then run \`npm run docs\`. -->

The order exports of TikTok Shop, SHEIN and Amazon are known by their header and need nothing from this page ([what is known to go wrong
with them](#known-files-and-their-traps)).
Any other table of orders (CSV, TSV or XLSX, gzipped or not, one row per line of an order) comes in with a **mapping**: a small JSON file
that says which column holds what.

1. Write \`mapping.json\` with the columns your file has. \`docs/mapping.schema.json\` lets an editor complete and check it.
2. Look before you leap: \`s7 import orders.csv --map mapping.json --dry-run\` reads and checks everything, shows the first orders as they
   were understood, and writes nothing.
3. \`s7 import orders.csv --map mapping.json\`, or \`POST /api/import\` with the form field \`mapping\` before \`file\`.

The same file twice changes nothing; a newer file replaces the orders that changed. A row that cannot be read is refused and listed with
its line, its column and
the reason (\`--refused refused.csv\`), the rest comes in. What is not needed can be left out: what a file does not tell is empty in the
reports, never 0.

## Fields

Only \`columns\` is needed, in it an order id, a date and one of \`sku\`, \`platformSku\`, \`skuName\`. A field that does not stand here is
refused, so that a slip of the pen is noticed.

${fields}

A **status** is one of ${list(ORDER_STATUSES)}; an **outcome** one of ${list(OUTCOMES)}; a **kind** one of ${list(LINE_KINDS)}.
A line is a sale when it has pieces, is goods, and neither it nor its order is \`unpaid\`, \`cancelled\` or \`unknown\`; what came back
later stays a sale and is counted as a return.

## \`columns\`

A **column** is a header of the file, as it is written; upper and lower case, outer and doubled spaces do not matter. A list names
alternatives.

${columns}

- Where only \`unitPrice\` is given, gross sales are unit price × pieces; net sales are gross sales less \`sellerDiscount\`, whichever sign
  the discounts wear.
- A file with one amount for the line has \`netSales\` alone: gross sales and what was paid stay unknown.
- \`paidAmount\` comes from its column, else from net sales less \`platformDiscount\` where the file has that column, else it is unknown.
- What stands once per order (\`status\`, \`buyer\`, \`totalAmount\`, \`shippingFee\`, the address) is read from the order's first row; a
  discount that does is borne by its first line.
- \`totalAmount\` is what the platform says the order came to, shipping included. It may stand on every row: it is never summed.

## Refunds, and what is no goods

Where a file tells money paid back in rows of its own, \`refunds\` says which: \`{"column": "InvoiceNo", "startsWith": "C"}\`. Such rows
are no orders: neither sold nor
cancelled. They count on the day they were paid back (\`ReturnRate\` with \`basis=event\`, \`Reconcile\`), and with \`order\`, the column
of the order they belong to,
also against what was sold. Import and dry run count them apart; the same file twice changes none of them.

A \`charge\` is money without a piece: postage, a fee, a correction of the books. It is kept and no sale; in a refund it has its amount and
no piece. Two worked mappings
with all their traps: [examples/mappings](../examples/mappings/README.md).

## Dates

\`dateForms\` lists the forms; the first that fits is used. Leading zeros may be missing, months may be written out in English, Spanish,
Portuguese, French, Italian or German,
text in \`[ ]\` stands for itself. \`iso\` is \`2026-03-05\` with or without a time and an offset; dates of XLSX sheets come as \`iso\`,
whatever the sheet shows.
Forms that differ in nothing but whether day or month comes first are one form: all rows of the file together tell which, and where they do
not, the file is refused
with the question, which \`--date-order dmy\` or \`mdy\` answers. A form that stands alone is the file's, unless its rows prove the other.
A date with an offset is an instant; one without is the shop's clock (\`zone\`), or \`dateZone\` where the file keeps another one.

| form | written | read as |
|---|---|---|
${dates()}

## Amounts and pieces

| written | with \`"decimalMark": "."\` | with \`"decimalMark": ","\` |
|---|---|---|
${amounts()}

Without \`decimalMark\` all rows together tell it: \`12,99\` and \`1.234,50\` can be read one way only, and then \`1.234\` is a thousand.
Amounts that can be read one way only
are, though a file mixes styles. In a currency without cents (IDR, VND, JPY, KRW …) three digits behind a mark are thousands. Where nothing
tells, the file is refused with the
question, which \`--decimal-mark\` answers. The table shows what a stated mark makes of a cell.

A cell with nothing, \`-\`, \`/\` or \`N/A\` is no amount, and no date where the date may be missing. More than four digits after the point
are refused, never rounded away.

## Ids

An id that a spreadsheet damaged is refused by name: \`5.8E+17\` in any decimal mark, \`####\`, and in a column full of ids that end in
zeros from the sixteenth digit on those
that do. Where your ids really end so, say \`"roundIds": true\`. \`="123"\` and \`'123\` are read as the number they protect.

## Personal data

Nothing that names or reaches a person is kept. The column \`buyer\` becomes a keyed hash, a postal code keeps its first three characters,
and every other column whose
header speaks of names, addresses, e-mails, phones, tax numbers or messages is emptied before anything is written. Name what else is
personal in \`personal\`.

## Worked example: a web shop

One row per line item; what belongs to the whole order stands on its first row alone. \`web-shop.csv\`:

${file(WEB_SHOP)}

\`web-shop.json\`:

${json(WEB_SHOP)}

\`s7 import web-shop.csv --map web-shop.json\` makes of it:

${orders(WEB_SHOP)}

- Two status columns: the first whose word stands in \`statuses\` decides. \`paid\` is left out on purpose, so that whether it was sent
  decides for paid orders.
- The order's discount stands on its first row, so the first line bears it; the order as a whole is right.
- \`#1001\` was placed on 1 March at 22:05 UTC, which is still 1 March in Madrid; \`#1002\` at 23:40 UTC, which is 2 March there. A voided
  order is no sale.
- \`Billing Name\` is emptied without being named, \`Email\` is hashed because \`buyer\` names it.

## Worked example: prices per piece, decimal commas

A list of two shops, kept in a Spanish spreadsheet. \`tiendas.csv\`:

${file(PRICE_LIST)}

\`tiendas.json\`:

${json(PRICE_LIST)}

makes:

${orders(PRICE_LIST)}

- The shop is told by a column; each value becomes a shop of its own, on the clock of \`zone\`.
- \`2 × 1.024,50 − 50,00 = 1.999,00\`; the platform's ten euros make what was paid smaller, not net sales.
- A gift is no sale. With \`"zeroPriceIsSale": false\` neither is the row without a price; \`En espera\` is not among the \`statuses\`, so
  it is \`unknown\` and \`s7 doctor\` names it.

## Known files and their traps

${presets()}
`;
}

function table(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): string {
  const rows = Object.entries(properties).map(([name, property]) => {
    const standard = property.default === undefined ? '' : `\`${JSON.stringify(property.default)}\``;
    return `| \`${name}\` | ${formOf(property)} | ${required.includes(name) ? 'needed' : standard} | ${cell(property.description ?? '')} |`;
  });
  return [
    '| field | form | default | meaning |',
    '|---|---|---|---|',
    ...rows,
    ...(properties['platform'] ? ['| `columns` | an object, see below | needed | Which column holds what. |'] : []),
  ].join('\n');
}

/** What may stand in a field, in words. */
function formOf(schema: JsonSchema): string {
  const named = [
    [ORDER_STATUSES, 'status'],
    [OUTCOMES, 'outcome'],
    [LINE_KINDS, 'kind'],
  ] as const;
  if (schema.enum)
    return (
      named.find(([words]) => words.join() === schema.enum!.join())?.[1] ??
      schema.enum.map((word) => `\`${JSON.stringify(word)}\``).join(' ')
    );
  if (schema.anyOf) {
    const forms = schema.anyOf.map((each) => formOf(each));
    return forms.join() === 'text,list of text' ? 'column' : forms.join(' or ');
  }
  if (schema.type === 'array') return `list of ${formOf(schema.items as JsonSchema)}`;
  if (schema.properties)
    return `\`{${Object.entries(schema.properties)
      .map(([name, each]) => `"${name}": ${formOf(each as JsonSchema)}`)
      .join(', ')}}\``;
  if (schema.type === 'object') return `word → ${formOf(schema.additionalProperties as JsonSchema)}`;
  return schema.type === 'boolean' ? '`true` `false`' : 'text';
}

function dates(): string {
  const written = [
    ['iso', '2026-03-05 07:08'],
    ['iso', '2026-03-05T07:08:09+01:00'],
    ['DD/MM/YYYY', '5/3/2026'],
    ['DD/MM/YYYY HH:mm:ss', '05/03/2026 17:08:09'],
    ['MM/DD/YYYY hh:mm:ss A', '03/05/2026 05:08:09 PM'],
    ['MM-DD-YY', '03-05-26'],
    ['DD MMMM YYYY HH:mm', '5 marzo 2026 17:08'],
    ['DD [de] MMMM [de] YYYY', '5 de março de 2026'],
  ] as const;
  const shown = (value: ReturnType<ReturnType<typeof dateReader>>): string =>
    typeof value === 'number' ? new Date(value).toISOString().slice(0, 19) : String(value);
  return written.map(([form, text]) => `| \`${form}\` | ${text} | ${shown(dateReader([form])(text))} |`).join('\n');
}

function amounts(): string {
  const shown = (text: string, mark: '.' | ','): string => {
    const value = readAmount(text, mark);
    return value === undefined
      ? 'refused'
      : value === null
        ? 'no amount'
        : `${moneyText(value.amount)}${value.currency ? ` ${value.currency}` : ''}`;
  };
  return ['12.99', '12,99', '1,234.50', '1.234,50 €', 'EUR 1,234', '₹1,00,000.00', '(3.00)', '-3', 'N/A']
    .map((text) => `| \`${text}\` | ${shown(text, '.')} | ${shown(text, ',')} |`)
    .join('\n');
}

function file({ rows, delimiter }: Example): string {
  const written = (text: string): string => (text.includes(delimiter) ? `"${text}"` : text);
  return `\`\`\`text\n${rows.map((row) => row.map(written).join(delimiter)).join('\n')}\n\`\`\``;
}

function json({ mapping }: Example): string {
  const inOneLine = (inner: string): string => inner.replace(/\s*\n\s*/g, ' ');
  const text = JSON.stringify(mapping, null, 2)
    .replace(/\[[^[\]]*\]/g, inOneLine)
    .replace(/\{[^{}]{0,90}\}/g, inOneLine);
  return `\`\`\`json\n${text}\n\`\`\``;
}

/** The orders that the example's own mapping makes of its own rows. */
function orders({ mapping, rows: [header, ...rows] }: Example): string {
  const reader = presetOf(parseMapping(mapping)).open(header!, {}, keyedHash(new Uint8Array(32)));
  const records = rows.map((row) => reader.toRecord(row)!);
  reader.decide();
  const groups = [...Map.groupBy(records, ({ orderId, shop }) => `${shop?.shop}\u001f${orderId}`).values()];
  const lines = groups.flatMap((group) => {
    const shop = imaginedShop(group[0]!.shop!);
    const order = reader.toCanonical(
      group.map(({ document }) => document),
      shop,
    );
    return order.lines.map((line) => lineOf(order, line, `${shop.shop} | ${shopDay(order.purchasedAt, shop.zone)}`));
  });
  return [
    '| order | shop | day | status | region | SKU | pieces | gross | net | paid | sale |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function lineOf(order: Order, line: Order['lines'][number], where: string): string {
  const money = (amount: Money | null): string => (amount === null ? 'unknown' : `${moneyText(amount).slice(0, -2)} ${order.currency}`);
  const state = [line.status, line.outcome].filter((word) => word !== 'none').join(', ');
  return (
    `| ${order.orderId} | ${where} | ${state} | ${order.place.region ?? 'unknown'} | ${line.sku} | ${line.quantity} | ` +
    `${money(line.grossSales)} | ${money(line.netSales)} | ${money(line.paidAmount)} | ${line.sale ? 'yes' : 'no'} |`
  );
}

function presets(): string {
  return platforms
    .flatMap(({ files }) => files)
    .map(({ title, name, traps }) => `### ${title}\n\n\`${name}\`\n\n${traps.map((trap) => `- ${trap}`).join('\n')}`)
    .join('\n\n');
}

function list(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
