import type { AlertValues, Severity } from '../../records/alerts/alert-log.ts';
import type { Text } from '../../kernel/messages.ts';
import type { Shop } from '../../model/shop.ts';
import type { AlertFacts, FetchedShop } from './alert-facts.ts';
import { returnRateOff, salesOff } from './figures-off.ts';

/** Something that is so now. */
export interface Condition {
  readonly subject: string;
  readonly shopId: number | null;
  /** Null: cannot be told at the moment, so what is open stays as it is. */
  readonly values: AlertValues | null;
  /** Enough to raise an alert; else only enough to keep one open. */
  readonly firm: boolean;
}

/** One kind of alert: raised when a firm condition is found, cleared when none is found for its subject. */
export interface AlertKind {
  readonly name: string;
  readonly severity: Severity;
  /** When it is raised and cleared, for the documentation. */
  readonly when: string;
  readonly raised: Text;
  readonly todo: Text;
  readonly cleared: Text;
  find(facts: AlertFacts): readonly Condition[];
}

/** Consents are renewed by people: they hear of it early. */
export const CONSENT_ENDS_SOON = { hours: 24 * 30 } as const;
const TOKEN_ENDS_SOON = { hours: 48 } as const;
const STALE_AFTER = { hours: 24 } as const;
const SHOWN_DAYS = 5;

const before = (a: Temporal.Instant, b: Temporal.Instant): boolean => Temporal.Instant.compare(a, b) < 0;
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const ofShop = ({ shopId }: Shop): Pick<Condition, 'subject' | 'shopId'> => ({ subject: `shop ${shopId}`, shopId });
const onClock = (instant: Temporal.Instant, zone: string): string =>
  `${instant.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')} (${zone})`;
/** Reading may fail once or twice, a back-fill may take its time: the promise is three rounds, half an hour at least. */
const promisedMinutes = ({ syncMinutes }: AlertFacts): number => Math.max(30, 3 * syncMinutes);

