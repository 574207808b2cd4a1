import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openSimulator, type SimulatorOptions } from './simulator.ts';

/** What may cross to another thread: no clock, and instants as ISO text. */
export type ThreadOptions = Omit<SimulatorOptions, 'clock' | 'rushes'> & {
  readonly rushes?: readonly { readonly from: string; readonly to: string; readonly everySeconds: number }[];
  /** A clock that another thread moves: one 64-bit number of milliseconds since 1970. */
  readonly sharedClock?: SharedArrayBuffer;
};

/** A simulator on a thread of its own. */
export interface SimulatorThread {
  readonly url: string;
  /** As the settings of a server name them. */
  readonly apps: readonly { readonly platform: 'TikTok'; readonly kind: 'ROW' | 'US'; readonly key: string; readonly secret: string; readonly serviceId: string; readonly host: string }[];
  close(): Promise<void>;
}

/** Starts the simulator beside the server that it is for: neither waits for the other's work. */
export async function openSimulatorThread(options: ThreadOptions): Promise<SimulatorThread> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { simulatorOptions: options } });
  const opened = await new Promise<Omit<SimulatorThread, 'close'>>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject).once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
  });
  return {
    ...opened,
    async close() {
      await worker.terminate();
    },
  };
}

const given = isMainThread ? undefined : (workerData as { simulatorOptions?: ThreadOptions } | null)?.simulatorOptions;
if (given) {
  const rushes = (given.rushes ?? []).map(({ from, to, everySeconds }) => ({ from: Temporal.Instant.from(from), to: Temporal.Instant.from(to), everySeconds }));
  const shared = given.sharedClock && new BigInt64Array(given.sharedClock);
  const clock = shared && { now: () => Temporal.Instant.fromEpochMilliseconds(Number(Atomics.load(shared, 0))) };
  const { url, apps } = await openSimulator({ ...given, rushes, clock });
  const shown = (['ROW', 'US'] as const).map((kind) => ({ platform: 'TikTok' as const, kind, key: apps[kind].key, secret: apps[kind].secret, serviceId: apps[kind].serviceId, host: url }));
  parentPort!.postMessage({ url, apps: shown });
}
