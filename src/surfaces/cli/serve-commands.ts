import { Command } from 'commander';
import { existsSync } from 'node:fs';
import type { Text } from '../../kernel/messages.ts';
import type { Session } from './cli.ts';
import { demo, serveDemo } from './demo.ts';
import { withEnd } from './help.ts';
import { serve, type Serving } from './running-server.ts';
import { untilStopSignal } from './stop-signal.ts';
import { refuseAlike } from './wrong-turn.ts';

const TEXTS = {
  serve: {
    en: 'Serve API, documentation and page until Ctrl-C.',
    zh: '启动服务：API、文档和页面，按 Ctrl-C 结束。',
    es: 'Poner en marcha la API, la documentación y la página, hasta Ctrl-C.',
  },
  ends: { en: 'Ctrl-C ends', zh: '按 Ctrl-C 结束', es: 'Ctrl-C termina' },
  data: { en: 'Data', zh: '数据', es: 'Datos' },
  settings: { en: 'settings', zh: '设置', es: 'ajustes' },
  none: { en: 'the environment alone (no .env)', zh: '仅环境变量（没有 .env）', es: 'solo el entorno (sin .env)' },
  simulate: {
    en: 'Run the simulated platforms alone, until Ctrl-C.',
    zh: '只运行模拟平台，按 Ctrl-C 结束。',
    es: 'Poner en marcha solo las plataformas simuladas, hasta Ctrl-C.',
  },
  simulateNotes: {
    en:
      'It prints the settings that make a server talk to it. Options: --port, --amazon-port, --seed, --scale, --limits off, ' +
      '--redirect-row URL, --redirect-us URL, --redirect-amazon URL, --products N (the Spanish shop lists at least so many), ' +
      '--fault NAME=NUMBER (several times; a wrong name prints them all).',
    zh:
      '会打印让服务连接模拟平台所需的设置。选项：--port、--amazon-port、--seed、--scale、--limits off、' +
      '--redirect-row URL、--redirect-us URL、--redirect-amazon URL、--products N（西班牙店铺的最少商品数）、' +
      '--fault NAME=NUMBER（可多次；名称有误时列出全部）。',
    es:
      'Muestra los ajustes con los que un servidor habla con ellas. Opciones: --port, --amazon-port, --seed, --scale, --limits off, ' +
      '--redirect-row URL, --redirect-us URL, --redirect-amazon URL, ' +
      '--products N (los que tiene como mínimo la tienda española), ' +
      '--fault NAME=NUMBER (varias veces; un nombre erróneo los muestra todos).',
  },
  demo: {
    en: 'Connect simulated shops, sync a year of orders, print three reports, serve until Ctrl-C.',
    zh: '授权模拟店铺，同步一年订单，打印三个报表，启动服务，按 Ctrl-C 结束。',
    es: 'Conectar tiendas simuladas, sincronizar un año de pedidos, mostrar tres informes y servir hasta Ctrl-C.',
  },
  noBrowser: { en: 'do not open the page', zh: '不打开页面', es: 'no abrir la página' },
  demoNotes: {
    en: 'It has a data folder of its own beside the real one.',
    zh: '演示数据放在单独的文件夹，与真实数据分开。',
    es: 'Tiene su propia carpeta de datos, junto a la verdadera.',
  },
} as const satisfies Record<string, Text>;

/** The commands that serve until they are stopped: serve, simulate, demo. */
export function serveCommands(session: Session, version: string): Command[] {
  const { say } = session;
  const serving = new Command('serve').description(say(TEXTS.serve)).action(() =>
    untilStopped(
      () => serve(session.room()),
      ({ shownUrl }) => {
        session.out(`S7StarERP ${version} · ${shownUrl}\nSwagger: ${shownUrl}/api/swagger/ · ${say(TEXTS.ends)}`);
        session.out(servedFrom(session));
      },
    ),
  );
  const simulating = new Command('simulate')
    .description(say(TEXTS.simulate))
    .allowUnknownOption()
    .argument('[options...]')
    .action((options: string[]) => session.room().simulate(options).catch(refuseAlike));
  const demonstrating = new Command('demo')
    .description(say(TEXTS.demo))
    .option('--no-browser', say(TEXTS.noBrowser))
    .action(({ browser }: { browser: boolean }) =>
      untilStopped(
        () => serveDemo(session.room()),
        (started) => demo(session, started, { browser }),
      ),
    );
  return [
    withEnd(serving, { examples: ['s7 serve', 'S7_PORT=9000 s7 serve'] }),
    withEnd(simulating, {
      notes: TEXTS.simulateNotes,
      examples: ['s7 simulate --port 9100 --amazon-port 9200', 's7 simulate --fault tooManyRequests=0.1 --fault duplicates=0.2'],
    }),
    withEnd(demonstrating, { notes: TEXTS.demoNotes, examples: ['s7 demo'] }),
  ];
}

/** Which data are served, by which settings. */
function servedFrom({ room, say }: Session): string {
  const { config, envFile } = room();
  return `${say(TEXTS.data)}: ${config.dataFolder} · ${say(TEXTS.settings)}: ${existsSync(envFile) ? envFile : say(TEXTS.none)}`;
}

/**
 * Serves, does the work and waits; Ctrl-C or a stop from outside ends it cleanly, in the midst of it too; a second signal changes nothing.
 */
async function untilStopped<S extends Serving>(open: () => Promise<S>, work: (serving: S) => void | Promise<void>): Promise<void> {
  const stop = untilStopSignal();
  const serving = await open();
  try {
    await Promise.race([stop, Promise.resolve(work(serving)).then(() => stop)]);
  } finally {
    await serving.close();
  }
}
