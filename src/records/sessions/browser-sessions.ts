import type { Reader, Transaction } from '../../engines/engine.ts';
import { isOneOf, sql } from '../../engines/sql.ts';
import { insertRow } from '../insertion.ts';

/** A browser that signed in: a hash stands for what its cookie holds. */
export interface BrowserSession {
  readonly hash: string;
  readonly usedAt: string;
}

/** The browsers that are signed in, and those whose time is over but were not yet forgotten. */
export async function readBrowserSessions(reader: Reader): Promise<BrowserSession[]> {
  const rows = await reader.query<{ hash: string; used_at: string }>(sql`SELECT hash, used_at FROM browser_sessions`);
  return rows.map(({ hash, used_at: usedAt }) => ({ hash, usedAt }));
}

/** Remembers that a browser signed in, or was seen again. */
export async function keepBrowserSession(tx: Transaction, hash: string, at: Temporal.Instant): Promise<void> {
  await tx.run(sql`DELETE FROM browser_sessions WHERE hash = ${hash}`);
  await tx.run(insertRow('browser_sessions', { hash, used_at: at }));
}

/** Forgets browsers. */
export async function endBrowserSessions(tx: Transaction, hashes: readonly string[]): Promise<void> {
  await tx.run(sql`DELETE FROM browser_sessions WHERE ${isOneOf(sql`hash`, hashes)}`);
}
