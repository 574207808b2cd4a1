import type { KeptBlock } from '../records/documents.ts';
import type { Reader } from '../engines/engine.ts';
import { readImportMapping } from '../records/imports/import-log.ts';
import type { OpenParts } from '../records/kind.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { Json } from '../kernel/json.ts';
import type { Order } from '../model/order.ts';
import { PLATFORM_TELLER, type OrderPart } from '../model/order-parts.ts';
import type { Return } from '../model/return.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import { RowRefused, type FileDecision, type FilePreset, type FileReader, type FileSettings } from '../platforms/file-preset.ts';
import type { Platform } from '../platforms/platform.ts';
import { DocumentRefused, type OrderStream } from '../platforms/stream.ts';
import { decideAgain } from './decide-again.ts';
import { rowsOf } from './kept-rows.ts';

/** Makes orders, or whatever it is, of kept documents, by the function that made them when they came. */
export interface DocumentReader<Item = Order> {
  /** For messages: the stream, or the file. */
  readonly source: string;
  /** @throws DocumentRefused, RowRefused */
  toCanonical(document: string, shop: Shop): Item;
  /** The id that the platform knows it by; null where the document does not say. */
  idOf(document: string, shop: Shop): string | null;
}

/** What reading kept documents needs. */
export interface Room {
  readonly hash: KeyedHash;
  readonly platforms: readonly Platform[];
  readonly presets: readonly FilePreset[];
  readonly presetOf: (mapping: unknown) => FilePreset;
}

/** How a platform's orders are read: as its API gives them, or as an older system had kept them. */
function ordersOf({ platforms }: Pick<Room, 'platforms'>, platform: PlatformId): Pick<OrderStream, 'idOf' | 'toCanonical'> | undefined {
  const found = platforms.find(({ id }) => id === platform);
  return found?.api?.orders ?? found?.records;
}

/** The reader of an imported file, and what the file is called. */
export interface ImportedFile {
  readonly source: string;
  readonly platform: PlatformId;
  readonly file: FileReader;
  /** How its file writes dates and amounts: kept with the import, or told by its rows where an older version kept none. */
  readonly decided: FileDecision;
}

/** Finds the reader of an import's rows; each is opened once. Undefined where the program no longer knows how to read them. */
export function openImportedFiles(reader: Reader, room: Room): (importId: number) => Promise<ImportedFile | undefined> {
  const imports = new Map<number, ImportedFile | undefined>();
  const open = async (importId: number): Promise<ImportedFile | undefined> => {
    const kept = await readImportMapping(reader, importId);
    if (!kept) return undefined;
    const { header, settings, decided, mapping } = JSON.parse(kept.mapping) as {
      header: readonly string[];
      settings: FileSettings;
      decided?: FileDecision;
      mapping?: unknown;
    };
    const preset = mapping === undefined ? room.presets.find(({ name }) => name === kept.preset) : room.presetOf(mapping);
    if (!preset) return undefined;
    const opened = (decision: FileDecision): FileReader =>
      preset.open(
        header,
        { ...settings, dateOrder: decision.dateOrder ?? undefined, decimalMark: decision.decimalMark ?? undefined },
        room.hash,
      );
    // Imports of versions before did not decide: their rows tell it now.
    const decision = decided ?? (await decideAgain(reader, importId, preset.open(header, settings, room.hash)));
    return { source: kept.file, platform: preset.platform, file: opened(decision), decided: decision };
  };
  return async (importId) => {
    if (!imports.has(importId)) imports.set(importId, await open(importId));
    return imports.get(importId);
  };
}

/** Finds the reader of a block's orders. Undefined where the program no longer knows how to read them. */
export function openDocumentReaders(
  room: Pick<Room, 'platforms'>,
  importedFile: ReturnType<typeof openImportedFiles>,
): (block: Pick<KeptBlock, 'import_id' | 'stream'>, shop: Shop) => Promise<DocumentReader | undefined> {
  return async ({ import_id: importId, stream }, shop) => {
    if (importId === null) {
      const orders = ordersOf(room, shop.platform);
      return (
        orders && {
          source: `${shop.platform} ${stream}`,
          toCanonical: (document) => orders.toCanonical(JSON.parse(document) as Json, shop),
          idOf: (document) => orders.idOf(JSON.parse(document) as Json),
        }
      );
    }
    const imported = await importedFile(importId);
    if (!imported) return undefined;
    return ofRows(
      imported.source,
      (rows, of) => imported.file.toCanonical(rows, of),
      ({ orderId }) => orderId,
    );
  };
}

/** Opens the reading of what kept documents say of orders that are told by several of them. */
export function openParts(room: Room): OpenParts {
  return (reader) => {
    const readerOf = openPartReaders(room, openImportedFiles(reader, room));
    return async (block, document, shop) => {
      const part = await readerOf(block, shop);
      try {
        return part && part(document);
      } catch (error) {
        if (error instanceof DocumentRefused || error instanceof RowRefused) return null;
        throw error;
      }
    };
  };
}

/** Finds what makes a part of an order of a block's documents; null where the program no longer knows how to read them. */
export function openPartReaders(
  room: Pick<Room, 'platforms'>,
  importedFile: ReturnType<typeof openImportedFiles>,
): (block: Pick<KeptBlock, 'import_id' | 'stream'>, shop: Shop) => Promise<((document: string) => OrderPart) | null> {
  const readerOf = openDocumentReaders(room, importedFile);
  return async (block, shop) => {
    const reader = await readerOf(block, shop);
    if (!reader) return null;
    const imported = block.import_id === null ? undefined : await importedFile(block.import_id);
    const toldBy = block.import_id === null ? room.platforms.find(({ id }) => id === shop.platform)?.api?.orders.toldBy : undefined;
    return (document) => ({
      order: reader.toCanonical(document, shop),
      ...(imported
        ? { teller: imported.file.teller, rows: rowsOf(document) }
        : (toldBy?.(JSON.parse(document) as Json) ?? { teller: PLATFORM_TELLER, rows: [] })),
    });
  };
}

/** Makes refunds of the kept rows of a file. */
export function refundReader({ source, file }: ImportedFile): DocumentReader<Return> {
  return ofRows(
    source,
    (rows, shop) => file.toRefund(rows, shop),
    ({ returnId }) => returnId,
  );
}

/** The rows of a file name what they tell of by making it. */
function ofRows<Item>(source: string, make: (rows: string[][], shop: Shop) => Item, nameOf: (item: Item) => string): DocumentReader<Item> {
  return {
    source,
    toCanonical: (document, shop) => make(rowsOf(document), shop),
    idOf(document, shop) {
      try {
        return nameOf(make(rowsOf(document), shop));
      } catch (error) {
        if (error instanceof RowRefused) return null;
        throw error;
      }
    },
  };
}
