import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDuckDb } from '../../engines/duckdb.ts';
import type { Engine } from '../../engines/engine.ts';
import { migrate } from '../../engines/migrations.ts';
import { openThrottle, type Quota } from '../../kernel/throttle.ts';
import { openSpentQuotas } from './spent-quotas.ts';

const searchOrders: Quota = { key: 'Amazon eu A1 searchOrders', perSecond: 0.0056, burst: 20, published: true };

test('a process that begins again knows what the one before has spent of a slow quota, and forgets what is full again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 's7-quotas-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  let ms = Date.UTC(2026, 10, 30);
  const clock = { now: () => Temporal.Instant.fromEpochMilliseconds(ms) };
  const sleep = async (wait: number): Promise<void> => void (ms += wait);
  const open = (): Promise<Engine> =>
    openDuckDb(join(folder, 's7.duckdb'), { memoryLimit: '256MB', temporaryFolder: join(folder, 'tmp'), backupFolder: join(folder, 'b') });
  /** A process that makes so many calls of a quota; gives when the last of them went, in seconds since it began. */
  const calls = async (count: number, quota = searchOrders): Promise<number> => {
    const engine = await open();
    await migrate(engine);
    const began = ms;
    const memory = await openSpentQuotas(engine, clock, (error) => {
      throw error;
    });
    const throttle = openThrottle({ clock, sleep, memory });
    for (let i = 0; i < count; i += 1) (await throttle.turn(quota)).succeeded();
    const seconds = (ms - began) / 1000;
    await memory.settled();
    await engine.close();
    return Math.round(seconds);
  };
  expect(await calls(20)).toBe(0);
  expect(await calls(2)).toBe(357);
  // Of a quota that is quick nothing is kept.
  await calls(3, { ...searchOrders, key: 'Amazon eu A1 getOrder', perSecond: 2 });
  ms += 3_600_000;
  await calls(1, { ...searchOrders, key: 'Amazon eu B2 searchOrders' });
  const engine = await open();
  const { before } = await openSpentQuotas(engine, clock, () => undefined);
  await engine.close();
  expect([...before.keys()]).toEqual(['Amazon eu B2 searchOrders']);
  expect(before.get('Amazon eu B2 searchOrders')!.borne).toBe(1);
});
