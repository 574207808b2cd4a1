import { fill, type Language, type Text, type TextValues } from '../../kernel/messages.ts';
import { OLDER_SETTINGS_OF, type OlderSettings } from '../../platforms/older-system.ts';
import type { Adopted, TakenOver } from './adopt-command.ts';

const SETTING_NAMES: Readonly<Record<keyof OlderSettings, Text>> = {
  appKey: { en: 'app key', zh: 'App Key', es: 'clave de la aplicación' },
  appSecret: { en: 'app secret', zh: 'App Secret', es: 'secreto de la aplicación' },
  serviceId: { en: 'service id', zh: 'Service ID', es: 'service id' },
  redirectUri: { en: 'redirect URL', zh: '回调地址', es: 'URL de redirección' },
  shopCipher: { en: 'shop cipher', zh: '店铺 cipher', es: 'cifra de la tienda' },
  shopId: { en: 'shop id', zh: '店铺 ID', es: 'id de la tienda' },
  accessToken: { en: 'access token', zh: 'access token', es: 'access token' },
  refreshToken: { en: 'refresh token', zh: 'refresh token', es: 'refresh token' },
  region: { en: 'country', zh: '站点', es: 'país' },
};

const TEXTS = {
  holds: { en: '{file}: {settings}', zh: '{file}：{settings}', es: '{file}: {settings}' },
  broken: { en: '{file}: is no JSON and was left out', zh: '{file}：不是有效的 JSON，已跳过', es: '{file}: no es JSON y se ha omitido' },
  other_platform: {
    en: '{file}: settings of another platform, whose shops cannot be connected yet',
    zh: '{file}：其他平台的设置，该平台的店铺暂不能授权',
    es: '{file}: ajustes de otra plataforma, cuyas tiendas aún no se pueden conectar',
  },
  tokens: {
    en: 'Access is not taken over: connect the shop once; the older system keeps its own until it is stopped.',
    zh: '访问凭证不会迁移：请重新授权一次店铺，旧系统在停用前仍可使用自己的凭证。',
    es: 'El acceso no se traspasa: conecte la tienda una vez; el sistema anterior conserva el suyo hasta que lo pare.',
  },
  orders: {
    en: '{file}: {records|record|records} → {shops}: {fresh} new, {changed} updated, {same} unchanged',
    zh: '{file}：{records} 条记录 → {shops}：新增 {fresh}，更新 {changed}，未变 {same}',
    es: '{file}: {records|registro|registros} → {shops}: {fresh} nuevos, {changed} actualizados, {same} sin cambios',
  },
  would: {
    en: '{file}: {records|record|records} → {shops}: {orders|order|orders} (preview, nothing saved)',
    zh: '{file}：{records} 条记录 → {shops}：{orders} 个订单（预览，未保存）',
    es: '{file}: {records|registro|registros} → {shops}: {orders|pedido|pedidos} (vista previa, sin guardar)',
  },
  details: {
    en:
      '{file}: price breakdowns of {orders|order|orders} of {shops}: {fresh} new, {changed} updated, {same} unchanged; ' +
      '{without} without data are asked for later',
    zh: '{file}：{shops} 的 {orders} 个订单价格明细：新增 {fresh}，更新 {changed}，未变 {same}；{without} 条无数据，稍后重新获取',
    es:
      '{file}: desglose de precios de {orders|pedido|pedidos} de {shops}: {fresh} nuevos, {changed} actualizados, {same} sin cambios; ' +
      '{without} sin datos se piden después',
  },
  would_details: {
    en: '{file}: price breakdowns of {orders|order|orders} of {shops} (preview, nothing saved)',
    zh: '{file}：{shops} 的 {orders} 个订单价格明细（预览，未保存）',
    es: '{file}: desglose de precios de {orders|pedido|pedidos} de {shops} (vista previa, sin guardar)',
  },
  heads: {
    en: '  {heads} left out: they are but a part of an order (a line of a list, an order without its items) whose rest is in no file here',
    zh: '  {heads} 条已略过：只是订单的一部分（列表行，或没有商品明细的订单），其余部分不在这些文件中',
    es:
      '  {heads} omitidos: son solo una parte de un pedido (una línea de lista, un pedido sin sus artículos) cuyo resto no está en ' +
      'ningún archivo',
  },
  empty: { en: '{file}: is empty, nothing to take', zh: '{file}：为空，无需迁移', es: '{file}: está vacío, nada que migrar' },
  failed: { en: '{file}: {msg}', zh: '{file}：{msg}', es: '{file}: {msg}' },
  refused: {
    en: '  {count|incomplete record|incomplete records}: {list}',
    zh: '  {count} 条记录信息不全：{list}',
    es: '  {count|registro incompleto|registros incompletos}: {list}',
  },
  no_orders: { en: 'No order file was found.', zh: '没有找到订单文件。', es: 'No se encontró ningún archivo de pedidos.' },
  configured: {
    en: 'The registration is in the settings already.',
    zh: '应用信息已在设置中。',
    es: 'La aplicación ya está en los ajustes.',
  },
  missing_service: {
    en:
      'Missing: the service id, which the older system did not keep. Open the app in {console}: it stands in its authorisation link ' +
      'behind service_id=. Give it with --service-id.',
    zh: '缺少：Service ID（旧系统没有保存）。请在 {console} 打开该应用：授权链接中 service_id= 之后即是。用 --service-id 指定。',
    es:
      'Falta: el service id, que el sistema anterior no guardaba. Abra la aplicación en {console}: está en su enlace de autorización, ' +
      'tras service_id=. Indíquelo con --service-id.',
  },
  missing_other: {
    en: 'Missing: {settings}. They stand in {console}, page of the app.',
    zh: '缺少：{settings}。请在 {console} 的应用页面查看。',
    es: 'Falta: {settings}. Están en {console}, página de la aplicación.',
  },
  settings: {
    en: 'Settings for .env: {names}. --write-env adds what the older system knows.',
    zh: '.env 需要的设置：{names}。--write-env 会写入旧系统已有的值。',
    es: 'Ajustes para .env: {names}. --write-env añade lo que el sistema anterior sabe.',
  },
  written: { en: 'Added to {file}: {names}', zh: '已写入 {file}：{names}', es: 'Añadido a {file}: {names}' },
  written_waiting: {
    en: 'Added to {file} behind a #: {names}. Take the # away when the service id is there.',
    zh: '已写入 {file}（以 # 注释）：{names}。补上 Service ID 后请去掉 #。',
    es: 'Añadido a {file} tras un #: {names}. Quite el # cuando esté el service id.',
  },
  written_nothing: { en: '{file} has them already.', zh: '{file} 中已有这些设置。', es: '{file} ya los tiene.' },
  next: {
    en: 'Next: s7 connect {platform}{region}',
    zh: '下一步：s7 connect {platform}{region}',
    es: 'Siguiente: s7 connect {platform}{region}',
  },
} as const satisfies Record<string, Text>;

