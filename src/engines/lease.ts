import { AppError } from '../kernel/errors.ts';
import type { Engine } from './engine.ts';

/**
 * Does a job that whoever asked for it waits for, under its lease.
 * @throws AppError `job_taken` where somebody else on the same data is at it
 */
export async function doAlone<T>(engine: Pick<Engine, 'lease'>, job: string, work: () => Promise<T>): Promise<T> {
  const done = await engine.lease(job, async () => ({ result: await work() }));
  if (!done) throw new AppError('job_taken', { job });
  return done.result;
}