/** Every kind of alert. */
export const ALERT_KINDS: readonly AlertKind[] = [
  {
    name: 'authorization_lost',
    severity: 'critical',
    when: 'Raised when a platform no longer accepts a consent; cleared when the seller has consented again or the shops were let go.',
    raised: {
      en: "{seller}'s {platform} authorisation is no longer valid; its shops do not sync.",
      zh: '{seller} 的 {platform} 授权已失效，店铺已停止同步。',
      es: 'La autorización de {seller} en {platform} ya no es válida; sus tiendas no se sincronizan.',
    },
    todo: {
      en: 'Authorise it again: s7 connect {command}.',
      zh: '请重新授权：s7 connect {command}。',
      es: 'Vuelva a autorizarla: s7 connect {command}.',
    },
    cleared: {
      en: "{seller}'s {platform} authorisation is valid again.",
      zh: '{seller} 的 {platform} 授权已恢复。',
      es: 'La autorización de {seller} en {platform} vuelve a ser válida.',
    },
    find: ({ authorizations }) =>
      authorizations
        .filter(({ state }) => state === 'lost')
        .map(({ authorizationId, platform, seller }) => ({
          subject: `authorization ${authorizationId}`,
          shopId: null,
          firm: true,
          values: { platform, seller, command: platform.toLowerCase() },
        })),
  },
  {
    name: 'authorization_ending',
    severity: 'warning',
    when: 'Raised 30 days before a consent ends; cleared when the seller has consented again.',
    raised: {
      en: 'The authorisation of {seller} on {platform} ends on {day}.',
      zh: '{seller} 在 {platform} 的授权将于 {day} 到期。',
      es: 'La autorización de {seller} en {platform} termina el {day}.',
    },
    todo: {
      en: 'Authorise it again before that day: s7 connect {command}.',
      zh: '请在该日之前重新授权：s7 connect {command}。',
      es: 'Vuelva a autorizarla antes de ese día: s7 connect {command}.',
    },
    cleared: {
      en: 'The authorisation of {seller} on {platform} has been renewed.',
      zh: '{seller} 在 {platform} 的授权已续期。',
      es: 'La autorización de {seller} en {platform} se ha renovado.',
    },
    find: ({ authorizations, now }) =>
      authorizations
        .filter(
          ({ state, consentEndsAt }) =>
            state === 'active' && consentEndsAt !== null && before(at(consentEndsAt), now.add(CONSENT_ENDS_SOON)),
        )
        .map(({ authorizationId, platform, seller, consentEndsAt }) => ({
          subject: `authorization ${authorizationId}`,
          shopId: null,
          firm: true,
          values: { platform, seller, command: platform.toLowerCase(), day: consentEndsAt!.slice(0, 10) },
        })),
  },
  {
    name: 'token_ending',
    severity: 'critical',
    when: 'Raised when the last refresh of a token failed and it ends within 48 hours, or it has ended; cleared when it is refreshed.',
    raised: {
      en: 'Access to {seller} on {platform} ends at {until}; renewal failed ({error}).',
      zh: '{seller} 的 {platform} 访问凭证将于 {until} 到期，续期失败（{error}）。',
      es: 'El acceso a {seller} en {platform} caduca el {until}; no se pudo renovar ({error}).',
    },
    todo: {
      en: 'See what s7 token refresh says; if it lasts: s7 connect {command}.',
      zh: '请查看 s7 token refresh 的输出；若持续失败：s7 connect {command}。',
      es: 'Mire qué dice s7 token refresh; si persiste: s7 connect {command}.',
    },
    cleared: {
      en: 'Access to {seller} on {platform} is renewed.',
      zh: '{seller} 的 {platform} 访问凭证已续期。',
      es: 'El acceso a {seller} en {platform} está renovado.',
    },
    find: (facts) =>
      facts.authorizations
        .filter(({ state }) => state === 'active')
        .flatMap(({ authorizationId, platform, seller, expiresAt, error }) => {
          // Secrets that never end are told of when the platform takes them no more.
          if (expiresAt === null) return [];
          const ended = before(at(expiresAt), facts.now);
          if (error === null && !ended) return [];
          const firm = (error !== null && before(at(expiresAt), facts.now.add(TOKEN_ENDS_SOON))) || (ended && settled(facts));
          return [
            {
              subject: `authorization ${authorizationId}`,
              shopId: null,
              firm,
              values: {
                platform,
                seller,
                command: platform.toLowerCase(),
                until: onClock(at(expiresAt), 'UTC'),
                error: error ?? 'token_expired',
              },
            },
          ];
        }),
  },
  {
    name: 'sync_stopped',
    severity: 'warning',
    when:
      'Raised when a shop whose consent is good has not been read for three times S7_SYNC_MINUTES, 30 minutes at least; cleared when ' +
      'it has been.',
    raised: {
      en: '{shop} ({platform}) has not synced since {since}; last result: {error}.',
      zh: '{shop}（{platform}）自 {since} 起未同步，最近结果：{error}。',
      es: '{shop} ({platform}) no se sincroniza desde {since}; último resultado: {error}.',
    },
    todo: {
      en: 's7 sync tries it now and says what stands in the way; s7 doctor looks at network, clock and permissions.',
      zh: '运行 s7 sync 立即同步并查看原因；s7 doctor 检查网络、时钟和权限。',
      es: 's7 sync la sincroniza ahora y dice qué lo impide; s7 doctor mira la red, el reloj y los permisos.',
    },
    cleared: {
      en: '{shop} ({platform}) syncs again.',
      zh: '{shop}（{platform}）已恢复同步。',
      es: '{shop} ({platform}) se sincroniza de nuevo.',
    },
    find: (facts) =>
      facts.fetched
        .filter(({ authorization }) => authorization?.state === 'active')
        .flatMap((each) => {
          const { shop, lastRun } = each;
          const last = lastRead(each);
          const late = { minutes: promisedMinutes(facts) };
          if (!last || !before(last.add(late), facts.now)) return [];
          const firm = facts.since === null || before(facts.since.add(late), facts.now);
          return [
            {
              ...ofShop(shop),
              firm,
              values: {
                shop: shop.shop,
                platform: shop.platform,
                since: onClock(last, shop.zone),
                error: lastRun?.error ?? lastRun?.state ?? '–',
              },
            },
          ];
        }),
  },
  {
    name: 'data_stale',
    severity: 'critical',
    when:
      'Raised when the orders of a connected shop are known up to more than 24 hours ago, whatever the cause; cleared when they are ' +
      'fresh.',
    raised: {
      en: '{shop} ({platform}): data up to {until} only; later orders are missing.',
      zh: '{shop}（{platform}）的数据截至 {until}，之后的订单尚未同步。',
      es: '{shop} ({platform}): datos hasta {until}; faltan los pedidos posteriores.',
    },
    todo: {
      en: 's7 sync --status says how far each shop is, s7 doctor why; the server (s7 serve) has to run.',
      zh: 's7 sync --status 查看各店铺进度，s7 doctor 查看原因；服务（s7 serve）需保持运行。',
      es: 's7 sync --status dice hasta dónde llega cada tienda y s7 doctor por qué; el servidor (s7 serve) tiene que estar en marcha.',
    },
    cleared: {
      en: '{shop} ({platform}) is up to date again.',
      zh: '{shop}（{platform}）已是最新。',
      es: '{shop} ({platform}) está al día.',
    },
    find: (facts) =>
      facts.fetched.flatMap((each) => {
        const last = lastRead(each);
        if (!last || !before(last.add(STALE_AFTER), facts.now)) return [];
        return [
          {
            ...ofShop(each.shop),
            firm: settled(facts),
            values: { shop: each.shop.shop, platform: each.shop.platform, until: onClock(last, each.shop.zone) },
          },
        ];
      }),
  },
  {
    name: 'quarantine',
    severity: 'warning',
    when: 'Raised when a record of a shop is set aside because something essential is missing; cleared when its quarantine is empty.',
    raised: {
      en: '{shop}: {count|incomplete record|incomplete records} (latest {record}: {field}); in no report.',
      zh: '{shop}：{count} 条记录信息不全（最新 {record}：{field}），未计入报表。',
      es: '{shop}: {count|registro incompleto|registros incompletos} (último, {record}: {field}); no entran en los informes.',
    },
    todo: {
      en:
        'GET /api/sync lists them with field and problem. They come in by themselves when the platform sends them whole; if they ' +
        'stay, report field and problem.',
      zh: 'GET /api/sync 列出字段和问题。平台补全后会自动入库；如长期存在，请反馈字段和问题。',
      es:
        'GET /api/sync los lista con campo y problema. Entran solos cuando la plataforma los envía enteros; si se quedan, avise con ' +
        'campo y problema.',
    },
    cleared: {
      en: '{shop}: no incomplete records any more.',
      zh: '{shop}：已没有信息不全的记录。',
      es: '{shop}: ya no hay registros incompletos.',
    },
    find: ({ quarantine, shops }) =>
      quarantine.flatMap(({ shop_id: id, records: count, record, field }) => {
        const shop = shops.find(({ shopId }) => shopId === id);
        return shop ? [{ ...ofShop(shop), firm: true, values: { shop: shop.shop, count, record, field } }] : [];
      }),
  },
  {
    name: 'shop_not_connected',
    severity: 'warning',
    when:
      'Raised when an account that is read for all of its shops brings records of a shop that is not connected; cleared when none is ' +
      'set aside any more.',
    raised: {
      en: '{seller} ({platform}): {count|record|records} of a shop that is not connected (latest {record}); in no report.',
      zh: '{seller}（{platform}）：{count} 条记录属于未授权的店铺（最新 {record}），未计入报表。',
      es:
        '{seller} ({platform}): {count|registro|registros} de una tienda que no está conectada (último, {record}); no entran en los ' +
        'informes.',
    },
    todo: {
      en: 'Connect it and its history syncs from the start: s7 connect {command}. GET /api/sync says which shop it is.',
      zh: '授权该店铺后会从头同步历史订单：s7 connect {command}。GET /api/sync 列出是哪个店铺。',
      es: 'Conéctela y su histórico se sincroniza desde el principio: s7 connect {command}. GET /api/sync dice qué tienda es.',
    },
    cleared: {
      en: '{seller} ({platform}): no records of a shop that is not connected any more.',
      zh: '{seller}（{platform}）：已没有未授权店铺的记录。',
      es: '{seller} ({platform}): ya no hay registros de una tienda sin conectar.',
    },
    find: ({ quarantine, authorizations }) =>
      quarantine.flatMap(({ shop_id: shop, account_id: id, records: count, record }) => {
        const account = authorizations.find(({ authorizationId }) => authorizationId === id);
        if (shop !== null || !account) return [];
        const { platform, seller } = account;
        return [
          {
            subject: `authorization ${account.authorizationId}`,
            shopId: null,
            firm: true,
            values: { platform, seller, count, record, command: platform.toLowerCase() },
          },
        ];
      }),
  },
  {
    name: 'counts_differ',
    severity: 'warning',
    when: "Raised when the nightly count of a day differs from the platform's own; cleared when all days agree.",
    raised: {
      en: '{shop}: order counts differ (platform/here): {days}.',
      zh: '{shop}：订单数不一致（平台/本地）：{days}。',
      es: '{shop}: el n.º de pedidos no coincide (plataforma/aquí): {days}.',
    },
    todo: {
      en: 'These days sync again by themselves. If they still differ tomorrow, look at the incomplete records: s7 doctor.',
      zh: '系统会自动重新同步这些日期。若明天仍不一致，请查看信息不全的记录：s7 doctor。',
      es: 'Los días se sincronizan otra vez solos. Si mañana siguen distintos, mire los registros incompletos: s7 doctor.',
    },
    cleared: {
      en: "{shop}: the platform's counts and ours agree again.",
      zh: '{shop}：订单数已与平台一致。',
      es: '{shop}: los recuentos vuelven a coincidir.',
    },
    find: ({ differing, shops }) =>
      shops.flatMap((shop) => {
        const days = differing.filter(({ shop_id: id }) => id === shop.shopId).toSorted((a, b) => a.day.localeCompare(b.day));
        if (days.length === 0) return [];
        const shown = days.slice(-SHOWN_DAYS).map(({ day, platform_orders: theirs, stored_orders: ours }) => `${day} ${theirs}/${ours}`);
        return [{ ...ofShop(shop), firm: true, values: { shop: shop.shop, days: days.length > SHOWN_DAYS ? ['…', ...shown] : shown } }];
      }),
  },
  {
    name: 'rates_missing',
    severity: 'warning',
    when:
      'Raised when amounts of several currencies are stored and days of one of them have no exchange rate, after fetching them was ' +
      'tried; cleared when every day has one.',
    raised: {
      en: 'No {currency} rate for {days|day|days} ({first} – {last}): reports cannot add amounts up.',
      zh: '缺少 {currency} 汇率（{days} 天，{first} – {last}）：报表无法合计金额。',
      es: 'Falta el tipo de cambio de {currency} de {days|día|días} ({first} – {last}): los informes no pueden sumar importes.',
    },
    todo: {
      en: 's7 fx fetch gets rates from the European Central Bank; without a network: s7 fx import with its file, or s7 fx set.',
      zh: 's7 fx fetch 从欧洲央行获取汇率；无网络时用 s7 fx import 导入其文件，或用 s7 fx set 设置。',
      es: 's7 fx fetch obtiene los tipos del BCE; sin red: s7 fx import con su archivo, o s7 fx set.',
    },
    cleared: {
      en: '{currency} rates are there for every day again.',
      zh: '{currency} 汇率已齐全。',
      es: 'Ya hay tipo de cambio de {currency} para todos los días.',
    },
    find: (facts) =>
      facts.unrated.map(({ currency, days, first, last }) => ({
        subject: `currency ${currency}`,
        shopId: null,
        firm: wasTried(facts),
        values: { currency, days, first, last },
      })),
  },
  {
    name: 'sales_off',
    severity: 'warning',
    when:
      'Raised when the last complete day of a connected shop sold half as much again or half as little as the same weekday of the ' +
      'last 12 weeks (at least 6 of them, 20 units in the middle), and lies 4 spreads (MAD) off; cleared when a complete day lies ' +
      'within 2.5 spreads or 30 %.',
    raised: {
      en: '{shop} sold {units|unit|units} on {day}; usual for a {weekday}: {usual}.',
      zh: '{shop} {day} 售出 {units} 件，平时{weekday}约 {usual} 件。',
      es: '{shop} vendió {units|ud.|uds.} el {day}; lo habitual en {weekday}: {usual}.',
    },
    todo: {
      en: 'Look at listings, stock, prices and campaigns of that day; s7 report SalesRank_7d shows which SKUs.',
      zh: '请检查当天的商品状态、库存、价格和活动；s7 report SalesRank_7d 可查看具体 SKU。',
      es: 'Mire fichas, stock, precios y campañas de ese día; s7 report SalesRank_7d dice qué SKU.',
    },
    cleared: { en: '{shop} sells as usual again.', zh: '{shop} 的销量已恢复正常。', es: '{shop} vende de nuevo como siempre.' },
    find: ({ fetched, now }) => fetched.flatMap((each) => figureCondition(each, salesOff(each, now))),
  },
  {
    name: 'returns_off',
    severity: 'warning',
    when:
      'Raised when of the units a connected shop sold in the last 7 complete days (100 at least) more came back than usual: 10 units ' +
      'or more, half as many again and 2 points more than in the middle of the 8 weeks before, and 4 spreads (MAD) off; cleared below ' +
      '2.5 spreads.',
    raised: {
      en: '{shop}: return rate {rate}% in the 7 days to {day}; usually {usual}%.',
      zh: '{shop}：截至 {day} 的 7 天退货率 {rate}%，平时 {usual}%。',
      es: '{shop}: tasa de devolución {rate} % en los 7 días hasta el {day}; lo habitual: {usual} %.',
    },
    todo: {
      en: 'Look at the reasons of the returns and the SKUs they name: a batch, a description, a carrier.',
      zh: '请查看退货原因及涉及的 SKU：批次、描述或物流问题。',
      es: 'Mire los motivos de las devoluciones y sus SKU: un lote, una descripción, un transportista.',
    },
    cleared: { en: '{shop}: as much comes back as usual.', zh: '{shop}：退货率已恢复正常。', es: '{shop}: vuelve lo de siempre.' },
    find: ({ fetched, now }) => fetched.flatMap((each) => figureCondition(each, returnRateOff(each, now))),
  },
];

/** What is known of the time before this process began to look after the shops is not held against it at once. */
function settled(facts: AlertFacts): boolean {
  return facts.since === null || before(facts.since.add({ minutes: promisedMinutes(facts) }), facts.now);
}

/** What has just come in may be had at once: it is told once that has been tried, or where nobody tries. */
function wasTried({ rateFetches: { fetchedAt, triedAt }, fetchesRates }: AlertFacts): boolean {
  return !fetchesRates || fetchedAt !== null || triedAt !== null;
}

/** Up to when a shop is known; before its first window the beginning of its first try. */
function lastRead({ reached, lastRun }: FetchedShop): Temporal.Instant | null {
  return reached ?? (lastRun ? at(lastRun.started_at) : null);
}

function figureCondition({ shop }: FetchedShop, found: ReturnType<typeof salesOff>): Condition[] {
  if (found === 'usual') return [];
  if (found === 'unknown') return [{ ...ofShop(shop), firm: false, values: null }];
  return [{ ...ofShop(shop), firm: found.firm, values: { shop: shop.shop, ...found.values } }];
}
