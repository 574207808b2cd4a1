import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where what is nobody else's business lies. */
export interface PrivateFolders {
  readonly dataFolder: string;
  readonly importsFolder: string;
  readonly backupFolder: string;
}

/** The rights of everybody but the owner. */
const OTHERS = 0o077;
/** A folder that everybody may write to, such as /tmp, serves others, too. */
const STICKY = 0o1000;
/** The database makes its log anew now and then, for its owner alone (see `umask` of main.ts). */
const LOG = /\.wal$/;

/**
 * Takes away whatever rights others have to the data, keys, refused rows and backups, those of former versions among them; where that is
 * not allowed, nothing happens.
 */
export function keepPrivate(folders: PrivateFolders): void {
  for (const path of privatePaths(folders)) {
    try {
      const { mode } = statSync(path);
      if ((mode & OTHERS) !== 0 && (mode & STICKY) === 0) chmodSync(path, mode & ~OTHERS & 0o777);
    } catch {
      // Another's folder, or a disk that knows no rights: doctor tells.
    }
  }
}

/** The paths that others on this machine have rights to; none where the system tells none. */
export function exposedPaths(folders: PrivateFolders): string[] {
  return privatePaths(folders).filter((path) => !LOG.test(path) && isExposed(path));
}

/** Whether others on this machine have rights to a file. */
export function isExposed(path: string): boolean {
  return process.platform !== 'win32' && ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0;
}

/** Folders before what stands in them; a folder that is not ours by its contents is left alone. */
function privatePaths({ dataFolder, importsFolder, backupFolder }: PrivateFolders): string[] {
  const backups = entriesOf(backupFolder, 'folder').filter(
    (folder) => existsSync(join(folder, 'backup.json')) || folder.endsWith('.partial'),
  );
  return [
    dataFolder,
    ...entriesOf(dataFolder, 'file'),
    importsFolder,
    ...entriesOf(importsFolder, 'file'),
    ...(existsSync(backupFolder) ? [backupFolder] : []),
    ...backups.flatMap((folder) => [folder, ...entriesOf(folder, 'file')]),
  ];
}

function entriesOf(folder: string, kind: 'file' | 'folder'): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => (kind === 'file' ? entry.isFile() : entry.isDirectory()))
    .map(({ name }) => join(folder, name));
}