/** What a take-over came to, for people. */
export function adoptReport(adopted: Adopted, language: Language): string {
  const say = (text: keyof typeof TEXTS, values: TextValues = {}): string => fill(TEXTS[text], language, values);
  const { settings_files: files, orders, empty_files: empty, failed, registration, written, region } = adopted;
  const lines = files.flatMap(({ file, holds, problem }) => {
    if (problem) return [say(problem, { file })];
    return holds.length === 0 ? [] : [say('holds', { file, settings: holds.map((name) => SETTING_NAMES[name][language]) })];
  });
  if (files.some(({ holds }) => holds.includes('accessToken') || holds.includes('refreshToken'))) lines.push(say('tokens'));
  lines.push(
    ...(orders.length + empty.length + failed.length === 0 ? [say('no_orders')] : orders.flatMap((each) => orderLines(each, say))),
  );
  lines.push(...empty.map((file) => say('empty', { file })), ...failed.map(({ file, msg }) => say('failed', { file, msg })));
  if (registration.configured)
    return [
      ...lines,
      say('configured'),
      say('next', { platform: OLDER_SETTINGS_OF.toLowerCase(), region: region ? ` --region ${region}` : '' }),
    ].join('\n');
  const console = registration.console ?? '';
  const [service, others] = [
    registration.missing.filter((name) => name.endsWith('SERVICE_ID')),
    registration.missing.filter((name) => !name.endsWith('SERVICE_ID')),
  ];
  if (others.length > 0) lines.push(say('missing_other', { settings: others, console }));
  if (service.length > 0) lines.push(say('missing_service', { console }));
  if (!written) lines.push(say('settings', { names: registration.settings }));
  else
    lines.push(
      written.names.length === 0
        ? say('written_nothing', { file: written.file })
        : say(written.active ? 'written' : 'written_waiting', { file: written.file, names: written.names }),
    );
  return [...lines, say('next', { platform: OLDER_SETTINGS_OF.toLowerCase(), region: region ? ` --region ${region}` : '' })].join('\n');
}

function orderLines(result: TakenOver, say: (text: keyof typeof TEXTS, values?: TextValues) => string): string[] {
  const { file, records, shops, orders, refused, refused_records: list } = result;
  const values = {
    file,
    records,
    shops,
    orders,
    fresh: result.orders_new,
    changed: result.orders_changed,
    same: result.orders_unchanged,
    without: result.without_data,
  };
  const details = result.content === 'price_details';
  const lines = [say(result.dry_run ? (details ? 'would_details' : 'would') : details ? 'details' : 'orders', values)];
  if (result.heads > 0) lines.push(say('heads', { heads: result.heads }));
  if (refused > 0)
    lines.push(
      say('refused', {
        count: refused,
        list: `${list.map(({ record, field, problem }) => `${record} (${field}: ${problem})`).join(', ')}${refused > list.length ? ' …' : ''}`,
      }),
    );
  return lines;
}
