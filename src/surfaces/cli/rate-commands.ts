import { Command } from 'commander';
import type { Answer } from './api.ts';
import type { Session } from './cli.ts';
import { toTable } from './tables.ts';

/** `s7 fx …`: the exchange rates that reports convert with. */
export function rateCommands(session: Session): Command {
  const fx = new Command('fx')
    .description('Exchange rates: what is stored, the files of the European Central Bank, rates of your own.')
    .addHelpText(
      'after',
      `
Rates are units of a currency for 1 EUR, as the bank publishes them. A rate holds for its day and 7 days after it.

Examples:
  $ s7 fx fetch
  $ s7 fx import eurofxref-hist.zip
  $ s7 fx set 2026-11-20 GBP 0.8790
  $ s7 fx list --currency GBP --from 2026-11-01`,
    );
  const tell = (result: Answer<'POST', '/api/fx/fetch'>, json?: true): void => {
    session.out(
      json
        ? JSON.stringify(result)
        : [
            `${result.rates} rates, ${result.first_day ?? '–'} to ${result.last_day ?? '–'}`,
            ...result.bad.map(({ line, column, problem }) => `line ${line}, ${column}: ${problem}`),
          ].join('\n'),
    );
  };
  fx.command('import')
    .description('Keep the rates of a file: eurofxref-hist.csv, its ZIP, or XML.')
    .argument('<file>', 'the file')
    .option('--json', 'for programs')
    .action((file: string, { json }: { json?: true }) =>
      session.withClient(async (client) => tell(await client.sendFile('/api/fx/import', file), json)),
    );
  fx.command('fetch')
    .description("Fetch the bank's rates now; the server does it once a day.")
    .option('--json', 'for programs')
    .action(({ json }: { json?: true }) => session.withClient(async (client) => tell(await client.post('/api/fx/fetch', undefined), json)));
  fx.command('set')
    .description("Set a rate of your own; it wins over the bank's.")
    .argument('<day>', 'YYYY-MM-DD')
    .argument('<currency>', 'ISO 4217')
    .argument('<rate>', 'units of the currency for 1 EUR; `none` takes yours back')
    .action((day: string, currency: string, rate: string) =>
      session.withClient(async (client) => {
        await client.post('/api/fx', { rates: [{ day, currency: currency.toUpperCase(), rate: rate === 'none' ? null : rate }] });
        session.out(
          rate === 'none' ? `${day} ${currency.toUpperCase()}: yours is taken back` : `${day}: 1 EUR = ${rate} ${currency.toUpperCase()}`,
        );
      }),
    );
  fx.command('list')
    .description('List stored rates, newest first, and how far they reach.')
    .option('--currency <code>', 'one currency')
    .option('--from <day>', 'first day')
    .option('--to <day>', 'last day')
    .option('--limit <count>', 'how many')
    .option('--json', 'for programs')
    .action(({ json, ...query }: { json?: true } & Record<string, string>) =>
      session.withClient(async (client) => {
        const list = await client.get('/api/fx', { query });
        if (json) session.out(JSON.stringify(list));
        else if (list.data.length === 0) session.out('No rate yet: s7 fx fetch, or s7 fx import eurofxref-hist.csv');
        else session.out(`${toTable(list.spans)}\n\n${toTable(list.data)}`);
      }),
    );
  return fx;
}
