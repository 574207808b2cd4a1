import { openApp } from './app.ts';
import { ENV_FILE, readConfig, readVersion, spokenLanguage } from './config.ts';
import { platforms } from './platforms/all.ts';
import { reports } from './reports/all.ts';
import { runCli } from './surfaces/cli/cli.ts';

/**
 * Runs the program with the settings of this process, up to its exit code. It changes nothing of the process itself.
 * @param fileMode the rights of files that the user asks for
 */
export function runProgram(argv: readonly string[], fileMode: number): Promise<number> {
  return runCli(argv, { version: readVersion(), reports, fileMode, language: spokenLanguage() }, () => ({
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
}
