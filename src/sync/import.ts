import type { Readable } from 'node:stream';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import type { PlatformId } from '../model/shop.ts';
import type { FileDecision, FilePreset, FileReader, FileSettings, FileShop, RefusalReason } from '../platforms/file-preset.ts';
import type { Platform } from '../platforms/platform.ts';
import type { Decision } from './decisions.ts';
import { FileRows, findHeader, isHeader, type FoundHeader } from './file-header.ts';
import { IdSample, shopsOfFile } from './file-shop.ts';
import { readTableInThread } from './file-thread.ts';
import { groupOf } from './import-groups.ts';
import { ImportWriter } from './import-writer.ts';
import { takeIn, type IntakeKind, type IntakeRequest, type IntakeRoom, type ReadPortion, type Settled } from './intake.ts';
import { CELL_END } from './kept-rows.ts';
import { RefusedRows } from './refused-rows.ts';
import type { ShownRecord } from './shown-records.ts';
import type { SpooledRecord } from './spool.ts';
import type { TableRow } from './table-file.ts';
import type { Encoding } from './text-encoding.ts';

/** What an import needs of its surroundings. */
export interface ImportRoom extends IntakeRoom {
  readonly presets: readonly FilePreset[];
  /** Which tell what they export beside orders. */
  readonly platforms?: readonly Pick<Platform, 'laterFiles'>[];
}

export interface ImportRequest extends IntakeRequest {
  readonly source: Readable;
  /** The file's name, to show; never a path. */
  readonly file: string;
  readonly settings: FileSettings;
  /** How the file's text is encoded; else its bytes tell. */
  readonly encoding?: Encoding | undefined;
  /** Reads the file instead of the presets; `mapping` is its JSON, kept with the import. */
  readonly mapped?: { readonly preset: FilePreset; readonly mapping: unknown } | undefined;
  /** Where refused rows are listed (CSV: line, column, reason); written only when there are any. */
  readonly refusedFile?: string | undefined;
  readonly describe: (reason: RefusalReason) => string;
}

export interface ImportResult {
  /** Number of the import; null for a dry run. */
  readonly import_id: number | null;
  readonly file: string;
  readonly preset: string;
  readonly platform: PlatformId;
  readonly dry_run: boolean;
  readonly shops: readonly string[];
  /** How the file's text was decoded; null for a workbook. */
  readonly encoding: Encoding | null;
  /** The sheets of a workbook that were read, and those that hold something else. */
  readonly sheets: readonly string[];
  readonly sheets_left_out: readonly string[];
  /**
   * What all rows together told, or a setting: whether day or month comes first, and what stands before the cents. Null where nothing can
   * be read two ways.
   */
  readonly date_order: FileDecision['dateOrder'];
  readonly decimal_mark: FileDecision['decimalMark'];
  /** Columns that by their name tell states or pieces, and are not read. */
  readonly unknown_columns: readonly string[];
  /** Status words and channels that are not known, and on how many rows: such orders are no sale. */
  readonly unknown_words: Readonly<Record<string, number>>;
  /** Columns of long ids that all end in zeros: a spreadsheet may have taken their last digits. */
  readonly doubtful_ids: readonly string[];
  /** Rows that hold data; description rows and blank ones do not count. */
  readonly rows: number;
  readonly refused: number;
  readonly refused_reasons: Readonly<Record<string, number>>;
  readonly orders: number;
  readonly orders_new: number;
  readonly orders_changed: number;
  readonly orders_unchanged: number;
  /** Orders that other documents tell of, too, and that are made of all of them. */
  readonly orders_joined: number;
  /** Orders of which a newer state is stored than the file tells: it stays. */
  readonly orders_kept_newer: number;
  /** Money paid back, where the mapping tells such rows from orders. */
  readonly refunds: number;
  readonly refunds_new: number;
  readonly refunds_changed: number;
  readonly refunds_unchanged: number;
  /** What was decided on the way, and is to be said. */
  readonly decisions: readonly Decision[];
  /** The first orders as they were understood, and the first refunds. */
  readonly sample: readonly ShownRecord[];
}

const WRITE_BATCH = 10_000;

/**
 * Brings a file of orders home: rows → checked records → whole orders in order of purchase → the store, 10,000 at a time.
 * Cut off anywhere and run again it loses and doubles nothing: every batch is one transaction, and orders are known by their id.
 * @throws AppError `file_later`, `file_not_recognised`, `file_empty`, `file_unreadable`, `mapping_column_missing`, `import_setting_needed`,
 * `import_shop_conflict`, `shop_name_taken`, `file_kind`, `import_date_order_needed`, `import_decimal_mark_needed`, `limit_exceeded`,
 * `upload_stalled`
 */
export async function importFile(room: ImportRoom, request: ImportRequest): Promise<ImportResult> {
  const rows = readTableInThread(request.source, { encoding: request.encoding }, room);
  try {
    return await takeIn(room, new OrderFile(room, request, new FileRows(rows)), request);
  } finally {
    // Whatever ended it: the file behind the rows is let go.
    await rows.return({ encoding: null });
    request.source.destroy();
  }
}

