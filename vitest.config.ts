import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['src/**/*.test.ts', 'simulator/**/*.test.ts', 'tests/**/*.test.ts'], pool: 'threads', isolate: false, maxWorkers: 2, testTimeout: 120_000, hookTimeout: 120_000 },
});
