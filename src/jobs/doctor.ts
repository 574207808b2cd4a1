import { access, constants, statfs } from 'node:fs/promises';
import { readImports } from '../records/imports/import-log.ts';
import { SCHEMA_VERSION } from '../engines/migrations.ts';
import { readUnratedDays } from '../records/rates/rate-book.ts';
import { readLikeNames, readShops } from '../records/shops/shops.ts';
import { readSkuConflicts, readUnknownStatuses } from '../records/orders/stored-orders.ts';
import { fill, type Language, type Text } from '../kernel/messages.ts';
import { shopDay } from '../model/shop-day.ts';
import { examineCompleteness } from './doctor-completeness.ts';
import { examineAlerts, type AlertedRoom } from './alerts/doctor-alerts.ts';
import { exposedPaths, isExposed } from './private-files.ts';
import { unknownFields } from './unknown-fields.ts';
import { examineConnections, type ConnectionRoom, type Finding } from './doctor-connections.ts';

/** What is examined. */
export interface ExaminedRoom extends ConnectionRoom, AlertedRoom {
  readonly importsFolder: string;
  /** What told that requests come through a proxy; undefined while nothing has. */
  readonly proxySeen: () => string | undefined;
  readonly config: {
    readonly version: string;
    readonly dataFolder: string;
    readonly backupFolder: string;
    readonly settingsFile?: string | undefined;
    readonly apiKey: string | undefined;
    readonly publicUrl: string | undefined;
    readonly port: number;
    readonly reportingCurrency: string;
  };
}

const LOW_DISK_BYTES = 1e9;
const SHOWN_FILES = 5;

