import { AppError } from '../../kernel/errors.ts';
import type { KeyedHash } from '../../kernel/vault.ts';
import type { Engine } from '../../engines/engine.ts';
import { sql } from '../../engines/sql.ts';
import { insertRow } from '../insertion.ts';

/** Whether the data were written with a buyer key: another must not be made for them. */
export async function hasBuyerKey(engine: Engine): Promise<boolean> {
  const rows = await engine.read((reader) => reader.query(sql`SELECT 1 AS one FROM settings WHERE name = 'buyer_key_mark'`));
  return rows.length > 0;
}

/**
 * Holds data and buyer key together: with another key every buyer would count as a new one.
 * @throws AppError `key_file_lost`
 */
export async function bindBuyerKey(engine: Engine, hash: KeyedHash, file: string): Promise<void> {
  const mark = hash('s7star-erp', 'buyer key').toString();
  await engine.transaction(async (tx) => {
    const [stored] = await tx.query<{ value: string }>(sql`SELECT value FROM settings WHERE name = 'buyer_key_mark'`);
    if (!stored) await tx.run(insertRow('settings', { name: 'buyer_key_mark', value: mark }));
    else if (stored.value !== mark) throw new AppError('key_file_lost', { file });
  });
}
