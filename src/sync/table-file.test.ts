import fc from 'fast-check';
import { writeXlsx } from 'hucre/xlsx';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readTable, type TableRow } from './table-file.ts';

type Bytes = Uint8Array | string;

/** The rows of a file that comes in pieces of `step` bytes. */
async function rowsOf(file: Bytes, step = 1000): Promise<TableRow[]> {
  const bytes = Buffer.from(file as string);
  const pieces = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => bytes.subarray(i * step, (i + 1) * step));
  // The other sheet is no part of what is asked here.
  return (await Array.fromAsync(readTable(Readable.from(pieces))))
    .flat()
    .filter(({ sheet }) => sheet?.name !== 'Notes')
    .map(({ line, cells }) => ({ line, cells }));
}

const cellsOf = async (file: Bytes, step?: number): Promise<(readonly string[])[]> => (await rowsOf(file, step)).map(({ cells }) => cells);

const xlsx = (rows: (string | number | boolean | Date | null)[][]): Promise<Uint8Array> =>
  writeXlsx({
    sheets: [
      { name: 'Orders', rows },
      { name: 'Notes', rows: [['not', 'this', 'one']] },
    ],
  });

/** A text in an encoding that Node reads but does not write: every pair of bytes is tried once. */
function encode(text: string, encoding: string): Buffer {
  const bytesOf = tables.get(encoding) ?? byteTable(encoding);
  tables.set(encoding, bytesOf);
  return Buffer.from([...text].flatMap((letter) => bytesOf.get(letter)!));
}

const tables = new Map<string, Map<string, number[]>>();
function byteTable(encoding: string): Map<string, number[]> {
  const decoder = new TextDecoder(encoding);
  const bytesOf = new Map<string, number[]>();
  for (let lead = 255; lead >= 0; lead--) {
    for (let trail = 0; trail < 256; trail++) bytesOf.set(decoder.decode(Buffer.of(lead, trail)), [lead, trail]);
  }
  for (let byte = 0; byte < 256; byte++) bytesOf.set(decoder.decode(Buffer.of(byte)), [byte]);
  return bytesOf;
}

const PLAIN = [
  ['order', 'title', 'price'],
  ['583870900000000001', 'Lámpara "LED", 12″', '1,5'],
  ['2', '', '0'],
];
const quoted = (delimiter: string, rows = PLAIN): string =>
  rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join('\r\n');

test.each([
  ['commas', ','],
  ['semicolons', ';'],
  ['bars', '|'],
])('a file with %s is read, whatever stands in its quoted cells', async (_, delimiter) => {
  expect(await cellsOf(quoted(delimiter))).toEqual(PLAIN);
});

test('a file with TABs is read, cells quoted or not', async () => {
  expect(await cellsOf('order\ttitle\tprice\r\n1\tRed, blue; green\t2\r\n2\t"Red, ""blue"""\t3\r\n')).toEqual([
    ['order', 'title', 'price'],
    ['1', 'Red, blue; green', '2'],
    ['2', 'Red, "blue"', '3'],
  ]);
});

test('a bare " in the title of a file with TABs swallows nothing', async () => {
  const rows = [
    ['sku', 'title', 'qty'],
    ['A', '12" pan', '1'],
    ['B', '"Best" mug', '2'],
    ['C', '"S" and "M"', '3'],
    ['D', 'plain', '4'],
  ];
  expect(await cellsOf(rows.map((row) => row.join('\t')).join('\n'))).toEqual(rows);
});

test('a bare " in a title among commas swallows nothing', async () => {
  expect(await cellsOf('sku,title,qty\nA,12" pan,1\nB,pot 5",2\n')).toEqual([
    ['sku', 'title', 'qty'],
    ['A', '12" pan', '1'],
    ['B', 'pot 5"', '2'],
  ]);
});

test('a quote that closes in the middle of a cell swallows no rows unseen: the file is refused, the line named', async () => {
  expect(await cellsOf('title,qty\n"Best" "mug",1\nlast,2\n')).toEqual([
    ['title', 'qty'],
    ['Best" "mug', '1'],
    ['last', '2'],
  ]);
  for (const step of [5, 1000]) {
    await expect(rowsOf('title,qty\n"Fine",1\n"Best" mug,1\nmiddle,2\n"last",3\nend,4\n', step)).rejects.toMatchObject({
      code: 'file_unreadable',
      values: { reason: expect.stringContaining('line 3') },
    });
  }
});

