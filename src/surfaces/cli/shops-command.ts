import { Command, Option } from 'commander';
import { AppError } from '../../kernel/errors.ts';
import type { Text } from '../../kernel/messages.ts';
import { shopsNamed, type PlatformId, unknownShop } from '../../model/shop.ts';
import { CONNECTION_WORDS } from '../state-words.ts';
import type { Body } from './api.ts';
import type { Session } from './cli.ts';
import type { Client } from './client.ts';
import { HELP, withEnd } from './help.ts';
import { EXAMPLE_PLATFORM, platformOf } from './platform-name.ts';
import { toTable } from './tables.ts';

type Settings = Body<'/api/shops/set'>;
type VatRule = NonNullable<Settings['vat_rules']>[number];
/** The shop that is meant, as every path takes it. */
type Which = Pick<Settings, 'platform' | 'shop'>;

const TEXTS = {
  about: {
    en: 'List the shops and what is stored of them; change one, stop its syncing or delete it.',
    zh: '列出店铺及已保存的数据；修改、停止同步或删除店铺。',
    es: 'Mostrar las tiendas y lo guardado de ellas; cambiar una, dejar de sincronizarla o eliminarla.',
  },
  none: {
    en: 'No shops yet: s7 connect {platform}, or s7 import FILE',
    zh: '还没有店铺：s7 connect {platform}，或 s7 import 文件',
    es: 'Aún no hay tiendas: s7 connect {platform}, o s7 import ARCHIVO',
  },
  set: {
    en: 'Say what a shop is: name, time zone, currency, VAT.',
    zh: '设置店铺：名称、时区、币种、VAT 税率。',
    es: 'Decir cómo es una tienda: nombre, zona horaria, moneda, IVA.',
  },
  name: { en: 'what it is called here', zh: '在此处使用的名称', es: 'cómo se llama aquí' },
  zone: {
    en: 'its time zone (IANA); moves its orders to their new days',
    zh: '时区（IANA）；订单会移到新的日期',
    es: 'su zona horaria (IANA); mueve sus pedidos a sus nuevos días',
  },
  vat: { en: 'VAT rate in percent', zh: 'VAT 税率（%）', es: 'tipo de IVA en %' },
  vatRules: {
    en: 'VAT rates by country and date, COUNTRY:FROM:PERCENT:seller|platform with commas, e.g. FR::20:platform,ES:2026-01-01:21',
    zh: '按国家和日期的 VAT 税率，每条为 COUNTRY:FROM:PERCENT:seller|platform（国家、起始日期、税率），逗号分隔，如 FR::20:platform,ES:2026-01-01:21',
    es: 'tipos de IVA por país y fecha, PAÍS:DESDE:TIPO:seller|platform con comas, p. ej. FR::20:platform,ES:2026-01-01:21',
  },
  disconnect: {
    en: 'Stop syncing a shop; its data stay.',
    zh: '停止同步店铺；数据保留。',
    es: 'Dejar de sincronizar una tienda; sus datos se quedan.',
  },
  erase: {
    en: 'Delete a shop and all its data, for good.',
    zh: '删除店铺及其全部数据，无法恢复。',
    es: 'Eliminar una tienda y todos sus datos, para siempre.',
  },
  confirm: { en: "the shop's name once more", zh: '再次输入店铺名称', es: 'el nombre de la tienda otra vez' },
  shop: { en: 'its name', zh: '店铺名称', es: 'su nombre' },
  platform: { en: 'where two shops have one name', zh: '两个店铺同名时使用', es: 'si dos tiendas se llaman igual' },
  done: { en: '{shop}: done', zh: '{shop}：已完成', es: '{shop}: hecho' },
} as const satisfies Record<string, Text>;
const COLUMNS: Readonly<Record<string, Text>> = {
  platform: { en: 'Platform', zh: '平台', es: 'Plataforma' },
  shop: { en: 'Shop', zh: '店铺', es: 'Tienda' },
  orders: { en: 'Orders', zh: '订单数', es: 'Pedidos' },
  units: { en: 'Units', zh: '件数', es: 'Unidades' },
  connection: { en: 'Connection', zh: '授权', es: 'Conexión' },
  complete_at: { en: 'Data up to', zh: '数据截至', es: 'Datos hasta' },
  first_day: { en: 'First day', zh: '最早日期', es: 'Primer día' },
  last_day: { en: 'Last day', zh: '最近日期', es: 'Último día' },
  zone: { en: 'Time zone', zh: '时区', es: 'Zona horaria' },
  currency: { en: 'Currency', zh: '币种', es: 'Moneda' },
  vat_rate: { en: 'VAT %', zh: 'VAT 税率 %', es: 'IVA %' },
  authorized_until: { en: 'Authorised until', zh: '授权到期', es: 'Autorizada hasta' },
  last_error: { en: 'Last error', zh: '最近错误', es: 'Último error' },
};