const TEXTS = {
  program: {
    en: 'version {version}, Node {node}, schema {schema}',
    zh: '版本 {version}，Node {node}，数据结构 {schema}',
    es: 'versión {version}, Node {node}, esquema {schema}',
  },
  folder: { en: '{folder} can be written', zh: '{folder} 可写', es: '{folder} se puede escribir' },
  store: {
    en: '{database}, {size} MB on disk',
    zh: '{database}，占用磁盘 {size} MB',
    es: '{database}, {size} MB en disco',
  },
  store_behind: {
    en:
      '{database}: numbers that are still to be given out stand in {tables} already, two things could come to bear the same. Bring ' +
      'back the last backup: `s7 restore`',
    zh: '{database}：{tables} 中已出现尚未分配的编号，两条记录可能会用同一编号。请恢复最近的备份：`s7 restore`',
    es:
      '{database}: en {tables} ya hay números que están por dar, y dos cosas podrían llevar el mismo. Recupere la última copia: `s7 ' +
      'restore`',
  },
  disk: { en: '{free} GB free', zh: '剩余 {free} GB', es: '{free} GB libres' },
  disk_low: {
    en: 'only {free} GB free: make room before the next import',
    zh: '仅剩 {free} GB：导入前请清理磁盘',
    es: 'solo {free} GB libres: haga sitio antes de importar',
  },
  rights: {
    en: 'nobody else on this machine can read the data',
    zh: '本机其他用户无法读取数据',
    es: 'nadie más en este equipo puede leer los datos',
  },
  rights_open: {
    en: 'others on this machine have rights to {files}: start the server again as their owner, or run `chmod -R go= {folder}`',
    zh: '本机其他用户可访问 {files}：请以其所有者身份重启服务，或运行 `chmod -R go= {folder}`',
    es: 'otros usuarios de este equipo tienen permisos sobre {files}: reinicie el servidor como su dueño o ejecute `chmod -R go= {folder}`',
  },
  settings_open: {
    en: 'others on this machine can read {file}, where keys may stand: run `chmod go= {file}`',
    zh: '本机其他用户可读取 {file}，其中可能有密钥：请运行 `chmod go= {file}`',
    es: 'otros usuarios de este equipo pueden leer {file}, donde puede haber claves: ejecute `chmod go= {file}`',
  },
  shops: { en: '{count|shop|shops}', zh: '{count} 个店铺', es: '{count|tienda|tiendas}' },
  shops_none: {
    en: 'no shop yet: `s7 import FILE`',
    zh: '还没有店铺：请运行 `s7 import 文件`',
    es: 'ninguna tienda todavía: `s7 import ARCHIVO`',
  },
  shops_alike: {
    en: 'names that differ in the case of letters alone: {names}. Rename one: `s7 shops set NAME --name …`',
    zh: '店铺名称仅大小写不同：{names}。请重命名：`s7 shops set 名称 --name …`',
    es: 'nombres que solo difieren en mayúsculas: {names}. Cambie uno: `s7 shops set NOMBRE --name …`',
  },
  rates: {
    en: 'every amount can be converted to {currency}',
    zh: '所有金额均可换算为 {currency}',
    es: 'todos los importes se pueden convertir a {currency}',
  },
  rates_missing: {
    en: 'missing for {days}: amounts stand apart by currency. `s7 fx fetch`, or `s7 fx import` with the file of the European Central Bank',
    zh: '缺少汇率：{days}，金额按币种分列。请运行 `s7 fx fetch`，或用 `s7 fx import` 导入欧洲央行文件',
    es: 'faltan para {days}: los importes se muestran por moneda. `s7 fx fetch`, o `s7 fx import` con el archivo del BCE',
  },
  statuses: { en: 'every status word is known', zh: '所有状态词均可识别', es: 'se conocen todas las palabras de estado' },
  statuses_unknown: {
    en: 'not known and counted as no sale: {words}. Map them with `statuses` (docs/mapping.md)',
    zh: '无法识别，未计为销售：{words}。请在字段对应的 statuses 中补充（docs/mapping.md）',
    es: 'no se conocen y no cuentan como venta: {words}. Añádalas en `statuses` (docs/mapping.md)',
  },
  skus: {
    en: 'every seller SKU stands for one product of a shop',
    zh: '每个卖家 SKU 在同一店铺只对应一个商品',
    es: 'cada SKU del vendedor es un solo producto en cada tienda',
  },
  skus_shared: {
    en: 'one seller SKU, several products of one shop, counted together: {skus}',
    zh: '同一店铺的多个商品共用一个卖家 SKU，已合并统计：{skus}',
    es: 'un SKU del vendedor para varios productos de una tienda, contados juntos: {skus}',
  },
  imports: { en: 'the last imports ended well', zh: '最近的导入均已完成', es: 'las últimas importaciones acabaron bien' },
  imports_cut: {
    en: 'cut off: {files}. Run the same import again; nothing is doubled',
    zh: '被中断：{files}。请重新导入，不会重复',
    es: 'cortadas: {files}. Repita la importación; nada se duplica',
  },
  proxy: {
    en: 'S7_PUBLIC_URL and S7_API_KEY guard what comes through {sign}',
    zh: '经代理（{sign}）的访问由 S7_PUBLIC_URL 与 S7_API_KEY 保护',
    es: 'S7_PUBLIC_URL y S7_API_KEY guardan lo que llega por {sign}',
  },
  proxy_unsaid: {
    en:
      'requests come through a proxy ({sign}), and the settings do not say so: set S7_PUBLIC_URL to the address people use, and ' +
      'S7_API_KEY (docs/reverse-proxy.md)',
    zh: '有请求经代理到达（{sign}），但设置中没有说明：请把 S7_PUBLIC_URL 设为外部地址，并设置 S7_API_KEY（docs/reverse-proxy.md）',
    es:
      'llegan peticiones por un proxy ({sign}) y los ajustes no lo dicen: ponga en S7_PUBLIC_URL la dirección que se usa, y ' +
      'S7_API_KEY (docs/reverse-proxy.md)',
  },
  proxy_plain: {
    en: 'the proxy talks HTTP/1.0, which ends streams early: let it talk HTTP/1.1 and name the host (docs/reverse-proxy.md)',
    zh: '代理使用 HTTP/1.0，会过早中断流式响应：请改用 HTTP/1.1 并传递主机名（docs/reverse-proxy.md）',
    es: 'el proxy habla HTTP/1.0, que corta los flujos: que hable HTTP/1.1 y nombre el host (docs/reverse-proxy.md)',
  },
  public_url_plain: {
    en: '{url} is not https: keys and cookies can be read on the way (docs/reverse-proxy.md)',
    zh: '{url} 不是 https：密钥和 Cookie 可能在传输中被读取（docs/reverse-proxy.md）',
    es: '{url} no es https: por el camino pueden leerse claves y cookies (docs/reverse-proxy.md)',
  },
  fields: {
    en: 'every field that platforms sent is known',
    zh: '平台返回的字段均可识别',
    es: 'se conocen todos los campos que enviaron las plataformas',
  },
  fields_unknown: {
    en: 'sent by platforms and not known, so that texts in them are not kept: {fields}',
    zh: '平台返回了无法识别的字段，其文本不予保存：{fields}',
    es: 'enviados por las plataformas y desconocidos, así que sus textos no se guardan: {fields}',
  },
  access_here: { en: 'this machine only, no key needed', zh: '仅本机访问，无需密钥', es: 'solo este equipo, sin clave' },
  access_key: {
    en: 'with S7_API_KEY, from this machine, too; browsers sign in at /signin',
    zh: '均需 S7_API_KEY（本机也是）；浏览器请在 /signin 登录',
    es: 'con S7_API_KEY, también desde este equipo; los navegadores entran por /signin',
  },
  public_url: {
    en: 'redirect addresses start with {url}',
    zh: '回调地址以 {url} 开头',
    es: 'las URL de redirección empiezan por {url}',
  },
  public_url_none: {
    en: 'S7_PUBLIC_URL is not set; it is needed to connect a shop over the internet',
    zh: '未设置 S7_PUBLIC_URL；通过互联网授权店铺时需要',
    es: 'S7_PUBLIC_URL no está puesto; hace falta para conectar una tienda por internet',
  },
} as const satisfies Record<string, Text>;

