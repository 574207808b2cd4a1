import { AppError } from '../kernel/errors.ts';
import type { Text } from '../kernel/messages.ts';

/** What a file is that is no table we read, and what to do about it. */
interface FileKind {
  readonly name: Text;
  readonly remedy: Text;
}

const SAVE_AS: Text = {
  en: 'Open it and save it as .xlsx or .csv (UTF-8), or export it again in one of these.',
  zh: '请打开后另存为 .xlsx 或 .csv（UTF-8），或重新导出为这些格式。',
  es: 'Ábralo y guárdelo como .xlsx o .csv (UTF-8), o expórtelo otra vez en uno de estos formatos.',
};
const EXPORT_AS: Text = {
  en: 'Export the orders as .xlsx, .csv or .txt.',
  zh: '请将订单导出为 .xlsx、.csv 或 .txt。',
  es: 'Exporte los pedidos como .xlsx, .csv o .txt.',
};
const UNPACK: Text = {
  en: 'Unpack it and import the files inside, one by one.',
  zh: '请解压后逐个导入其中的文件。',
  es: 'Descomprímalo e importe los archivos de dentro, uno a uno.',
};
const UNLOCK: Text = {
  en: 'Open it with its password and save it without one, as .xlsx.',
  zh: '请用密码打开，另存为不带密码的 .xlsx。',
  es: 'Ábralo con su contraseña y guárdelo sin ella, como .xlsx.',
};

const KINDS = {
  old_excel: {
    name: { en: 'an old Excel file (.xls)', zh: '旧版 Excel 文件（.xls）', es: 'un archivo de Excel antiguo (.xls)' },
    remedy: SAVE_AS,
  },
  binary_excel: {
    name: { en: 'a binary Excel file (.xlsb)', zh: '二进制 Excel 文件（.xlsb）', es: 'un archivo binario de Excel (.xlsb)' },
    remedy: SAVE_AS,
  },
  locked_excel: { name: { en: 'a workbook with a password', zh: '带密码的工作簿', es: 'un libro con contraseña' }, remedy: UNLOCK },
  web_page: { name: { en: 'a web page (HTML)', zh: '网页（HTML）', es: 'una página web (HTML)' }, remedy: SAVE_AS },
  xml: { name: { en: 'an XML file', zh: 'XML 文件', es: 'un archivo XML' }, remedy: SAVE_AS },
  open_document: {
    name: { en: 'a LibreOffice file (.ods)', zh: 'LibreOffice 文件（.ods）', es: 'un archivo de LibreOffice (.ods)' },
    remedy: SAVE_AS,
  },
  numbers: { name: { en: 'a Numbers file', zh: 'Numbers 文件', es: 'un archivo de Numbers' }, remedy: SAVE_AS },
  document: {
    name: { en: 'a text document or slides', zh: '文本文档或幻灯片', es: 'un documento de texto o una presentación' },
    remedy: EXPORT_AS,
  },
  zip: { name: { en: 'a ZIP archive', zh: 'ZIP 压缩包', es: 'un archivo ZIP' }, remedy: UNPACK },
  archive: {
    name: {
      en: 'a packed file (RAR, 7z, TAR, bzip2, xz or zstd)',
      zh: '压缩文件（RAR、7z、TAR、bzip2、xz 或 zstd）',
      es: 'un archivo comprimido (RAR, 7z, TAR, bzip2, xz o zstd)',
    },
    remedy: UNPACK,
  },
  pdf: { name: { en: 'a PDF', zh: 'PDF 文件', es: 'un PDF' }, remedy: EXPORT_AS },
  picture: { name: { en: 'a picture', zh: '图片', es: 'una imagen' }, remedy: EXPORT_AS },
  json: {
    name: { en: 'a JSON file', zh: 'JSON 文件', es: 'un archivo JSON' },
    remedy: {
      en: 'Export the orders as .xlsx, .csv or .txt. What the older system left comes in with `s7 adopt`.',
      zh: '请将订单导出为 .xlsx、.csv 或 .txt。旧系统留下的文件请用 `s7 adopt` 导入。',
      es: 'Exporte los pedidos como .xlsx, .csv o .txt. Lo que dejó el sistema anterior entra con `s7 adopt`.',
    },
  },
  database: { name: { en: 'a database file', zh: '数据库文件', es: 'un archivo de base de datos' }, remedy: EXPORT_AS },
} as const satisfies Readonly<Record<string, FileKind>>;
export type FileKindName = keyof typeof KINDS;

