import { readBlocks, unpackDocuments } from '../../src/records/documents.ts';
import { raw } from '../../src/engines/sql.ts';
import type { TestApp } from '../../tests/shop-window.ts';

/** Where a mark stands in what a server keeps: in which text columns, and in kept documents; with what it reads there. */
export async function marksIn({ app: { engine } }: Pick<TestApp, 'app'>, mark: RegExp): Promise<string[]> {
  return engine.read(async (reader) => {
    const found = new Set<string>();
    const look = (where: string, text: unknown): void => {
      for (const [each] of String(text).matchAll(mark)) found.add(`${where}: ${each}`);
    };
    const columns = await reader.query<{ table_name: string; column_name: string }>(
      raw("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND data_type = 'VARCHAR'"),
    );
    for (const { table_name: table, column_name: column } of columns) {
      for (const { v } of await reader.query<{ v: string }>(
        raw(`SELECT DISTINCT "${column}" AS v FROM "${table}" WHERE "${column}" IS NOT NULL`),
      ))
        look(`${table}.${column}`, v);
    }
    for (
      let last = 0, blocks = await readBlocks(reader, last, 10_000);
      blocks.length > 0;
      blocks = await readBlocks(reader, last, 10_000)
    ) {
      for (const documents of (await unpackDocuments(reader, blocks)).values())
        for (const document of documents) look('document', document);
      last = blocks.at(-1)!.block_id;
    }
    return [...found].toSorted();
  });
}
