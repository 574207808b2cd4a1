import { setFlagsFromString } from 'node:v8';
import { openApp } from './app.ts';
import { ENV_FILE, readConfig, readVersion, spokenLanguage } from './config.ts';
import { platforms } from './platforms/all.ts';
import { reports } from './reports/all.ts';
import { runCli } from './surfaces/cli/cli.ts';

// Node lets the heap double before it collects: reading a file of 1 GB took 250 MB more, and a fifth less of processor time.
setFlagsFromString('--heap-growing-percent=30');

// What the database, a thread or a library writes is its owner's alone; a report that is saved to a file has the rights the user wants of files.
const fileMode = 0o666 & ~process.umask(0o077);

process.exitCode = await runCli(process.argv.slice(2), { version: readVersion(), reports, fileMode, language: spokenLanguage() }, () => ({
  config: readConfig(),
  reports,
  envFile: ENV_FILE,
  platforms,
  openApp,
  async exampleFiles() {
    const { exportsAt } = await import('../simulator/exports/exports.ts');
    return exportsAt(Temporal.Now.instant());
  },
  async openSimulator({ redirectUrl, rushes, stateFile }) {
    const { openSimulatorThread } = await import('../simulator/thread.ts');
    const back = redirectUrl('TikTok');
    return openSimulatorThread({ redirectUrls: { ROW: back, US: back }, rushes, stateFile });
  },
  async simulate(argv) {
    const { simulate } = await import('../simulator/main.ts');
    await simulate(argv);
  },
}));