test.each([['\n'], ['\r\n']])(
  'a line break inside a quoted cell is part of the cell, and line numbers stay those of the file (%j)',
  async (newline) => {
    const file = ['id,message,qty', '1,"two', 'lines",1', '', '2,one,1', '3,"a', 'b', 'c",1', '4,last,1'].join(newline);
    expect(await rowsOf(file)).toEqual([
      { line: 1, cells: ['id', 'message', 'qty'] },
      { line: 3, cells: ['1', `two\nlines`, '1'] },
      { line: 5, cells: ['2', 'one', '1'] },
      { line: 8, cells: ['3', 'a\nb\nc', '1'] },
      { line: 9, cells: ['4', 'last', '1'] },
    ]);
  },
);

test('whatever a properly quoted cell holds and wherever the file is cut into pieces, it arrives unchanged', async () => {
  const letter = fc.constantFrom('a', 'é', '汉', '😀', '"', ',', ';', '\n', ' ', '\t', '|', "'");
  const cell = fc.string({ unit: letter, maxLength: 6 });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }));
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom(',', ';', '|'),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 40 }),
      async (rows, delimiter, newline, step) => {
        // A line break in a cell is always \n; the header tells the delimiter beyond doubt.
        const all = [['header', ...Array.from({ length: 60 }, () => 'x')], ...rows];
        expect(await cellsOf(quoted(delimiter, all).replaceAll('\r\n', newline), step)).toEqual(all);
      },
    ),
    { numRuns: 150 },
  );
});

test.each([
  ['with', '\n'],
  ['without', ''],
])('the last row counts %s a line break after it', async (_, end) => {
  expect(await rowsOf(`a,b\n1,2\n3,4${end}`)).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1', '2'] },
    { line: 3, cells: ['3', '4'] },
  ]);
});

test('rows with too few or too many cells come as they are, for the reader to judge', async () => {
  expect(await cellsOf('a,b,c\n1,2\n1,2,3,4\n')).toEqual([
    ['a', 'b', 'c'],
    ['1', '2'],
    ['1', '2', '3', '4'],
  ]);
});

