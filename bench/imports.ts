import { Child } from './child.ts';
import type { Ingested } from './s7-ingest.ts';
import { grouped, markdownTable, megabytes, ratio, shownMs } from './table.ts';
import type { World, WorldFile } from './world.ts';

/** Where each contender keeps its data. */
export interface Folders {
  readonly json: string;
  readonly sqlite: string;
  readonly s7: string;
  readonly ingest: string;
}

interface Task {
  readonly world: World;
  readonly files: readonly WorldFile[];
  readonly folders: Folders;
  /** Whether the writer is measured alone, too. */
  readonly ingest: boolean;
}

interface Brought {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

/** Heap for a rival that holds every order as an object: Node's usual 4 GB would end it. */
export const JSON_HEAP_MEGABYTES = 8192;

/** Lets every contender bring the files home, one after the other, each in a process of its own; the tables as markdown. */
export async function compareImports({ world, files, folders, ingest }: Task, say: (text: string) => void): Promise<string[]> {
  const bring = async (name: string, module: string, folder: string, heapMegabytes?: number): Promise<Brought & { pieces?: number }> => {
    const child = new Child(module, heapMegabytes ? { heapMegabytes } : {});
    const { value, milliseconds, cpuMilliseconds, peakBytes } = await child.call<{ bytes: number; pieces?: number }>('bring', [
      files,
      folder,
    ]);
    await child.end();
    say(`${name}: ${shownMs(milliseconds)}`);
    return { name, seconds: milliseconds / 1000, cpuSeconds: cpuMilliseconds / 1000, peakBytes, ...value };
  };
  const json = await bring('JSON file', 'json-loop', folders.json, JSON_HEAP_MEGABYTES);
  const sqlite = await bring('SQLite', 'sqlite', folders.sqlite);
  const ours = await bring('S7StarERP', 's7', folders.s7);
  const inPieces = json.pieces! > 1 ? `, in ${json.pieces} pieces: one text cannot exceed 512 MB` : '';
  const rows = [
    { ...ours, name: 'S7StarERP, `importFile`: checked, buyers hashed, documents kept' },
    { ...json, name: `rows → objects → one JSON array, as the older system kept it${inPieces}; not synced` },
    { ...sqlite, name: 'SQLite, WAL, synchronous=FULL, prepared upsert row by row, 10,000 orders a transaction, 3 indexes + 2 keys' },
  ].map(({ name, seconds, cpuSeconds, bytes, peakBytes }) => [
    name,
    seconds.toFixed(1),
    cpuSeconds.toFixed(1),
    grouped(world.orders / seconds),
    ratio(seconds, ours.seconds),
    megabytes(bytes),
    ratio(bytes, ours.bytes),
    megabytes(peakBytes),
  ]);
  const csv = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const tables = [
    `## Import of ${grouped(world.orders)} orders from ${files.length} CSV files (${megabytes(csv)})`,
    markdownTable(['', 'seconds', 'CPU seconds', 'orders/s', 'time, rival ÷ ours', 'on disk', 'disk, rival ÷ ours', 'peak memory'], rows),
    'One run each, one after the other, each in a new process; the time includes opening, closing and the last checkpoint.',
  ];
  if (!ingest) return tables;

  const child = new Child('s7-ingest');
  const { value: ingested, peakBytes } = await child.call<Ingested[]>('ingest', [world, folders.s7, folders.ingest]);
  await child.end();
  say('writer alone');
  return [
    ...tables,
    `## S7StarERP's writer alone (\`writeOrders\`, orders canonical already)`,
    ingestTable(ingested),
    'Each batch is one transaction, on disk when it returns. Imports and runs hand in the next batch while the one before is ' +
      `written; the other way shows what a batch alone takes. Peak memory ${megabytes(peakBytes)}, the orders in hand included.`,
  ];
}

function ingestTable(ingested: readonly Ingested[]): string {
  return markdownTable(
    ['orders', 'store', 'orders a batch', 'batches', 'handed in', 'orders/s', 'CPU an order', 'median batch', 'slowest batch'],
    ingested.map(({ what, store, batchOrders, batches, overlapped, orders, seconds, cpuSeconds, medianBatchMs, slowestBatchMs }) => [
      what,
      store,
      grouped(batchOrders),
      String(batches),
      overlapped ? 'while the one before is written' : 'when the one before is in',
      grouped(orders / seconds),
      `${Math.round((cpuSeconds / orders) * 1e6)} µs`,
      shownMs(medianBatchMs),
      shownMs(slowestBatchMs),
    ]),
  );
}
