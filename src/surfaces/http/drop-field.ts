import { fill, LOCALES, type Language, type Text } from '../../kernel/messages.ts';
import type { Platform } from '../../platforms/platform.ts';
import { escape } from './layout.ts';
import { route } from './route.ts';

/** Where the script of the field stands. */
const SCRIPT_PATH = '/drop-field.js';

const TEXTS = {
  title: { en: 'Import order files', zh: '导入订单文件', es: 'Importar archivos de pedidos' },
  what: {
    en: 'Drop files here: order exports of {platforms} as CSV, TSV, XLSX or .gz',
    zh: '把文件拖到这里：{platforms} 的订单导出文件（CSV、TSV、XLSX 或 .gz）',
    es: 'Suelte aquí los archivos: exportaciones de pedidos de {platforms} en CSV, TSV, XLSX o .gz',
  },
  choose: { en: 'Choose files', zh: '选择文件', es: 'Elegir archivos' },
  shop: { en: 'Shop (where the file names none)', zh: '店铺（文件未注明时）', es: 'Tienda (si el archivo no la nombra)' },
} as const satisfies Record<string, Text>;

/** What the script says, filled by it: marks stand for values of the answer. */
const SAID = {
  reading: { en: 'Reading: {rows} rows', zh: '正在读取：{rows} 行', es: 'Leyendo: {rows} filas' },
  writing: { en: 'Importing: {orders} orders', zh: '正在导入：{orders} 个订单', es: 'Importando: {orders} pedidos' },
  done: {
    en: 'Recognised as {preset}, {shops}: {orders} orders ({fresh} new, {changed} updated, {same} unchanged)',
    zh: '识别为 {preset}，{shops}：{orders} 个订单（新增 {fresh}，更新 {changed}，未变 {same}）',
    es: 'Reconocido como {preset}, {shops}: {orders} pedidos ({fresh} nuevos, {changed} actualizados, {same} sin cambios)',
  },
  refused: { en: 'Rows not imported: {refused}', zh: '未导入的行：{refused}', es: 'Filas no importadas: {refused}' },
  columns: { en: 'Columns not understood: {columns}', zh: '无法识别的列：{columns}', es: 'Columnas no reconocidas: {columns}' },
  words: {
    en: 'States not understood, counted as no sale: {words}',
    zh: '无法识别的状态，未计为销售：{words}',
    es: 'Estados no reconocidos, no cuentan como venta: {words}',
  },
  list: { en: 'List of the rows', zh: '查看列表', es: 'Lista de las filas' },
  reload: { en: 'Show the figures', zh: '查看数据', es: 'Ver las cifras' },
  gone: { en: 'The server does not answer.', zh: '服务器无响应。', es: 'El servidor no responde.' },
} as const satisfies Record<string, Text>;

/** A field to drop order files of platforms into, as a section of a page; what was understood and what was not is said beneath it. */
export function dropField(language: Language, platforms: readonly Pick<Platform, 'title' | 'files'>[]): string {
  const exporting = platforms.filter(({ files }) => files.length > 0).map(({ title }) => title);
  const names = new Intl.ListFormat(LOCALES[language], { type: 'disjunction' }).format(exporting).replace(/(?<=\w)或(?=\w)/g, ' 或 ');
  const said = Object.fromEntries(Object.entries(SAID).map(([name, text]) => [name, text[language]]));
  const texts = { ...said, locale: LOCALES[language] };
  return `<section class="wide"><h2>${escape(fill(TEXTS.title, language))}</h2>
<form class="drop" data-drop data-texts="${escape(JSON.stringify(texts))}"><p>${escape(fill(TEXTS.what, language, { platforms: names }))}</p>
<label class="pick">${escape(TEXTS.choose[language])}<input type="file" name="file" multiple></label>
<label>${escape(TEXTS.shop[language])}<input type="text" name="shop" maxlength="100"></label></form>
<ul class="notes" data-dropped aria-live="polite"></ul><script type="module" src="${SCRIPT_PATH}"></script></section>`;
}

const SCRIPT = `const form = document.querySelector('form[data-drop]');
const told = document.querySelector('[data-dropped]');
const texts = JSON.parse(form.dataset.texts);
const number = new Intl.NumberFormat(texts.locale);
const fill = (text, values) => text.replace(/\\{(\\w+)\\}/g, (_, name) => typeof values[name] === 'number' ? number.format(values[name]) : values[name]);
const line = (parent, text, link) => {
  const item = parent.appendChild(document.createElement(link ? 'a' : 'p'));
  item.textContent = text;
  if (link) item.href = link;
  return item;
};
const fail = (item, { msg, hint }) => { item.className = 'failed'; item.setAttribute('role', 'alert'); line(item, msg); line(item, hint ?? ''); };
const show = (item, result) => {
  line(item, fill(texts.done, { preset: result.preset, shops: result.shops.join(', '), orders: result.orders, fresh: result.orders_new, changed: result.orders_changed, same: result.orders_unchanged }));
  for (const warning of result.warnings) line(item, warning);
  if (result.unknown_columns.length) line(item, fill(texts.columns, { columns: result.unknown_columns.join(', ') }));
  const words = Object.entries(result.unknown_words).map(([word, rows]) => word + ' (' + number.format(rows) + ')');
  if (words.length) line(item, fill(texts.words, { words: words.join(', ') }));
  if (result.refused) {
    line(item, fill(texts.refused, { refused: result.refused })).className = 'failed';
    if (result.refused_list) line(item, texts.list, result.refused_list);
  }
  line(item, texts.reload, location.href);
};
async function bring(file) {
  const item = told.appendChild(document.createElement('li'));
  line(item, file.name).className = 'name';
  const progress = line(item, '');
  const body = new FormData();
  body.append('file', file, file.name);
  const shop = form.elements.shop.value.trim();
  try {
    const answer = await fetch('/api/import' + (shop ? '?shop=' + encodeURIComponent(shop) : ''), { method: 'POST', body, headers: { accept: 'application/x-ndjson', 'accept-language': document.documentElement.lang } });
    if (!answer.ok) return fail(item, await answer.json());
    let rest = '';
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split('\\n');
      rest = lines.pop();
      for (const each of lines.filter(Boolean)) {
        const { progress: now, result, error } = JSON.parse(each);
        if (now) progress.textContent = fill(now.phase === 'read' ? texts.reading : texts.writing, now);
        if (error) fail(item, error);
        if (result) { progress.remove(); show(item, result); }
      }
    }
  } catch { fail(item, { msg: texts.gone }); }
}
const all = async (files) => { for (const file of files) await bring(file); };
form.elements.file.addEventListener('change', (event) => { all([...event.target.files]).then(() => { event.target.value = ''; }); });
form.addEventListener('submit', (event) => event.preventDefault());
for (const name of ['dragover', 'dragleave', 'drop']) form.addEventListener(name, (event) => { event.preventDefault(); form.classList.toggle('over', name === 'dragover'); });
form.addEventListener('drop', (event) => all([...event.dataTransfer.files]));
`;

/** The script of the field; it holds nothing of the data. */
export const dropFieldScript = route({
  method: 'GET',
  path: SCRIPT_PATH,
  needs: 'read',
  open: true,
  type: 'text/javascript',
  handle: ({ reply }) => reply.type('text/javascript; charset=utf-8').send(SCRIPT),
});