const TEXT = 'pedido;ciudad;título\n1;Málaga;Cálido\n2;Cádiz;Sábana “Édén” 90×200\n3;A Coruña;Ñandú – 5 €\n';
test.each([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
  ['UTF-16 as Excel saves "Unicode text"', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
  ['Windows-1252', encode(TEXT, 'windows-1252')],
])('accents arrive whole from %s', async (_, file) => {
  for (const step of [1, 7, 1000])
    expect(await cellsOf(file, step)).toEqual(
      TEXT.trim()
        .split('\n')
        .map((line) => line.split(';')),
    );
});

test.each(['Málaga', 'Cádiz', 'Ávila', 'País', 'Forêt', 'Besançon', 'l’eau', 'élégant', 'München', 'Göteborg', 'préféré'])(
  'a Windows-1252 file whose only accents are in "%s" is not taken for Japanese',
  async (word) => {
    expect(await cellsOf(encode(`city,qty\n${word},1\n`, 'windows-1252'))).toEqual([
      ['city', 'qty'],
      [word, '1'],
    ]);
  },
);

test.each([
  'K01E-GW\tバルミューダ スチームオーブントースター（グレー）',
  'A-1\t電気ケトル（ブラック）',
  'A-2\t東京都',
  'A-3\t神奈川県横浜市',
])('Japanese in Shift_JIS arrives whole: %s', async (row) => {
  expect(await cellsOf(encode(`sku\tproduct-name\n${row}\n`, 'shift_jis'), 3)).toEqual([['sku', 'product-name'], row.split('\t')]);
});

test('a long file that only far down shows that it is no UTF-8 keeps its accents', async () => {
  const rows = Array.from({ length: 9000 }, (_, i) => [String(i), i < 8990 ? 'plain title' : 'Lámpara']);
  const file = encode(`id,title\n${rows.map((row) => row.join(',')).join('\n')}\n`, 'windows-1252');
  expect((await cellsOf(file, 65_536)).slice(1)).toEqual(rows);
});

test('a gzipped file is read as what is inside it', async () => {
  expect(await cellsOf(gzipSync(quoted(',')))).toEqual(PLAIN);
  expect(await cellsOf(gzipSync(await xlsx(PLAIN)), 100)).toEqual(PLAIN);
});

test('a sheet is read with the banner above its header, in the rows the eye sees', async () => {
  const sheet = await xlsx([['订单导出'], ['订单号', '商品价格'], [], ['GSH-1', 12.5], ['GSH-2', '0012']]);
  expect(await rowsOf(sheet, 100)).toEqual([
    { line: 1, cells: ['订单导出'] },
    { line: 2, cells: ['订单号', '商品价格'] },
    { line: 4, cells: ['GSH-1', '12.5'] },
    { line: 5, cells: ['GSH-2', '0012'] },
  ]);
});

test('cells of a sheet come as the text the eye sees: dates, numbers, gaps', async () => {
  const sheet = await xlsx([
    ['date', 'sum', 'id', 'gap', 'last'],
    [new Date(Date.UTC(2026, 2, 5, 7, 8, 9)), 0.1 + 0.2, 1234567890123456, null, 'x\ny'],
    [new Date(Date.UTC(2026, 11, 31)), 19.99 * 3, -0.5, '', 12],
  ]);
  expect((await cellsOf(sheet)).slice(1)).toEqual([
    ['2026-03-05 07:08:09', '0.3', '1234567890123456', '', 'x\ny'],
    ['2026-12-31 00:00:00', '59.97', '-0.5', '', '12'],
  ]);
});

test('the time in a sheet is right to the second, all day long', async () => {
  const times = Array.from({ length: 500 }, (_, i) =>
    new Date(Date.UTC(2026, 0, 1) + (i * 86_400_000) / 500 + i * 86_413_000).toISOString().slice(0, 19),
  );
  const cells = await cellsOf(await xlsx(times.map((time) => [new Date(`${time}Z`)])));
  expect(cells.map(([time]) => time)).toEqual(times.map((time) => time.replace('T', ' ')));
});

test('an empty file has no rows', async () => {
  expect([await rowsOf(''), await rowsOf('\uFEFF'), await rowsOf('\n\n'), await rowsOf(gzipSync(''))]).toEqual([[], [], [], []]);
});

test('a file whose first column is called PK is no sheet', async () => {
  expect(await cellsOf('PK,order\n1,2\n')).toEqual([
    ['PK', 'order'],
    ['1', '2'],
  ]);
});

const LONG = Array.from({ length: 2000 }, (_, i) => [`${i}`, `${(i * 7919) % 9973}`, 'text']);
test.each([
  ['a gzip file that breaks off', async () => gzipSync(quoted(',', LONG)).subarray(0, -200)],
  [
    'a gzip file with a damaged byte',
    async () => {
      const file = gzipSync(quoted(',', LONG));
      file[file.length >> 1]! ^= 0xff;
      return file;
    },
  ],
  ['a sheet that breaks off', async () => (await xlsx(LONG)).subarray(0, -2000)],
  ['a zip archive that is no sheet', async () => Buffer.concat([Buffer.of(0x50, 0x4b, 3, 4), Buffer.alloc(500, 7)])],
  ['a quote that never closes', async () => 'a,b\n1,"Confidential name\n2,3\n'],
])('%s is refused with the reason, and no cell stands in it', async (_, file) => {
  await expect(rowsOf(await file())).rejects.toMatchObject({ code: 'file_unreadable' });
  await expect(rowsOf(await file())).rejects.not.toThrow(/Confidential/);
});

test('a reader that stops early lets go of the file', async () => {
  const source = Readable.from([Buffer.from(quoted(',', LONG))]);
  for await (const rows of readTable(source)) if (rows.length > 0) break;
  expect(source.destroyed).toBe(true);
});
