import type { Clock } from './clock.ts';
import type { AppError, ErrorDetails } from './errors.ts';

/** Tells the operator what goes wrong while nobody waits for an answer: each cause once, however often it comes. */
export interface FailureLog {
  /** Something failed; the first time for this cause is told, those after it are counted. */
  failed(what: string, error: AppError): void;
  /** It went well; when it has for an hour, its failures are told to be over, with how often each came. */
  went(what: string): void;
  /** Something that is no failure and that the operator should know; who calls sees to it that it is told once. */
  noticed(what: string, message: string, details: ErrorDetails): void;
}

interface Episode {
  readonly causes: Map<string, { readonly name: string; times: number; readonly since: string }>;
  last: Temporal.Instant;
}

/** What fails again sooner has not ended: it would be told again with every other run. */
const QUIET = { hours: 1 } as const;

/** Opens the log; `write` is given one line of JSON at a time, without secrets. */
export function openFailureLog({ clock, write }: { readonly clock: Clock; readonly write: (line: string) => void }): FailureLog {
  const episodes = new Map<string, Episode>();
  return {
    failed(what, error) {
      const now = clock.now();
      const episode = episodes.get(what) ?? { causes: new Map(), last: now };
      episodes.set(what, episode);
      episode.last = now;
      const cause = causeOf(error);
      const known = episode.causes.get(cause);
      if (known) {
        known.times += 1;
        return;
      }
      episode.causes.set(cause, { name: error.code, times: 1, since: now.toString() });
      write(
        JSON.stringify({
          level: 'warn',
          what,
          name: error.code,
          msg: error.message,
          details: error.details,
          cause: error.code === 'internal' ? String(error.cause) : undefined,
        }),
      );
    },
    went(what) {
      const episode = episodes.get(what);
      if (!episode || Temporal.Instant.compare(episode.last.add(QUIET), clock.now()) > 0) return;
      episodes.delete(what);
      write(JSON.stringify({ level: 'info', what, over: [...episode.causes.values()] }));
    },
    noticed: (what, message, details) => write(JSON.stringify({ level: 'warn', what, msg: message, details })),
  };
}

/** What makes two failures the same: the error and the platform's own code for it, not the words and numbers of the day. */
function causeOf({ code, details, cause }: AppError): string {
  return `${code} ${String(details?.['platform_code'] ?? '')} ${code === 'internal' ? String(cause) : ''}`;
}
