import { crc32, createDeflateRaw, deflateRawSync, gzipSync } from 'node:zlib';

/** A small file that costs much to read, and what has to become of it. */
export interface ExpensiveFile {
  readonly what: string;
  readonly path: string;
  readonly name: string;
  readonly bytes: () => Buffer | Promise<Buffer>;
  readonly mapping?: object;
  /** The error it is refused with; null where it is read. */
  readonly refused: string | null;
  /** Whether reading it takes long enough that others are answered meanwhile, wherever it runs. */
  readonly long?: true;
}

const SHOP = {
  name: 'web',
  zone: 'UTC',
  currency: 'EUR',
  columns: { orderId: 'Id', purchasedAt: 'When', sku: 'Item', netSales: 'Sum', status: 'State' },
};
const HEADER = 'Id,When,Item,Sum,State\n';
const ROW = 'A1,2026-11-20,CUP,3.50,sold\n';
const table = (what: string, text: () => string, refused: string | null, more: Partial<ExpensiveFile> = {}): ExpensiveFile => ({
  what,
  path: '/api/import',
  name: 'orders.csv',
  bytes: () => Buffer.from(text()),
  mapping: SHOP,
  refused,
  ...more,
});
const book = (what: string, parts: () => Part[] | Promise<Part[]>, refused: string, more: Partial<ExpensiveFile> = {}): ExpensiveFile => ({
  what,
  path: '/api/import',
  name: 'orders.xlsx',
  bytes: async () => zip(await parts()),
  refused,
  ...more,
});
const records = (what: string, text: () => string, refused: string | null, more: Partial<ExpensiveFile> = {}): ExpensiveFile => ({
  what,
  path: '/api/adopt?platform=TikTok&region=ES',
  name: 'tiktok_orders.json',
  bytes: () => Buffer.from(text()),
  refused,
  ...more,
});
const rates = (what: string, bytes: ExpensiveFile['bytes'], refused: string, more: Partial<ExpensiveFile> = {}): ExpensiveFile => ({
  what,
  path: '/api/fx/import',
  name: 'rates',
  bytes,
  refused,
  ...more,
});

