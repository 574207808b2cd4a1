import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first, so that no core is left idle while another works through a long one; on a fresh machine nothing else tells. */
const LONG = [
  'faults',
  'kill',
  'sync-kill',
  'fuzz-http',
  'trouble',
  'replay',
  'naive-reports',
  'soak',
  'tiktok-sync',
  'stop',
  'browser',
  'cli',
  'alerts',
  'tiktok-background',
  'tiktok-claims',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.indexOf(basename(moduleId, '.test.ts'));
      return place < 0 ? LONG.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'simulator/**/*.test.ts', 'tests/**/*.test.ts'],
    globalSetup: 'tests/prepared-data.ts',
    pool: 'threads',
    isolate: false,
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // A net for what hangs: on a machine eight times as busy everything takes eight times as long, and nothing may be decided by that.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
