import { TABLES } from '../model/tables.ts';
import { kinds } from '../records/all.ts';
import { Dictionaries } from '../records/orders/dictionaries.ts';
import { readBlocks, unpackDocuments, type KeptBlock } from '../records/documents.ts';
import type { Engine, Reader, Row, Transaction } from '../engines/engine.ts';
import { readShops } from '../records/shops/shops.ts';
import { raw, sql } from '../engines/sql.ts';
import { countChanges, type TableChanges } from '../engines/table-changes.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { FilePreset } from '../platforms/file-preset.ts';
import type { Platform } from '../platforms/platform.ts';
import { openDocumentReaders, openImportedFiles, openParts } from './document-readers.ts';
import type { RefusedDocuments, ReplayedKind } from './replayed-kind.ts';
import { Orders } from './replayed-orders.ts';
import { openRecords } from './replayed-records.ts';

/** What reading kept documents again needs of its surroundings. */
export interface ReplayRoom {
  readonly engine: Engine;
  readonly hash: KeyedHash;
  readonly platforms: readonly Platform[];
  readonly presets: readonly FilePreset[];
  /** The preset of a mapping that was kept with an import. */
  readonly presetOf: (mapping: unknown) => FilePreset;
}

export interface ReplayRequest<Figures> {
  /** Whether what differs is kept; without it nothing is written. */
  readonly accept: boolean;
  /** What sellers read, computed on the state before and after, in one step with it. */
  readonly figures: (reader: Reader) => Promise<Figures>;
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** Ends it with nothing written. */
  readonly signal?: AbortSignal;
}

export interface ReplayProgress {
  readonly documents: number;
  readonly total: number;
}

/** What reading again found. */
export interface ReplayResult<Figures> {
  readonly accepted: boolean;
  /** Rows made anew. */
  readonly read: number;
  /** Rows that stay as they are: no document is kept of them, it cannot be told apart, or it makes no row any more. */
  readonly kept: { readonly without_document: number; readonly not_told_apart: number; readonly refused: number };
  readonly refused: readonly RefusedDocuments[];
  /** Only tables that differ. */
  readonly tables: Readonly<Record<string, TableChanges>>;
  readonly before: Figures;
  readonly after: Figures;
}

const PORTION = 10_000;
/** Tables that are compared whole, by their keys: what orders point into, and what other streams bring. */
const COMPARED = kinds.flatMap(({ compared }) => compared ?? []);

/** Undoes the transaction of a replay that is only looked at. */
class NotAccepted extends Error {}

/**
 * Reads every kept document again by the functions that sync and import use, and replaces the rows that come out otherwise.
 * All of it is one transaction, undone unless it is accepted: cut off anywhere, nothing has happened. Writers wait meanwhile, readers do
 * not.
 * @throws AppError what the store refuses
 */
export async function replay<Figures>(room: ReplayRoom, request: ReplayRequest<Figures>): Promise<ReplayResult<Figures>> {
  let result: ReplayResult<Figures> | undefined;
  try {
    await room.engine.transaction(async (tx) => {
      result = await replayIn(tx, room, request);
      request.signal?.throwIfAborted();
      if (!request.accept) throw new NotAccepted();
    });
    Dictionaries.forget(room.engine);
  } catch (error) {
    if (!(error instanceof NotAccepted)) throw error;
  }
  return result!;
}

async function replayIn<Figures>(
  tx: Transaction,
  room: ReplayRoom,
  { accept, figures, onProgress, signal }: ReplayRequest<Figures>,
): Promise<ReplayResult<Figures>> {
  const before = await figures(tx);
  const kinds = await openKinds(tx, room);
  for (const name of COMPARED) {
    await tx.run(raw(`DROP TABLE IF EXISTS former_${name}`));
    await tx.run(raw(`CREATE TEMP TABLE former_${name} AS SELECT * FROM ${name}`));
  }
  const [all] = await tx.query<{ total: number } & Row>(sql`SELECT coalesce(sum(documents), 0)::bigint AS total FROM blocks`);
  const total = all!.total;
  let documents = 0;
  for (let last = 0; ;) {
    signal?.throwIfAborted();
    const blocks = await readBlocks(tx, last, PORTION);
    if (blocks.length === 0) break;
    last = blocks.at(-1)!.block_id;
    await rebuildBlocks(tx, kinds, blocks);
    documents += blocks.reduce((sum, block) => sum + block.documents, 0);
    onProgress?.({ documents, total });
  }
  const refused = kinds.flatMap((kind) => kind.refused);
  const sum = (of: (kind: ReplayedKind) => number): number => kinds.reduce((so, kind) => so + of(kind), 0);
  const stored = (await Promise.all(kinds.map((kind) => kind.stored(tx)))).reduce((a, b) => a + b, 0);
  const kept = { not_told_apart: sum((kind) => kind.notToldApart), refused: refused.reduce((so, each) => so + each.documents, 0) };
  const read = sum((kind) => kind.read);
  return {
    accepted: accept,
    read,
    kept: { without_document: stored - read - kept.not_told_apart - kept.refused, ...kept },
    refused,
    tables: { ...Object.assign({}, ...kinds.map(({ changes }) => changes)), ...(await comparedChanges(tx)) },
    before,
    after: await figures(tx),
  };
}

/** Everything that kept documents are made rows of, on one state of the data. */
export async function openKinds(tx: Transaction, room: Omit<ReplayRoom, 'engine'>): Promise<readonly ReplayedKind[]> {
  const shops = await readShops(tx);
  const importedFile = openImportedFiles(tx, room);
  return [
    new Orders(shops, openDocumentReaders(room, importedFile), openParts(room)),
    ...openRecords(shops, { platforms: room.platforms, importedFile }),
  ];
}

/** Makes the rows of some blocks anew and replaces those that differ. */
export async function rebuildBlocks(tx: Transaction, kinds: readonly ReplayedKind[], blocks: readonly KeptBlock[]): Promise<void> {
  const unpacked = await unpackDocuments(tx, blocks);
  for (const kind of kinds) {
    const own = blocks.filter((block) => kind.holds(block));
    if (own.length > 0) await kind.rebuild(tx, own, unpacked);
  }
}

async function comparedChanges(tx: Transaction): Promise<Record<string, TableChanges>> {
  const found: Record<string, TableChanges> = {};
  for (const table of COMPARED) {
    const changes = await countChanges(tx, { table, former: `former_${table}`, rebuilt: table, key: TABLES[table].key });
    if (changes.added + changes.removed + changes.changed > 0) found[table] = changes;
    await tx.run(raw(`DROP TABLE former_${table}`));
  }
  return found;
}