/** `s7 shops …` */
export function shopsCommand(session: Session): Command {
  const { say, language, width } = session;
  const shops = new Command('shops')
    .description(say(TEXTS.about))
    .option('--json', say(HELP.json))
    .action(({ json }: { json?: true }) =>
      session.withClient(async (client) => {
        const { data } = await client.get('/api/shops');
        if (json) return session.out(JSON.stringify(data));
        const columns = Object.entries(COLUMNS).map(([name, title]) => ({ name, title: say(title) }));
        const rows = data.map((row) => ({ ...row, connection: say(CONNECTION_WORDS[row.connection]) }));
        session.out(rows.length > 0 ? toTable(rows, columns, { language, width }) : say(TEXTS.none, { platform: EXAMPLE_PLATFORM }));
      }),
    );
  for (const command of [setCommand(session), disconnectCommand(session), eraseCommand(session)]) shops.addCommand(command);
  return withEnd(shops, {
    examples: ['s7 shops', 's7 shops set "Estrella Hogar" --zone Europe/Madrid --vat 21', 's7 shops disconnect "Estrella Hogar"'],
  });
}

function setCommand(session: Session): Command {
  const { say } = session;
  return shopCommand(session, 'set')
    .description(say(TEXTS.set))
    .option('--name <name>', say(TEXTS.name))
    .option('--zone <zone>', say(TEXTS.zone))
    .option('--currency <code>', 'ISO 4217')
    .option('--vat <percent>', say(TEXTS.vat), Number)
    .option('--vat-rules <list>', say(TEXTS.vatRules), vatRulesOf)
    .action(
      (
        shop: string,
        {
          platform,
          vat,
          vatRules,
          ...settings
        }: { platform?: PlatformId; vat?: number; vatRules?: VatRule[]; name?: string; zone?: string; currency?: string },
      ) =>
        onShop(session, { shop, platform }, (client, which) =>
          client.post('/api/shops/set', {
            ...which,
            ...settings,
            ...(vat === undefined ? {} : { vat_rate: vat }),
            ...(vatRules ? { vat_rules: vatRules } : {}),
          }),
        ),
    );
}

function disconnectCommand(session: Session): Command {
  return shopCommand(session, 'disconnect')
    .description(session.say(TEXTS.disconnect))
    .action((shop: string, { platform }: { platform?: PlatformId }) =>
      onShop(session, { shop, platform }, (client, which) => client.post('/api/shops/disconnect', which)),
    );
}

function eraseCommand(session: Session): Command {
  return shopCommand(session, 'erase')
    .description(session.say(TEXTS.erase))
    .requiredOption('--confirm <name>', session.say(TEXTS.confirm))
    .action((shop: string, { platform, confirm }: { platform?: PlatformId; confirm: string }) =>
      onShop(session, { shop, platform }, (client, which) => client.post('/api/shops/erase', { ...which, confirm })),
    );
}

function shopCommand({ say }: Session, name: string): Command {
  return new Command(name)
    .argument('<shop>', say(TEXTS.shop))
    .addOption(new Option('--platform <platform>', say(TEXTS.platform)).argParser(platformOf));
}

/** Does something to a shop, and says so. */
async function onShop(
  session: Session,
  { shop, platform }: { shop: string; platform: PlatformId | undefined },
  work: (client: Client, which: Which) => Promise<unknown>,
): Promise<void> {
  await session.withClient(async (client) => {
    await work(client, { platform: platform ?? (await platformOfShop(client, shop)), shop });
    session.out(session.say(TEXTS.done, { shop }));
  });
}

async function platformOfShop(client: Client, name: string): Promise<PlatformId> {
  const { data } = await client.get('/api/shops');
  const found = shopsNamed(data, name);
  if (found.length === 0) throw unknownShop(name, data);
  if (found.length > 1)
    throw new AppError('invalid_parameter', { name: '--platform', problem: found.map(({ platform }) => platform).join(' | ') });
  return found[0]!.platform;
}

/** `FR::20:platform,ES:2026-01-01:21` as the API takes it; nothing empties the list. */
function vatRulesOf(list: string): VatRule[] {
  return list
    .split(',')
    .filter(Boolean)
    .map((rule) => {
      const [country, from, rate, who] = rule.split(':').map((part) => part.trim());
      return { country: country || null, from: from || null, rate: Number(rate), ...(who ? { remitted_by: who as 'seller' } : {}) };
    });
}