/** Looks at everything that commonly goes wrong and says what to do about it. */
export async function examine(room: ExaminedRoom, language: Language): Promise<Finding[]> {
  const { config, engine } = room;
  const say = (check: string, state: Finding['state'], text: keyof typeof TEXTS, values = {}): Finding => ({
    check,
    state,
    text: fill(TEXTS[text], language, values),
  });
  const { shops, alike, unrated, statuses, conflicts, imports } = await engine.read(async (reader) => ({
    shops: await readShops(reader),
    alike: await readLikeNames(reader),
    unrated: await readUnratedDays(reader, { to: config.reportingCurrency, until: shopDay(room.clock.now(), 'UTC') }),
    statuses: await readUnknownStatuses(reader),
    conflicts: await readSkuConflicts(reader),
    imports: await readImports(reader, 100),
  }));
  const fields = unknownFields(room.platforms);
  // That all is well is said only where there is something that could be otherwise.
  const ofStored = (finding: Finding): Finding | null => (shops.length > 0 ? finding : null);
  await access(config.dataFolder, constants.W_OK);
  const { database, bytes, behind } = await engine.health();
  const store = { database, size: Math.round(bytes / 1e5) / 10, tables: behind };
  const disk = await statfs(config.dataFolder);
  const free = disk.bavail * disk.bsize;
  const exposed = exposedPaths({ dataFolder: config.dataFolder, importsFolder: room.importsFolder, backupFolder: config.backupFolder });
  const cut = imports.filter(
    ({ state, file, import_id }) =>
      (state === 'interrupted' || state === 'failed') &&
      !imports.some((later) => later.file === file && later.import_id > import_id && later.state === 'done'),
  );
  const findings = [
    say('program', 'ok', 'program', { version: config.version, node: process.versions.node, schema: SCHEMA_VERSION }),
    say('folder', 'ok', 'folder', { folder: config.dataFolder }),
    behind.length === 0 ? say('store', 'ok', 'store', store) : say('store', 'problem', 'store_behind', store),
    say('disk', free < LOW_DISK_BYTES ? 'problem' : 'ok', free < LOW_DISK_BYTES ? 'disk_low' : 'disk', {
      free: Math.round(free / 1e8) / 10,
    }),
    exposed.length === 0
      ? say('rights', 'ok', 'rights')
      : say('rights', 'problem', 'rights_open', { files: exposed.slice(0, SHOWN_FILES), folder: config.dataFolder }),
    ...(config.settingsFile && isExposed(config.settingsFile)
      ? [say('settings', 'note', 'settings_open', { file: config.settingsFile })]
      : []),
    shops.length > 0 ? say('shops', 'ok', 'shops', { count: shops.length }) : say('shops', 'note', 'shops_none'),
    ...(alike.length === 0
      ? []
      : [say('shops', 'problem', 'shops_alike', { names: alike.map(({ platform, shops: names }) => `${platform} ${names.join(' / ')}`) })]),
    unrated.length === 0
      ? ofStored(say('rates', 'ok', 'rates', { currency: config.reportingCurrency }))
      : say('rates', 'problem', 'rates_missing', {
          days: unrated.map(({ currency, days, first, last }) => `${currency} ${first} – ${last} (${days})`),
        }),
    statuses.length === 0
      ? ofStored(say('statuses', 'ok', 'statuses'))
      : say('statuses', 'problem', 'statuses_unknown', {
          words: statuses.map(({ platform, word, orders }) => `${platform} "${word}" (${orders})`),
        }),
    conflicts.length === 0
      ? ofStored(say('skus', 'ok', 'skus'))
      : say('skus', 'note', 'skus_shared', { skus: conflicts.map(({ shop, sku, products }) => `${shop} ${sku} (${products})`) }),
    cut.length === 0
      ? imports.length > 0
        ? say('imports', 'ok', 'imports')
        : null
      : say('imports', 'problem', 'imports_cut', { files: [...new Set(cut.map(({ file }) => file))] }),
    fields.length === 0 ? ofStored(say('fields', 'ok', 'fields')) : say('fields', 'note', 'fields_unknown', { fields }),
    config.apiKey ? say('access', 'ok', 'access_key') : say('access', 'ok', 'access_here'),
    ...(await examineConnections(room, language)),
    ...(shops.length > 0 ? await examineCompleteness(engine, language) : []),
    ...(await examineAlerts(room, language)),
    ...proxyFindings(room, say),
  ];
  return findings.filter((finding) => finding !== null);
}

function proxyFindings(
  { config: { publicUrl }, proxySeen }: ExaminedRoom,
  say: (check: string, state: Finding['state'], text: keyof typeof TEXTS, values?: object) => Finding,
): Finding[] {
  const sign = proxySeen();
  if (publicUrl === undefined)
    return [say('public_url', 'note', 'public_url_none'), ...(sign ? [say('proxy', 'problem', 'proxy_unsaid', { sign })] : [])];
  const isPlain = /^http:\/\/(?!localhost\b|127\.|\[::1\])/.test(publicUrl);
  return [
    isPlain
      ? say('public_url', 'problem', 'public_url_plain', { url: publicUrl })
      : say('public_url', 'ok', 'public_url', { url: publicUrl }),
    ...(sign === undefined ? [] : [sign === 'HTTP/1.0' ? say('proxy', 'note', 'proxy_plain') : say('proxy', 'ok', 'proxy', { sign })]),
  ];
}
