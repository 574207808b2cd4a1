import { createHash, randomUUID } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createReadStream, existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openDuckDb } from '../engines/duckdb.ts';
import type { Engine } from '../engines/engine.ts';
import { AppError, toAppError } from '../kernel/errors.ts';
import { parseJson } from '../kernel/json.ts';

/** The files of a backup folder. `backup.json` is written last: a folder without it was cut off. */
const FILES = { store: 's7.duckdb', key: 'buyer.key', note: 'backup.json' } as const;
/** Is there unless the settings hold the key. */
const SECRET_KEY = 'secret.key';

interface BackupRoom {
  readonly engine: Engine;
  readonly temporaryFolder: string;
  readonly config: { readonly dataFolder: string; readonly backupFolder: string; readonly version: string };
}

/**
 * Copies data and keys into a new folder: without the buyer key the same buyer would count as a new one after a restore,
 * without the secret key every shop would have to be connected again.
 * Cut off in the middle it leaves a folder ending in `.partial`, never a half backup.
 * @param folder relative: inside the folder of backups
 * @param options.anywhere whether it may lie outside of that: whoever holds a key from afar must not place files on the machine
 * @throws AppError `backup_target_outside`, `backup_target_taken`, `folder_not_writable`, `disk_full`
 */
export async function backup(
  room: BackupRoom,
  folder: string,
  { anywhere }: { anywhere: boolean },
): Promise<{ folder: string; bytes: number }> {
  const { dataFolder, backupFolder, version } = room.config;
  const target = resolve(backupFolder, folder);
  const inside = isInside(target, backupFolder);
  if (!inside && !anywhere) throw new AppError('backup_target_outside', { folder: backupFolder });
  if (existsSync(target)) throw new AppError('backup_target_taken', { folder: target });
  const draft = `${target}.partial`;
  const store = join(draft, FILES.store);
  // The database may write there and beside what does not fit into memory, and nowhere else.
  const written = inside ? store : join(room.temporaryFolder, `${randomUUID()}.duckdb`);
  await makeEmpty(draft);
  try {
    await room.engine.backup(written);
    if (!inside) await move(written, store);
    await chmod(store, 0o600);
    for (const key of [FILES.key, SECRET_KEY])
      if (existsSync(join(dataFolder, key))) await copyFile(join(dataFolder, key), join(draft, key));
    const { size } = await stat(store);
    await writeFile(join(draft, FILES.note), `${JSON.stringify({ version, sha256: await digests(draft) })}\n`, { mode: 0o600 });
    await rename(draft, target);
    return { folder: target, bytes: size };
  } catch (error) {
    await Promise.all([draft, written].map((path) => rm(path, { recursive: true, force: true })));
    throw toAppError(error);
  }
}

/** Whether a path lies below a folder. */
function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way.split(sep, 1)[0] !== '..' && !isAbsolute(way);
}

/** Another disk takes a copy. */
async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch(async (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, to);
    await rm(from);
  });
}

/**
 * Puts a backup in the place of the data; what was there is kept beside it as `before-restore`, backups that lay within stay
 * where they were. Nothing may have the data open.
 * @returns where the former data are, or null when there were none
 * @throws AppError `backup_invalid` when the folder is not a whole backup, `store_in_use`; nothing was touched then
 */
export async function restore(folder: string, { dataFolder, backupFolder }: BackupRoom['config']): Promise<string | null> {
  const invalid = (problem: string): AppError => new AppError('backup_invalid', { folder, problem });
  for (const file of Object.values(FILES)) if (!existsSync(join(folder, file))) throw invalid(`${file} is missing`);
  const note = parseJson(await readFile(join(folder, FILES.note), 'utf8')) as { sha256?: Digests } | undefined;
  const draft = `${dataFolder}.restoring`;
  await makeEmpty(draft);
  try {
    const files = [FILES.store, FILES.key, ...(note?.sha256?.[SECRET_KEY] || existsSync(join(folder, SECRET_KEY)) ? [SECRET_KEY] : [])];
    for (const file of files) {
      if (!existsSync(join(folder, file))) throw invalid(`${file} is missing`);
      await copyFile(join(folder, file), join(draft, file));
      await chmod(join(draft, file), 0o600);
    }
    // The copies are looked at, not the originals: that finds what goes wrong on the way, too.
    const found = await digests(draft);
    for (const file of files) if (note?.sha256?.[file] !== found[file]) throw invalid(`${file} is not as it was written`);
    await refuseWhileInUse(dataFolder);
    // The data folder changes in two renames, each whole: what was there is never overwritten.
    const former = existsSync(dataFolder) ? `${dataFolder}.before-restore-${Date.now()}` : null;
    if (former) await rename(dataFolder, former);
    await rename(draft, dataFolder);
    const backups = relative(dataFolder, backupFolder);
    if (former && isInside(backupFolder, dataFolder) && existsSync(join(former, backups))) {
      await mkdir(dirname(backupFolder), { recursive: true });
      await rename(join(former, backups), backupFolder);
    }
    return former;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw toAppError(error);
  }
}

type Digests = Readonly<Record<string, string | undefined>>;

/** SHA-256 of what a backup folder holds, by file. */
async function digests(folder: string): Promise<Digests> {
  const digestOf = async (file: string): Promise<string> => {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, file)), hash);
    return hash.digest('hex');
  };
  const found: Record<string, string> = {};
  for (const file of [FILES.store, FILES.key, SECRET_KEY]) if (existsSync(join(folder, file))) found[file] = await digestOf(file);
  return found;
}

async function makeEmpty(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const known = toAppError(error);
    throw known.code === 'internal' ? new AppError('folder_not_writable', { path: folder }, { cause: error }) : known;
  }
}

/** A process that works on the data would go on in the folder that was put aside. Damaged data are in nobody's use. */
async function refuseWhileInUse(dataFolder: string): Promise<void> {
  const store = join(dataFolder, FILES.store);
  if (!existsSync(store)) return;
  try {
    await (await openDuckDb(store, { memoryLimit: '512MiB', temporaryFolder: join(dataFolder, 'tmp') })).close();
  } catch (error) {
    if (error instanceof AppError && error.code === 'store_in_use') throw error;
  }
}
