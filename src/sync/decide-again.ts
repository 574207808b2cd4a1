import { readBlocksOf, unpackDocuments } from '../records/documents.ts';
import type { Reader } from '../engines/engine.ts';
import { AppError } from '../kernel/errors.ts';
import type { FileDecision, FileReader } from '../platforms/file-preset.ts';
import { rowsOf } from './kept-rows.ts';

/** As files were read before anything was decided: a point stands before the cents, the first form of a date that fits is the one. */
const AS_BEFORE: FileDecision = { dateOrder: null, decimalMark: '.' };

/** What the kept rows of an import tell of how its file writes dates and amounts; where they do not, it is read as it was. */
export async function decideAgain(reader: Reader, importId: number, file: FileReader): Promise<FileDecision> {
  for (const block of await readBlocksOf(reader, importId)) {
    const documents = await unpackDocuments(reader, [block]);
    for (const document of documents.get(block.block_id)!) for (const row of rowsOf(document)) file.look(row, null);
  }
  try {
    return file.decide();
  } catch (error) {
    if (error instanceof AppError) return AS_BEFORE;
    throw error;
  }
}
