import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';
import { openApp } from '../src/app.ts';
import type { Config } from '../src/config.ts';
import type { Language } from '../src/kernel/messages.ts';
import { platforms } from '../src/platforms/all.ts';
import { reports } from '../src/reports/all.ts';
import { runCli } from '../src/surfaces/cli/cli.ts';
import type { TestApp } from './shop-window.ts';

/** To be given to the server of the tests. */
export const SESSION_KEY = 'the key of this run';

/** How a command ended, and what it had said. */
interface Ending {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Terminal {
  readonly language?: Language;
  /** How wide a terminal it is; else there is none. */
  readonly columns?: number;
}

/**
 * The command line in this process, over a server of the tests that it finds as it would find any: a process of its own takes a second of
 * the processor.
 */
export function commandLineOf({ app, url }: TestApp): (line: readonly string[], terminal?: Terminal) => Promise<Ending> {
  writeFileSync(join(app.config.dataFolder, 'server.json'), JSON.stringify({ url, pid: process.pid, key: SESSION_KEY }));
  return (line, terminal) => typed(line, app.config, terminal);
}

async function typed(line: readonly string[], config: Config, { language = 'en', columns }: Terminal = {}): Promise<Ending> {
  const said = { out: '', err: '' };
  const hear = (stream: NodeJS.WriteStream, name: keyof typeof said) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
  const ears = [hear(process.stdout, 'out'), hear(process.stderr, 'err')];
  const { isTTY, columns: usual } = process.stdout;
  Object.assign(process.stdout, { isTTY: columns !== undefined, columns });
  try {
    const { simulate } = await import('../simulator/main.ts');
    const code = await runCli(line, { version: config.version, reports, fileMode: 0o644, language }, () => ({
      config: { ...config, language },
      reports,
      platforms,
      envFile: join(config.dataFolder, '.env'),
      openApp,
      simulate,
      openSimulator: () => Promise.reject(new Error('no simulator here')),
      exampleFiles: () => Promise.reject(new Error('no examples here')),
    }));
    return { code, out: stripVTControlCharacters(said.out), err: stripVTControlCharacters(said.err) };
  } finally {
    Object.assign(process.stdout, { isTTY, columns: usual });
    for (const ear of ears) ear.mockRestore();
  }
}