/** The refusal of a file that is no table, by what it is. */
export function notATable(kind: FileKindName): AppError {
  const { name, remedy } = KINDS[kind];
  return new AppError('file_kind', { kind: name, remedy });
}

/** How files begin that are no tables. */
const BEGINNINGS: readonly (readonly [FileKindName, string])[] = [
  ['pdf', '%PDF'],
  ['picture', '\u0089PNG'],
  ['picture', '\u00ff\u00d8\u00ff'],
  ['picture', 'GIF8'],
  ['picture', 'II*\0'],
  ['picture', 'MM\0*'],
  ['archive', 'Rar!'],
  ['archive', '7z\u00bc\u00af'],
  ['archive', 'BZh'],
  ['archive', '\u00fd7zXZ'],
  ['archive', '\u0028\u00b5\u002f\u00fd'],
  ['zip', 'PK\u0005\u0006'],
  ['zip', 'PK\u0007\u0008'],
  ['document', '{\\rtf'],
  ['database', 'SQLite format 3'],
  ['database', 'PAR1'],
  // BIFF 2 to 5 without a container.
  ['old_excel', '\u0009\u0000\u0004\u0000'],
  ['old_excel', '\u0009\u0002\u0006\u0000'],
  ['old_excel', '\u0009\u0004\u0006\u0000'],
  ['old_excel', '\u0009\u0008\u0008\u0000'],
  ['old_excel', '\u0009\u0008\u0010\u0000'],
];
const CONTAINER = '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1';

/** What a file is by its first bytes, where it is nothing that holds rows; a workbook of today is told by {@link kindOfArchive}. */
export function kindOf(head: Buffer): FileKindName | undefined {
  const start = head.toString('latin1', 0, 16);
  if (start.startsWith(CONTAINER)) return kindOfContainer(head);
  const beginning = BEGINNINGS.find(([, bytes]) => start.startsWith(bytes));
  if (beginning) return beginning[0];
  if (start.startsWith('RIFF') && start.startsWith('WEBP', 8)) return 'picture';
  if (/^ftyp(hei|avif|mif)/.test(start.slice(4))) return 'picture';
  if (head.toString('latin1', 257, 262) === 'ustar') return 'archive';
  // UTF-16 reads the same without its zero bytes.
  const text = head
    .toString('latin1', 0, 4096)
    .replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '')
    .replaceAll('\0', '')
    .trimStart();
  if (/^<(?:!--|!doctype html|html|head|body|table|meta|style|div)\b/i.test(text)) return 'web_page';
  if (/^<(?:\?xml|[a-z][\w:]*[\s>])/i.test(text)) return /<html\b/i.test(text) ? 'web_page' : 'xml';
  return /^(?:\[\s*[[{"\]\d-]|\{\s*["}])/.test(text) && !/^[^\n]*[;\t]/.test(text) ? 'json' : undefined;
}

/** Old Office files are containers of streams, and so is a workbook of today with a password. */
function kindOfContainer(head: Buffer): FileKindName {
  const named = (name: string): boolean => head.includes(Buffer.from(name, 'utf16le'));
  if (named('EncryptedPackage') || named('EncryptionInfo')) return 'locked_excel';
  return named('WordDocument') || named('PowerPoint Document') ? 'document' : 'old_excel';
}

/** What an archive is by the names of its parts; undefined for a workbook. */
export function kindOfArchive(names: readonly string[]): FileKindName | undefined {
  const has = (name: RegExp): boolean => names.some((each) => name.test(each));
  if (has(/^xl\/.*\.bin$/) && has(/^xl\/workbook\.bin$/)) return 'binary_excel';
  if (has(/^\[content_types\]\.xml$/)) return has(/^(word|ppt)\//) ? 'document' : has(/^xl\/|workbook\.xml$/) ? undefined : 'zip';
  if (has(/^index\/.*\.iwa$|^index\.zip$/)) return 'numbers';
  if (has(/^mimetype$/) && has(/^content\.xml$/)) return 'open_document';
  return has(/workbook\.xml$/) ? undefined : 'zip';
}
