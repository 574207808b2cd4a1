import type { Engine } from '../engines/engine.ts';
import { toAppError, type AppError } from '../kernel/errors.ts';

/** Who hears how a job goes. */
export interface JobEars {
  readonly onFailure: (error: AppError, what: string) => void;
  readonly onSuccess: (what: string) => void;
}

/** A job that looks by itself. */
export interface RepeatedJob {
  /** Looks now, then every so often. */
  start(): void;
  /** Looks once it has been started, as soon as the look under way has ended; asked for several times meanwhile, it is one look. */
  soon(): void;
  /** Waits for the look under way. */
  close(): Promise<void>;
}

/**
 * Looks again and again, never twice at once, here or in another process on the same data; `look` tells whether it did anything. A look
 * that fails is told and the next one comes all the same.
 */
export function openRepeatedJob({
  engine,
  what,
  everyMs,
  ears,
  look,
}: {
  engine: Pick<Engine, 'lease'>;
  what: string;
  everyMs: number;
  ears: JobEars;
  look: () => Promise<boolean>;
}): RepeatedJob {
  let timer: NodeJS.Timeout | undefined;
  let run: Promise<void> = Promise.resolve();
  let closing = false;
  let waiting = false;
  const lookOnce = async (): Promise<void> => {
    waiting = false;
    if (await engine.lease(what, look)) ears.onSuccess(what);
  };
  const again = (): void => {
    if (waiting) return;
    waiting = true;
    run = run.then(lookOnce).catch((error: unknown) => {
      if (!closing) ears.onFailure(toAppError(error), what);
    });
  };
  return {
    start() {
      timer = setInterval(again, everyMs).unref();
      again();
    },
    soon() {
      if (timer && !closing) again();
    },
    async close() {
      closing = true;
      clearInterval(timer);
      await run;
    },
  };
}
