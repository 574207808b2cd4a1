import { Command, Option } from 'commander';
import { AppError } from '../../kernel/errors.ts';
import { shopsNamed, type PlatformId, unknownShop } from '../../model/shop.ts';
import type { Body } from './api.ts';
import type { Session } from './cli.ts';
import type { Client } from './client.ts';
import { EXAMPLE_PLATFORM, platformOf } from './platform-name.ts';
import { toTable } from './tables.ts';

type Settings = Body<'/api/shops/set'>;
type VatRule = NonNullable<Settings['vat_rules']>[number];
/** The shop that is meant, as every path takes it. */
type Which = Pick<Settings, 'platform' | 'shop'>;

/** `s7 shops …` */
export function shopsCommand(session: Session): Command {
  const shops = new Command('shops')
    .description('List the shops and what is stored of them; change, disconnect or erase one.')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      '\nExamples:\n  $ s7 shops\n  $ s7 shops set "Estrella Hogar" --zone Europe/Madrid --vat 21\n  $ s7 shops disconnect "Estrella Hogar"',
    )
    .action(({ json }: { json?: true }) =>
      session.withClient(async (client) => {
        const { data } = await client.get('/api/shops');
        if (json) session.out(JSON.stringify(data));
        else
          session.out(
            data.length > 0
              ? toTable(data.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'last_run'))))
              : `No shop yet: s7 connect ${EXAMPLE_PLATFORM}, or s7 import FILE`,
          );
      }),
    );
  for (const command of [setCommand(session), disconnectCommand(session), eraseCommand(session)]) shops.addCommand(command);
  return shops;
}

function setCommand(session: Session): Command {
  return shopCommand('set')
    .description('Say what a shop is: name, clock, currency, VAT.')
    .option('--name <name>', 'what it is called here')
    .option('--zone <zone>', 'IANA zone of its clock; moves its orders to their new days')
    .option('--currency <code>', 'ISO 4217')
    .option('--vat <percent>', 'value-added tax in percent', Number)
    .option(
      '--vat-rules <list>',
      'rates by country and date, COUNTRY:FROM:PERCENT:seller|platform with commas, e.g. FR::20:platform,ES:2026-01-01:21',
      vatRulesOf,
    )
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
  return shopCommand('disconnect')
    .description('Stop fetching a shop; its data stay.')
    .action((shop: string, { platform }: { platform?: PlatformId }) =>
      onShop(session, { shop, platform }, (client, which) => client.post('/api/shops/disconnect', which)),
    );
}

function eraseCommand(session: Session): Command {
  return shopCommand('erase')
    .description('Erase a shop with everything stored of it, for good.')
    .requiredOption('--confirm <name>', "the shop's name once more")
    .action((shop: string, { platform, confirm }: { platform?: PlatformId; confirm: string }) =>
      onShop(session, { shop, platform }, (client, which) => client.post('/api/shops/erase', { ...which, confirm })),
    );
}

function shopCommand(name: string): Command {
  return new Command(name)
    .argument('<shop>', 'its name')
    .addOption(new Option('--platform <platform>', 'where two shops have one name').argParser(platformOf));
}

/** Does something to a shop, and says so. */
async function onShop(
  session: Session,
  { shop, platform }: { shop: string; platform: PlatformId | undefined },
  work: (client: Client, which: Which) => Promise<unknown>,
): Promise<void> {
  await session.withClient(async (client) => {
    await work(client, { platform: platform ?? (await platformOfShop(client, shop)), shop });
    session.out(`${shop}: done`);
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
