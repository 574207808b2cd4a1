import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { parseLosslessJson } from '../../kernel/lossless-json.ts';
import {
  isOfOtherPlatform,
  OLDER_FOLDERS,
  OLDER_ORDER_FILES,
  OLDER_PRICE_DETAILS,
  readOlderSettings,
  type OlderFile,
  type OlderSettings,
} from '../../platforms/older-system.ts';

/** A settings file of the older system and which settings it holds; never their values. */
export interface SettingsFile {
  readonly file: string;
  readonly holds: readonly (keyof OlderSettings)[];
  /** Null, or why it says nothing. */
  readonly problem: 'broken' | 'other_platform' | null;
}

/** A file of the older system's data, and where it stands. */
export type DataFile = OlderFile & { readonly path: string };

/** What is there of the older system. */
export interface OlderFiles {
  /** In the order they are taken over. */
  readonly orders: readonly DataFile[];
  readonly priceDetails: readonly DataFile[];
  readonly settingsFiles: readonly SettingsFile[];
  /** Secrets among them. */
  readonly settings: OlderSettings;
}

const LARGEST_SETTINGS = 1_000_000;
/** A platform's own folder, and one for each shop or year below it. */
const FOLDERS_BELOW = 2;

/**
 * Looks for the older system in a folder: in the folder itself, in its Config/ and Datas/ and what stands below those, whatever
 * the case of the names.
 * @throws AppError `file_missing`, `adopt_nothing_found`
 */
export async function findOlderFiles(folder: string): Promise<OlderFiles> {
  const files = await filesOf(folder);
  const named = (known: OlderFile): DataFile[] =>
    files.filter(({ name }) => name === known.name.toLowerCase()).map(({ path }) => ({ ...known, path }));
  const [orders, priceDetails] = [OLDER_ORDER_FILES.flatMap(named), named(OLDER_PRICE_DETAILS)];
  const data = new Set([...orders, ...priceDetails].map(({ path }) => path));
  const read = await Promise.all(
    files.filter(({ inSettings, path }) => inSettings && !data.has(path)).map(({ path }) => readSettings(path, folder)),
  );
  if (data.size === 0 && read.every(({ holds, problem }) => holds.length === 0 && problem !== 'other_platform')) {
    const wanted = [...OLDER_ORDER_FILES, OLDER_PRICE_DETAILS].map(({ name }) => `${OLDER_FOLDERS.data}/${name}`);
    throw new AppError('adopt_nothing_found', { folder, files: [`${OLDER_FOLDERS.settings}/config.json`, ...wanted] });
  }
  // The file named config.json speaks before those that keep tokens.
  const settings = read
    .toSorted((a, b) => Number(b.file.endsWith('config.json')) - Number(a.file.endsWith('config.json')))
    .reduce<OlderSettings>((all, { values }) => ({ ...values, ...all }), {});
  return { orders, priceDetails, settings, settingsFiles: read.map(({ file, holds, problem }) => ({ file, holds, problem })) };
}

interface FoundFile {
  /** In small letters. */
  readonly name: string;
  readonly path: string;
  readonly inSettings: boolean;
}

async function filesOf(folder: string): Promise<FoundFile[]> {
  const own = await entriesOf(folder).catch((error: unknown) => {
    throw new AppError('file_missing', { file: folder }, { cause: error });
  });
  const isFolder = (name: string, wanted: string): boolean => name.toLowerCase() === wanted.toLowerCase();
  const found = json(own, true);
  for (const { name, path } of own.filter((entry) => entry.folder)) {
    if (isFolder(name, OLDER_FOLDERS.settings)) found.push(...(await filesBelow(path, true, FOLDERS_BELOW)));
    if (isFolder(name, OLDER_FOLDERS.data)) found.push(...(await filesBelow(path, false, FOLDERS_BELOW)));
  }
  return found;
}

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly folder: boolean;
}

async function filesBelow(folder: string, inSettings: boolean, below: number): Promise<FoundFile[]> {
  const entries = await entriesOf(folder);
  const deeper = below === 0 ? [] : entries.filter((entry) => entry.folder);
  return [...json(entries, inSettings), ...(await Promise.all(deeper.map(({ path }) => filesBelow(path, inSettings, below - 1)))).flat()];
}

async function entriesOf(path: string): Promise<Entry[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .map((entry) => ({ name: entry.name, path: join(path, entry.name), folder: entry.isDirectory() }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function json(entries: readonly Entry[], inSettings: boolean): FoundFile[] {
  return entries
    .filter((entry) => !entry.folder && /\.json$/i.test(entry.name))
    .map(({ name, path }) => ({ name: name.toLowerCase(), path, inSettings }));
}

async function readSettings(path: string, folder: string): Promise<SettingsFile & { readonly values: OlderSettings }> {
  const file = relative(resolve(folder), path);
  if (isOfOtherPlatform(file)) return { file, holds: [], problem: 'other_platform', values: {} };
  if ((await stat(path)).size > LARGEST_SETTINGS) return { file, holds: [], problem: null, values: {} };
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw toAppError(error);
  });
  const parsed = parseLosslessJson(text.replace(/^\uFEFF/, ''));
  const values = parsed === undefined ? {} : readOlderSettings(parsed);
  return { file, holds: Object.keys(values) as (keyof OlderSettings)[], problem: parsed === undefined ? 'broken' : null, values };
}
