import { toAppError } from '../../kernel/errors.ts';
import type { Language } from '../../kernel/messages.ts';
import { findAlerts } from './find-alerts.ts';
import { openTeller, type ChannelState, type TellerRoom } from './teller.ts';

/** What alerts need of their surroundings. */
export interface AlertRoom extends TellerRoom {
  readonly syncMinutes: number;
  /** What amounts of several currencies are converted to. */
  readonly reportingCurrency: string;
  /** Rates are fetched by themselves. */
  readonly fetchesRates: boolean;
}

/** Finds what people have to know, and says it once when it begins and once when it is over. */
export interface Alerts {
  /** From now on this process looks after the shops. */
  begin(): void;
  /** Compares what is with the definitions: raises, clears, remembers. */
  evaluate(): Promise<void>;
  /** Evaluates, then says what has not been said; several calls at once are one more. Never fails. */
  run(): Promise<void>;
  /** Sends a test to every channel, whatever is open. */
  test(language: Language): Promise<ChannelState[]>;
  channels(): ChannelState[];
  /** Ends what is being sent; the next process says it. */
  close(): Promise<void>;
}

/** Opens the alerts: who finds them, who tells of them, and that neither is done twice at a time. */
export function openAlerts(room: AlertRoom): Alerts {
  const { engine, clock, syncMinutes, reportingCurrency, fetchesRates } = room;
  const ending = new AbortController();
  const teller = openTeller(room, ending.signal);
  let since: Temporal.Instant | null = null;
  let evaluating: Promise<void> = Promise.resolve();
  let running: Promise<void> | null = null;
  let again = false;

  const evaluate = (): Promise<void> => {
    evaluating = evaluating
      .catch(() => undefined)
      .then(() => findAlerts(engine, { now: clock.now(), since, syncMinutes, reportingCurrency, fetchesRates }));
    return evaluating;
  };

  const runNow = async (): Promise<void> => {
    do {
      again = false;
      try {
        await evaluate();
        if (!ending.signal.aborted) await teller.tell();
      } catch (error) {
        if (!ending.signal.aborted) room.onFailure(toAppError(error), 'alerts');
      }
    } while (again && !ending.signal.aborted);
  };

  return {
    begin() {
      since = clock.now();
    },
    evaluate,
    run() {
      again = true;
      running ??= engine.lease('alerts', runNow).finally(() => {
        running = null;
      });
      return running;
    },
    test: teller.test,
    channels: teller.states,
    async close() {
      ending.abort(new Error('shutting down'));
      await running;
      await evaluating.catch(() => undefined);
    },
  };
}
