import type { KeptBlock } from '../records/documents.ts';
import type { Transaction } from '../engines/engine.ts';
import type { TableChanges } from '../engines/table-changes.ts';

/** Documents that make no row any more: where they came from, why, and how many. */
export interface RefusedDocuments {
  readonly source: string;
  readonly reason: string;
  readonly documents: number;
}

/** What the rows of one kind of document are made anew by. */
export interface ReplayedKind {
  /** Whether a block's documents are of this kind. */
  holds(block: KeptBlock): boolean;
  /** Makes the rows of these blocks anew and replaces those that differ. */
  rebuild(tx: Transaction, blocks: readonly KeptBlock[], documents: ReadonlyMap<number, readonly string[]>): Promise<void>;
  /** What differed, by table. */
  readonly changes: Readonly<Record<string, TableChanges>>;
  /** How many rows were made anew. */
  readonly read: number;
  /** Of how many it cannot be said which document is theirs. */
  readonly notToldApart: number;
  readonly refused: readonly RefusedDocuments[];
  /** How many rows of this kind are stored, whether a document is kept of them or not. */
  stored(tx: Transaction): Promise<number>;
}
