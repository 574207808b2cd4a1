import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openTikTokAlone, type TikTokAlone, type TikTokAloneOptions } from './tiktok/tiktok-alone.ts';

/** What may cross to another thread: no clock, and instants as ISO text. */
export type ThreadOptions = Omit<TikTokAloneOptions, 'clock' | 'rushes'> & {
  readonly rushes?: readonly { readonly from: string; readonly to: string; readonly everySeconds: number }[];
};

/** What a server needs to know of a simulator that runs elsewhere. */
export interface ShownSimulator {
  readonly url: string;
  /** The folder of the central bank's files. */
  readonly ratesUrl: string;
  /** As the settings of a server name them. */
  readonly apps: readonly {
    readonly platform: 'TikTok';
    readonly kind: 'ROW' | 'US';
    readonly key: string;
    readonly secrets: readonly [string];
    readonly more: { readonly serviceId: string };
    readonly host: string;
  }[];
}

/** A simulator on a thread of its own. */
export interface SimulatorThread extends ShownSimulator {
  close(): Promise<void>;
}

/** The apps of a simulator as the settings of a server name them. */
export function serverSettings({ url, apps }: Pick<TikTokAlone, 'url' | 'apps'>): ShownSimulator['apps'] {
  return (['ROW', 'US'] as const).map((kind) => ({
    platform: 'TikTok' as const,
    kind,
    key: apps[kind].key,
    secrets: [apps[kind].secret] as const,
    more: { serviceId: apps[kind].serviceId },
    host: url,
  }));
}

/** Starts the simulator beside the server that it is for: neither waits for the other's work. */
export async function openSimulatorThread(options: ThreadOptions): Promise<SimulatorThread> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { simulatorOptions: options } });
  const opened = await new Promise<ShownSimulator>((resolve, reject) => {
    worker
      .once('message', resolve)
      .once('error', reject)
      .once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
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
  const rushes = (given.rushes ?? []).map(({ from, to, everySeconds }) => ({
    from: Temporal.Instant.from(from),
    to: Temporal.Instant.from(to),
    everySeconds,
  }));
  const simulator = await openTikTokAlone({ ...given, rushes });
  parentPort!.postMessage({ url: simulator.url, ratesUrl: simulator.ratesUrl, apps: serverSettings(simulator) } satisfies ShownSimulator);
}
