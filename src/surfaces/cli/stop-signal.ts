const DEADLINE_MS = 8000;

/**
 * Resolves when the process is told to end, by whatever signal; a second one changes nothing. What then takes longer than some seconds is
 * cut off: the data are whole after any cut, and a process that does not end is worse.
 */
export function untilStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let deadline: NodeJS.Timeout | undefined;
    const stop = (): void => {
      deadline ??= setTimeout(() => {
        process.stderr.write('cut off: it did not end within 8 s\n');
        process.exit(1);
      }, DEADLINE_MS).unref();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}
