import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { finishImport, startImport } from '../records/imports/import-log.ts';
import type { Engine } from '../engines/engine.ts';
import { addJoins, NO_JOINS } from '../records/orders/order-documents.ts';
import { followers } from '../records/all.ts';
import type { DeliveredRecord, OpenParts } from '../records/kind.ts';
import { writeOrders, type DeliveredOrder } from '../records/orders/order-writer.ts';
import { returnStore } from '../records/returns/returns.ts';
import { markCompleteIn } from '../records/shops/shops.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { atOnce, type ReadThenWrite } from '../kernel/turns.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import type { FileDecision, FilePreset, FileReader, FileSettings, FileShop, RefusalReason } from '../platforms/file-preset.ts';
import { decisionsOf, type Decision } from './decisions.ts';
import { FileRows, findHeader, isHeader, type FoundHeader } from './file-header.ts';
import { IdSample, shopsOfFile } from './file-shop.ts';
import { FileSpans } from './file-spans.ts';
import { readTableInThread, type Patience } from './file-thread.ts';
import { CELL_END, ROW_END, rowsOf } from './kept-rows.ts';
import { RefusedRows } from './refused-rows.ts';
import { shownOrder, shownRefund, type ShownRecord } from './shown-records.ts';
import { openSpool, type Spool, type SpooledRecord } from './spool.ts';
import type { TableFacts, TableRow } from './table-file.ts';
import type { Encoding } from './text-encoding.ts';
import type { Return } from '../model/return.ts';

/** What an import needs of its surroundings. */
export interface ImportRoom extends Patience {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly hash: KeyedHash;
  readonly presets: readonly FilePreset[];
  /** Reads the documents that orders were made of before. */
  readonly parts: OpenParts;
  /** Where work goes that does not fit into memory. */
  readonly temporaryFolder: string;
  /** Whose turn it is to read, then to write; whoever writes waits for nobody that still reads. Default: at once. */
  readonly turns?: ReadThenWrite;
}

