import type { Text } from './messages.ts';

interface ErrorEntry {
  /** The number in `code` of an answer; never 0, never reused. */
  readonly number: number;
  readonly status: number;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  readonly message: Text;
  readonly hint: Text;
}

/** Every error of the product; docs/errors.md is written from it. */
export const ERRORS = {
  internal: {
    number: 1000,
    status: 500,
    retryable: true,
    message: { en: 'Something went wrong inside the server.', zh: '服务器内部出错。', es: 'Algo ha fallado dentro del servidor.' },
    hint: {
      en: 'Look for the request id in the server log; run `s7 doctor`.',
      zh: '请在服务器日志中查找 request_id，并运行 `s7 doctor`。',
      es: 'Busque el request_id en el registro del servidor; ejecute `s7 doctor`.',
    },
  },
  invalid_parameter: {
    number: 1001,
    status: 400,
    retryable: false,
    message: { en: 'Parameter {name}: {problem}.', zh: '参数 {name} 有误：{problem}。', es: 'Parámetro {name}: {problem}.' },
    hint: {
      en: 'The Swagger page of the path lists what it takes.',
      zh: '该路径的 Swagger 页面列出了可用的取值。',
      es: 'La página Swagger de la ruta indica qué admite.',
    },
  },
  unknown_parameter: {
    number: 1002,
    status: 400,
    retryable: false,
    message: { en: 'Unknown parameter: {names}.', zh: '未知参数：{names}。', es: 'Parámetro desconocido: {names}.' },
    hint: { en: 'Known here: {known}.', zh: '此处可用：{known}。', es: 'Aquí se admite: {known}.' },
  },
  unknown_name: {
    number: 1010,
    status: 404,
    retryable: false,
    message: { en: 'There is no {thing} {name}.', zh: '没有名为 {name} 的{thing}。', es: 'No existe {thing} {name}.' },
    hint: { en: 'There are: {known}.', zh: '可用：{known}。', es: 'Hay: {known}.' },
  },
  word_missing: {
    number: 1011,
    status: 400,
    retryable: false,
    message: { en: 'The command lacks {word}.', zh: '命令缺少 {word}。', es: 'A la orden le falta {word}.' },
    hint: {
      en: '`{command} --help` shows what it takes.',
      zh: '`{command} --help` 列出可用的参数和选项。',
      es: '`{command} --help` indica qué admite.',
    },
  },
  word_left_over: {
    number: 1012,
    status: 400,
    retryable: false,
    message: {
      en: 'The command does not take so many words; left over: {words}.',
      zh: '命令的参数过多，多出：{words}。',
      es: 'La orden no admite tantas palabras; sobra: {words}.',
    },
    hint: {
      en: '`{command} --help` shows what it takes. A name with spaces stands in quotes.',
      zh: '`{command} --help` 列出可用的参数和选项。带空格的名称须加引号。',
      es: '`{command} --help` indica qué admite. Un nombre con espacios va entre comillas.',
    },
  },
  unknown_shop: {
    number: 1004,
    status: 404,
    retryable: false,
    message: { en: 'No shop is called {shop}.', zh: '没有名为 {shop} 的店铺。', es: 'No hay ninguna tienda llamada {shop}.' },
    hint: { en: 'Stored shops: {shops}.', zh: '已有店铺：{shops}。', es: 'Tiendas guardadas: {shops}.' },
  },
  too_few_buyers: {
    number: 1702,
    status: 409,
    retryable: false,
    message: {
      en: '{shop} has too few buyers to make thresholds from.',
      zh: '{shop} 的买家太少，无法生成评分标准。',
      es: '{shop} tiene muy pocos compradores para fijar umbrales.',
    },
    hint: {
      en: 'At least {least} are needed; until then the usual thresholds stand, or ask with scoring=quintile.',
      zh: '至少需要 {least} 个买家；在此之前使用通用标准，或使用 scoring=quintile。',
      es: 'Hacen falta al menos {least}; hasta entonces valen los habituales, o pida scoring=quintile.',
    },
  },
  no_shop: {
    number: 1005,
    status: 409,
    retryable: false,
    message: {
      en: 'No shop of {platforms} is stored yet.',
      zh: '还没有 {platforms} 的店铺。',
      es: 'Todavía no hay ninguna tienda de {platforms}.',
    },
    hint: {
      en: 'Connect a shop or import an order file: `s7 import FILE`.',
      zh: '请授权店铺，或导入订单文件：`s7 import 文件`。',
      es: 'Conecte una tienda o importe un archivo de pedidos: `s7 import ARCHIVO`.',
    },
  },
  not_found: {
    number: 1006,
    status: 404,
    retryable: false,
    message: { en: 'Nothing answers at {path}.', zh: '{path} 没有对应的内容。', es: 'Nada responde en {path}.' },
    hint: { en: 'The paths are listed at /api/swagger/.', zh: '所有路径见 /api/swagger/。', es: 'Las rutas están en /api/swagger/.' },
  },
  key_required: {
    number: 1101,
    status: 401,
    retryable: false,
    message: { en: 'This request needs the API key.', zh: '此请求需要 API 密钥。', es: 'Esta petición necesita la clave de API.' },
    hint: {
      en:
        'Send `Authorization: Bearer <S7_API_KEY>` or `x-api-key`; a browser signs in at /signin. Only where neither S7_API_KEY nor ' +
        'S7_PUBLIC_URL is set, requests from this machine to a loopback address, through no proxy, get in without.',
      zh:
        '请发送 `Authorization: Bearer <S7_API_KEY>` 或 `x-api-key`；浏览器请在 /signin 登录。仅当 S7_API_KEY 与 S7_PUBLIC_URL ' +
        '均未设置时，本机对回环地址且不经代理的请求无需密钥。',
      es:
        'Envíe `Authorization: Bearer <S7_API_KEY>` o `x-api-key`; un navegador entra por /signin. Solo si no hay S7_API_KEY ni ' +
        'S7_PUBLIC_URL entran sin clave las peticiones de este equipo a una dirección de bucle local, sin proxy.',
    },
  },
  key_wrong: {
    number: 1102,
    status: 401,
    retryable: false,
    message: { en: 'The API key is not the right one.', zh: 'API 密钥不正确。', es: 'La clave de API no es correcta.' },
    hint: {
      en: 'Compare it with S7_API_KEY of the server.',
      zh: '请与服务器的 S7_API_KEY 核对。',
      es: 'Compárela con S7_API_KEY del servidor.',
    },
  },
  too_many_requests: {
    number: 1103,
    status: 429,
    retryable: true,
    message: { en: 'Too many requests.', zh: '请求过于频繁。', es: 'Demasiadas peticiones.' },
    hint: {
      en: 'Wait as long as the Retry-After header says.',
      zh: '请按 Retry-After 响应头的时间等待。',
      es: 'Espere lo que indica la cabecera Retry-After.',
    },
  },
  origin_refused: {
    number: 1105,
    status: 403,
    retryable: false,
    message: {
      en: 'A page of another site asks for this in your name.',
      zh: '另一个网站的页面正以当前用户的名义发出请求。',
      es: 'Una página de otro sitio lo pide en su nombre.',
    },
    hint: {
      en:
        'Use the pages of this server. Behind a proxy S7_PUBLIC_URL has to be the address that the browser shows ' +
        '(docs/reverse-proxy.md).',
      zh: '请使用本服务器的页面。使用代理时，S7_PUBLIC_URL 必须是浏览器中显示的地址（docs/reverse-proxy.md）。',
      es:
        'Use las páginas de este servidor. Tras un proxy, S7_PUBLIC_URL ha de ser la dirección que muestra el navegador ' +
        '(docs/reverse-proxy.md).',
    },
  },
  body_not_understood: {
    number: 1104,
    status: 400,
    retryable: false,
    message: { en: 'The body of the request cannot be read.', zh: '无法读取请求内容。', es: 'No se puede leer el cuerpo de la petición.' },
    hint: {
      en: 'Send what the Swagger page of the path names, with the fitting Content-Type.',
      zh: '请按该路径 Swagger 页面的说明发送，并使用相应的 Content-Type。',
      es: 'Envíe lo que indica la página Swagger de la ruta, con su Content-Type.',
    },
  },
  store_in_use: {
    number: 1201,
    status: 503,
    retryable: true,
    message: {
      en: 'The data file {file} is in use by {holder}.',
      zh: '数据文件 {file} 正被 {holder} 使用。',
      es: 'El archivo de datos {file} lo está usando {holder}.',
    },
    hint: {
      en: 'Stop that process, or give this one a data folder of its own with S7_DATA_DIR.',
      zh: '请停止该进程，或用 S7_DATA_DIR 指定另一个数据目录。',
      es: 'Detenga ese proceso o dé a este otra carpeta de datos con S7_DATA_DIR.',
    },
  },
  store_unreadable: {
    number: 1202,
    status: 500,
    retryable: false,
    message: {
      en: 'The data file {file} cannot be opened: {reason}.',
      zh: '无法打开数据文件 {file}：{reason}。',
      es: 'No se puede abrir el archivo de datos {file}: {reason}.',
    },
    hint: {
      en: 'Restore the last backup with `s7 restore`, or move the file away and start afresh.',
      zh: '请用 `s7 restore` 恢复最近的备份，或移走该文件重新开始。',
      es: 'Restaure la última copia con `s7 restore` o aparte el archivo y empiece de nuevo.',
    },
  },
  store_newer: {
    number: 1203,
    status: 500,
    retryable: false,
    message: {
      en: 'The data were written by a newer version (schema {found}, this program knows {known}).',
      zh: '数据由更新的版本写入（结构版本 {found}，本程序只支持到 {known}）。',
      es: 'Los datos los escribió una versión más nueva (esquema {found}, este programa conoce {known}).',
    },
    hint: {
      en: 'Update the program; the data file was not touched.',
      zh: '请升级程序；数据文件未被改动。',
      es: 'Actualice el programa; el archivo de datos no se ha tocado.',
    },
  },
  store_upgrading: {
    number: 1207,
    status: 503,
    retryable: true,
    message: {
      en: 'Data of an older version are being read by the rules of this one: {percent}% done.',
      zh: '正在按本版本的规则重新读取旧版本的数据：已完成 {percent}%。',
      es: 'Los datos de una versión anterior se están leyendo con las reglas de esta: {percent} % hecho.',
    },
    hint: {
      en: 'Wait: every figure is right when it is done. GET /api/health says how far it is; stopped, it goes on at the next start.',
      zh: '请稍候：完成后所有数据均正确。GET /api/health 可查看进度；中断后会在下次启动时继续。',
      es:
        'Espere: al terminar, todas las cifras son correctas. GET /api/health dice cuánto falta; si se corta, sigue en el próximo ' +
        'arranque.',
    },
  },
  job_taken: {
    number: 1208,
    status: 503,
    retryable: true,
    message: {
      en: 'Somebody else is at it: {job}.',
      zh: '他人正在执行：{job}。',
      es: 'Otro lo está haciendo: {job}.',
    },
    hint: {
      en: 'One at a time does this on the same data. Wait until it has ended, then look whether there is anything left to do.',
      zh: '同一份数据上此操作一次只能由一方执行。请等待其结束，再确认是否仍需执行。',
      es: 'Sobre los mismos datos solo puede hacerlo uno a la vez. Espere a que acabe y mire si queda algo por hacer.',
    },
  },
  disk_full: {
    number: 1204,
    status: 507,
    retryable: true,
    message: {
      en: 'The disk is full; the last step was not written.',
      zh: '磁盘已满，最后一步没有写入。',
      es: 'El disco está lleno; el último paso no se ha escrito.',
    },
    hint: {
      en: 'Free some space and run the same command again; nothing is lost or doubled.',
      zh: '请清理空间后重新运行同一命令；不会丢失也不会重复。',
      es: 'Libere espacio y repita la misma orden; nada se pierde ni se duplica.',
    },
  },
  folder_not_writable: {
    number: 1205,
    status: 500,
    retryable: false,
    message: {
      en: 'The folder or file {path} cannot be written.',
      zh: '无法写入目录或文件 {path}。',
      es: 'No se puede escribir en {path}.',
    },
    hint: {
      en: 'Give this user the right to write there, or set S7_DATA_DIR to another folder.',
      zh: '请授予写权限，或用 S7_DATA_DIR 指定其他目录。',
      es: 'Dé permiso de escritura o ponga S7_DATA_DIR en otra carpeta.',
    },
  },
  key_file_lost: {
    number: 1206,
    status: 500,
    retryable: false,
    message: {
      en: 'The buyer key {file} does not belong to these data.',
      zh: '买家密钥 {file} 与这些数据不匹配。',
      es: 'La clave de compradores {file} no es la de estos datos.',
    },
    hint: {
      en: 'Put the buyer.key of the last backup back. With another key the same buyer would count as a new one.',
      zh: '请放回最近备份中的 buyer.key。换用其他密钥会把同一买家当作新买家。',
      es: 'Devuelva el buyer.key de la última copia. Con otra clave, el mismo comprador contaría como nuevo.',
    },
  },
  file_not_recognised: {
    number: 1301,
    status: 422,
    retryable: false,
    message: {
      en: "This file's columns are not recognised: {header}.",
      zh: '无法识别此文件的列：{header}。',
      es: 'No se reconocen las columnas de este archivo: {header}.',
    },
    hint: {
      en:
        'Nearest: {nearest}. Known exports: {known}. For any other file write a mapping: `s7 import FILE --map mapping.json` ' +
        '(docs/mapping.md).',
      zh: '最接近的是：{nearest}。支持的导出文件：{known}。其他文件请编写字段对应：`s7 import 文件 --map mapping.json`（见 docs/mapping.md）。',
      es:
        'Lo más parecido: {nearest}. Exportaciones conocidas: {known}. Para otro archivo escriba una asignación de columnas: `s7 ' +
        'import ARCHIVO --map mapping.json` (docs/mapping.md).',
    },
  },
  file_later: {
    number: 1344,
    status: 422,
    retryable: false,
    message: {
      en: 'The file is {kind}; such files cannot be imported yet.',
      zh: '此文件是 {kind}，暂时还不能导入。',
      es: 'El archivo es {kind}; todavía no se puede importar.',
    },
    hint: {
      en: 'Nothing of it was stored. Settlements and returns come in as files in a later version; import the order exports today.',
      zh: '没有存入任何内容。结算和退货文件将在后续版本支持；目前请导入订单导出文件。',
      es:
        'No se ha guardado nada. Las liquidaciones y devoluciones en archivo llegarán en otra versión; importe hoy las exportaciones ' +
        'de pedidos.',
    },
  },
  file_empty: {
    number: 1302,
    status: 422,
    retryable: false,
    message: { en: 'The file has no rows.', zh: '文件没有数据行。', es: 'El archivo no tiene filas.' },
    hint: {
      en: 'Export it again and look at it before the import.',
      zh: '请重新导出，并在导入前查看内容。',
      es: 'Expórtelo otra vez y mírelo antes de importarlo.',
    },
  },
  file_unreadable: {
    number: 1303,
    status: 422,
    retryable: false,
    message: {
      en: 'The file breaks off or is damaged: {reason}.',
      zh: '文件不完整或已损坏：{reason}。',
      es: 'El archivo está cortado o dañado: {reason}.',
    },
    hint: {
      en: 'Nothing of it was stored. Download it again. CSV, TSV, XLSX and .gz of these can be read.',
      zh: '没有存入任何内容，请重新下载。可读取 CSV、TSV、XLSX 及其 .gz。',
      es: 'No se ha guardado nada. Descárguelo otra vez. Se leen CSV, TSV, XLSX y sus .gz.',
    },
  },
  file_kind: {
    number: 1341,
    status: 422,
    retryable: false,
    message: {
      en: 'The file is {kind}, not a table of orders.',
      zh: '此文件是{kind}，不是订单表格。',
      es: 'El archivo es {kind}, no una tabla de pedidos.',
    },
    hint: { en: '{remedy}', zh: '{remedy}', es: '{remedy}' },
  },
  file_missing: {
    number: 1304,
    status: 404,
    retryable: false,
    message: { en: 'There is no file {file}.', zh: '找不到文件 {file}。', es: 'No existe el archivo {file}.' },
    hint: { en: 'Check the path.', zh: '请检查路径。', es: 'Compruebe la ruta.' },
  },
  limit_exceeded: {
    number: 1330,
    status: 413,
    retryable: false,
    message: {
      en: 'This is more than can be taken in: {what}, at most {limit}.',
      zh: '超出可接收的上限：{what}，最多 {limit}。',
      es: 'Es más de lo que se admite: {what}, como máximo {limit}.',
    },
    hint: {
      en: 'Nothing of it was stored. docs/limits.md names every limit. If the file is right, export it in parts, such as month by month.',
      zh: '没有存入任何内容。所有上限见 docs/limits.md。如文件无误，请分批导出，例如按月导出。',
      es:
        'No se ha guardado nada. docs/limits.md indica cada límite. Si el archivo es correcto, expórtelo por partes, por ejemplo mes ' +
        'a mes.',
    },
  },
  upload_stalled: {
    number: 1331,
    status: 408,
    retryable: true,
    message: {
      en: 'Nothing of the upload came for {seconds} seconds.',
      zh: '上传已停顿 {seconds} 秒。',
      es: 'No ha llegado nada de la subida durante {seconds} segundos.',
    },
    hint: {
      en: 'Nothing of it was stored. Send it again.',
      zh: '没有存入任何内容，请重新上传。',
      es: 'No se ha guardado nada. Envíelo otra vez.',
    },
  },
  mapping_invalid: {
    number: 1305,
    status: 422,
    retryable: false,
    message: {
      en: 'The mapping is not right at {path}: {problem}.',
      zh: '字段对应文件 {path} 处有误：{problem}。',
      es: 'La asignación de columnas falla en {path}: {problem}.',
    },
    hint: {
      en: 'docs/mapping.md explains every field; docs/mapping.schema.json lets an editor check it.',
      zh: 'docs/mapping.md 说明了每个字段；docs/mapping.schema.json 可供编辑器校验。',
      es: 'docs/mapping.md explica cada campo; docs/mapping.schema.json permite comprobarla en un editor.',
    },
  },
  mapping_column_missing: {
    number: 1306,
    status: 422,
    retryable: false,
    message: { en: 'The file has no column {columns}.', zh: '文件缺少列：{columns}。', es: 'Al archivo le falta la columna {columns}.' },
    hint: {
      en: 'Of the columns that the mapping names it has: {found}. Compare its first row with the mapping.',
      zh: '字段对应中的列，文件里找到的有：{found}。请对照文件首行与字段对应。',
      es: 'De las columnas asignadas, el archivo tiene: {found}. Compare su primera fila con la asignación de columnas.',
    },
  },
  import_setting_needed: {
    number: 1307,
    status: 422,
    retryable: false,
    message: { en: 'The file does not say its {setting}.', zh: '文件没有说明 {setting}。', es: 'El archivo no indica {setting}.' },
    hint: { en: 'Say it with --{option}.', zh: '请用 --{option} 指定。', es: 'Indíquelo con --{option}.' },
  },
  import_date_order_needed: {
    number: 1342,
    status: 422,
    retryable: false,
    message: {
      en: 'Whether the day or the month comes first in the dates of this file cannot be told from its rows.',
      zh: '无法从数据判断此文件的日期是日在前还是月在前。',
      es: 'Por las filas no se sabe si en las fechas de este archivo va primero el día o el mes.',
    },
    hint: {
      en: 'Say it: --date-order dmy for day first, --date-order mdy for month first (over HTTP: date_order).',
      zh: '请指定：日在前用 --date-order dmy，月在前用 --date-order mdy（HTTP：date_order）。',
      es: 'Indíquelo: --date-order dmy si va primero el día, --date-order mdy si va primero el mes (por HTTP: date_order).',
    },
  },
  import_decimal_mark_needed: {
    number: 1343,
    status: 422,
    retryable: false,
    message: {
      en: 'Whether the point or the comma stands before the cents in this file cannot be told from its rows.',
      zh: '无法从数据判断此文件的小数点是“.”还是“,”。',
      es: 'Por las filas no se sabe si en este archivo los decimales van tras un punto o tras una coma.',
    },
    hint: {
      en: 'Say it: --decimal-mark . or --decimal-mark , (over HTTP: decimal_mark).',
      zh: '请指定：--decimal-mark . 或 --decimal-mark ,（HTTP：decimal_mark）。',
      es: 'Indíquelo: --decimal-mark . o --decimal-mark , (por HTTP: decimal_mark).',
    },
  },
  import_not_found: {
    number: 1308,
    status: 404,
    retryable: false,
    message: { en: 'There is no import {id}.', zh: '没有编号为 {id} 的导入。', es: 'No hay ninguna importación {id}.' },
    hint: { en: 'GET /api/import lists them.', zh: 'GET /api/import 列出所有导入。', es: 'GET /api/import las enumera.' },
  },
  import_shop_conflict: {
    number: 1309,
    status: 409,
    retryable: false,
    message: {
      en: 'The shop {shop} keeps its days in {stored}; the file would put them in {found}.',
      zh: '店铺 {shop} 的日期按 {stored} 计算，而文件要求 {found}。',
      es: 'La tienda {shop} lleva sus días en {stored}; el archivo los pondría en {found}.',
    },
    hint: {
      en: 'Leave --zone out, or import under another --shop.',
      zh: '请去掉 --zone，或用其他 --shop 导入。',
      es: 'Quite --zone o importe con otro --shop.',
    },
  },
  adopt_nothing_found: {
    number: 1320,
    status: 404,
    retryable: false,
    message: {
      en: 'There is nothing of the older system in {folder}.',
      zh: '{folder} 中没有旧系统的文件。',
      es: 'No hay nada del sistema anterior en {folder}.',
    },
    hint: {
      en: 'Name the folder that holds Config/ and Datas/. Looked for: {files}.',
      zh: '请指定包含 Config/ 和 Datas/ 的文件夹。查找的文件：{files}。',
      es: 'Indique la carpeta que contiene Config/ y Datas/. Se buscó: {files}.',
    },
  },
  areas_invalid: {
    number: 1310,
    status: 500,
    retryable: false,
    message: { en: '{file}, {path}: {problem}.', zh: '{file}，{path}：{problem}。', es: '{file}, {path}: {problem}.' },
    hint: {
      en: 'Mend it and start again; docs/areas.md shows what it may hold. Without the file the shipped table counts.',
      zh: '请修正后重新启动；格式见 docs/areas.md。没有该文件时使用内置地区表。',
      es: 'Corríjalo y arranque otra vez; docs/areas.md dice qué puede contener. Sin el archivo vale la tabla incluida.',
    },
  },
  exchange_rate_missing: {
    number: 1401,
    status: 422,
    retryable: false,
    message: {
      en: 'No {pair} rate for {day}: {currencies} cannot be added up.',
      zh: '缺少 {day} 的 {pair} 汇率，{currencies} 无法合计。',
      es: 'Falta el tipo de cambio {pair} del {day}: no se pueden sumar {currencies}.',
    },
    hint: {
      en:
        'Fetch the rates of the European Central Bank with `s7 fx fetch`, bring its history file with `s7 fx import ' +
        'eurofxref-hist.csv`, or set one: `s7 fx set DAY CURRENCY RATE`. Or ask with currency=native, or for the shops of one ' +
        'currency with shop=.',
      zh:
        '请用 `s7 fx fetch` 获取欧洲央行汇率，用 `s7 fx import eurofxref-hist.csv` 导入其历史文件，或手动设置：`s7 fx set 日期 币种 汇率`。也可使用 currency=native，或用 ' +
        'shop= 只查询同一币种的店铺。',
      es:
        'Obtenga los tipos de cambio del Banco Central Europeo con `s7 fx fetch`, importe su histórico con `s7 fx import ' +
        'eurofxref-hist.csv` o fije uno: `s7 fx set DÍA MONEDA TIPO`. O pida currency=native, o solo tiendas de una moneda con shop=.',
    },
  },
  rates_not_fetched: {
    number: 1402,
    status: 503,
    retryable: true,
    message: {
      en: 'Exchange rates could not be fetched: {reason}.',
      zh: '无法获取汇率：{reason}。',
      es: 'No se han podido obtener los tipos de cambio: {reason}.',
    },
    hint: {
      en:
        'Stored rates stay. Without a network bring the file by hand: `s7 fx import eurofxref-hist.zip` (ecb.europa.eu), or set a ' +
        'rate: `s7 fx set DAY CURRENCY RATE`.',
      zh: '已有汇率不受影响。无网络时可手动导入文件：`s7 fx import eurofxref-hist.zip`（ecb.europa.eu），或设置汇率：`s7 fx set 日期 币种 汇率`。',
      es:
        'Los guardados siguen. Sin red, importe el archivo a mano: `s7 fx import eurofxref-hist.zip` (ecb.europa.eu), o fije un tipo ' +
        'de cambio: `s7 fx set DÍA MONEDA TIPO`.',
    },
  },
  port_taken: {
    number: 1501,
    status: 500,
    retryable: false,
    message: {
      en: 'Port {port} on {host} is taken by {holder}.',
      zh: '{host} 的端口 {port} 已被 {holder} 占用。',
      es: 'El puerto {port} de {host} lo ocupa {holder}.',
    },
    hint: {
      en: 'Stop it, or choose another port: S7_PORT=8001.',
      zh: '请停止它，或改用其他端口：S7_PORT=8001。',
      es: 'Deténgalo o elija otro puerto: S7_PORT=8001.',
    },
  },
  listen_without_key: {
    number: 1502,
    status: 500,
    retryable: false,
    message: {
      en: 'Without an API key the server listens on this machine only, not on {host}.',
      zh: '没有 API 密钥时，服务器只监听本机，不监听 {host}。',
      es: 'Sin clave de API el servidor solo escucha en este equipo, no en {host}.',
    },
    hint: {
      en: 'Make one and put it into .env, `{command}`, or set S7_HOST=127.0.0.1.',
      zh: '请生成一个并写入 .env（`{command}`），或设 S7_HOST=127.0.0.1。',
      es: 'Haga una y póngala en .env, `{command}`, o ponga S7_HOST=127.0.0.1.',
    },
  },
  public_url_without_key: {
    number: 1506,
    status: 500,
    retryable: false,
    message: {
      en: 'S7_PUBLIC_URL says that others reach this server, and there is no key to keep strangers out.',
      zh: 'S7_PUBLIC_URL 表示外部可访问此服务器，但没有密钥阻止陌生人。',
      es: 'S7_PUBLIC_URL dice que otros llegan a este servidor, y no hay clave que deje fuera a extraños.',
    },
    hint: {
      en: 'Make one and put it into .env: `{command}`',
      zh: '请生成一个并写入 .env：`{command}`',
      es: 'Haga una y póngala en .env: `{command}`',
    },
  },
  setting_invalid: {
    number: 1503,
    status: 500,
    retryable: false,
    message: {
      en: 'The setting {name} is not right: {problem}.',
      zh: '设置 {name} 有误：{problem}。',
      es: 'El ajuste {name} no es correcto: {problem}.',
    },
    hint: {
      en: '.env.example shows every setting with its default.',
      zh: '.env.example 列出了所有设置及默认值。',
      es: '.env.example muestra cada ajuste con su valor por defecto.',
    },
  },
  server_running: {
    number: 1504,
    status: 409,
    retryable: false,
    message: {
      en: 'The server is running (process {pid}).',
      zh: '服务器正在运行（进程 {pid}）。',
      es: 'El servidor está en marcha (proceso {pid}).',
    },
    hint: {
      en: 'Stop it first: restoring replaces the data it works on.',
      zh: '请先停止：恢复会替换它正在使用的数据。',
      es: 'Deténgalo antes: restaurar sustituye los datos con los que trabaja.',
    },
  },
  server_unreachable: {
    number: 1505,
    status: 502,
    retryable: true,
    message: {
      en: 'The server at {url} broke the connection off.',
      zh: '与 {url} 服务器的连接中断。',
      es: 'El servidor de {url} ha cortado la conexión.',
    },
    hint: {
      en: 'Run the command again; what was half done is done over, never doubled.',
      zh: '请重新运行命令；未完成的部分会重做，不会重复。',
      es: 'Repita la orden; lo que quedó a medias se rehace, nunca se duplica.',
    },
  },
  backup_target_taken: {
    number: 1601,
    status: 409,
    retryable: false,
    message: { en: 'The folder {folder} exists already.', zh: '目录 {folder} 已存在。', es: 'La carpeta {folder} ya existe.' },
    hint: { en: 'Name a folder that does not exist yet.', zh: '请指定一个尚不存在的目录。', es: 'Indique una carpeta que aún no exista.' },
  },
  backup_invalid: {
    number: 1602,
    status: 422,
    retryable: false,
    message: {
      en: '{folder} is not a whole backup: {problem}.',
      zh: '{folder} 不是完整的备份：{problem}。',
      es: '{folder} no es una copia completa: {problem}.',
    },
    hint: {
      en: 'A backup folder holds s7.duckdb, buyer.key and backup.json; the data in use were not touched.',
      zh: '备份目录应包含 s7.duckdb、buyer.key 和 backup.json；现有数据未被改动。',
      es: 'Una copia contiene s7.duckdb, buyer.key y backup.json; los datos en uso no se han tocado.',
    },
  },
  backup_target_outside: {
    number: 1603,
    status: 403,
    retryable: false,
    message: {
      en: 'Backups asked for over HTTP go into {folder} alone.',
      zh: '通过 HTTP 请求的备份只能写入 {folder}。',
      es: 'Las copias pedidas por HTTP van solo a {folder}.',
    },
    hint: {
      en: 'Name a folder inside it. S7_BACKUP_DIR chooses another; `s7 backup FOLDER` on the machine itself writes anywhere.',
      zh: '请指定其中的目录。可用 S7_BACKUP_DIR 更改；在本机运行 `s7 backup 目录` 可写入任意位置。',
      es:
        'Indique una carpeta dentro de ella. S7_BACKUP_DIR elige otra; `s7 backup CARPETA` en el propio equipo escribe en cualquier ' +
        'sitio.',
    },
  },
  app_not_configured: {
    number: 2020,
    status: 409,
    retryable: false,
    message: {
      en: 'No app of {platform} is set up for {region}.',
      zh: '尚未为 {region} 配置 {platform} 应用。',
      es: 'No hay ninguna aplicación de {platform} configurada para {region}.',
    },
    hint: {
      en: "Register an app in the platform's Partner Center and put its values into .env: {settings}.",
      zh: '请在开放平台注册应用，并把参数写入 .env：{settings}。',
      es: 'Registre una aplicación en el Partner Center de la plataforma y ponga sus datos en .env: {settings}.',
    },
  },
  consent_state_invalid: {
    number: 2021,
    status: 400,
    retryable: false,
    message: {
      en: 'This authorisation was not started here.',
      zh: '此授权不是从本系统发起的。',
      es: 'Esta autorización no se inició aquí.',
    },
    hint: {
      en: 'Start again with `s7 connect` or {start}.',
      zh: '请重新开始：`s7 connect` 或 {start}。',
      es: 'Empiece de nuevo con `s7 connect` o {start}.',
    },
  },
  consent_state_expired: {
    number: 2022,
    status: 400,
    retryable: false,
    message: {
      en: 'The authorisation took longer than {minutes} minutes.',
      zh: '授权超过了 {minutes} 分钟的有效期。',
      es: 'La autorización tardó más de {minutes} minutos.',
    },
    hint: {
      en: 'Start again with `s7 connect` or {start}.',
      zh: '请重新开始：`s7 connect` 或 {start}。',
      es: 'Empiece de nuevo con `s7 connect` o {start}.',
    },
  },
  consent_state_used: {
    number: 2023,
    status: 400,
    retryable: false,
    message: { en: 'This authorisation has been used already.', zh: '此授权链接已被使用过。', es: 'Esta autorización ya se ha usado.' },
    hint: {
      en: 'If the shop is not listed in `s7 shops`, start again with `s7 connect` or {start}.',
      zh: '如果 `s7 shops` 中没有该店铺，请重新开始：`s7 connect` 或 {start}。',
      es: 'Si la tienda no aparece en `s7 shops`, empiece de nuevo con `s7 connect` o {start}.',
    },
  },
  shop_not_connected: {
    number: 2024,
    status: 409,
    retryable: false,
    message: { en: 'The shop {shop} is not connected.', zh: '店铺 {shop} 未授权。', es: 'La tienda {shop} no está conectada.' },
    hint: {
      en: 'Connect it with `s7 connect`; what is stored can be read without.',
      zh: '请运行 `s7 connect` 授权；已存储的数据仍可查询。',
      es: 'Conéctela con `s7 connect`; lo guardado se puede leer sin ello.',
    },
  },
  shop_needed: {
    number: 2025,
    status: 400,
    retryable: false,
    message: {
      en: 'Several shops are connected: say which one.',
      zh: '已授权多个店铺，请指明其中一个。',
      es: 'Hay varias tiendas conectadas: indique cuál.',
    },
    hint: { en: 'Add shop= with one of: {shops}.', zh: '请添加 shop= 参数，可选：{shops}。', es: 'Añada shop= con una de: {shops}.' },
  },
  no_shop_connected: {
    number: 2026,
    status: 409,
    retryable: false,
    message: {
      en: 'No shop of {platform} is connected.',
      zh: '还没有授权 {platform} 店铺。',
      es: 'No hay ninguna tienda de {platform} conectada.',
    },
    hint: {
      en: 'Connect a shop: `s7 connect` or {start}.',
      zh: '请授权店铺：`s7 connect` 或 {start}。',
      es: 'Conecte una tienda: `s7 connect` o {start}.',
    },
  },
  shop_name_taken: {
    number: 2027,
    status: 409,
    retryable: false,
    message: {
      en: 'Another shop is called {shop}; names have to differ by more than the case of letters.',
      zh: '已有名为 {shop} 的店铺；名称不能只有大小写不同。',
      es: 'Otra tienda se llama {shop}; los nombres no pueden diferir solo en mayúsculas.',
    },
    hint: {
      en: 'Choose another name; `s7 shops` lists them.',
      zh: '请换一个名称；`s7 shops` 可列出所有店铺。',
      es: 'Elija otro nombre; `s7 shops` los muestra.',
    },
  },
  secret_key_lost: {
    number: 2028,
    status: 500,
    retryable: false,
    message: {
      en: 'The access to the shops was sealed with another key than {file}.',
      zh: '店铺访问凭证使用的密钥与 {file} 不一致。',
      es: 'Los accesos de las tiendas se cifraron con otra clave que {file}.',
    },
    hint: {
      en:
        'Put secret.key of the last backup (or S7_SECRET_KEY) back. If it is lost, authorise each shop again; the orders are not ' +
        'affected.',
      zh: '请恢复最近备份中的 secret.key（或 S7_SECRET_KEY）。如已丢失，请重新授权每个店铺；订单不受影响。',
      es:
        'Devuelva secret.key de la última copia (o S7_SECRET_KEY). Si se perdió, vuelva a autorizar cada tienda; los pedidos no se ' +
        'ven afectados.',
    },
  },
  api_not_offered: {
    number: 2029,
    status: 404,
    retryable: false,
    message: {
      en: '{platform} has no connection of this kind.',
      zh: '{platform} 不支持此类授权。',
      es: '{platform} no ofrece esta conexión.',
    },
    hint: {
      en: 'Its orders come in as files: `s7 import FILE`.',
      zh: '请以文件方式导入其订单：`s7 import 文件`。',
      es: 'Sus pedidos entran como archivos: `s7 import ARCHIVO`.',
    },
  },
  platform_refused: {
    number: 2001,
    status: 502,
    retryable: false,
    message: {
      en: '{platform} refuses {operation}: {problem}',
      zh: '{platform} 拒绝了 {operation}：{problem}',
      es: '{platform} rechaza {operation}: {problem}',
    },
    hint: {
      en: "`details` holds the code and request id that the platform's support asks for.",
      zh: '`details` 中有平台客服需要的错误代码和请求编号。',
      es: '`details` contiene el código y el número de petición que pide el soporte de la plataforma.',
    },
  },
  platform_unreachable: {
    number: 2002,
    status: 503,
    retryable: true,
    message: { en: '{host} cannot be reached: {reason}.', zh: '无法连接 {host}：{reason}。', es: 'No se llega a {host}: {reason}.' },
    hint: {
      en: "Nothing is lost: the next run goes on from here. If it lasts, look at the network, the proxy and the platform's status page.",
      zh: '数据不会丢失，下次运行会从这里继续。若持续出现，请检查网络、代理以及平台状态页。',
      es:
        'No se pierde nada: la próxima vez sigue desde aquí. Si persiste, revise la red, el proxy y la página de estado de la ' +
        'plataforma.',
    },
  },
  platform_busy: {
    number: 2003,
    status: 503,
    retryable: true,
    message: {
      en: '{platform} takes no more calls for now ({operation}).',
      zh: '{platform} 暂时不再接受调用（{operation}）。',
      es: '{platform} no admite más llamadas por ahora ({operation}).',
    },
    hint: {
      en: 'Wait some minutes. Other programs with the same app share its limit.',
      zh: '请等待几分钟。使用同一应用的其他程序共享该限额。',
      es: 'Espere unos minutos. Otros programas con la misma aplicación comparten su límite.',
    },
  },
  quota_spent: {
    number: 2045,
    status: 429,
    retryable: true,
    message: {
      en: '{platform} grants the next call of this kind ({operation}) in {seconds} seconds.',
      zh: '{platform} 在 {seconds} 秒后才允许下一次此类调用（{operation}）。',
      es: '{platform} admite la próxima llamada de este tipo ({operation}) dentro de {seconds} segundos.',
    },
    hint: {
      en: 'What is stored answers at once: `source=store` at order/list and order/detail. Or ask again then.',
      zh: '已存数据可立即查询：order/list 与 order/detail 加 `source=store`。也可届时重试。',
      es: 'Lo guardado responde enseguida: `source=store` en order/list y order/detail. O repita la consulta entonces.',
    },
  },
  platform_reply_not_understood: {
    number: 2004,
    status: 502,
    retryable: false,
    message: {
      en: '{platform} answered {operation} in an unknown form: {field}: {problem}',
      zh: '{platform} 对 {operation} 的答复格式未知：{field}：{problem}',
      es: '{platform} contestó a {operation} de forma desconocida: {field}: {problem}',
    },
    hint: {
      en: 'The platform may have changed: update the program, or report it with these details.',
      zh: '平台接口可能已变更：请升级程序，或附上 details 反馈。',
      es: 'La plataforma puede haber cambiado: actualice el programa o avise con estos detalles.',
    },
  },
  reply_too_large: {
    number: 2040,
    status: 502,
    retryable: false,
    message: {
      en: '{host} answered with more than {limit}.',
      zh: '{host} 的响应超过 {limit}。',
      es: '{host} ha respondido con más de {limit}.',
    },
    hint: {
      en: 'No answer of a platform is that large: look at the network and at any proxy in between.',
      zh: '平台不会返回这么大的响应：请检查网络及中间的代理。',
      es: 'Ninguna plataforma responde tanto: revise la red y los proxy intermedios.',
    },
  },
  authorization_lost: {
    number: 2005,
    status: 409,
    retryable: false,
    message: {
      en: '{platform} no longer accepts the authorisation of this shop.',
      zh: '{platform} 不再接受此店铺的授权。',
      es: '{platform} ya no acepta la autorización de esta tienda.',
    },
    hint: {
      en: 'Authorise the shop again: `s7 connect {platform}`. What is stored stays.',
      zh: '请重新授权店铺：`s7 connect {platform}`。已存数据保留。',
      es: 'Vuelva a autorizar la tienda: `s7 connect {platform}`. Lo guardado se queda.',
    },
  },
  scope_missing: {
    number: 2006,
    status: 409,
    retryable: false,
    message: {
      en: 'The app lacks the permission for {operation} on {platform}.',
      zh: '应用没有在 {platform} 上调用 {operation} 的权限。',
      es: 'A la aplicación le falta el permiso para {operation} en {platform}.',
    },
    hint: {
      en: "Switch the permission on in the platform's developer centre, then connect the shop again: `s7 connect {platform}`.",
      zh: '请在平台开发者中心开通该权限，然后重新授权店铺：`s7 connect {platform}`。',
      es: 'Active el permiso en el centro de desarrolladores de la plataforma y conecte la tienda otra vez: `s7 connect {platform}`.',
    },
  },
  consent_denied: {
    number: 2007,
    status: 400,
    retryable: false,
    message: {
      en: 'The seller did not authorise on {platform}.',
      zh: '卖家在 {platform} 上没有同意授权。',
      es: 'El vendedor no dio su autorización en {platform}.',
    },
    hint: {
      en: 'Start again with `s7 connect {platform}` and confirm on the page of the platform.',
      zh: '请用 `s7 connect {platform}` 重新开始，并在平台页面上确认。',
      es: 'Empiece de nuevo con `s7 connect {platform}` y confirme en la página de la plataforma.',
    },
  },
  consent_incomplete: {
    number: 2008,
    status: 400,
    retryable: false,
    message: {
      en: '{platform} sent the seller back without a code.',
      zh: '{platform} 返回时没有带授权码。',
      es: '{platform} devolvió al vendedor sin código.',
    },
    hint: {
      en: 'Start again with `s7 connect {platform}`; when pasting, take the whole address.',
      zh: '请用 `s7 connect {platform}` 重新开始；粘贴时请复制完整地址。',
      es: 'Empiece de nuevo con `s7 connect {platform}`; al pegar, copie la dirección entera.',
    },
  },
  consent_code_refused: {
    number: 2009,
    status: 400,
    retryable: false,
    message: {
      en: "{platform} refuses the code: it is used up, too old or another app's.",
      zh: '{platform} 拒绝了授权码：已使用、已过期或属于其他应用。',
      es: '{platform} rechaza el código: está usado, caducado o es de otra aplicación.',
    },
    hint: {
      en: 'Start again with `s7 connect {platform}`; a code is good once, and for minutes.',
      zh: '请用 `s7 connect {platform}` 重新开始；授权码只能使用一次，且仅在几分钟内有效。',
      es: 'Empiece de nuevo con `s7 connect {platform}`; un código vale una vez y solo unos minutos.',
    },
  },
  consent_draft: {
    number: 2042,
    status: 400,
    retryable: false,
    message: {
      en: '{platform} did not send the seller back: this is the address of its authorisation page.',
      zh: '{platform} 没有让卖家返回：这是授权页面本身的地址。',
      es: '{platform} no devolvió al vendedor: esta es la dirección de su página de autorización.',
    },
    hint: {
      en: 'Where the page shows MD1000, the app is a draft: set {setting} to `beta`. Then start again with `s7 connect {platform}`.',
      zh: '如页面显示 MD1000，说明应用仍是草稿：请将 {setting} 设为 `beta`，然后用 `s7 connect {platform}` 重新开始。',
      es: 'Si la página muestra MD1000, la aplicación es un borrador: ponga {setting} en `beta` y use otra vez `s7 connect {platform}`.',
    },
  },
  wrong_market: {
    number: 2043,
    status: 409,
    retryable: false,
    message: {
      en: 'The seller who authorised on {platform} does not sell in the region of {market}.',
      zh: '在 {platform} 上授权的卖家不在 {market} 所属的地区销售。',
      es: 'El vendedor que autorizó en {platform} no vende en la región de {market}.',
    },
    hint: {
      en: 'Connect again with a marketplace of the seller: `s7 connect {platform} --marketplace US`.',
      zh: '请用该卖家的站点重新授权：`s7 connect {platform} --marketplace US`。',
      es: 'Conecte de nuevo con un marketplace del vendedor: `s7 connect {platform} --marketplace US`.',
    },
  },
  app_secret_refused: {
    number: 2044,
    status: 409,
    retryable: false,
    message: {
      en: '{platform} refuses the secret of the app: {problem}',
      zh: '{platform} 拒绝了应用密钥：{problem}',
      es: '{platform} rechaza el secreto de la aplicación: {problem}',
    },
    hint: {
      en: 'Secrets expire: put a new one of the developer centre into the settings; keep the one of before under its name with _OLD.',
      zh: '密钥会过期：请将开发者中心的新密钥填入设置；旧密钥填入同名加 _OLD 的设置。',
      es: 'Los secretos caducan: ponga en los ajustes uno nuevo del centro de desarrolladores; el anterior, bajo su nombre con _OLD.',
    },
  },
  alert_channel_failed: {
    number: 1701,
    status: 502,
    retryable: true,
    message: {
      en: 'Alerts cannot be said by {channel}: {reason}.',
      zh: '无法通过 {channel} 发送提醒：{reason}。',
      es: 'No se puede avisar por {channel}: {reason}.',
    },
    hint: {
      en: 'It is tried again by itself. `s7 alerts test` tries it now; its settings are S7_SMTP_URL and S7_ALERT_….',
      zh: '系统会自动重试。`s7 alerts test` 可立即测试；相关设置为 S7_SMTP_URL 和 S7_ALERT_…。',
      es: 'Se reintenta solo. `s7 alerts test` lo prueba ahora; sus ajustes son S7_SMTP_URL y S7_ALERT_….',
    },
  },
  connecting_later: {
    number: 2031,
    status: 501,
    retryable: false,
    message: {
      en: 'Shops of {platform} cannot be connected yet, so nothing can be asked of the platform.',
      zh: '暂时还不能授权 {platform} 店铺，因此无法向平台实时查询。',
      es: 'Las tiendas de {platform} aún no se pueden conectar, así que no se puede preguntar nada a la plataforma.',
    },
    hint: {
      en: 'Import its orders as files (`s7 import`, `s7 adopt`); what is stored answers at /api/{platform}/order/all and in every report.',
      zh: '请用文件导入订单（`s7 import`、`s7 adopt`）；已存的订单见 /api/{platform}/order/all 和各报表。',
      es:
        'Importe sus pedidos como archivos (`s7 import`, `s7 adopt`); lo guardado responde en /api/{platform}/order/all y en todos ' +
        'los informes.',
    },
  },
  live_not_offered: {
    number: 2041,
    status: 501,
    retryable: false,
    message: {
      en: '{platform} is not asked live for single orders.',
      zh: '不支持向 {platform} 实时查询单个订单。',
      es: 'A {platform} no se le preguntan pedidos sueltos en directo.',
    },
    hint: {
      en: 'What is stored answers: `source=store` at /api/{platform}/order/detail, /api/{platform}/order/all, every report.',
      zh: '请查询已存数据：/api/{platform}/order/detail 加 `source=store`、/api/{platform}/order/all 或各报表。',
      es: 'Lo guardado responde: `source=store` en /api/{platform}/order/detail, /api/{platform}/order/all, todos los informes.',
    },
  },
  miravia_left_out: {
    number: 2032,
    status: 501,
    retryable: false,
    message: {
      en: 'Miravia is not a platform of S7★ERP: its older paths answer nothing any more.',
      zh: 'S7★ERP 不支持 Miravia：旧系统的这些路径不再提供数据。',
      es: 'Miravia no es una plataforma de S7★ERP: sus rutas antiguas ya no responden datos.',
    },
    hint: {
      en: 'Its order files can be imported with a mapping as a shop of `Other` (docs/mapping.md); their reports stand at /api/Other/.',
      zh: '其订单文件可用字段对应作为 `Other` 店铺导入（docs/mapping.md），报表见 /api/Other/。',
      es:
        'Sus archivos de pedidos se pueden importar con una asignación de columnas como tienda de `Other` (docs/mapping.md); sus ' +
        'informes están en /api/Other/.',
    },
  },
  report_failed: {
    number: 2046,
    status: 503,
    retryable: true,
    message: {
      en: 'The report {report} was not made: {reason}.',
      zh: '报告 {report} 未能生成：{reason}。',
      es: 'El informe {report} no se ha generado: {reason}.',
    },
    hint: {
      en: 'Nothing is lost: the span it was for stays open and is asked for again.',
      zh: '数据不会丢失：该时段仍视为未完成，之后会再次请求。',
      es: 'No se pierde nada: el periodo queda pendiente y se vuelve a pedir.',
    },
  },
  report_waiting: {
    number: 2047,
    status: 503,
    retryable: true,
    message: {
      en: 'The report {report} is still waiting to be made.',
      zh: '报告 {report} 仍在排队等待生成。',
      es: 'El informe {report} sigue esperando a que se genere.',
    },
    hint: {
      en: 'Wait: the next run asks for the same report again, and what else is read goes on meanwhile.',
      zh: '请等待：下次运行会继续查询同一份报告，其他数据照常读取。',
      es: 'Espere: la próxima vez se pregunta por el mismo informe, y lo demás sigue leyéndose.',
    },
  },
  report_charset_unknown: {
    number: 2048,
    status: 502,
    retryable: false,
    message: {
      en: 'The report {report} is written in an encoding that is not known: {charset}.',
      zh: '报告 {report} 使用了未知的字符编码：{charset}。',
      es: 'El informe {report} está escrito en una codificación desconocida: {charset}.',
    },
    hint: {
      en: 'Download it in Seller Central, save it as UTF-8 and import the file (`s7 import`).',
      zh: '请在卖家后台下载该报告，另存为 UTF-8 后导入（`s7 import`）。',
      es: 'Descárguelo en Seller Central, guárdelo como UTF-8 e importe el archivo (`s7 import`).',
    },
  },
  server_needed: {
    number: 2030,
    status: 409,
    retryable: true,
    message: {
      en: 'No server is running that the platform could send the seller back to.',
      zh: '没有正在运行的服务器，平台无法把卖家带回来。',
      es: 'No hay ningún servidor en marcha al que la plataforma pueda devolver al vendedor.',
    },
    hint: {
      en: 'Start `s7 serve` in another terminal, or add --paste.',
      zh: '请在另一个终端运行 `s7 serve`，或加上 --paste。',
      es: 'Inicie `s7 serve` en otra terminal o añada --paste.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;

/** The name of a known error. */
export type ErrorName = keyof typeof ERRORS;
