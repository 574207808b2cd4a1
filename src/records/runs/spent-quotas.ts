import type { Engine, Reader } from '../../engines/engine.ts';
import { isOneOf, join, sql } from '../../engines/sql.ts';
import type { Clock } from '../../kernel/clock.ts';
import { toAppError, type AppError } from '../../kernel/errors.ts';
import type { QuotaMemory, SpentQuota } from '../../kernel/throttle.ts';

/** A {@link QuotaMemory} in the store. */
export interface StoredQuotas extends QuotaMemory {
  /** Resolves when everything told so far is stored. */
  settled(): Promise<void>;
}

/**
 * Opens the memory of spent quotas. Calls never wait for it: it writes what was told meanwhile whenever it is through with what was told
 * before, so a burst is two small transactions. A process killed before one of them has spent more than is remembered, and is refused once.
 */
export async function openSpentQuotas(engine: Engine, clock: Clock, onFailure: (error: AppError) => void): Promise<StoredQuotas> {
  const before = await engine.read(readSpentQuotas);
  const told = new Map<string, SpentQuota>();
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    while (told.size > 0) {
      const spent = new Map(told);
      told.clear();
      await keepSpentQuotas(engine, spent, clock.now());
    }
  };
  return {
    before,
    keep(key, spent) {
      told.set(key, spent);
      writing ??= write()
        .catch((error: unknown) => onFailure(toAppError(error)))
        .finally(() => (writing = undefined));
    },
    async settled() {
      await writing;
    },
  };
}

async function readSpentQuotas(reader: Reader): Promise<ReadonlyMap<string, SpentQuota>> {
  const rows = await reader.query<{ quota: string; full_at: string; borne: number }>(sql`SELECT quota, full_at, borne FROM spent_quotas`);
  return new Map(rows.map(({ quota, full_at: fullAt, borne }) => [quota, { fullAt: Temporal.Instant.from(fullAt), borne }]));
}

/** What is full again says nothing any more, and goes. */
async function keepSpentQuotas(engine: Engine, spent: ReadonlyMap<string, SpentQuota>, now: Temporal.Instant): Promise<void> {
  const rows = [...spent].map(([key, { fullAt, borne }]) => sql`(${key}, ${fullAt}::timestamptz, ${borne}::double precision)`);
  await engine.transaction(async (tx) => {
    await tx.run(sql`DELETE FROM spent_quotas WHERE full_at < ${now} OR ${isOneOf(sql`quota`, [...spent.keys()])}`);
    await tx.run(sql`INSERT INTO spent_quotas (quota, full_at, borne) VALUES ${join(rows)}`);
  });
}
