import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedHash } from '../kernel/vault.ts';
import { moneyText, type Money } from '../model/money.ts';
import type { Order } from '../model/order.ts';
import { shopDay } from '../model/shop-day.ts';
import { imaginedShop } from '../model/shop.ts';
import { platforms } from './all.ts';
import { cutPostalCode } from './file-columns.ts';
import { presetOf } from './mapped-file.ts';
import { parseMapping, type MappingInput } from './mapping.ts';
import { RowRefused, type FilePreset, type FileSettings } from './file-preset.ts';

type Row = Readonly<Record<string, string>>;

const hash = keyedHash(Buffer.alloc(32, 7));
const OWN: MappingInput = {
  zone: 'Europe/Madrid',
  currency: 'EUR',
  columns: { orderId: 'Order', purchasedAt: 'Date', sku: 'SKU', quantity: 'Qty', unitPrice: 'Price' },
};
const OWN_ROW: Row = { Order: 'A1', Date: '2026-03-01 10:00', SKU: 'X', Qty: '2', Price: '3.50' };
const own = (mapping: Partial<MappingInput> = {}): FilePreset => presetOf(parseMapping({ ...OWN, ...mapping }));
const withColumns = (columns: Partial<MappingInput['columns']>, mapping: Partial<MappingInput> = {}): FilePreset =>
  own({ ...mapping, columns: { ...OWN.columns, ...columns } });

/** What a preset makes of rows of one order, and how the rows are kept. */
function read(
  preset: FilePreset,
  rows: readonly Row[],
  settings: FileSettings = {},
): { order: Order; shop: string; day: string; documents: readonly (readonly string[])[] } {
  const header = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const reader = preset.open(header, settings, hash);
  const records = rows.map((row) => reader.toRecord(header.map((name) => row[name] ?? ''))!);
  reader.decide();
  const shop = imaginedShop(records[0]!.shop ?? reader.fileShop());
  const documents = records.map(({ document }) => document);
  const order = reader.toCanonical(documents, shop);
  return { order, shop: shop.shop, day: shopDay(order.purchasedAt, shop.zone), documents };
}

