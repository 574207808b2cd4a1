import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a run of the tests keeps what it prepares; never that of another run, whose program was another. */
const FOLDER = 'S7_TEST_PREPARED';
const made = new Map<string, Promise<string>>();

/** Vitest calls it once before all tests; what it gives, after them. */
export default function prepareRun(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 's7-prepared-'));
  process.env[FOLDER] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

/**
 * Copies a data folder that is made once in a run, by the first test that needs it.
 * @param name what it is made of: another name is another folder
 * @param files which of its files are wanted; all unless told
 */
export async function copyPrepared(
  into: string,
  { name, make, files }: { readonly name: string; readonly make: (folder: string) => Promise<void>; readonly files?: readonly string[] },
): Promise<void> {
  const folder = await made.getOrInsertComputed(name, () => prepared(name, make));
  mkdirSync(into, { recursive: true });
  if (files) for (const file of files) cpSync(join(folder, file), join(into, file));
  else cpSync(folder, into, { recursive: true });
}

async function prepared(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const run = process.env[FOLDER];
  if (run === undefined) throw new Error(`${FOLDER} is not set: vitest.config.ts names this file as its globalSetup`);
  const folder = join(run, createHash('sha256').update(name).digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  const draft = mkdtempSync(`${folder}-`);
  await make(draft);
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another worker was faster with the same.
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true });
  }
  return folder;
}
