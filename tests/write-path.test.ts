import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { engineKeeps } from './engine-keeps/engine-keeps.ts';
import { temporaryFolder } from './process.ts';

describe('DuckDB', () => {
  const folder = temporaryFolder();
  const backupFolder = join(folder, 'backups');
  const open = (path: string): Promise<Engine> =>
    openDuckDb(path, { memoryLimit: '512MB', temporaryFolder: join(folder, 'tmp'), backupFolder, threads: 1 });
  let engine: Engine;
  afterAll(() => engine.close());

  engineKeeps(
    async () => {
      mkdirSync(backupFolder);
      engine = await open(join(folder, 'store.duckdb'));
      await prepareStore(engine);
      return { engine, backupFolder, openCopy: open };
    },
    { tries: 20 },
  );
});
