import { Command } from 'commander';
import { resolve } from 'node:path';
import { restore } from '../../jobs/backup.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Session } from './cli.ts';
import { findServer } from './running-server.ts';

const MARKS = { ok: '✓', note: '·', problem: '✗' } as const;

/** The commands that look after the house: doctor, backup, restore. */
export function keepCommands(session: Session): Command[] {
  const doctor = new Command('doctor')
    .description('Check everything that commonly goes wrong.')
    .option('--json', 'for programs')
    .addHelpText('after', '\nEnds with 1 when something is wrong.\n\nExample:\n  $ s7 doctor')
    .action(({ json }: { json?: true }) =>
      session.withClient(async (client) => {
        const { data } = await client.get('/api/doctor');
        session.out(
          json ? JSON.stringify(data) : data.map(({ check, state, text }) => `${MARKS[state]} ${check.padEnd(11)} ${text}`).join('\n'),
        );
        if (data.some(({ state }) => state === 'problem')) session.exitCode = 1;
      }),
    );

  const backup = new Command('backup')
    .description('Write a whole copy of the data into a new folder, also while the server runs.')
    .argument('<folder>', 'a folder that does not exist yet')
    .option('--json', 'for programs')
    .addHelpText('after', '\nIt holds the keys, too: keep it where the data may be kept.\n\nExample:\n  $ s7 backup ../s7-backup-monday')
    .action((folder: string, { json }: { json?: true }) =>
      session.withClient(async (client) => {
        const done = await client.post('/api/backup', { folder: resolve(folder) });
        session.out(json ? JSON.stringify(done) : `${done.folder}  ${(done.bytes / 1e6).toFixed(1)} MB`);
      }),
    );

  const restoring = new Command('restore')
    .description('Put a backup in the place of the data; the server has to be stopped.')
    .argument('<folder>', 'the folder of the backup')
    .option('--json', 'for programs')
    .addHelpText('after', '\nWhat was there is kept beside it.\n\nExample:\n  $ s7 restore ../s7-backup-monday')
    .action(async (folder: string, { json }: { json?: true }) => {
      const { config } = session.room();
      const { dataFolder } = config;
      const running = await findServer(dataFolder);
      if (running) throw new AppError('server_running', { pid: String(running.pid) });
      const former = await restore(resolve(folder), config);
      session.out(json ? JSON.stringify({ dataFolder, former }) : `${dataFolder} restored${former ? `; what was there: ${former}` : ''}`);
    });
  return [doctor, backup, restoring];
}