/** What all rows of a file together tell. */
export interface ReadOrderFile {
  readonly preset: FilePreset;
  readonly reader: FileReader;
  /** The shops that rows name, by name, and under the empty one that of those that name none. */
  readonly identities: ReadonlyMap<string, FileShop>;
  readonly ids: ReadonlyMap<string, IdSample>;
  readonly sheets: readonly string[];
  readonly leftOut: readonly string[];
}

/** A table whose rows are lines or orders. */
class OrderFile implements IntakeKind<ReadOrderFile, ImportResult> {
  readonly batch = WRITE_BATCH;
  readonly #room: ImportRoom;
  readonly #request: ImportRequest;
  readonly #rows: FileRows;
  readonly #refusals: RefusedRows;

  constructor(room: ImportRoom, request: ImportRequest, rows: FileRows) {
    this.#room = room;
    this.#request = request;
    this.#rows = rows;
    this.#refusals = new RefusedRows(request);
  }

  async *read(): AsyncGenerator<ReadPortion, ReadOrderFile> {
    const { presets, platforms = [], hash } = this.#room;
    const { mapped, settings } = this.#request;
    const later = platforms.flatMap(({ laterFiles = [] }) => laterFiles);
    const found = await findHeader(this.#rows, mapped ? [mapped.preset] : presets, later);
    const reader = found.preset.open(found.header, settings, hash);
    const told = { identities: new Map<string, FileShop>(), ids: new Map<string, IdSample>() };
    const sheets = new ReadSheets(found);
    let [rows, ownShop] = [0, false];
    for (let portion: readonly TableRow[] | undefined = found.begun; portion; portion = await this.#rows.next()) {
      const records: SpooledRecord[] = [];
      for (const { line, cells } of sheets.rowsOf(portion)) {
        try {
          const record = reader.toRecord(cells);
          if (!record) continue;
          const shop = record.shop?.shop ?? '';
          if (record.shop && !told.identities.has(shop)) told.identities.set(shop, record.shop);
          if (told.identities.size > LIMITS.shops.most) throw overLimit('shops');
          ownShop ||= !record.shop;
          if (!record.refund) told.ids.getOrInsertComputed(shop, () => new IdSample()).add(record.orderId);
          records.push({
            group: groupOf(shop, record),
            time: record.purchasedAt.epochMilliseconds,
            otherTime: record.monthFirst?.epochMilliseconds,
            place: line,
            body: record.document.join(CELL_END),
          });
        } catch (error) {
          this.#refusals.add(error, line);
        }
        rows += 1;
      }
      yield { rows, records };
    }
    if (ownShop) told.identities.set('', reader.fileShop());
    return { preset: found.preset, reader, ...told, sheets: sheets.read, leftOut: sheets.leftOut };
  }

  async settle(found: ReadOrderFile, rows: number): Promise<Settled<ImportResult>> {
    const { preset, reader, identities, ids } = found;
    const { file, settings, mapped } = this.#request;
    const decided = reader.decide();
    return {
      noted: {
        file,
        preset: preset.name,
        mapping: JSON.stringify({ header: reader.keptHeader, settings, decided, mapping: mapped?.mapping }),
      },
      refused: this.#refusals.count,
      byOtherTime: decided.dateOrder === 'mdy',
      open: async (importId) => {
        const { shops, decisions } = await shopsOfFile(this.#room.engine, { identities, ids }, this.#request);
        const read = { ...found, rows, decided, shops, decisions, encoding: this.#rows.facts?.encoding ?? null };
        return new ImportWriter(this.#room, { importId, file, refusals: this.#refusals, read });
      },
    };
  }

  async close(): Promise<void> {
    await this.#refusals.close();
  }
}

/** Which sheets of a workbook go on with the table that was found. */
class ReadSheets {
  readonly read: string[];
  readonly leftOut: string[];
  readonly #found: FoundHeader;

  constructor(found: FoundHeader) {
    this.#found = found;
    this.read = found.sheet ? [found.sheet.name] : [];
    this.leftOut = [...found.passedOver];
  }

  /** The rows of a portion that are the table's. */
  rowsOf(portion: readonly TableRow[]): readonly TableRow[] {
    const { header, sheet } = this.#found;
    const of = portion[0]?.sheet;
    if (!of || of.name === sheet?.name || this.read.includes(of.name)) return portion;
    // A table that one sheet could not hold goes on below the same header; a hidden one beside a visible one is an older copy.
    const passed = this.leftOut.includes(of.name) || (of.hidden && !sheet?.hidden);
    const from = passed ? 0 : portion.findIndex((row) => isHeader(header, row)) + 1;
    if (from > 0) this.read.push(of.name);
    else if (!this.leftOut.includes(of.name)) this.leftOut.push(of.name);
    return from === 0 ? [] : portion.slice(from);
  }
}
