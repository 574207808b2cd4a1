import { keepSaid, markSaid, readUnsaidAlerts, type StoredAlert } from '../../records/alerts/alert-log.ts';
import type { Engine } from '../../engines/engine.ts';
import type { Clock } from '../../kernel/clock.ts';
import { toAppError, type AppError } from '../../kernel/errors.ts';
import type { Language } from '../../kernel/messages.ts';
import { messagesOf, testMessage } from './alert-text.ts';
import type { Channel } from './channels.ts';

/** What a teller needs of its surroundings. */
export interface TellerRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly channels: readonly Channel[];
  readonly language: Language;
  readonly onFailure: (error: AppError, what: string) => void;
}

/** A channel, and why it could not be used the last time; null when it could, or was not tried yet. */
export interface ChannelState {
  readonly channel: string;
  readonly error: string | null;
  readonly failing_since: string | null;
}

/** Says alerts by the channels. */
export interface Teller {
  /** Says what each channel has yet to hear; throws when the store fails. */
  tell(): Promise<void>;
  /** Sends a test to every channel, whatever is open. */
  test(language: Language): Promise<ChannelState[]>;
  states(): ChannelState[];
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
 * Opens a teller. What was said is noted right after it was sent: a process killed between the two says it once more,
 * never oftener. A channel that fails is tried again after a pause that doubles up to an hour, and holds up no other.
 * @param signal ends what is being sent; the next process says it
 */
export function openTeller({ engine, clock, channels, language, onFailure }: TellerRoom, signal: AbortSignal): Teller {
  const troubles = openTroubles(clock);
  /** Said by this process, so that a note that cannot be written does not have it said again and again. */
  const told = new Set<string>();

  /** What a channel has yet to hear: what is open, and the end of what it has heard of or could not be told. */
  const unsaid = (channel: Channel, alerts: readonly StoredAlert[]): StoredAlert[] =>
    alerts.filter((alert) => {
      if (told.has(keyOf(channel, alert))) return false;
      const said = alert.said[channel.name];
      return alert.clearedAt === null ? said?.raised === undefined : said !== undefined && said.cleared === undefined;
    });

  const failed = (channel: Channel, error: AppError): string => {
    const { isNew, reason } = troubles.note(channel, error);
    if (isNew) onFailure(error, `alerts by ${channel.name}`);
    return reason;
  };

  const tellBy = async (channel: Channel, alerts: readonly StoredAlert[]): Promise<void> => {
    if (troubles.rests(channel)) return;
    for (const { message, alerts: said } of messagesOf(unsaid(channel, alerts), channel.longestBytes, language)) {
      const ids = said.map(({ alertId }) => alertId);
      try {
        await channel.send(message, signal);
      } catch (error) {
        if (signal.aborted) return;
        const reason = failed(channel, toAppError(error));
        await engine.transaction((tx) => keepSaid(tx, ids, { channel: channel.name, change: () => ({ error: reason }) }));
        return;
      }
      troubles.forget(channel);
      for (const alert of said) told.add(keyOf(channel, alert));
      const at = clock.now().toString();
      const ended = new Set(said.filter(({ clearedAt }) => clearedAt !== null).map(({ alertId }) => alertId));
      await engine.transaction((tx) =>
        keepSaid(tx, ids, { channel: channel.name, change: ({ alertId }) => (ended.has(alertId) ? { cleared: at } : { raised: at }) }),
      );
    }
  };

  const states = (): ChannelState[] => channels.map((channel) => troubles.stateOf(channel));

  return {
    async tell() {
      const read = (): Promise<StoredAlert[]> => engine.read((reader) => readUnsaidAlerts(reader, clock.now().subtract(TOLD_LATE)));
      const alerts = await read();
      if (channels.length === 0 || alerts.length === 0) return;
      // One slow channel does not keep the others waiting.
      const outcomes = await Promise.allSettled(channels.map((channel) => tellBy(channel, alerts)));
      const heard = (await read())
        .filter((alert) => alert.saidAt === null && channels.every((channel) => unsaid(channel, [alert]).length === 0))
        .map(({ alertId }) => alertId);
      if (heard.length > 0) await engine.transaction((tx) => markSaid(tx, heard, clock.now()));
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    },
    async test(wished) {
      await Promise.all(
        channels.map(async (channel) => {
          try {
            await channel.send(testMessage(wished), signal);
            troubles.forget(channel);
          } catch (error) {
            failed(channel, toAppError(error));
          }
        }),
      );
      return states();
    },
    states,
  };
}

function keyOf(channel: Channel, { alertId, clearedAt }: StoredAlert): string {
  return `${channel.name} ${alertId} ${clearedAt === null ? 'raised' : 'cleared'}`;
}

/** Which channels fail, since when, and until when each is left alone. */
function openTroubles(clock: Clock) {
  const troubles = new Map<Channel['name'], Trouble>();
  return {
    note({ name }: Channel, error: AppError): { readonly isNew: boolean; readonly reason: string } {
      const before = troubles.get(name);
      const minutes = before ? Math.min(before.minutes * 2, LONGEST_PAUSE_MINUTES) : FIRST_PAUSE_MINUTES;
      const reason = String(error.values['reason'] ?? error.code);
      const until = clock.now().add({ minutes });
      troubles.set(name, { error: reason, since: before?.since ?? clock.now().toString(), until, minutes });
      return { isNew: before === undefined, reason };
    },
    rests({ name }: Channel): boolean {
      const trouble = troubles.get(name);
      return trouble !== undefined && Temporal.Instant.compare(clock.now(), trouble.until) < 0;
    },
    forget: ({ name }: Channel): void => void troubles.delete(name),
    stateOf({ name }: Channel): ChannelState {
      const trouble = troubles.get(name);
      return { channel: name, error: trouble?.error ?? null, failing_since: trouble?.since ?? null };
    },
  };
}