export interface ImportRequest {
  readonly source: Readable;
  /** The file's name, to show; never a path. */
  readonly file: string;
  readonly settings: FileSettings;
  /** How the file's text is encoded; else its bytes tell. */
  readonly encoding?: Encoding | undefined;
  /** Reads the file instead of the presets; `mapping` is its JSON, kept with the import. */
  readonly mapped?: { readonly preset: FilePreset; readonly mapping: unknown } | undefined;
  /** Reads and checks everything, writes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Where refused rows are listed (CSV: line, column, reason); written only when there are any. */
  readonly refusedFile?: string | undefined;
  readonly describe: (reason: RefusalReason) => string;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** How far an import has come: rows read, then of how many rows the orders are written. */
export type ImportProgress =
  | { readonly phase: 'read'; readonly rows: number }
  | { readonly phase: 'write'; readonly rows: number; readonly total: number; readonly orders: number };

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
  /** What all rows together told, or a setting: whether day or month comes first, and what stands before the cents. Null where nothing can be read two ways. */
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

const READ_BATCH = 4096;
const WRITE_BATCH = 10_000;
const TURN = 200;
const SAMPLE = 3;
/** Ends the group of a refund's rows: they may bear the id of an order. */
const REFUND_END = `${CELL_END}refund`;

type Counts = Pick<
  ImportResult,
  `${'orders' | 'refunds'}${'' | '_new' | '_changed' | '_unchanged'}` | 'orders_joined' | 'orders_kept_newer'
>;
const NOTHING: Counts = {
  orders: 0,
  orders_new: 0,
  orders_changed: 0,
  orders_unchanged: 0,
  orders_joined: 0,
  orders_kept_newer: 0,
  refunds: 0,
  refunds_new: 0,
  refunds_changed: 0,
  refunds_unchanged: 0,
};

/**
 * Brings a file of orders home: rows → checked records → whole orders in order of purchase → the store, 10,000 at a time.
 * Cut off anywhere and run again it loses and doubles nothing: every batch is one transaction, and orders are known by their id.
 * @throws AppError `file_not_recognised`, `file_empty`, `file_unreadable`, `mapping_column_missing`, `import_setting_needed`, `import_shop_conflict`,
 * `shop_name_taken`, `file_kind`, `import_date_order_needed`, `import_decimal_mark_needed`, `limit_exceeded`, `upload_stalled`
 */
export async function importFile(room: ImportRoom, request: ImportRequest): Promise<ImportResult> {
  const rows = readTableInThread(request.source, { encoding: request.encoding }, room);
  try {
    return await importRows(room, request, new FileRows(rows));
  } finally {
    // Whatever ended it: the file behind the rows is let go.
    await rows.return({ encoding: null });
    request.source.destroy();
  }
}

async function importRows(room: ImportRoom, request: ImportRequest, rows: FileRows): Promise<ImportResult> {
  const { reading, writing } = room.turns ?? { reading: atOnce, writing: atOnce };
  let begun: Begun | undefined;
  try {
    begun = await reading(async () => {
      const found = await findHeader(rows, request.mapped ? [request.mapped.preset] : room.presets);
      const reader = found.preset.open(found.header, request.settings, room.hash);
      const opened = {
        preset: found.preset,
        reader,
        refusals: new RefusedRows(request),
        spool: await openSpool(room.temporaryFolder),
        identities: new Map<string, FileShop>(),
        ids: new Map<string, IdSample>(),
        facts: () => rows.facts,
      };
      begun = { ...opened, read: 0, sheets: [], leftOut: [] };
      return { ...opened, ...(await spoolRows(found, rows, { ...opened, request })) };
    });
    const whole = begun;
    return await writing(() => writeRead(room, request, whole));
  } finally {
    await begun?.refusals.close();
    await begun?.spool.close();
  }
}

/** A file that has been read, or is being. */
interface Begun {
  readonly preset: FilePreset;
  readonly reader: FileReader;
  readonly refusals: RefusedRows;
  readonly spool: Spool;
  readonly identities: ReadonlyMap<string, FileShop>;
  readonly ids: ReadonlyMap<string, IdSample>;
  readonly facts: () => TableFacts | undefined;
  readonly read: number;
  readonly sheets: readonly string[];
  readonly leftOut: readonly string[];
}

async function writeRead(
  room: ImportRoom,
  request: ImportRequest,
  { preset, reader, refusals, spool, identities, ids, facts, read, sheets, leftOut }: Begun,
): Promise<ImportResult> {
  if (read === 0) throw new AppError('file_empty');
  const decided = reader.decide();
  let importId: number | null = null;
  try {
    if (!request.dryRun) {
      const mapping = JSON.stringify({ header: reader.keptHeader, settings: request.settings, decided, mapping: request.mapped?.mapping });
      importId = await startImport(room.engine, { file: request.file, preset: preset.name, mapping, at: room.clock.now() });
    }
    const { shops, decisions } = await shopsOfFile(room.engine, { identities, ids }, request);
    const spans = new FileSpans();
    const { joins, ...written } = await writeGroups(room, {
      spool,
      reader,
      decided,
      shops,
      refusals,
      request,
      total: read - refusals.count,
      importId,
      spans,
    });
    await refusals.close();
    const { unknownColumns, unknownWords, doubtfulIds } = reader.findings();
    const result: ImportResult = {
      import_id: importId,
      file: request.file,
      preset: preset.name,
      platform: preset.platform,
      dry_run: request.dryRun ?? false,
      shops: [...new Set([...shops.values()].map(({ shop }) => shop))].toSorted(),
      encoding: facts()?.encoding ?? null,
      sheets,
      sheets_left_out: leftOut,
      date_order: decided.dateOrder,
      decimal_mark: decided.decimalMark,
      unknown_columns: unknownColumns,
      unknown_words: unknownWords,
      doubtful_ids: doubtfulIds,
      rows: read,
      refused: refusals.count,
      refused_reasons: refusals.reasons(),
      ...written,
      orders_joined: joins.joined,
      orders_kept_newer: joins.keptNewer,
      decisions: [...decisions, ...decisionsOf(joins)],
    };
    if (importId !== null) {
      await room.engine.transaction(async (tx) => {
        await markCompleteIn(
          tx,
          [...shops.values()].map(({ shopId }) => shopId),
          room.clock.now(),
        );
        await spans.keep(tx, room.clock.now());
      });
      await finishImport(room.engine, { ...recordOf(result, importId), state: 'done' }, room.clock.now());
    }
    return result;
  } catch (error) {
    if (importId !== null) {
      const nothing = { ...NOTHING, rows: 0, refused: refusals.count };
      // The first error is the one to tell: noting it down may fail for the same cause, a full disk for one.
      await finishImport(room.engine, { ...recordOf(nothing, importId), state: 'failed' }, room.clock.now()).catch(() => undefined);
    }
    throw error;
  }
}

interface Reading {
  readonly reader: FileReader;
  readonly spool: Spool;
  readonly identities: Map<string, FileShop>;
  readonly ids: Map<string, IdSample>;
  readonly refusals: RefusedRows;
  readonly request: ImportRequest;
}

async function spoolRows(
  { header, sheet, begun, passedOver }: FoundHeader,
  rows: FileRows,
  { reader, spool, identities, ids, refusals, request }: Reading,
): Promise<{ read: number; sheets: string[]; leftOut: string[] }> {
  let count = 0;
  let ownShop = false;
  let batch: SpooledRecord[] = [];
  const take = ({ line, cells }: TableRow): void => {
    try {
      const record = reader.toRecord(cells);
      if (!record) return;
      const shop = record.shop?.shop ?? '';
      if (record.shop && !identities.has(shop)) identities.set(shop, record.shop);
      if (identities.size > LIMITS.shops.most) throw overLimit('shops');
      ownShop ||= !record.shop;
      if (!record.refund) (ids.get(shop) ?? ids.set(shop, new IdSample()).get(shop)!).add(record.orderId);
      batch.push({
        group: `${shop}${CELL_END}${record.orderId}${record.refund ? REFUND_END : ''}`,
        time: record.purchasedAt.epochMilliseconds,
        otherTime: record.monthFirst?.epochMilliseconds,
        place: line,
        body: record.document.join(CELL_END),
      });
    } catch (error) {
      refusals.add(error, line);
    }
    count += 1;
  };
  const spoolBatch = async (): Promise<void> => {
    await spool.add(batch);
    batch = [];
    request.onProgress?.({ phase: 'read', rows: count });
  };
  begun.forEach(take);
  const sheets = sheet ? [sheet.name] : [];
  const leftOut = [...passedOver];
  for (let portion; (portion = await rows.next());) {
    const of = portion[0]!.sheet;
    let from = 0;
    if (of && of.name !== sheet?.name && !sheets.includes(of.name)) {
      // A table that one sheet could not hold goes on below the same header; a hidden one beside a visible one is an older copy.
      from = leftOut.includes(of.name) || (of.hidden && !sheet?.hidden) ? 0 : portion.findIndex((row) => isHeader(header, row)) + 1;
      if (from > 0) sheets.push(of.name);
      else if (!leftOut.includes(of.name)) leftOut.push(of.name);
      if (from === 0) continue;
    }
    portion.slice(from).forEach(take);
    if (batch.length >= READ_BATCH) await spoolBatch();
  }
  await spoolBatch();
  if (ownShop) identities.set('', reader.fileShop());
  return { read: count, sheets, leftOut };
}

interface Writing {
  readonly spool: Spool;
  readonly reader: FileReader;
  readonly decided: FileDecision;
  readonly shops: ReadonlyMap<string, Shop>;
  readonly refusals: RefusedRows;
  readonly request: ImportRequest;
  readonly total: number;
  readonly importId: number | null;
  readonly spans: FileSpans;
}

async function writeGroups(room: ImportRoom, { spool, reader, decided, shops, refusals, request, total, importId, spans }: Writing) {
  const counts: { -readonly [Name in keyof Counts]: number } = { ...NOTHING };
  let joins = NO_JOINS;
  const sample: { readonly orders: ShownRecord[]; readonly refunds: ShownRecord[] } = { orders: [], refunds: [] };
  const write = async (orders: readonly DeliveredOrder[], refunds: readonly DeliveredRecord<Return>[], rows: number): Promise<void> => {
    if (importId !== null) {
      const written = await writeOrders(room.engine, orders, { source: { importId }, followers, parts: room.parts });
      counts.orders_new += written.added;
      counts.orders_changed += written.changed;
      counts.orders_unchanged += written.unchanged;
      if (written.joins) joins = addJoins(joins, written.joins);
      const paidBack = await returnStore.write(room.engine, refunds, {
        source: { importId, stream: 'returns' },
        at: room.clock.now(),
        followers,
      });
      counts.refunds_new += paidBack.added;
      counts.refunds_changed += paidBack.changed;
      counts.refunds_unchanged += paidBack.unchanged;
    }
    counts.orders += orders.length;
    counts.refunds += refunds.length;
    request.onProgress?.({ phase: 'write', rows, total, orders: counts.orders });
  };
  let rows = 0;
  // One batch is written while the next is read: the database works on threads of its own.
  let writing = Promise.resolve();
  for await (const groups of spool.portions(WRITE_BATCH, { byOtherTime: decided.dateOrder === 'mdy' })) {
    const batch: DeliveredOrder[] = [];
    const refunds: DeliveredRecord<Return>[] = [];
    for (const { group, records } of groups) {
      const shop = shops.get(group.slice(0, group.indexOf(CELL_END)))!;
      try {
        const document = records.map(({ body }) => body).join(ROW_END);
        if (group.endsWith(REFUND_END)) {
          const claim = reader.toRefund(rowsOf(document), shop);
          if (sample.refunds.length < SAMPLE) sample.refunds.push(shownRefund(claim, shop));
          refunds.push({ shop, item: claim, document });
        } else {
          const order = reader.toCanonical(rowsOf(document), shop);
          if (sample.orders.length < SAMPLE) sample.orders.push(shownOrder(order, shop));
          spans.add(shop.shopId, order.purchasedAt);
          batch.push({ shop, order, document });
        }
      } catch (error) {
        for (const { place } of records) refusals.add(error, place);
      }
      rows += records.length;
      // The batch before is a chain of statements: each waits for this thread to send the next.
      if (batch.length % TURN === 0) await setImmediate();
    }
    const next = write(batch, refunds, rows);
    // Awaited at the next batch; until then a failure must not count as unhandled.
    next.catch(() => undefined);
    await writing;
    writing = next;
  }
  await writing;
  return { ...counts, joins, sample: [...sample.orders, ...sample.refunds] };
}

function recordOf(
  {
    rows,
    refused,
    orders,
    refunds,
    orders_new,
    orders_changed,
    orders_unchanged,
    refunds_new,
    refunds_changed,
    refunds_unchanged,
  }: Counts & Pick<ImportResult, 'rows' | 'refused'>,
  importId: number,
) {
  return {
    import_id: importId,
    lines_read: rows,
    lines_refused: refused,
    orders_read: orders,
    orders_new,
    orders_changed,
    orders_unchanged,
    refunds_read: refunds,
    refunds_new,
    refunds_changed,
    refunds_unchanged,
  };
}