const order = (preset: FilePreset, ...rows: readonly Row[]): Order => read(preset, rows).order;
const kept = (preset: FilePreset, row: Row): string =>
  JSON.stringify(read(preset, [row]), (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
const euros = (amount: Money | null): string | null => (amount === null ? null : moneyText(amount).slice(0, -2));
const sums = ({ lines }: Order): (string | null)[][] =>
  lines.map(({ grossSales, netSales, paidAmount }) => [grossSales, netSales, paidAmount].map(euros));

/** Why a row is refused, and the column to look at. */
function refusal(preset: FilePreset, row: Row): string {
  try {
    read(preset, [row]);
    return 'taken';
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error;
    return error.message;
  }
}

const TELLTALE = 'Ana Telltale 600123123 ana@telltale.example';

test('the price of one piece is multiplied by the pieces', () => {
  expect(sums(order(own(), OWN_ROW))).toEqual([['7.00', '7.00', null]]);
  expect(sums(order(own(), { ...OWN_ROW, Price: '' }))).toEqual([[null, null, null]]);
});

test("several discount columns are added, whichever sign they wear; the platform's own comes off what was paid alone", () => {
  const preset = withColumns({ sellerDiscount: { sum: ['Coupon', ['Campaign', 'Kampagne'], 'Absent'] }, platformDiscount: 'Voucher' });
  expect(sums(order(preset, { ...OWN_ROW, Coupon: '-0.50', Kampagne: '1', Voucher: '0.25' }))).toEqual([['7.00', '5.50', '5.25']]);
});

test('a file with one amount only tells net sales, not the list price', () => {
  expect(
    sums(order(own({ columns: { orderId: 'Order', purchasedAt: 'Date', sku: 'SKU', quantity: 'Qty', netSales: 'Price' } }), OWN_ROW)),
  ).toEqual([[null, '3.50', null]]);
});

test('decimal commas are read where the mapping says so', () => {
  const preset = own({ decimalMark: ',' });
  expect(sums(order(preset, { ...OWN_ROW, Price: '1.234,50 €', Qty: '2,0' }))).toEqual([['2469.00', '2469.00', null]]);
  expect(refusal(preset, { ...OWN_ROW, Price: '12.99' })).toBe('row_amount Price');
});

test('the first of several names that the file has is the column', () => {
  const preset = withColumns({ sku: ['Artikel', 'SKU', 'Code'] });
  expect(order(preset, { ...OWN_ROW, Code: 'not this' }).lines[0]!.sku).toBe('X');
  expect(order(preset, { ...OWN_ROW, ' ARTIKEL ': 'this' }).lines[0]!.sku).toBe('this');
});

test("without a seller SKU the platform's stands in, then the name", () => {
  const preset = withColumns({ platformSku: 'ASIN', skuName: 'Title', variation: 'Size' });
  const row = { ...OWN_ROW, SKU: '', ASIN: 'B01', Title: 'Mug', Size: 'L' };
  expect(order(preset, row).lines[0]).toMatchObject({ sku: 'B01', platformSku: 'B01', productName: 'Mug', variant: 'L' });
  expect(order(preset, { ...row, ASIN: '' }).lines[0]).toMatchObject({ sku: 'Mug', platformSku: null });
});

test('a price of 0 or none is a sale, unless the mapping says that it is not', () => {
  const sold = (zeroPriceIsSale: boolean): boolean[] =>
    ['0', '', '3'].map((Price) => order(own({ zeroPriceIsSale }), { ...OWN_ROW, Price }).lines[0]!.sale);
  expect([sold(true), sold(false)]).toEqual([
    [true, true, true],
    [false, false, true],
  ]);
});

test('gifts, samples and replacements are no sale', () => {
  const preset = withColumns({ kind: 'Kind' }, { kinds: { Regalo: 'gift', Muestra: 'sample', Cambio: 'replacement' } });
  expect(['regalo', 'MUESTRA', 'Cambio', '', 'Venta'].map((Kind) => order(preset, { ...OWN_ROW, Kind }).lines[0]!.sale)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});

test("status words are the mapping's; without a word the order counts as done, with an unknown one as no sale", () => {
  const preset = withColumns(
    { status: 'Status' },
    { statuses: { 'Por  enviar': 'to_ship', Devuelto: { status: 'delivered', outcome: 'returned' } } },
  );
  const read = (Status: string): unknown[] => {
    const { status, outcome, platformStatus, lines } = order(preset, { ...OWN_ROW, Status });
    return [status, outcome, platformStatus, lines[0]!.sale];
  };
  expect(read('por enviar')).toEqual(['to_ship', 'none', 'por enviar', true]);
  expect(read('Devuelto')).toEqual(['delivered', 'returned', 'Devuelto', true]);
  expect(read('')).toEqual(['completed', 'none', null, true]);
  expect(read('Perdido')).toEqual(['unknown', 'none', 'Perdido', false]);
});

test('a word on the first row of an order holds for its other rows, too', () => {
  const preset = withColumns(
    { status: ['Paid?', 'Sent?'] },
    { statuses: { voided: 'cancelled', refunded: { status: 'completed', outcome: 'refunded' }, unfulfilled: 'to_ship' } },
  );
  const read = (...words: string[]): unknown[] => {
    const { status, outcome, lines } = order(
      preset,
      { ...OWN_ROW, 'Paid?': words[0]!, 'Sent?': words[1]! },
      { ...OWN_ROW, SKU: 'Y', 'Paid?': '', 'Sent?': '' },
    );
    return [status, outcome, lines.map(({ sale }) => sale)];
  };
  expect(read('voided', 'unfulfilled')).toEqual(['cancelled', 'none', [false, false]]);
  expect(read('refunded', 'fulfilled')).toEqual(['completed', 'refunded', [true, true]]);
  expect(read('paid', 'unfulfilled')).toEqual(['to_ship', 'none', [true, true]]);
});

test("the day is the shop's: from a time of its own clock, of another clock, or with its own offset", () => {
  const day = (mapping: Partial<MappingInput>, Date: string): string => read(own(mapping), [{ ...OWN_ROW, Date }]).day;
  expect(day({}, '2026-03-01 23:30')).toBe('2026-03-01');
  expect(day({}, '2026-03-01T23:30:00Z')).toBe('2026-03-02');
  expect(day({ dateZone: 'Asia/Shanghai' }, '2026-03-01 06:30')).toBe('2026-02-28');
  expect(day({ dateForms: ['DD/MM/YYYY'] }, '01/03/2026')).toBe('2026-03-01');
});

test('a dash where a later time is missing does not cost the order', () => {
  const preset = withColumns({ paidAt: 'Paid', updatedAt: { latest: ['Sent', 'Arrived'] } });
  const sold = order(preset, { ...OWN_ROW, Paid: '-', Sent: 'N/A', Arrived: '2026-03-04' });
  expect([sold.paidAt, sold.updatedAt.toString()]).toEqual([null, '2026-03-03T23:00:00Z']);
  expect(refusal(preset, { ...OWN_ROW, Sent: 'soon' })).toBe('row_date Sent');
  expect(refusal(preset, { ...OWN_ROW, Date: '-' })).toBe('row_date Date');
});

test('a newer state is known by the latest time of all rows', () => {
  const preset = withColumns({ updatedAt: 'Changed' });
  const sold = order(preset, { ...OWN_ROW, Changed: '2026-03-05' }, { ...OWN_ROW, Changed: '2026-03-04', Date: '2026-03-01 09:00' });
  expect([sold.purchasedAt, sold.updatedAt].map(String)).toEqual(['2026-03-01T08:00:00Z', '2026-03-04T23:00:00Z']);
});

test('the shop is named by the user, else by the file, else by the mapping; its clock has to come from somewhere', () => {
  const named = withColumns({}, { shop: { column: 'Store' } });
  const row = { ...OWN_ROW, Store: 'Outlet' };
  expect([read(named, [row]).shop, read(named, [row], { shop: 'Mine' }).shop, read(own({ name: 'my-shop' }), [row]).shop]).toEqual([
    'Outlet',
    'Mine',
    'my-shop',
  ]);
  const clockless = own({ zone: undefined });
  expect(() => read(clockless, [OWN_ROW])).toThrow(expect.objectContaining({ code: 'import_setting_needed' }));
  expect(read(clockless, [OWN_ROW], { zone: 'Asia/Tokyo' }).day).toBe('2026-03-01');
});

test.each([
  [{ Order: '' }, 'row_order_missing Order'],
  [{ SKU: ' ' }, 'row_sku_missing SKU'],
  [{ Date: '31/02/2026' }, 'row_date Date'],
  [{ Qty: 'two' }, 'row_quantity Qty'],
  [{ Price: '12,9,9' }, 'row_amount Price'],
  [{ Price: '100000000000000' }, 'row_amount Price'],
  [{ Price: '99999999999999', Qty: '9' }, 'row_amount Price'],
])('a row that cannot be right is refused, naming the column and never the cell: %o', (cells, reason) => {
  expect(refusal(own(), { ...OWN_ROW, ...cells })).toBe(reason);
});

test('a row that breaks off is refused, a blank one is passed over', () => {
  const reader = own().open(Object.keys(OWN_ROW), {}, hash);
  expect(() => reader.toRecord(['A1', '2026-03-01'])).toThrow('row_cells');
  expect([reader.toRecord([]), reader.toRecord(['', ' ', '\t'])]).toEqual([null, null]);
});

test('one order in two currencies is refused, never added up', () => {
  const preset = withColumns({ currency: 'Currency' });
  expect(() => order(preset, { ...OWN_ROW, Currency: 'EUR' }, { ...OWN_ROW, Currency: 'usd' })).toThrow('row_currencies Currency');
  expect(order(preset, { ...OWN_ROW, Currency: 'usd' }).currency).toBe('USD');
  expect(refusal(preset, { ...OWN_ROW, Currency: 'Euro' })).toBe('row_amount Currency');
});

test('a file without a column that is needed is refused, naming the column', () => {
  const { Order: _, SKU: __, ...rest } = OWN_ROW;
  expect(() => read(own(), [rest])).toThrow(
    expect.objectContaining({ code: 'mapping_column_missing', values: expect.objectContaining({ columns: ['Order', 'SKU'] }) }),
  );
});

test.each([
  [{ columns: { orderId: 'a', purchasedAt: 'b' } }, 'columns.sku'],
  [{ columns: { purchasedAt: 'b', sku: 'c' } }, 'columns.orderId'],
  [{ ...OWN, zone: 'Madrid' }, 'zone'],
  [{ ...OWN, currency: 'euro' }, 'currency'],
  [{ ...OWN, dateForms: ['HH:mm'] }, 'dateForms.0'],
  [{ ...OWN, decimalmark: ',' }, '(top)'],
  [{ ...OWN, statuses: { done: 'finished' } }, 'statuses.done'],
  [{ ...OWN, columns: { ...OWN.columns, colour: 'x' } }, 'columns'],
  ['text', '(top)'],
  [null, '(top)'],
])('a mapping that is wrong is refused, naming the place: %o', (mapping, path) => {
  expect(() => parseMapping(mapping)).toThrow(
    expect.objectContaining({ code: 'mapping_invalid', values: expect.objectContaining({ path }) }),
  );
});

test.each([
  'Order number,Product name,Quantity,Currency,Country,City,State',
  'Order ID,SKU,Quantity,Country',
  'Currency,Quantity,Product name,Order status,Variation',
])("a shop file of another kind is not taken for a platform's: %s", (header) => {
  expect(platforms.flatMap(({ files }) => files).filter((preset) => preset.recognises(header.split(',')) > 0)).toEqual([]);
});

test.each([
  'Billing Name',
  'Shipping Name',
  'Billing Street',
  'Shipping Address1',
  'Billing Zip',
  'Shipping Company',
  'Email',
  'Notes',
  'Phone',
  'First Name (Billing)',
  'Last Name',
  'Full Name',
  'Postcode (Shipping)',
  'Customer Note',
  'Ship To Name',
  'Nombre del cliente',
  'Apellidos',
  'Dirección de envío',
  'Código postal',
  'Correo electrónico',
  'Móvil',
  'DNI',
  'NIF',
  'customer_tel',
  'shipping_zip',
  'buyer_note',
  'Nom du client',
  'Prénom',
  'Adresse',
  'Code postal',
  'Courriel',
  'Kundenname',
  'Vorname',
  'Straße',
  'PLZ',
  'Empfänger',
  'Telefon',
  'Cognome',
  'Indirizzo',
  'CAP',
  'Cellulare',
  'Nome do cliente',
  'Celular',
  'CEP',
  '客户姓名',
  '地址',
  '留言',
  '邮政编码',
  'Gift message',
  'Address',
  'Contact person',
  'IP address',
])('a file of your own: the column "%s" is emptied without being asked', (header) => {
  expect(kept(own(), { ...OWN_ROW, [header]: TELLTALE })).not.toContain('Telltale');
  expect(() => parseMapping({ ...OWN, keep: ['SKU', header] })).toThrow(
    expect.objectContaining({ code: 'mapping_invalid', values: expect.objectContaining({ path: 'keep.1' }) }),
  );
});

test.each([
  'Product Name',
  'SKU Name',
  'Item name',
  'Shipping Provider Name',
  'Warehouse Name',
  'Shipping Method',
  'Billing Country',
  'Payment Method',
  'Cancel Reason',
  'Category',
  'Nombre del producto',
  'Nom du produit',
  'Artikelname',
  'Capacity',
  '商品名称',
  'Landing Site',
  'Store name',
  'Fulfillment channel',
  'Shipping city',
])('a file of your own: the column "%s" names no person and is kept where the mapping says so, and only there', (header) => {
  expect(kept(own({ keep: [header] }), { ...OWN_ROW, [` ${header.toUpperCase()}`]: 'Something' })).toContain('Something');
  expect(kept(own(), { ...OWN_ROW, [header]: 'Something' })).not.toContain('Something');
});

test('a file of your own: further personal columns can be named, and one that is used is kept', () => {
  expect(kept(own({ personal: ['Pet'] }), { ...OWN_ROW, PET: TELLTALE })).not.toContain('Telltale');
  const used = withColumns({ buyer: 'Email', country: 'Shipping address' });
  const sold = order(used, { ...OWN_ROW, Email: 'ana@telltale.example', 'Shipping address': 'Spain' });
  expect([sold.buyer, sold.place.country]).toEqual([hash('Other', 'ana@telltale.example'), 'ES']);
});

const cells = (
  header: readonly string[],
  row: readonly string[],
  mapping: Parameters<typeof own>[0] = {},
): readonly string[] | null | undefined => own(mapping).open(header, {}, hash).toRecord(row)?.document;
const HEADER = ['Order', 'Date', 'SKU', 'Qty', 'Price'];
const ROW = ['A1', '2026-03-01 10:00', 'X', '1', '3.50'];

test('a row with a cell beyond the header is refused: what follows a stray separator stands under the headers of others', () => {
  expect(() =>
    cells([...HEADER, 'Name', 'City'], ['A1', '2026-03-01 10:00', 'X', '1', '3', '50', 'Telltale', 'Madrid'], { keep: ['City'] }),
  ).toThrow('row_beyond');
  expect(cells(HEADER, [...ROW, '', ' \t'])).toEqual([...ROW]);
});

test("of two alike headers the first counts, and a column without one is nobody's", () => {
  expect(
    cells([...HEADER, 'State', 'state ', '', '\u200B'], [...ROW, 'Madrid', 'Telltale', 'Telltale', 'Telltale'], { keep: ['State'] }),
  ).toEqual([...ROW, 'Madrid', '', '', '']);
});

test('headers are compared without what nobody sees: outer and doubled space, joiners, width, case', () => {
  expect(cells(['\uFEFFOrder', 'Date\u200B', ' sku', 'Ｑｔｙ', 'PRICE\u00A0'], ROW)).toEqual(ROW);
});

test('a word of a state that the mapping does not know is kept to be told; what is no word is not, and still no sale', () => {
  const preset = withColumns({ status: 'Status' }, { statuses: { 'shipped on 12345': 'shipped' } });
  const word = (Status: string): unknown => {
    const { status, platformStatus } = order(preset, { ...OWN_ROW, Status });
    return [status, platformStatus];
  };
  expect(word('En espera')).toEqual(['unknown', 'En espera']);
  expect(word('Shipped on 12345')).toEqual(['shipped', 'Shipped on 12345']);
  for (const told of ['ana@telltale.example', '+34 600111222', 'please leave it with the neighbour on the second floor'])
    expect(word(told)).toEqual(['unknown', '?']);
});

test('a header is kept by the names that are read; a row that is kept already stays as it is', () => {
  const reader = withColumns({ buyer: 'Email', postalCode: 'CP' }, { keep: ['City'] }).open(
    [...HEADER, 'Email', 'CP', 'City', 'Telltale'],
    {},
    hash,
  );
  const { document } = reader.toRecord([...ROW, 'ana@telltale.example', 'E-28013', 'Madrid', 'Telltale'])!;
  expect(reader.keptHeader).toEqual([...HEADER, 'Email', 'CP', 'City', '']);
  expect(document).toEqual([...ROW, hash('Other', 'ana@telltale.example').toString(16), '280**', 'Madrid', '']);
  expect(reader.again(document)).toEqual(document);
  // As older versions kept it: every cell that no header gave away, and those of a row that was out of place.
  expect(reader.again([...document.slice(0, -1), 'Telltale'])).toEqual(document);
  for (const row of [[...document, 'Telltale'], ['A1']]) expect(reader.again(row)).toEqual(['A1']);
  expect(() => reader.toCanonical([['A1']], {} as never)).toThrow('row_date');
});

test('a postal code that is cut is never cut again', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^'{0,2}([A-Z]{1,2}-){0,2}[0-9 -]{0,8}(\.0){0,2}$/)), (code) => {
      const cut = cutPostalCode(code.trim());
      expect(cutPostalCode(cut)).toBe(cut);
    }),
    { numRuns: 2000 },
  );
});
