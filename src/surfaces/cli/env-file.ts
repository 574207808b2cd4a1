import { existsSync } from 'node:fs';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { AppError, toAppError } from '../../kernel/errors.ts';

/** A value that the settings file cannot hold would change another setting's meaning. */
const WRITABLE = /^[\x21-\x7e]+$/;

/**
 * Adds settings to a settings file, for its owner alone to read; those that stand there already keep their value.
 * @param options.active else they are written behind a `#`, for a registration that is not whole keeps a server from starting
 * @returns the names that were added
 * @throws AppError `folder_not_writable`, `disk_full`, `setting_invalid`
 */
export async function appendSettings(
  file: string,
  settings: readonly (readonly [name: string, value: string])[],
  { active }: { active: boolean },
): Promise<string[]> {
  const stored = existsSync(file) ? await readFile(file, 'utf8') : '';
  const set = parseEnv(stored);
  const waiting = active ? '' : stored;
  const added = settings.filter(([name, value]) => set[name] === undefined && !waiting.includes(`#${name}=${value}`));
  const odd = added.find(([, value]) => !WRITABLE.test(value) || /["'`#\\]/.test(value));
  if (odd)
    throw new AppError('setting_invalid', {
      name: odd[0],
      problem: {
        en: 'holds a sign that a settings file cannot',
        zh: '含有设置文件不支持的字符',
        es: 'contiene un signo que un archivo de ajustes no admite',
      },
    });
  if (added.length === 0) return [];
  const lines = added.map(([name, value]) => `${active ? '' : '#'}${name}=${value}`);
  const gap = stored === '' || stored.endsWith('\n') ? '' : '\n';
  try {
    // In place of the file in one step: cut off, the former is still whole.
    const draft = `${file}.${process.pid}.new`;
    await writeFile(draft, `${stored}${gap}\n# From the older system.\n${lines.join('\n')}\n`, { mode: 0o600 });
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (error) {
    const known = toAppError(error);
    throw known.code === 'internal' ? new AppError('folder_not_writable', { path: file }, { cause: error }) : known;
  }
  return added.map(([name]) => name);
}
