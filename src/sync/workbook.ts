import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { kindOfArchive, notATable } from './file-kind.ts';
import { sheetReader, type SheetRow } from './sheet-rows.ts';
import { attribute, plainText, xmlParser, xmlText, type XmlReader } from './workbook-xml.ts';

/** A sheet of a workbook, and its rows, some at a time. */
interface WorkbookSheet {
  readonly name: string;
  readonly hidden: boolean;
  readonly rows: AsyncGenerator<readonly SheetRow[]>;
}

const RELATION = /\/(officeDocument|worksheet|sharedStrings|styles)$/;

/**
 * Opens a workbook (.xlsx, .xlsm): its sheets, those that can be seen before those that are hidden. Writers that leave out or spell oddly
 * what the standard asks for are borne: parts are found by name where no relation leads to them, and upper and lower case are alike.
 * @throws AppError `file_kind` when the archive is something else, `file_unreadable`
 */
export async function openWorkbook(bytes: Buffer): Promise<readonly WorkbookSheet[]> {
  const parts = await partsOf(await fromBufferPromise(bytes, { lazyEntries: true }));
  const kind = kindOfArchive(parts.names);
  if (kind) throw notATable(kind);
  const root = await parts.relations('_rels/.rels', '');
  const path =
    root.find(({ kind: of }) => of === 'officeDocument')?.path ??
    parts.names.find((name) => name.endsWith('workbook.xml')) ??
    'xl/workbook.xml';
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const relations = await parts.relations(`${folder}/_rels/${path.slice(folder.length + 1)}.rels`.replace(/^\//, ''), folder);
  const named = (of: string, fallback: RegExp): string | undefined =>
    relations.find(({ kind: each }) => each === of)?.path ?? parts.names.find((name) => fallback.test(name));
  const { sheets, since1904 } = await readBook(parts, path);
  const loose = parts.names
    .filter((name) => /worksheets\/[^/]*\.xml$/.test(name))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  let shared: Promise<SharedFacts> | undefined;
  const facts = (): Promise<SharedFacts> =>
    (shared ??= readShared(parts, { strings: named('sharedStrings', /sharedstrings\.xml$/), styles: named('styles', /styles\.xml$/) }));
  return (
    sheets
      .map(({ name, hidden, relation }, i) => ({ name, hidden, part: relations.find(({ id }) => id === relation)?.path ?? loose[i] }))
      // A chart has a page of its own and no rows.
      .filter(({ part }) => part !== undefined && /worksheets\/|sheet[^/]*\.xml$/.test(part) && !/chartsheets\//.test(part))
      .toSorted((a, b) => Number(a.hidden) - Number(b.hidden))
      .map(({ name, hidden, part }) => ({ name, hidden, rows: rowsOf(parts, part!, async () => ({ ...(await facts()), since1904 })) }))
  );
}

interface SharedFacts {
  readonly strings: readonly string[];
  /** By the number of a cell's style, whether it shows dates. */
  readonly dates: readonly boolean[];
}

interface Parts {
  /** In small letters. */
  readonly names: readonly string[];
  read(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  relations(name: string, folder: string): Promise<readonly Relation[]>;
}

interface Relation {
  readonly id: string;
  readonly kind: string;
  readonly path: string;
}

async function partsOf(zip: ZipFile): Promise<Parts> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry);
  const parts: Parts = {
    names: [...entries.keys()],
    async read(name) {
      const entry = entries.get(name.toLowerCase());
      if (entry?.isEncrypted()) throw notATable('locked_excel');
      return entry && zip.openReadStreamPromise(entry);
    },
    async relations(name, folder) {
      const found: Relation[] = [];
      await parse(parts, name, {
        open: (local, attributes) => {
          if (local === 'Relationship')
            found.push({
              id: attribute(attributes, 'Id') ?? '',
              kind: RELATION.exec(attribute(attributes, 'Type') ?? '')?.[1] ?? '',
              path: resolved(folder, attribute(attributes, 'Target') ?? ''),
            });
        },
      });
      return found;
    },
  };
  return parts;
}

/** A target as the name of a part: from the root with a slash in front, else from the folder of who names it. */
function resolved(folder: string, target: string): string {
  const path = target.startsWith('/') ? [] : folder.split('/').filter(Boolean);
  for (const step of target.split('/')) {
    if (step === '..') path.pop();
    else if (step !== '.' && step !== '') path.push(step);
  }
  return path.join('/').toLowerCase();
}

async function parse(parts: Parts, name: string, reader: XmlReader): Promise<void> {
  const source = await parts.read(name);
  if (!source) return;
  const parser = xmlParser(reader);
  for await (const text of xmlText(source)) parser.write(text);
  parser.close();
}

async function readBook(parts: Parts, path: string) {
  const sheets: { readonly name: string; readonly hidden: boolean; readonly relation: string }[] = [];
  let since1904 = false;
  await parse(parts, path, {
    open(local, attributes) {
      if (local === 'workbookPr') since1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '');
      if (local === 'sheet')
        sheets.push({
          name: attribute(attributes, 'name') ?? '',
          hidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible',
          relation: attribute(attributes, 'id') ?? '',
        });
    },
  });
  return { sheets, since1904 };
}

async function readShared(
  parts: Parts,
  { strings, styles }: { strings: string | undefined; styles: string | undefined },
): Promise<SharedFacts> {
  const texts: string[] = [];
  let [current, inText, phonetic] = ['', false, false];
  if (strings)
    await parse(parts, strings, {
      open(local) {
        if (local === 'si') current = '';
        if (local === 'rPh') phonetic = true;
        inText = local === 't' && !phonetic;
      },
      text(text) {
        if (inText) current += text;
      },
      close(local) {
        if (local === 't') inText = false;
        if (local === 'rPh') phonetic = false;
        if (local === 'si') texts.push(plainText(current));
      },
    });
  const own = new Map<string, string>();
  const dates: boolean[] = [];
  let inCells = false;
  if (styles)
    await parse(parts, styles, {
      open(local, attributes) {
        if (local === 'numFmt') own.set(attribute(attributes, 'numFmtId') ?? '', attribute(attributes, 'formatCode') ?? '');
        if (local === 'cellXfs') inCells = true;
        if (local === 'xf' && inCells) dates.push(showsDates(attribute(attributes, 'numFmtId') ?? '0', own));
      },
      close(local) {
        if (local === 'cellXfs') inCells = false;
      },
    });
  return { strings: texts, dates };
}

/** Formats of the standard's own list that show a date or a time, Chinese, Japanese and Korean ones among them. */
const DATE_FORMATS: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

function showsDates(id: string, own: ReadonlyMap<string, string>): boolean {
  const code = own.get(id);
  if (code === undefined) return DATE_FORMATS.some(([from, to]) => Number(id) >= from && Number(id) <= to);
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '');
  return !/^(general|standard)$/i.test(bare.trim()) && /[ymdhs]/i.test(bare);
}

async function* rowsOf(
  parts: Parts,
  name: string,
  factsOf: () => Promise<SharedFacts & { readonly since1904: boolean }>,
): AsyncGenerator<readonly SheetRow[]> {
  const source = await parts.read(name);
  if (!source) return;
  const { reader, taken } = sheetReader(await factsOf());
  const parser = xmlParser(reader);
  for await (const text of xmlText(source)) {
    parser.write(text);
    yield taken();
  }
  parser.close();
  yield taken(true);
}