/** One of each kind, made anew. */
export const EXPENSIVE_FILES: readonly ExpensiveFile[] = [
  table(
    'a cell of a hundred thousand letters and more',
    () => `${HEADER}${ROW}A2,2026-11-20,${'x'.repeat(120_000)},1,sold\n`,
    'limit_exceeded',
  ),
  table('a row of long cells', () => `${HEADER}${Array.from({ length: 15 }, () => 'y'.repeat(90_000)).join(',')}\n`, 'limit_exceeded'),
  table('an amount of millions of digits', () => `${HEADER}A1,2026-11-20,CUP,${'7'.repeat(3_000_000)},sold\n`, 'limit_exceeded'),
  table('an amount with thousands of zeros behind its point', () => `${HEADER}${ROW}A2,2026-11-20,CUP,1.${'0'.repeat(1900)}1,sold\n`, null),
  table('a date that repeats itself', () => `${HEADER}A1,${'2026-11-20 '.repeat(300_000)},CUP,1,sold\n`, 'limit_exceeded'),
  table('a word with a million blanks in it', () => `${HEADER}A1,2026-11-20,CUP,1,so${' '.repeat(1_000_000)}ld\n`, 'limit_exceeded'),
  table('a word with as many blanks as a cell may hold', () => `${HEADER}${ROW}A2,2026-11-20,CUP,1,so${' '.repeat(90_000)}ld\n`, null),
  table('a million columns', () => `${'a,'.repeat(1_000_000)}\n`.repeat(2), 'limit_exceeded'),
  table('a million empty columns', () => `${','.repeat(1_000_000)}\n`.repeat(4), 'mapping_column_missing', { long: true }),
  table(
    'a header that never ends',
    () => `${Array.from({ length: 1900 }, (_, i) => `column ${i}${'z'.repeat(100)}`).join(',')}\n${ROW}`,
    'limit_exceeded',
  ),
  table('a quote that never closes', () => `${HEADER}A1,"${'q'.repeat(3_000_000)}`, 'file_unreadable'),
  table('two million quotes', () => '"'.repeat(2_000_001), 'file_unreadable', { long: true }),
  table(
    'thousands of shops',
    () => `Store,${HEADER}${Array.from({ length: 30_000 }, (_, i) => `Shop ${i},${i},2026-11-20,CUP,1,sold`).join('\n')}`,
    'limit_exceeded',
    { mapping: { ...SHOP, shop: { column: 'Store' } } },
  ),
  table('one order of thousands of rows', () => `${HEADER}${ROW.repeat(6000)}`, 'limit_exceeded'),
  table('a date form of gaps, and a date that does not fit it', () => `${HEADER}A1,2026${' '.repeat(90)}!,CUP,1,sold\n`, null, {
    mapping: { ...SHOP, dateForms: ['YYYY         MM   [ ][ ] DD'] },
  }),
  table('a thousand date forms', () => HEADER + ROW, 'mapping_invalid', {
    mapping: { ...SHOP, dateForms: Array.from({ length: 1000 }, () => 'DD/MM/YYYY') },
  }),
  table('a mapping of half a megabyte', () => HEADER + ROW, 'limit_exceeded', {
    mapping: { ...SHOP, statuses: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`state ${i}`, 'completed'])) },
  }),
  {
    what: 'gzip in gzip in gzip, hundreds deep',
    path: '/api/import',
    name: 'orders.csv.gz',
    bytes: () => layers(400),
    refused: 'limit_exceeded',
  },
  table('a gzip of nothing but repetition', () => '', 'limit_exceeded', {
    bytes: () => gzipSync(Buffer.from(`${HEADER}${`,${' '.repeat(9000)},,,\n`.repeat(9000)}`)),
    long: true,
  }),
  book(
    'a workbook with one cell of a hundred megabytes',
    async () => [
      ...BOOK,
      await large('xl/worksheets/sheet1.xml', '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>', 'B'.repeat(1 << 20), 100),
    ],
    'limit_exceeded',
    { long: true },
  ),
  book(
    'a workbook with a hundred and fifty megabytes of shared texts',
    async () => [...BOOK, await large('xl/sharedStrings.xml', '<sst>', '<si><t>Cushion, green</t></si>'.repeat(40_000), 130), sheet('')],
    'limit_exceeded',
    { long: true },
  ),
  book(
    'a workbook of thousands of parts',
    () => [...BOOK, sheet(''), ...Array.from({ length: 2500 }, (_, i) => part(`xl/media/${i}.png`, 'x'))],
    'limit_exceeded',
  ),
  book(
    'a part that only the directory of the workbook names',
    async () => hidden(await large('xl/sharedStrings.xml', '<sst>', 'C'.repeat(1 << 20), 100)),
    'limit_exceeded',
    { long: true },
  ),
  book(
    'entities in entities in entities',
    () => [...BOOK, sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>', LAUGHS)],
    'file_not_recognised',
  ),
  book(
    'an entity that names a file of this machine',
    () => [
      ...BOOK,
      sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>', '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    ],
    'file_not_recognised',
  ),
  book(
    'a cell in a column that there is not',
    () => [...BOOK, sheet('<row r="1"><c r="A1"><v>1</v></c><c r="ZZZZZZ1"><v>2</v></c></row>')],
    'file_not_recognised',
  ),
  book(
    'a row beyond every sheet',
    () => [...BOOK, sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="4294967295"><c r="A4294967295"><v>2</v></c></row>')],
    'file_unreadable',
  ),
  book(
    'a part that wants to be outside',
    () => [...BOOK, part('../../../../escaped', 'x'), sheet('<row r="1"><c r="A1"><v>1</v></c></row>')],
    'file_unreadable',
  ),
  rates('tags without an end', () => Buffer.from(`<?xml version="1.0"?>${'<Cube '.repeat(1_000_000)}`), 'file_unreadable'),
  rates('one tag of megabytes', () => Buffer.from(`<?xml version="1.0"?><Cube ${'time="'.repeat(500_000)}`), 'file_unreadable'),
  rates(
    'a ZIP of a hundred megabytes of nothing',
    async () => zip([await large('eurofxref-hist.csv', '', '0'.repeat(1 << 20), 100)]),
    'limit_exceeded',
  ),
  rates('lines without end', () => Buffer.from(`Date,USD\n${'1\n'.repeat(30_000_000)}`), 'limit_exceeded', { long: true }),
  records(
    'lists in lists, a hundred thousand deep',
    () => `[{"id":"1","lines":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`,
    'limit_exceeded',
  ),
  records('objects in objects under the keys of replies', () => '{"data":'.repeat(100_000), 'limit_exceeded'),
  records('one value of megabytes', () => `[{"id":"1","note":"${'n'.repeat(3_000_000)}"}]`, 'limit_exceeded'),
  records('a list in a list, of thousands of numbers', () => `[[${'0,'.repeat(9999)}0]]`, null, { long: true }),
  records('thousands of records that are none', () => `[${'{},'.repeat(9999)}{}]`, null, { long: true }),
];

interface Part {
  readonly name: string;
  readonly packed: Buffer;
  readonly size: number;
  readonly crc: number;
  /** In the directory, where it is not this part's own place. */
  readonly at?: number;
}

function part(name: string, text: string): Part {
  const bytes = Buffer.from(text);
  return { name, packed: deflateRawSync(bytes, { level: 9 }), size: bytes.length, crc: crc32(bytes) };
}

const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const LAUGHS = `<!DOCTYPE w [<!ENTITY a "ha">${[...'bcde'].map((name, i) => `<!ENTITY ${name} "${`&${'abcd'[i]};`.repeat(100)}">`).join('')}]>`;

/** The parts every workbook has. */
const BOOK: readonly Part[] = [
  part(
    '[Content_Types].xml',
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
  ),
  part(
    '_rels/.rels',
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ' +
      `Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ),
  part(
    'xl/workbook.xml',
    `<workbook ${NS} xmlns:r="${RELATIONS}"><sheets><sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ),
  part(
    'xl/_rels/workbook.xml.rels',
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ' +
      `Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/sharedStrings" ` +
      'Target="sharedStrings.xml"/></Relationships>',
  ),
];

function sheet(rows: string, before = ''): Part {
  return part('xl/worksheets/sheet1.xml', `<?xml version="1.0"?>${before}<worksheet ${NS}><sheetData>${rows}</sheetData></worksheet>`);
}

/** A part that says one thing so many times: small in the archive, large when it is read. */
async function large(name: string, head: string, piece: string, times: number): Promise<Part> {
  const packing = createDeflateRaw({ level: 9 });
  let [size, crc] = [0, 0];
  const pieces = [Buffer.from(head), ...Array<Buffer>(times).fill(Buffer.from(piece))];
  const packed = Array.fromAsync(packing as AsyncIterable<Buffer>);
  for (const each of pieces) {
    size += each.length;
    crc = crc32(each, crc);
    packing.write(each);
  }
  packing.end();
  return { name, packed: Buffer.concat(await packed), size, crc };
}

/** A workbook within whose first part, stored as it is, another one stands that only the directory leads to. */
function hidden(inner: Part): Part[] {
  return [{ name: inner.name, packed: inner.packed, size: inner.size, crc: inner.crc, at: -1 }, ...BOOK, sheet('')];
}

/** A ZIP archive; a part with `at` is put into a stored part, out of the way of who reads one part after the other. */
function zip(parts: readonly Part[]): Buffer {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let place = 0;
  for (const { name, packed, size, crc, at } of parts) {
    const label = Buffer.from(name);
    const head = Buffer.concat([
      header(
        0x04034b50,
        30,
        [
          [4, 20],
          [8, 8],
          [26, label.length],
        ],
        [
          [14, crc],
          [18, packed.length],
          [22, size],
        ],
      ),
      label,
    ]);
    const cover =
      at === undefined
        ? Buffer.alloc(0)
        : Buffer.concat([
            header(
              0x04034b50,
              30,
              [
                [4, 20],
                [26, 1],
              ],
              [
                [18, head.length + packed.length],
                [22, head.length + packed.length],
              ],
            ),
            Buffer.from('x'),
          ]);
    bodies.push(cover, head, packed);
    directory.push(
      header(
        0x02014b50,
        46,
        [
          [4, 20],
          [6, 20],
          [10, 8],
          [28, label.length],
        ],
        [
          [16, crc],
          [20, packed.length],
          [24, size],
          [42, place + cover.length],
        ],
      ),
      label,
    );
    place += cover.length + head.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  return Buffer.concat([
    ...bodies,
    listed,
    header(
      0x06054b50,
      22,
      [
        [8, parts.length],
        [10, parts.length],
      ],
      [
        [12, listed.length],
        [16, place],
      ],
    ),
  ]);
}

function header(
  signature: number,
  length: number,
  short: readonly (readonly [number, number])[],
  long: readonly (readonly [number, number])[],
): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(signature, 0);
  for (const [at, value] of short) bytes.writeUInt16LE(value, at);
  for (const [at, value] of long) bytes.writeUInt32LE(value, at);
  return bytes;
}

function layers(count: number): Buffer {
  let bytes = Buffer.from(HEADER + ROW);
  for (let i = 0; i < count; i++) bytes = gzipSync(bytes, { level: 1 });
  return bytes;
}
