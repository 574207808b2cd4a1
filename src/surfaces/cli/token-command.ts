import { Command } from 'commander';
import type { Text } from '../../kernel/messages.ts';
import { PLATFORM_IDS } from '../../model/shop.ts';
import { CONNECTION_WORDS } from '../state-words.ts';
import type { Session } from './cli.ts';
import { HELP, withEnd } from './help.ts';
import { EXAMPLE_PLATFORM, platformOf } from './platform-name.ts';
import { toTable } from './tables.ts';

const TEXTS = {
  about: { en: 'The access to connected shops.', zh: '已授权店铺的访问凭证。', es: 'El acceso a las tiendas conectadas.' },
  refresh: { en: 'Renew the access now.', zh: '立即更新访问凭证。', es: 'Renovar el acceso ahora.' },
  platform: { en: 'default: {platform}', zh: '默认：{platform}', es: 'por defecto, {platform}' },
  notes: {
    en: 'The server does it by itself at start, at midnight and before access ends.',
    zh: '服务会在启动时、午夜和到期前自动更新。',
    es: 'El servidor lo hace solo al arrancar, a medianoche y antes de que caduque.',
  },
  seller: { en: 'Seller', zh: '卖家', es: 'Vendedor' },
  app: { en: 'App', zh: '应用', es: 'Aplicación' },
  state: { en: 'State', zh: '状态', es: 'Estado' },
  access: { en: 'Access until', zh: '访问凭证到期', es: 'Acceso hasta' },
  consent: { en: 'Authorisation until', zh: '授权到期', es: 'Autorización hasta' },
} as const satisfies Record<string, Text>;

/** `s7 token …` */
export function tokenCommand(session: Session): Command {
  const { say, language, width } = session;
  const token = new Command('token').description(say(TEXTS.about));
  const refresh = new Command('refresh')
    .description(say(TEXTS.refresh))
    .option('--platform <platform>', say(TEXTS.platform, { platform: EXAMPLE_PLATFORM }), platformOf)
    .option('--shop <name>', say(HELP.shop))
    .option('--json', say(HELP.json))
    .action(({ platform = PLATFORM_IDS[0], shop, json }: { platform?: string; shop?: string; json?: true }) =>
      session.withClient(async (client) => {
        const { authorizations } = await client.post('/api/{P}/refresh_token', undefined, { in: { P: platform }, query: { shop } });
        const rows = authorizations.map(
          ({ seller_name, app, state, access_token_expire_in: access, refresh_token_expire_in: consent }) => ({
            seller: seller_name,
            app,
            state: say(CONNECTION_WORDS[state]),
            access: instantOf(access),
            consent: instantOf(consent),
          }),
        );
        const columns = (['seller', 'app', 'state', 'access', 'consent'] as const).map((name) => ({ name, title: say(TEXTS[name]) }));
        session.out(json ? JSON.stringify(authorizations) : toTable(rows, columns, { language, width }));
      }),
    );
  token.addCommand(withEnd(refresh, { notes: TEXTS.notes, examples: ['s7 token refresh'] }));
  return token;
}

function instantOf(epochSeconds: number | null): string | null {
  return epochSeconds === null ? null : new Date(epochSeconds * 1000).toISOString();
}
