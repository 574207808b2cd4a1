import { setImmediate } from 'node:timers/promises';
import {
  countDocuments,
  noteKeptUnder,
  packDocuments,
  readBlocks,
  readKeptUnder,
  rewriteBlock,
  unpackDocuments,
  type KeptBlock,
} from '../records/documents.ts';
import type { Engine, Reader, Transaction } from '../engines/engine.ts';
import { readImportIds, readImportMapping, rewriteImportMapping } from '../records/imports/import-log.ts';
import { readShops } from '../records/shops/shops.ts';
import { readQuarantinedDocuments, rewriteQuarantined } from '../records/runs/sync-log.ts';
import { AppError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import type { Shop } from '../model/shop.ts';
import type { FileDecision, FileReader } from '../platforms/file-preset.ts';
import { openImportedFiles, type ImportedFile } from './document-readers.ts';
import { CELL_END, ROW_END, rowsOf } from './kept-rows.ts';
import type { ReplayRoom } from './replay.ts';

/**
 * The number of the rules that decide what is kept: raised when something is emptied that was kept before, so that older documents are gone
 * over.
 */
export const KEEPING_RULES = 1;

/** What going over kept documents found. */
export interface CleanResult {
  readonly documents: number;
  /** Blocks that held what is not kept any more. */
  readonly blocks_rewritten: number;
  readonly quarantined_rewritten: number;
  readonly imports_rewritten: number;
  /** Imports that the program no longer knows how to read: their rows stay as they are. */
  readonly imports_unreadable: readonly number[];
}

export interface CleanRequest {
  readonly onProgress?: (progress: { readonly documents: number; readonly total: number }) => void;
  /** Ends it after the blocks in hand; the next call goes on there. */
  readonly signal?: AbortSignal;
}

type CleanRoom = Pick<ReplayRoom, 'hash' | 'platforms' | 'presets' | 'presetOf'>;

const NOTHING: CleanResult = { documents: 0, blocks_rewritten: 0, quarantined_rewritten: 0, imports_rewritten: 0, imports_unreadable: [] };
const PORTION = 10_000;
const TURN = 200;

/**
 * Brings what older versions kept under the rules of today: empties in documents, in quarantine and in the headers of imports what
 * would not be kept if it came now. Nothing else of them changes, neither their number nor their order, so that orders find their
 * documents where they were. A buyer's hash and a cut postal code stay. Only blocks that differ are written.
 *
 * It may be called at every start: where all is gone over, it asks one question. Some ten thousand documents and how far it has come
 * are one transaction, so that cut off anywhere the next call goes on. To be called before the documents are read again, for tables
 * are made anew from what is left here; syncs and imports may go on meanwhile, for what they bring is kept by these rules.
 * @throws AppError what the store refuses; whatever came before is kept
 */
export async function cleanKeptDocuments(engine: Engine, room: CleanRoom, { onProgress, signal }: CleanRequest = {}): Promise<CleanResult> {
  const result: { -readonly [name in keyof CleanResult]: CleanResult[name] } = { ...NOTHING };
  const stands = await engine.read((reader) => readKeptUnder(reader));
  const begun = stands?.rules === KEEPING_RULES;
  if (begun && stands.block_id === null) return result;
  const first = begun ? stands.block_id! : 0;
  const shops = await engine.read((reader) => readShops(reader));
  const cleaning = new Cleaning(room, { shops, reader: { query: (text) => engine.read((reader) => reader.query(text)) } });
  if (!begun) {
    await engine.transaction(async (tx) => {
      Object.assign(result, await cleaning.imports(tx));
      result.quarantined_rewritten = await cleaning.quarantine(tx);
      await noteKeptUnder(tx, KEEPING_RULES, 0);
    });
  }
  const total = await engine.read((reader) => countDocuments(reader, first));
  for (let last = first; ;) {
    if (signal?.aborted) break;
    const { blocks, documents } = await engine.read(async (reader) => {
      const found = await readBlocks(reader, last, PORTION);
      return { blocks: found, documents: found.length > 0 ? await unpackDocuments(reader, found) : new Map<number, readonly string[]>() };
    });
    const changed: { readonly blockId: number; readonly packed: Uint8Array }[] = [];
    for (const block of blocks) {
      const kept = await cleaning.block(block, documents.get(block.block_id)!);
      if (kept) changed.push({ blockId: block.block_id, packed: await packDocuments(kept) });
    }
    const reached = blocks.at(-1)?.block_id ?? null;
    await engine.transaction(async (tx) => {
      for (const { blockId, packed } of changed) await rewriteBlock(tx, blockId, packed);
      await noteKeptUnder(tx, KEEPING_RULES, reached);
    });
    if (reached === null) break;
    last = reached;
    result.blocks_rewritten += changed.length;
    result.documents += blocks.reduce((sum, block) => sum + block.documents, 0);
    onProgress?.({ documents: result.documents, total });
  }
  return { ...result, imports_unreadable: cleaning.unreadable };
}

/** Knows of each kept document what today's rules leave of it. */
class Cleaning {
  readonly #room: CleanRoom;
  readonly #shops: ReadonlyMap<number, Shop>;
  readonly #files: ReturnType<typeof openImportedFiles>;
  readonly #unreadable = new Set<number>();

  constructor(room: CleanRoom, { shops, reader }: { readonly shops: readonly Shop[]; readonly reader: Reader }) {
    this.#room = room;
    this.#shops = new Map(shops.map((shop) => [shop.shopId, shop]));
    this.#files = openImportedFiles(reader, room);
  }

  get unreadable(): readonly number[] {
    return [...this.#unreadable];
  }

  /** The documents of a block as they are kept now; null where all of them stay. */
  async block(
    { import_id: importId, shop_id: shopId, stream }: KeptBlock,
    documents: readonly string[],
  ): Promise<readonly string[] | null> {
    const file = importId === null ? undefined : (await this.#imported(importId))?.file;
    if (importId !== null && !file) this.#unreadable.add(importId);
    const kept: string[] = [];
    for (const [i, document] of documents.entries()) {
      kept.push(file ? rowsAgain(file, document) : importId === null ? this.#json(document, shopId, stream ?? '') : document);
      if (i % TURN === TURN - 1) await setImmediate();
    }
    return kept.some((document, i) => document !== documents[i]) ? kept : null;
  }

  /**
   * Empties the names of columns whose cells are not kept: of a file without a header they are cells themselves. Notes how a file is read
   * where that was not decided yet.
   */
  async imports(tx: Transaction): Promise<Pick<CleanResult, 'imports_rewritten'>> {
    let rewritten = 0;
    for (const id of await readImportIds(tx)) {
      const imported = await this.#imported(id);
      const mapping =
        imported &&
        (JSON.parse((await readImportMapping(tx, id))!.mapping) as { readonly header: readonly string[]; readonly decided?: FileDecision });
      if (!mapping) continue;
      const header = imported.file.keptHeader;
      if (mapping.decided && header.every((name, place) => name === mapping.header[place])) continue;
      await rewriteImportMapping(tx, id, JSON.stringify({ ...mapping, header, decided: imported.decided }));
      rewritten += 1;
    }
    return { imports_rewritten: rewritten };
  }

  async quarantine(tx: Transaction): Promise<number> {
    let rewritten = 0;
    for (const held of await readQuarantinedDocuments(tx)) {
      const kept = this.#json(held.document, held.shop_id, held.stream);
      if (kept === held.document) continue;
      await rewriteQuarantined(tx, held, kept);
      rewritten += 1;
    }
    return rewritten;
  }

  #json(document: string, shopId: number | null, stream: string): string {
    const platform = this.#shops.get(shopId ?? 0)?.platform;
    const keeping = this.#room.platforms.find(({ id }) => id === platform)?.keeping;
    if (!keeping) return document;
    const came = JSON.parse(document) as Json;
    const kept = keeping.again(came, stream, this.#room.hash);
    return kept === came ? document : JSON.stringify(kept);
  }

  /** The reader of an import's rows; undefined where it brought none or nobody knows any more how they are read. */
  async #imported(importId: number): Promise<ImportedFile | undefined> {
    try {
      return await this.#files(importId);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#unreadable.add(importId);
      return undefined;
    }
  }
}

function rowsAgain(file: FileReader, document: string): string {
  return rowsOf(document)
    .map((row) => file.again(row).join(CELL_END))
    .join(ROW_END);
}
