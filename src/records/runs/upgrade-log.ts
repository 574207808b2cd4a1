import { parseJson } from '../../kernel/json.ts';
import type { Reader, Row, Transaction } from '../../engines/engine.ts';
import { raw, sql } from '../../engines/sql.ts';
import { insertRow } from '../insertion.ts';

/** How far the data have been brought to the rules of this program: the step, and the last block that it has done. */
export interface UpgradeState {
  readonly step: string;
  readonly block: number;
}

const RULES = 'reading_rules';
const STATE = 'upgrade';

/** By which rules the stored rows were read: 1 where no program has said so yet, null where nothing is stored. */
export async function readRules(reader: Reader): Promise<number | null> {
  const [row] = await reader.query<{ value: string | null; anything: boolean }>(sql`
    SELECT (SELECT value FROM settings WHERE name = ${RULES}) AS value, (SELECT count(*) FROM orders) + (SELECT count(*)
    FROM blocks) > 0 AS anything`);
  return row!.value !== null ? Number(row!.value) : row!.anything ? 1 : null;
}

/** Where an upgrade stands that was begun; null where none was. */
export async function readUpgrade(reader: Reader): Promise<UpgradeState | null> {
  const [row] = await reader.query<{ value: string } & Row>(sql`SELECT value FROM settings WHERE name = ${STATE}`);
  return row ? (parseJson(row.value) as unknown as UpgradeState) : null;
}

/** Notes how far it has come, in the transaction that got it there. */
export async function keepUpgrade(tx: Transaction, state: UpgradeState): Promise<void> {
  await tx.run(sql`DELETE FROM settings WHERE name = ${STATE}`);
  await tx.run(insertRow('settings', { name: STATE, value: JSON.stringify(state) }));
}

/** Notes that everything is read by these rules. */
export async function keepRules(tx: Transaction, rules: number): Promise<void> {
  await tx.run(raw(`DELETE FROM settings WHERE name IN ('${RULES}', '${STATE}')`));
  await tx.run(insertRow('settings', { name: RULES, value: String(rules) }));
}
