import {
  DuckDBDataChunk,
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  INTEGER,
  SMALLINT,
  TIMESTAMPTZ,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
} from '@duckdb/node-api';
import bindings, { type Vector } from '@duckdb/node-bindings';
import type { ColumnType } from '../model/tables.ts';
import { TextCells, type NumberCells, type StagedTable } from './staged-table.ts';

/** What DuckDB calls the types of columns. */
export const DUCKDB_TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  small: SMALLINT,
  integer: INTEGER,
  big: BIGINT,
  text: VARCHAR,
  money: DECIMAL(18, 4),
  instant: TIMESTAMPTZ,
  day: DATE,
  boolean: BOOLEAN,
  bytes: BLOB,
};
const CHUNK_ROWS = 2048;

/** Copies a table's columns as they are into the chunks DuckDB itself works in; texts go one by one. */
export async function append(connection: DuckDBConnection, table: string, { columns, cells, length }: StagedTable): Promise<void> {
  const types = columns.map(({ type }) => DUCKDB_TYPES[type]);
  const appender = await connection.createAppender(table);
  try {
    for (let start = 0; start < length; start += CHUNK_ROWS) {
      const rows = Math.min(CHUNK_ROWS, length - start);
      const chunk = DuckDBDataChunk.create(types, rows);
      cells.forEach((column, i) => {
        const vector = bindings.data_chunk_get_vector(chunk.chunk, i);
        if (column instanceof TextCells) copyTexts(vector, column, start, rows);
        else copyNumbers(vector, column, start, rows);
      });
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync();
  }
}

function copyNumbers(vector: Vector, { values, valid }: NumberCells, start: number, rows: number): void {
  const size = values.BYTES_PER_ELEMENT;
  bindings.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, start * size, rows * size);
  // Chunks begin where a byte of the bits begins.
  if (valid) copyValid(vector, valid.subarray(start / 8, Math.ceil((start + rows) / 8)));
}

function copyTexts(vector: Vector, { values }: TextCells, start: number, rows: number): void {
  let valid: Uint8Array | null = null;
  for (let i = 0; i < rows; i++) {
    const value = values[start + i]!;
    if (typeof value === 'string') bindings.vector_assign_string_element(vector, i, value);
    else if (value !== null) bindings.vector_assign_string_element_len(vector, i, value);
    else {
      valid ??= new Uint8Array(Math.ceil(rows / 8)).fill(255);
      valid[i >> 3]! &= ~(1 << (i & 7));
    }
  }
  if (valid) copyValid(vector, valid);
}

function copyValid(vector: Vector, valid: Uint8Array): void {
  bindings.vector_ensure_validity_writable(vector);
  bindings.copy_data_to_vector_validity(vector, 0, valid.buffer as ArrayBuffer, valid.byteOffset, valid.byteLength);
}
