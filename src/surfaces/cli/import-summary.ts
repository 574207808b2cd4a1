import { basename } from 'node:path';
import { shownList, shownNumber, type Text } from '../../kernel/messages.ts';
import type { RefusalReason } from '../../platforms/file-preset.ts';
import { REFUSALS } from '../refusals.ts';
import type { Answer } from './api.ts';
import type { Session } from './cli.ts';

/** What the server answers of an imported file. */
export type Imported = Answer<'POST', '/api/import'>;

const TEXTS = {
  recognised: { en: '{file}: {preset}, {shops}', zh: '{file}：{preset}，{shops}', es: '{file}: {preset}, {shops}' },
  orders: {
    en: '  {rows|row|rows}, {orders|order|orders}: {fresh} new, {changed} updated, {same} unchanged',
    zh: '  {rows} 行，{orders} 个订单：新增 {fresh}，更新 {changed}，未变 {same}',
    es: '  {rows|fila|filas}, {orders|pedido|pedidos}: {fresh} nuevos, {changed} actualizados, {same} sin cambios',
  },
  previewed: {
    en: '  {rows|row|rows}, {orders|order|orders} (preview, nothing saved)',
    zh: '  {rows} 行，{orders} 个订单（预览，未保存）',
    es: '  {rows|fila|filas}, {orders|pedido|pedidos} (vista previa, sin guardar)',
  },
  refunds: {
    en: '  {refunds|refund|refunds}: {fresh} new, {changed} updated, {same} unchanged',
    zh: '  {refunds} 笔退款：新增 {fresh}，更新 {changed}，未变 {same}',
    es: '  {refunds|reembolso|reembolsos}: {fresh} nuevos, {changed} actualizados, {same} sin cambios',
  },
  refundsPreviewed: { en: '  {refunds|refund|refunds}', zh: '  {refunds} 笔退款', es: '  {refunds|reembolso|reembolsos}' },
  refused: {
    en: '  {rows|row|rows} not imported:',
    zh: '  {rows} 行未导入：',
    es: '  {rows|fila no importada|filas no importadas}:',
  },
  reason: { en: '    {rows} × {reason}', zh: '    {rows} 行：{reason}', es: '    {rows} × {reason}' },
  list: { en: '  List: {list}', zh: '  列表：{list}', es: '  Lista: {list}' },
  first: { en: '  First orders:', zh: '  前几个订单：', es: '  Primeros pedidos:' },
  firstRefunds: { en: '  First orders and refunds:', zh: '  前几个订单和退款：', es: '  Primeros pedidos y reembolsos:' },
  readAs: { en: '  Read as: {ways}', zh: '  读取方式：{ways}', es: '  Leído así: {ways}' },
  encoding: { en: 'encoding {name}', zh: '编码 {name}', es: 'codificación {name}' },
  sheets: { en: '{count|sheet|sheets}: {names}', zh: '{count} 个工作表：{names}', es: '{count|hoja|hojas}: {names}' },
  sheetsLeftOut: { en: 'not read: {names}', zh: '未读取：{names}', es: 'sin leer: {names}' },
  dmy: { en: 'day before month', zh: '日在月前', es: 'día antes del mes' },
  mdy: { en: 'month before day', zh: '月在日前', es: 'mes antes del día' },
  point: { en: 'point before the cents', zh: '小数点为句点', es: 'punto antes de los céntimos' },
  comma: { en: 'comma before the cents', zh: '小数点为逗号', es: 'coma antes de los céntimos' },
  columns: {
    en: '  Columns not understood, though their names speak of states or units: {names}',
    zh: '  无法识别的列（列名像状态或件数）：{names}',
    es: '  Columnas no reconocidas, aunque su nombre habla de estados o unidades: {names}',
  },
  words: {
    en: '  States not understood, counted as no sale (rows): {words}',
    zh: '  无法识别的状态，未计为销售（行数）：{words}',
    es: '  Estados no reconocidos, no cuentan como venta (filas): {words}',
  },
  ids: {
    en: '  Ids that all end in zeros, as a spreadsheet leaves them: {names}. Export again if a spreadsheet saved the file.',
    zh: '  末尾全为 0 的编号，像被电子表格改动过：{names}。如果文件由电子表格保存过，请重新导出。',
    es:
      '  Números que acaban todos en ceros, como los deja una hoja de cálculo: {names}. ' +
      'Exporte otra vez el archivo si lo guardó una hoja de cálculo.',
  },
} as const satisfies Record<string, Text>;

