import type { Engine } from '../src/engines/engine.ts';
import { readBlocks, unpackDocuments } from '../src/records/documents.ts';

/** Every document that is kept, of whichever stream or file. */
export async function documentsIn(engine: Engine): Promise<string[]> {
  return engine.read(async (reader) => {
    const documents: string[] = [];
    for (let last = 0; ;) {
      const blocks = await readBlocks(reader, last, 10_000);
      if (blocks.length === 0) return documents;
      last = blocks.at(-1)!.block_id;
      for (const each of (await unpackDocuments(reader, blocks)).values()) documents.push(...each);
    }
  });
}
