import { Command } from 'commander';
import { resolve } from 'node:path';
import { restore } from '../../jobs/backup.ts';
import { AppError } from '../../kernel/errors.ts';
import { shownSize, type Text } from '../../kernel/messages.ts';
import type { Session } from './cli.ts';
import { HELP, withEnd } from './help.ts';
import { findServer } from './running-server.ts';

const MARKS = { ok: '✓', note: '·', problem: '✗' } as const;

const TEXTS = {
  doctor: {
    en: 'Check everything that commonly goes wrong.',
    zh: '系统自检：检查常见问题。',
    es: 'Comprobar todo lo que suele fallar.',
  },
  doctorNotes: {
    en: 'Ends with 1 when something is wrong.',
    zh: '发现问题时以 1 退出。',
    es: 'Termina con 1 si algo va mal.',
  },
  backup: {
    en: 'Write a whole copy of the data into a new folder, also while the server runs.',
    zh: '把全部数据备份到新文件夹；服务运行时也可以。',
    es: 'Guardar una copia completa de los datos en una carpeta nueva, también con el servidor en marcha.',
  },
  backupFolder: { en: 'a folder that does not exist yet', zh: '尚不存在的文件夹', es: 'una carpeta que aún no existe' },
  backupNotes: {
    en: 'It holds the keys, too: keep it where the data may be kept.',
    zh: '备份也含密钥，请存放在可以存放数据的地方。',
    es: 'Contiene también las claves: guárdela donde puedan guardarse los datos.',
  },
  restore: {
    en: 'Put a backup in the place of the data; the server has to be stopped.',
    zh: '用备份替换现有数据；需先停止服务。',
    es: 'Poner una copia de seguridad en lugar de los datos; el servidor debe estar parado.',
  },
  restoreFolder: { en: 'the folder of the backup', zh: '备份所在文件夹', es: 'la carpeta de la copia de seguridad' },
  restoreNotes: {
    en: 'What was there is kept beside it.',
    zh: '原有数据保留在旁边。',
    es: 'Lo que había se conserva al lado.',
  },
  restored: { en: '{folder} restored', zh: '已恢复 {folder}', es: '{folder} restaurada' },
  former: { en: '; what was there: {folder}', zh: '；原有数据：{folder}', es: '; lo que había: {folder}' },
} as const satisfies Record<string, Text>;

/** The commands that look after the house: doctor, backup, restore. */
export function keepCommands(session: Session): Command[] {
  const { say, language } = session;
  const doctor = new Command('doctor')
    .description(say(TEXTS.doctor))
    .option('--json', say(HELP.json))
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
    .description(say(TEXTS.backup))
    .argument('<folder>', say(TEXTS.backupFolder))
    .option('--json', say(HELP.json))
    .action((folder: string, { json }: { json?: true }) =>
      session.withClient(async (client) => {
        const done = await client.post('/api/backup', { folder: resolve(folder) });
        session.out(json ? JSON.stringify(done) : `${done.folder}  ${shownSize(done.bytes, language)}`);
      }),
    );

  const restoring = new Command('restore')
    .description(say(TEXTS.restore))
    .argument('<folder>', say(TEXTS.restoreFolder))
    .option('--json', say(HELP.json))
    .action(async (folder: string, { json }: { json?: true }) => {
      const { config } = session.room();
      const { dataFolder } = config;
      const running = await findServer(dataFolder);
      if (running) throw new AppError('server_running', { pid: String(running.pid) });
      const former = await restore(resolve(folder), config);
      const told = `${say(TEXTS.restored, { folder: dataFolder })}${former ? say(TEXTS.former, { folder: former }) : ''}`;
      session.out(json ? JSON.stringify({ dataFolder, former }) : told);
    });
  return [
    withEnd(doctor, { notes: TEXTS.doctorNotes, examples: ['s7 doctor'] }),
    withEnd(backup, { notes: TEXTS.backupNotes, examples: ['s7 backup ../s7-backup-monday'] }),
    withEnd(restoring, { notes: TEXTS.restoreNotes, examples: ['s7 restore ../s7-backup-monday'] }),
  ];
}