/**
 * What became of an imported file, for people: what was understood, what was not, what was refused and why.
 * @param options.listed the rows that were not imported follow one by one, each with its reason
 */
export function importSummary(session: Session, result: Imported, { file, listed }: { file: string; listed: boolean }): string {
  const { say } = session;
  const { rows, orders, refunds, dry_run: preview } = result;
  const counted = { rows, orders, fresh: result.orders_new, changed: result.orders_changed, same: result.orders_unchanged };
  const paidBack = { refunds, fresh: result.refunds_new, changed: result.refunds_changed, same: result.refunds_unchanged };
  const lines = [
    say(TEXTS.recognised, { file: basename(file), preset: result.preset, shops: result.shops }),
    say(preview ? TEXTS.previewed : TEXTS.orders, counted),
    ...(refunds > 0 ? [say(preview ? TEXTS.refundsPreviewed : TEXTS.refunds, paidBack)] : []),
    ...result.warnings.map((sentence) => `  ${sentence}`),
    ...readAs(session, result),
    ...notUnderstood(session, result),
  ];
  if (preview) {
    const sample = result.sample.map((order) => `    ${JSON.stringify(order)}`);
    lines.push(say(refunds > 0 ? TEXTS.firstRefunds : TEXTS.first), ...sample);
  }
  if (result.refused > 0) {
    const reasons = Object.entries(result.refused_reasons) as [RefusalReason, number][];
    lines.push(
      say(TEXTS.refused, { rows: result.refused }),
      ...(listed ? [] : reasons).map(([reason, count]) => say(TEXTS.reason, { rows: count, reason: REFUSALS[reason] })),
    );
  }
  return lines.join('\n');
}

/** Where the rows that were not imported are listed. */
export function refusedListAt({ say }: Session, list: string): string {
  return say(TEXTS.list, { list });
}

/** How the file was read, where there was more than one way. */
function readAs({ say, language }: Session, result: Imported): string[] {
  const { encoding, sheets, sheets_left_out: leftOut, date_order: order, decimal_mark: mark } = result;
  const ways: string[] = [];
  if (encoding && encoding !== 'utf-8') ways.push(say(TEXTS.encoding, { name: encoding }));
  if (sheets.length > 0 && sheets.length + leftOut.length > 1) {
    ways.push(say(TEXTS.sheets, { count: sheets.length, names: sheets }));
    if (leftOut.length > 0) ways.push(say(TEXTS.sheetsLeftOut, { names: leftOut }));
  }
  if (order) ways.push(say(order === 'dmy' ? TEXTS.dmy : TEXTS.mdy));
  if (mark) ways.push(say(mark === '.' ? TEXTS.point : TEXTS.comma));
  return ways.length > 0 ? [say(TEXTS.readAs, { ways: shownList(ways, language) })] : [];
}

function notUnderstood({ say, language }: Session, result: Imported): string[] {
  const { unknown_columns: columns, unknown_words: words, doubtful_ids: ids } = result;
  const counted = Object.entries(words).map(([word, rows]) => `${word} (${shownNumber(rows, language)})`);
  return [
    ...(columns.length > 0 ? [say(TEXTS.columns, { names: columns })] : []),
    ...(counted.length > 0 ? [say(TEXTS.words, { words: counted })] : []),
    ...(ids.length > 0 ? [say(TEXTS.ids, { names: ids })] : []),
  ];
}
