import {
  clearAlerts,
  keepAlertValues,
  keepSaid,
  markSaid,
  raiseAlert,
  readOpenAlerts,
  readUnsaidAlerts,
  type StoredAlert,
} from '../../records/alerts/alert-log.ts';
import type { Engine } from '../../engines/engine.ts';
import type { Clock } from '../../kernel/clock.ts';
import { toAppError, type AppError } from '../../kernel/errors.ts';
import type { Language } from '../../kernel/messages.ts';
import { readAlertFacts } from './alert-facts.ts';
import { ALERT_KINDS } from './alert-kinds.ts';
import { messagesOf, testMessage } from './alert-text.ts';
import type { Channel } from './channels.ts';

/** What alerts need of their surroundings. */
export interface AlertRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly channels: readonly Channel[];
  readonly language: Language;
  readonly syncMinutes: number;
  /** What amounts of several currencies are converted to. */
  readonly reportingCurrency: string;
  /** Rates are fetched by themselves. */
  readonly fetchesRates: boolean;
  readonly onFailure: (error: AppError, what: string) => void;
}

/** A channel, and why it could not be used the last time; null when it could, or was not tried yet. */
export interface ChannelState {
  readonly channel: string;
  readonly error: string | null;
  readonly failing_since: string | null;
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

interface Trouble {
  readonly error: string;
  readonly since: string;
  readonly until: Temporal.Instant;
  readonly minutes: number;
}

const FIRST_PAUSE_MINUTES = 1;
const LONGEST_PAUSE_MINUTES = 60;
/** A channel that was away for longer is not told of what began and ended meanwhile. */
const TOLD_LATE = { hours: 24 * 7 } as const;

/**
 * Opens the alerts. What was said is noted right after it was sent: a process killed between the two says it once more,
 * never oftener. A channel that fails is tried again after a pause that doubles up to an hour, and holds up no other.
 */
export function openAlerts(room: AlertRoom): Alerts {
  const { engine, clock, channels } = room;
  const ending = new AbortController();
  const troubles = new Map<Channel['name'], Trouble>();
  /** Said by this process, so that a note that cannot be written does not have it said again and again. */
  const told = new Set<string>();
  let since: Temporal.Instant | null = null;
  let evaluating: Promise<void> = Promise.resolve();
  let running: Promise<void> | null = null;
  let again = false;

  const evaluateNow = async (): Promise<void> => {
    const now = clock.now();
    const facts = await readAlertFacts(engine, {
      now,
      since,
      syncMinutes: room.syncMinutes,
      reportingCurrency: room.reportingCurrency,
      fetchesRates: room.fetchesRates,
    });
    const found = ALERT_KINDS.flatMap((kind) => kind.find(facts).map((condition) => ({ kind, ...condition })));
    await engine.transaction(async (tx) => {
      const open = await readOpenAlerts(tx);
      const isOf = (alert: StoredAlert, each: (typeof found)[number]): boolean =>
        alert.kind === each.kind.name && alert.subject === each.subject;
      for (const each of found) {
        const known = open.find((alert) => isOf(alert, each));
        if (!known && each.firm && each.values)
          await raiseAlert(
            tx,
            { kind: each.kind.name, subject: each.subject, shopId: each.shopId, severity: each.kind.severity, values: each.values },
            now,
          );
        if (known && each.values && JSON.stringify(known.values) !== JSON.stringify(each.values))
          await keepAlertValues(tx, known, each.values);
      }
      await clearAlerts(
        tx,
        open.filter((alert) => !found.some((each) => isOf(alert, each))).map(({ alertId }) => alertId),
        now,
      );
    });
  };

  const evaluate = (): Promise<void> => {
    evaluating = evaluating.catch(() => undefined).then(evaluateNow);
    return evaluating;
  };

  const keyOf = (channel: Channel, { alertId, clearedAt }: StoredAlert): string =>
    `${channel.name} ${alertId} ${clearedAt === null ? 'raised' : 'cleared'}`;

  /** What a channel has yet to hear: what is open, and the end of what it has heard of or could not be told. */
  const unsaid = (channel: Channel, alerts: readonly StoredAlert[]): StoredAlert[] =>
    alerts.filter((alert) => {
      if (told.has(keyOf(channel, alert))) return false;
      const said = alert.said[channel.name];
      return alert.clearedAt === null ? said?.raised === undefined : said !== undefined && said.cleared === undefined;
    });

  const failed = (channel: Channel, error: AppError): void => {
    const before = troubles.get(channel.name);
    const minutes = before ? Math.min(before.minutes * 2, LONGEST_PAUSE_MINUTES) : FIRST_PAUSE_MINUTES;
    const reason = String(error.values['reason'] ?? error.code);
    troubles.set(channel.name, {
      error: reason,
      since: before?.since ?? clock.now().toString(),
      until: clock.now().add({ minutes }),
      minutes,
    });
    if (!before) room.onFailure(error, `alerts by ${channel.name}`);
  };

  const tellBy = async (channel: Channel, alerts: readonly StoredAlert[]): Promise<void> => {
    const trouble = troubles.get(channel.name);
    if (trouble && Temporal.Instant.compare(clock.now(), trouble.until) < 0) return;
    for (const { message, alerts: said } of messagesOf(unsaid(channel, alerts), channel.longestBytes, room.language)) {
      const ids = said.map(({ alertId }) => alertId);
      try {
        await channel.send(message, ending.signal);
      } catch (error) {
        if (ending.signal.aborted) return;
        failed(channel, toAppError(error));
        const reason = troubles.get(channel.name)!.error;
        await engine.transaction((tx) => keepSaid(tx, ids, { channel: channel.name, change: () => ({ error: reason }) }));
        return;
      }
      troubles.delete(channel.name);
      for (const alert of said) told.add(keyOf(channel, alert));
      const at = clock.now().toString();
      const ended = new Set(said.filter(({ clearedAt }) => clearedAt !== null).map(({ alertId }) => alertId));
      await engine.transaction((tx) =>
        keepSaid(tx, ids, { channel: channel.name, change: ({ alertId }) => (ended.has(alertId) ? { cleared: at } : { raised: at }) }),
      );
    }
  };

  const tell = async (): Promise<void> => {
    const read = (): Promise<StoredAlert[]> => engine.read((reader) => readUnsaidAlerts(reader, clock.now().subtract(TOLD_LATE)));
    const alerts = await read();
    if (channels.length === 0 || alerts.length === 0) return;
    // One slow channel does not keep the others waiting.
    const outcomes = await Promise.allSettled(channels.map((channel) => tellBy(channel, alerts)));
    const after = await read();
    const heard = after.filter((alert) => alert.saidAt === null && channels.every((channel) => unsaid(channel, [alert]).length === 0));
    if (heard.length > 0)
      await engine.transaction((tx) =>
        markSaid(
          tx,
          heard.map(({ alertId }) => alertId),
          clock.now(),
        ),
      );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };

  const runNow = async (): Promise<void> => {
    do {
      again = false;
      try {
        await evaluate();
        if (!ending.signal.aborted) await tell();
      } catch (error) {
        if (!ending.signal.aborted) room.onFailure(toAppError(error), 'alerts');
      }
    } while (again && !ending.signal.aborted);
  };

  const states = (): ChannelState[] =>
    channels.map(({ name }) => {
      const trouble = troubles.get(name);
      return { channel: name, error: trouble?.error ?? null, failing_since: trouble?.since ?? null };
    });

  return {
    begin() {
      since = clock.now();
    },
    evaluate,
    run() {
      again = true;
      running ??= room.engine.lease('alerts', runNow).finally(() => {
        running = null;
      });
      return running;
    },
    async test(language) {
      await Promise.all(
        channels.map(async (channel) => {
          try {
            await channel.send(testMessage(language), ending.signal);
            troubles.delete(channel.name);
          } catch (error) {
            failed(channel, toAppError(error));
          }
        }),
      );
      return states();
    },
    channels: states,
    async close() {
      ending.abort(new Error('shutting down'));
      await running;
      await evaluating.catch(() => undefined);
    },
  };
}
