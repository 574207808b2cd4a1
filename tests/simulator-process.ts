import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openTikTokAlone, type TikTokAloneOptions } from '../simulator/tiktok/tiktok-alone.ts';
import { serverSettings, type ShownSimulator } from '../simulator/thread.ts';

const AS_A_CHILD = 'as a simulator';

type ProcessOptions = Pick<TikTokAloneOptions, 'limits' | 'scale'>;

/** A simulator in a process of its own, so that what a server takes can be read off the server's. */
export interface SimulatorProcess extends ShownSimulator {
  /** Its clock stands still but for this. */
  setClock(now: Temporal.Instant): Promise<void>;
  close(): Promise<void>;
}

/** Starts a simulator whose clock begins at an instant. */
export async function openSimulatorProcess(options: ProcessOptions, now: Temporal.Instant): Promise<SimulatorProcess> {
  const child = fork(import.meta.filename, [AS_A_CHILD, JSON.stringify(options), now.toString()]);
  const ended = once(child, 'exit');
  const answer = async (): Promise<unknown> => {
    const [said] = (await Promise.race([
      once(child, 'message'),
      ended.then(([code]) => Promise.reject(new Error(`the simulator ended with ${String(code)}`))),
    ])) as [unknown];
    return said;
  };
  const shown = (await answer()) as ShownSimulator;
  return {
    ...shown,
    async setClock(instant) {
      const heard = answer();
      child.send(instant.toString());
      await heard;
    },
    async close() {
      child.kill();
      await ended;
    },
  };
}

if (process.argv[2] === AS_A_CHILD) {
  let now = Temporal.Instant.from(process.argv[4]!);
  process.on('message', (instant: string) => {
    now = Temporal.Instant.from(instant);
    process.send!(instant);
  });
  // Whoever started it may be killed: it would serve nobody for ever.
  process.once('disconnect', () => process.exit());
  const simulator = await openTikTokAlone({ ...(JSON.parse(process.argv[3]!) as ProcessOptions), clock: { now: () => now } });
  process.send!({ url: simulator.url, ratesUrl: simulator.ratesUrl, apps: serverSettings(simulator) } satisfies ShownSimulator);
}
