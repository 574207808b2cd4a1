import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What a call in a child process gave. */
export interface Reply<T> {
  readonly value: T;
  readonly milliseconds: number;
  /** Of all its threads. */
  readonly cpuMilliseconds: number;
  /** The most memory the process has held so far. */
  readonly peakBytes: number;
}

type Message = Reply<unknown> | { readonly error: string };

/** A contender's module in a process of its own, so that its memory is its own. */
export class Child {
  readonly #process: ChildProcess;

  constructor(module: string, { heapMegabytes = 4096 }: { heapMegabytes?: number } = {}) {
    this.#process = fork(import.meta.filename, [module], {
      execArgv: [`--max-old-space-size=${heapMegabytes}`],
      serialization: 'advanced',
    });
  }

  /**
   * Calls a function that the module exports; with `quiet` its value stays there.
   * @throws Error what it threw, or that the process ended
   */
  call<T>(name: string, args: readonly unknown[], { quiet = false }: { quiet?: boolean } = {}): Promise<Reply<T>> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null, signal: string | null): void =>
        reject(new Error(`a contender's process ended (${signal ?? code})`));
      this.#process.once('exit', ended);
      this.#process.once('message', (message: Message) => {
        this.#process.off('exit', ended);
        if ('error' in message) reject(new Error(message.error));
        else resolve(message as Reply<T>);
      });
      this.#process.send({ name, args, quiet });
    });
  }

  /** Ends it, after what its module exports as `close`. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}

const [, file, module] = process.argv;
if (process.send && file === import.meta.filename) {
  const functions = (await import(`./${module}.ts`)) as Record<string, (...args: unknown[]) => unknown>;
  process.on('message', ({ name, args, quiet }: { name: string; args: unknown[]; quiet: boolean }) => {
    void answer(functions[name]!, args, quiet).then((message) => process.send!(message));
  });
  // Also where the one who asked is gone: a server that went on would hold its memory until the machine is started anew.
  process.once('disconnect', () => void Promise.resolve(functions['close']?.()).finally(() => process.exit()));
}

async function answer(work: (...args: unknown[]) => unknown, args: unknown[], quiet: boolean): Promise<Message> {
  try {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const value = await work(...args);
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(used);
    return {
      value: quiet ? undefined : value,
      milliseconds,
      cpuMilliseconds: (user + system) / 1000,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
