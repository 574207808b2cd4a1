import type { KeptBlock } from '../engines/documents.ts';
import type { Reader } from '../engines/engine.ts';
import { readImportMapping } from '../engines/import-log.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { Json } from '../kernel/json.ts';
import type { Order } from '../model/order.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import { RowRefused, type FilePreset, type FileReader, type FileSettings, type OrderStream, type Platform } from '../platforms/platform.ts';
import { rowsOf } from './kept-rows.ts';

/** Makes orders of kept documents, by the function that made them when they came. */
export interface DocumentReader {
  /** For messages: the stream, or the file. */
  readonly source: string;
  /** @throws DocumentRefused, RowRefused */
  toCanonical(document: string, shop: Shop): Order;
  /** The id of the order that a document tells of; null where it does not say. */
  idOf(document: string, shop: Shop): string | null;
}

interface Room {
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

/** Finds the reader of a block's orders; each import's is opened once. Undefined where the program no longer knows how to read them. */
export function openDocumentReaders(reader: Reader, room: Room): (block: KeptBlock, shop: Shop) => Promise<DocumentReader | undefined> {
  const imports = new Map<number, DocumentReader | undefined>();
  const ofImport = async (importId: number): Promise<DocumentReader | undefined> => {
    const kept = await readImportMapping(reader, importId);
    if (!kept) return undefined;
    const { header, settings, mapping } = JSON.parse(kept.mapping) as { header: readonly string[]; settings: FileSettings; mapping?: unknown };
    const preset = mapping === undefined ? room.presets.find(({ name }) => name === kept.preset) : room.presetOf(mapping);
    const file: FileReader | undefined = preset?.open(header, settings, room.hash);
    if (!file) return undefined;
    const toCanonical = (document: string, shop: Shop): Order => file.toCanonical(rowsOf(document), shop);
    return { source: kept.file, toCanonical, idOf: (document, shop) => idMade(() => toCanonical(document, shop)) };
  };
  return async ({ import_id: importId, stream }, shop) => {
    if (importId === null) {
      const orders = ordersOf(room, shop.platform);
      return orders && {
        source: `${shop.platform} ${stream}`,
        toCanonical: (document) => orders.toCanonical(JSON.parse(document) as Json, shop), idOf: (document) => orders.idOf(JSON.parse(document) as Json),
      };
    }
    if (!imports.has(importId)) imports.set(importId, await ofImport(importId));
    return imports.get(importId);
  };
}

/** The rows of a file name their order by making it. */
function idMade(make: () => Order): string | null {
  try {
    return make().orderId;
  } catch (error) {
    if (error instanceof RowRefused) return null;
    throw error;
  }
}
