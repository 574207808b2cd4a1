import { AppError } from './errors.ts';
import type { Text } from './messages.ts';

/** What an input may hold at most, and why not more. */
export interface Limit {
  readonly most: number;
  readonly unit: 'bytes' | 'characters' | 'times' | 'seconds' | 'count';
  /** What is counted, as the error says it. */
  readonly what: Text;
  /** Of which inputs, and what it keeps away; for the documentation. */
  readonly why: string;
}

const [KB, MB, GB] = [2 ** 10, 2 ** 20, 2 ** 30];

/** Every limit of what comes in from outside; docs/limits.md is written from it. */
export const LIMITS = {
  file_bytes: {
    most: 4 * GB,
    unit: 'bytes',
    what: { en: 'bytes of the file, unpacked', zh: '文件解压后的大小', es: 'tamaño del archivo descomprimido' },
    why: 'Every uploaded file. A gigabyte of orders comes in; what is longer is no export of one shop.',
  },
  inflated_ratio: {
    most: 250,
    unit: 'times',
    what: {
      en: 'times its packed size that a file unpacks to',
      zh: '文件解压后与压缩大小的倍数',
      es: 'veces que el archivo crece al descomprimirlo',
    },
    why:
      'Files in gzip or ZIP, workbooks, from 64 MB unpacked on. Orders pack some ten to forty times smaller; a thousand times is ' +
      'nothing but repetition.',
  },
  gzip_layers: {
    most: 2,
    unit: 'count',
    what: { en: 'layers of gzip', zh: 'gzip 嵌套层数', es: 'capas de gzip' },
    why: 'Files that were packed, and packed once more on their way.',
  },
  zip_bytes: {
    most: 256 * MB,
    unit: 'bytes',
    what: { en: 'bytes of the packed workbook', zh: '工作簿压缩后的大小', es: 'tamaño del libro comprimido' },
    why: 'Workbooks and ZIP archives are held in memory. The fullest sheet that Excel writes is smaller.',
  },
  zip_entries: {
    most: 2000,
    unit: 'count',
    what: { en: 'parts of the workbook', zh: '工作簿的部件数', es: 'partes del libro' },
    why: 'Workbooks and ZIP archives. One part is a sheet, a picture, a style.',
  },
  workbook_part_bytes: {
    most: 128 * MB,
    unit: 'bytes',
    what: {
      en: "bytes of a workbook's shared texts or other parts beside the sheets",
      zh: '工作簿共享文本等部件的大小',
      es: 'tamaño de los textos compartidos u otras partes del libro',
    },
    why: 'Parts of a workbook that are read as a whole before the first row: shared strings, styles.',
  },
  columns: {
    most: 2000,
    unit: 'count',
    what: { en: 'columns', zh: '列数', es: 'columnas' },
    why: 'Tables. Exports have up to some hundred; empty columns at the end do not count.',
  },
  header_characters: {
    most: 100_000,
    unit: 'characters',
    what: { en: 'characters of the header', zh: '表头的字符数', es: 'caracteres de la cabecera' },
    why: 'Tables: the row that names the columns.',
  },
  cell_characters: {
    most: 100_000,
    unit: 'characters',
    what: { en: 'characters in a cell', zh: '单元格的字符数', es: 'caracteres en una celda' },
    why: 'Tables. A cell of Excel holds 32,767. What is longer has mostly lost a quote.',
  },
  field_characters: {
    most: 2000,
    unit: 'characters',
    what: {
      en: 'characters in a cell that the mapping names',
      zh: '字段对应所用单元格的字符数',
      es: 'caracteres en una celda de la asignación de columnas',
    },
    why: 'Order files: ids, names, words, dates, amounts. The row is refused, the rest comes in.',
  },
  row_characters: {
    most: 1_000_000,
    unit: 'characters',
    what: { en: 'characters in a row', zh: '一行的字符数', es: 'caracteres en una fila' },
    why: 'Tables.',
  },
  lines: {
    most: 20_000_000,
    unit: 'count',
    what: { en: 'lines of the file', zh: '文件的行数', es: 'líneas del archivo' },
    why: 'Tables and lists of records. Memory holds some 24 bytes of each until all are read; import a longer file in parts.',
  },
  order_rows: {
    most: 5000,
    unit: 'count',
    what: { en: 'rows of one order', zh: '一个订单的行数', es: 'filas de un pedido' },
    why: "Order files: an order is read as a whole. A wholesaler's largest have some thousand.",
  },
  shops: {
    most: 200,
    unit: 'count',
    what: { en: 'shops in one file', zh: '一个文件中的店铺数', es: 'tiendas en un archivo' },
    why: 'Order files whose shop stands in a column. More is a column of something else, and each would be a shop to choose from.',
  },
  record_characters: {
    most: 2 * MB,
    unit: 'characters',
    what: { en: 'characters of one record', zh: '一条记录的字符数', es: 'caracteres de un registro' },
    why: 'JSON of the older system: one order with all its lines.',
  },
  record_depth: {
    most: 64,
    unit: 'count',
    what: { en: 'levels of lists and objects in each other', zh: '列表与对象的嵌套层数', es: 'niveles de listas y objetos anidados' },
    why: "JSON from outside. Platforms' orders have up to eight.",
  },
  rate_bytes: {
    most: 64 * MB,
    unit: 'bytes',
    what: { en: 'bytes of a file of exchange rates', zh: '汇率文件的大小', es: 'tamaño de un archivo de cambios' },
    why: "The bank's whole history as XML is some 8 MB.",
  },
  rates: {
    most: 1_000_000,
    unit: 'count',
    what: { en: 'exchange rates in a file', zh: '文件中的汇率数', es: 'cambios en un archivo' },
    why: "The bank's whole history holds some 300,000.",
  },
  mapping_characters: {
    most: 256 * KB,
    unit: 'characters',
    what: { en: 'characters of the mapping', zh: '字段对应的字符数', es: 'caracteres de la asignación de columnas' },
    why: 'Mappings: the longest of ours has 5,000.',
  },
  address_characters: {
    most: 16_000,
    unit: 'characters',
    what: {
      en: 'characters of the address with its parameters',
      zh: '请求地址（含参数）的字符数',
      es: 'caracteres de la dirección con sus parámetros',
    },
    why: 'Requests, those that an AI program asks through MCP too: names of shops and ids with commas.',
  },
  thread_memory: {
    most: 1 * GB,
    unit: 'bytes',
    what: { en: 'memory that reading the file takes', zh: '读取文件所需的内存', es: 'memoria para leer el archivo' },
    why:
      'Each upload is read on a thread of its own. Where all other limits were kept and it still grows beyond this, the thread ends ' +
      'and the server goes on.',
  },
  still_seconds: {
    most: 30,
    unit: 'seconds',
    what: { en: 'seconds without a row', zh: '没有读出任何行的秒数', es: 'segundos sin una fila' },
    why: 'An upload of which no byte comes, or a file of which no row can be read, for so long. There is no limit on the whole.',
  },
  reply_bytes: {
    most: 32 * MB,
    unit: 'bytes',
    what: { en: 'bytes of a reply, unpacked', zh: '响应解压后的大小', es: 'tamaño de una respuesta descomprimida' },
    why: 'What platforms, the bank of the exchange rates and alert channels answer. A page of a hundred orders is some 2 MB.',
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

/** The limit as people write it: `4 GB`, `100,000`. */
export function shownLimit(name: LimitName): string {
  const { most, unit } = LIMITS[name];
  if (unit !== 'bytes') return most.toLocaleString('en-US');
  return most >= GB ? `${most / GB} GB` : `${most / MB} MB`;
}

/** The error for an input that goes beyond a limit: what was too much, and how much it may be. */
export function overLimit(name: LimitName): AppError {
  return new AppError(
    'limit_exceeded',
    { what: LIMITS[name].what, limit: shownLimit(name) },
    { details: { limit: name, most: LIMITS[name].most } },
  );
}
