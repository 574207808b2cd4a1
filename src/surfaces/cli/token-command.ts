import { Command } from 'commander';
import { PLATFORM_IDS } from '../../model/shop.ts';
import type { Session } from './cli.ts';
import { EXAMPLE_PLATFORM, platformOf } from './platform-name.ts';
import { toTable } from './tables.ts';

/** `s7 token …` */
export function tokenCommand(session: Session): Command {
  const token = new Command('token').description('The tokens of connected shops.');
  token
    .command('refresh')
    .description('Get new tokens now.')
    .option('--platform <platform>', `default: ${EXAMPLE_PLATFORM}`, platformOf)
    .option('--shop <name>', 'one shop')
    .option('--json', 'for programs')
    .addHelpText('after', '\nThe server does it by itself at start, at midnight and before they end.\n\nExample:\n  $ s7 token refresh')
    .action(({ platform = PLATFORM_IDS[0], shop, json }: { platform?: string; shop?: string; json?: true }) =>
      session.withClient(async (client) => {
        const { authorizations } = await client.post('/api/{P}/refresh_token', undefined, { in: { P: platform }, query: { shop } });
        const rows = authorizations.map(
          ({ seller_name, app, state, access_token_expire_in: access, refresh_token_expire_in: refresh }) => ({
            seller: seller_name,
            app,
            state,
            access_until: dayOf(access),
            consent_until: dayOf(refresh),
          }),
        );
        session.out(json ? JSON.stringify(authorizations) : toTable(rows));
      }),
    );
  return token;
}

function dayOf(epochSeconds: number | null): string {
  return epochSeconds === null ? '' : new Date(epochSeconds * 1000).toISOString().slice(0, 16);
}
