import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { parseJson } from '../kernel/json.ts';
import type { Engine } from '../engines/engine.ts';

/** The files of a backup folder. `backup.json` is written last: a folder without it was cut off. */
const FILES = { store: 's7.duckdb', key: 'buyer.key', note: 'backup.json' } as const;

interface BackupRoom {
  readonly engine: Engine;
  readonly buyerKeyFile: string;
  readonly config: { readonly dataFolder: string; readonly version: string };
}

/**
 * Copies data and buyer key into a new folder; without the key the same buyer would count as a new one after a restore.
 * Cut off in the middle it leaves a folder ending in `.partial`, never a half backup.
 * @throws AppError `backup_target_taken`
 */
export async function backup(room: BackupRoom, folder: string): Promise<{ folder: string; bytes: number }> {
  const target = resolve(room.config.dataFolder, folder);
  if (existsSync(target)) throw new AppError('backup_target_taken', { folder: target });
  const draft = `${target}.partial`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await room.engine.backup(join(draft, FILES.store));
  await copyFile(room.buyerKeyFile, join(draft, FILES.key));
  const { size } = await stat(join(draft, FILES.store));
  await writeFile(join(draft, FILES.note), `${JSON.stringify({ version: room.config.version, bytes: size })}\n`);
  await rename(draft, target);
  return { folder: target, bytes: size };
}

/**
 * Puts a backup in the place of the data; what was there is kept beside it as `before-restore`. Nothing may have the data open.
 * @returns where the former data are, or null when there were none
 * @throws AppError `backup_invalid` when the folder is not a whole backup; nothing was touched then
 */
export async function restore(folder: string, dataFolder: string): Promise<string | null> {
  const invalid = (problem: string): AppError => new AppError('backup_invalid', { folder, problem });
  for (const file of Object.values(FILES)) if (!existsSync(join(folder, file))) throw invalid(`${file} is missing`);
  const note = parseJson(await readFile(join(folder, FILES.note), 'utf8')) as { bytes?: unknown } | undefined;
  const { size } = await stat(join(folder, FILES.store));
  if (note?.bytes !== size) throw invalid(`${FILES.store} has ${size} bytes, not ${String(note?.bytes)}`);
  await mkdir(dirname(dataFolder), { recursive: true });
  const draft = `${dataFolder}.restoring`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await copyFile(join(folder, FILES.store), join(draft, FILES.store));
  await copyFile(join(folder, FILES.key), join(draft, FILES.key));
  // The data folder changes in two renames, each whole: what was there is never overwritten.
  const former = existsSync(dataFolder) ? `${dataFolder}.before-restore-${Date.now()}` : null;
  if (former) await rename(dataFolder, former);
  await rename(draft, dataFolder);
  return former;
}
