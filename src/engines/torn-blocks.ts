import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** How DuckDB's log ends while a checkpoint is under way: the type of that record, then the field that says where it writes to. */
const CHECKPOINT_BEGUN = Buffer.from([0x64, 0x00, 0x63, 0x65, 0x00]);
/** The record of a checkpoint and the one that ends it are shorter. */
const LOG_END = 80;
const CHECKSUM_BYTES = 8;
const MISMATCH = /computed checksum (\d+) does not match stored checksum (\d+) in block at location (\d+)/;

/**
 * Opens a data file that a process has left in the middle of a checkpoint. DuckDB writes new metadata into parts of blocks whose other
 * parts are in use, under one checksum a block: cut off in there, all that the file refers to is in place, yet the checksum is that of
 * neither state. It is set to that of the block as it is. Only where the log says that a checkpoint was begun; what cannot be opened even
 * so is left as it was.
 */
export async function openMended<T>(path: string, open: () => Promise<T>): Promise<T> {
  const mended = new Map<number, bigint>();
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const [, computed, stored, location] = MISMATCH.exec(error instanceof Error ? error.message : '') ?? [];
      if (location === undefined || mended.has(Number(location)) || !isCheckpointBegun(`${path}.wal`)) {
        for (const [at, checksum] of mended) setChecksum(path, at, checksum);
        throw error;
      }
      mended.set(Number(location), BigInt(stored!));
      setChecksum(path, Number(location), BigInt(computed!));
    }
  }
}

function isCheckpointBegun(log: string): boolean {
  return existsSync(log) && readFileSync(log).subarray(-LOG_END).includes(CHECKPOINT_BEGUN);
}

function setChecksum(path: string, location: number, checksum: bigint): void {
  const bytes = Buffer.alloc(CHECKSUM_BYTES);
  bytes.writeBigUInt64LE(checksum);
  const file = openSync(path, 'r+');
  try {
    writeSync(file, bytes, 0, CHECKSUM_BYTES, location);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
