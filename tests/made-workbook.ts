import { crc32 } from 'node:zlib';

const SHEET_NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** A ZIP archive of texts, stored as they are. */
export function archive(parts: Readonly<Record<string, string>>): Buffer {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let place = 0;
  for (const [name, text] of Object.entries(parts)) {
    const [label, body] = [Buffer.from(name), Buffer.from(text)];
    const sizes = [
      [14, crc32(body)],
      [18, body.length],
      [22, body.length],
    ] as const;
    const head = Buffer.concat([
      record(
        0x04034b50,
        30,
        [
          [4, 20],
          [26, label.length],
        ],
        sizes,
      ),
      label,
    ]);
    bodies.push(head, body);
    directory.push(
      record(
        0x02014b50,
        46,
        [
          [4, 20],
          [6, 20],
          [28, label.length],
        ],
        [...sizes.map(([at, value]) => [at + 2, value] as const), [42, place]],
      ),
      label,
    );
    place += head.length + body.length;
  }
  const listed = Buffer.concat(directory);
  const count = Object.keys(parts).length;
  return Buffer.concat([
    ...bodies,
    listed,
    record(
      0x06054b50,
      22,
      [
        [8, count],
        [10, count],
      ],
      [
        [12, listed.length],
        [16, place],
      ],
    ),
  ]);
}

function record(
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

/** A sheet's own XML, written by hand: what real programs leave out or repeat can be left out and repeated. */
interface MadeSheet {
  readonly name: string;
  readonly state?: 'hidden' | 'veryHidden';
  readonly data: string;
}

/** A workbook of these sheets; `parts` are put beside its own, or in their place, and undefined leaves one out. */
export function workbook(sheets: readonly MadeSheet[], parts: Readonly<Record<string, string | undefined>> = {}): Buffer {
  const own: Record<string, string | undefined> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels':
      `<Relationships xmlns="${PACKAGE}"><Relationship Id="r1" Type="${RELATIONS}/officeDocument" ` +
      'Target="xl/workbook.xml"/></Relationships>',
    'xl/workbook.xml': `<workbook xmlns="${SHEET_NS}" xmlns:r="${RELATIONS}"><sheets>${sheets
      .map(({ name, state }, i) => `<sheet name="${name}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} r:id="rId${i + 1}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}">${sheets
      .map((_, i) => `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`)
      .join('')}</Relationships>`,
    ...Object.fromEntries(
      sheets.map(({ data }, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        `<worksheet xmlns="${SHEET_NS}"><sheetData>${data}</sheetData></worksheet>`,
      ]),
    ),
    ...parts,
  };
  return archive(Object.fromEntries(Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined)));
}

/** Rows as a sheet holds them: texts in their cells, numbers as they are written. */
export function sheetRows(rows: readonly (readonly (string | { readonly number: string; readonly style?: number })[])[]): string {
  return rows
    .map(
      (row) =>
        `<row>${row
          .map((cell) =>
            typeof cell === 'string'
              ? `<c t="inlineStr"><is><t>${cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></is></c>`
              : `<c${cell.style === undefined ? '' : ` s="${cell.style}"`}><v>${cell.number}</v></c>`,
          )
          .join('')}</row>`,
    )
    .join('');
}
