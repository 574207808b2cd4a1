import { expect, test } from 'vitest';
import { soak, type SoakSample } from './soak.ts';

/** Two months, looked at once a week; `npm run soak` lives through two years. */
test(
  'a server that runs for two months takes no more memory, file and time for the same work at their end than at their beginning',
  { timeout: 3_600_000 },
  async () => {
    const samples = await soak({ days: 63, everyHours: 168, scale: 0.2 });
    expect(samples).toHaveLength(9);
    // The first weeks fill caches and bring the history home.
    const settled = samples.slice(3);
    const [early, late] = [settled.slice(0, 3), settled.slice(3)];
    expect(mean(late, 'heapBytes')).toBeLessThan(mean(early, 'heapBytes') * 1.15);
    expect(mean(late, 'ownCpuMs')).toBeLessThan(mean(early, 'ownCpuMs') * 1.6);
    const perOrder = (of: readonly SoakSample[]): number => mean(of, 'fileBytes') / mean(of, 'orders');
    expect(perOrder(late)).toBeLessThan(perOrder(early) * 1.25);
    // What was deleted and written anew does not pile up in the file.
    for (const { fileBytes, compactBytes } of settled) expect(fileBytes).toBeLessThan(compactBytes * 2 + 8e6);
    expect(samples.at(-1)!.orders).toBeGreaterThan(samples[0]!.orders * 1.5);
    expect(samples.at(-1)!.problems).toBe(0);
  },
);

function mean(samples: readonly SoakSample[], of: keyof SoakSample): number {
  return samples.reduce((sum, sample) => sum + sample[of], 0) / samples.length;
}
