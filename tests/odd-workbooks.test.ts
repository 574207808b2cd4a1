import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readTable, type TableRow } from '../src/sync/table-file.ts';
import { archive, sheetRows, workbook } from './made-workbook.ts';

const rowsOf = async (file: Uint8Array): Promise<TableRow[]> => (await Array.fromAsync(readTable(Readable.from([file])))).flat();
const cellsOf = async (file: Uint8Array): Promise<(readonly string[])[]> => (await rowsOf(file)).map(({ cells }) => cells);
const one = (data: string, parts: Readonly<Record<string, string | undefined>> = {}): Buffer => workbook([{ name: 'Orders', data }], parts);

test('whole numbers keep all their digits; one that Excel rounded keeps the form that tells so', async () => {
  const numbers = [
    '579905969878844579',
    '5.79905969878844E+17',
    '1729408751394899846',
    '19.989999999999998',
    '1E2',
    '1.2E-2',
    '-7',
    '3.0',
    '9007199254740993.0',
  ];
  expect(await cellsOf(one(sheetRows([numbers.map((number) => ({ number }))])))).toEqual([
    ['579905969878844579', '5.79905969878844E+17', '1729408751394899846', '19.99', '100', '0.012', '-7', '3', '9007199254740993'],
  ]);
});

test("dates come as the wall clock they show, by the standard's formats and by the file's own, in either calendar", async () => {
  const styles =
    '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-404]yyyy/m/d\\ h:mm;@"/><numFmt numFmtId="171" ' +
    'formatCode="0.00&quot; days&quot;"/></numFmts>' +
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf ' +
    'numFmtId="171"/></cellXfs></styleSheet>';
  const row = sheetRows([
    [0, 1, 2, 3].map((style) => ({ number: '46086.5', style })),
    [
      { number: '61', style: 1 },
      { number: '59', style: 1 },
    ],
  ]);
  expect(await cellsOf(one(row, { 'xl/styles.xml': styles }))).toEqual([
    ['46086.5', '2026-03-05 12:00:00', '2026-03-05 12:00:00', '46086.5'],
    ['1900-03-01 00:00:00', '1900-02-28 00:00:00'],
  ]);
  const since1904 = one(sheetRows([[{ number: '44624.5', style: 1 }]]), {
    'xl/styles.xml': styles,
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>',
  });
  expect(await cellsOf(since1904)).toEqual([['2026-03-05 12:00:00']]);
});

const WHOLE = [
  ['id', 'title'],
  ['1', 'Vase'],
  ['2', 'Mug'],
];
test.each([
  [
    'rows that are repeated once a cell',
    one(
      [1, 2, 3]
        .map((row) =>
          ['A', 'B']
            .map((column, i) => `<row r="${row}"><c r="${column}${row}" t="inlineStr"><is><t>${WHOLE[row - 1]![i]}</t></is></c></row>`)
            .join(''),
        )
        .join(''),
    ),
  ],
  ['rows and cells without a place', one(sheetRows(WHOLE))],
  [
    "a size that is not the sheet's",
    one(sheetRows(WHOLE), {
      'xl/worksheets/sheet1.xml': `<worksheet><dimension ref="A1:A1"/><sheetData>${sheetRows(WHOLE)}</sheetData></worksheet>`,
    }),
  ],
  [
    'names with a prefix',
    one('', {
      'xl/worksheets/sheet1.xml': `<x:worksheet xmlns:x="n"><x:sheetData>${sheetRows(WHOLE).replace(/<(\/?)(\w)/g, '<$1x:$2')}</x:sheetData></x:worksheet>`,
    }),
  ],
  ['no relations', one(sheetRows(WHOLE), { '_rels/.rels': undefined, 'xl/_rels/workbook.xml.rels': undefined })],
  ['no list of types', one(sheetRows(WHOLE), { '[Content_Types].xml': undefined })],
  [
    'parts in other letters, from the root',
    one('', {
      'xl/worksheets/sheet1.xml': undefined,
      'xl/Worksheets/Sheet1.xml': `<worksheet><sheetData>${sheetRows(WHOLE)}</sheetData></worksheet>`,
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" ' +
        'Target="/xl/worksheets/sheet1.xml"/></Relationships>',
    }),
  ],
  [
    'shared texts in runs, with readings of Kanji beside them',
    one(
      '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c><v>1</v></c><c t="s"><v>2</v></c></row><row><c><v>2</v></c><c ' +
        't="str"><f>A1</f><v>Mug</v></c></row>',
      {
        'xl/sharedStrings.xml':
          '<sst><si><t>id</t></si><si><r><t>ti</t></r><r><t>tle</t></r><rPh sb="0" ' +
          'eb="1"><t>reading</t></rPh></si><si><t>Va<![CDATA[se]]></t></si></sst>',
      },
    ),
  ],
  [
    'a control character',
    one(sheetRows(WHOLE.map((row) => row.map((cell) => cell.replace('Mug', 'M&#x1;ug')))).replaceAll('&amp;#x1;', '&#x1;')),
  ],
])('a workbook with %s is read', async (_, file) => {
  expect((await cellsOf(file)).map((row) => row.map((cell) => cell.replaceAll('\u0001', '')))).toEqual(WHOLE);
});

