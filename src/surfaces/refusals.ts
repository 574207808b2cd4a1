import type { Text } from '../kernel/messages.ts';
import type { RefusalReason } from '../platforms/file-preset.ts';

/** Why a row of a file is refused, in the words of the list of refused rows. */
export const REFUSALS: Readonly<Record<RefusalReason, Text>> = {
  row_cells: { en: 'The row has too few cells.', zh: '该行的列数不足。', es: 'La fila tiene muy pocas celdas.' },
  row_beyond: {
    en: 'The row has more cells than the header: a separator stands within a cell, and what follows it is out of place.',
    zh: '该行的单元格多于表头：某个单元格内含有分隔符，其后的内容已错位。',
    es: 'La fila tiene más celdas que la cabecera: hay un separador dentro de una celda y lo que sigue está desplazado.',
  },
  row_order_missing: { en: 'The order no. is missing.', zh: '缺少订单号。', es: 'Falta el n.º de pedido.' },
  row_id_damaged: {
    en:
      'A spreadsheet rounded the id (5.8E+17, or its last digits are zeros). Download the file again and do not open it before the ' +
      'import.',
    zh: '编号已被电子表格改动（如 5.8E+17，或末尾变成 0）。请重新下载，导入前不要打开。',
    es:
      'Una hoja de cálculo ha redondeado el número (5,8E+17, o acaba en ceros). Descargue otra vez el archivo y no lo abra antes de ' +
      'importarlo.',
  },
  row_channel: {
    en: 'The row was sold on a channel whose time zone is not known. Its name stands in unknown_words; say its time zone with --zone.',
    zh: '该行的销售渠道未知，名称见 unknown_words；请用 --zone 指定其时区。',
    es: 'No se conoce la zona horaria del canal de esta fila. Su nombre está en unknown_words; indíquela con --zone.',
  },
  row_sku_missing: { en: 'There is no SKU.', zh: '缺少 SKU。', es: 'Falta el SKU.' },
  row_date: { en: 'The date cannot be read.', zh: '无法识别日期。', es: 'No se entiende la fecha.' },
  row_amount: {
    en: 'The amount or currency cannot be read (at most four digits after the point).',
    zh: '无法识别金额或币种（小数最多四位）。',
    es: 'No se entiende el importe o la moneda (cuatro decimales como máximo).',
  },
  row_quantity: { en: 'The quantity is no whole number.', zh: '数量不是整数。', es: 'La cantidad no es un número entero.' },
  row_too_long: {
    en: 'A cell is longer than any id, name or amount.',
    zh: '单元格内容过长。',
    es: 'Una celda es más larga que cualquier número, nombre o importe.',
  },
  row_currencies: {
    en: 'The rows of one order have different currencies.',
    zh: '同一订单的各行币种不同。',
    es: 'Las filas de un mismo pedido tienen monedas distintas.',
  },
};
