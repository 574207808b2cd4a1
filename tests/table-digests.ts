import type { Engine, Row } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';

/** A digest of every table that there is, the store's own numbers among it; the order of the rows says nothing. */
export async function tableDigests(engine: Engine): Promise<Record<string, string>> {
  return engine.read(async (reader) => {
    const tables = await reader.query<{ name: string } & Row>(
      raw("SELECT table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE' ORDER BY 1"),
    );
    const found: Record<string, string> = {};
    for (const { name } of tables) {
      const [row] = await reader.query<{ rows: number; digest: string } & Row>(
        raw(`SELECT count(*) AS rows, md5(coalesce(string_agg(t::VARCHAR, chr(10) ORDER BY t::VARCHAR), '')) AS digest FROM "${name}" t`),
      );
      found[name] = `${row!.rows} ${row!.digest}`;
    }
    return found;
  });
}