test('all sheets come one after the other, those that can be seen before the hidden ones', async () => {
  const sheets = [
    { name: 'old', state: 'hidden' as const, data: sheetRows([['o']]) },
    { name: 'Notes', data: sheetRows([['n']]) },
    { name: 'Empty', data: '' },
    { name: 'Orders', data: sheetRows([['x']]) },
  ];
  expect((await rowsOf(workbook(sheets))).map(({ sheet, cells }) => [sheet!.name, sheet!.hidden, cells[0]])).toEqual([
    ['Notes', false, 'n'],
    ['Orders', false, 'x'],
    ['old', true, 'o'],
  ]);
});

test.each([
  ['damaged XML', one('<row><c t="inlineStr"><is><t>Confidential</is></c></row>')],
  ['a row beyond all rows', one('<row r="99999999"><c><v>1</v></c></row>')],
])('a workbook with %s is refused, and no cell stands in the refusal', async (_, file) => {
  await expect(rowsOf(file)).rejects.toMatchObject({ code: 'file_unreadable' });
  await expect(rowsOf(file)).rejects.not.toThrow(/Confidential/);
});

const container = (stream: string): Buffer =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1100), Buffer.from(stream, 'utf16le'), Buffer.alloc(400)]);
test.each([
  ['an old Excel file', container('Workbook'), /old Excel file/],
  ['one of before containers', Buffer.from('0908080000051000', 'hex'), /old Excel file/],
  ['a workbook with a password', container('EncryptedPackage'), /password/],
  ['a Word document', container('WordDocument'), /text document/],
  ['a web page', Buffer.from('\n <html><body><table><tr><td>Confidential</td></tr></table>'), /web page/],
  ['a page in UTF-16', Buffer.from('\uFEFF<!DOCTYPE html><p>Confidential', 'utf16le'), /web page/],
  ['a sheet as XML', Buffer.from('<?xml version="1.0"?><Workbook><Cell>Confidential</Cell></Workbook>'), /XML file/],
  ['a LibreOffice sheet', archive({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }), /LibreOffice/],
  ['a Numbers document', archive({ 'Index/Document.iwa': '', 'Metadata/Properties.plist': '' }), /Numbers/],
  ['a binary workbook', archive({ '[Content_Types].xml': '', 'xl/workbook.bin': '' }), /\.xlsb/],
  ['a ZIP with a CSV in it', archive({ 'orders.csv': 'Confidential' }), /ZIP/],
  ['an empty ZIP', Buffer.from('504b0506', 'hex'), /ZIP/],
  ['a RAR', Buffer.from('Rar!\u001a\u0007'), /packed/],
  ['a PDF', Buffer.from('%PDF-1.7 Confidential'), /PDF/],
  ['a photo', Buffer.from('ffd8ffe000104a46', 'hex'), /picture/],
  ['JSON', Buffer.from('[{"id": "Confidential"}]'), /JSON/],
])('%s is refused as what it is, with what to do', async (_, file, words) => {
  await expect(rowsOf(file)).rejects.toMatchObject({ code: 'file_kind', message: expect.stringMatching(words) });
  await expect(rowsOf(file)).rejects.not.toThrow(/Confidential/);
});

test.each(['[order],[sku]\n1,2\n', '{order};{sku}\n1;2\n', 'Ђ,b\n1,2\n', '%PD,b\n1,2\n'])(
  'a table that begins a little like something else is a table: %j',
  async (text) => {
    expect(await cellsOf(Buffer.from(text))).toHaveLength(2);
  },
);
