import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareImports, type Folders } from './imports.ts';
import { compareEveryReport } from './every-report.ts';
import { measureHostile } from './hostile.ts';
import { compareReports } from './reports.ts';
import { compareSyncs } from './sync.ts';
import { machineFacts, megabytes, shownLoad } from './table.ts';
import { writeWorld, type World } from './world.ts';

const WHATS = ['import', 'reports', 'all', 'sync', 'hostile'] as const;
const USAGE = 'npm run bench -- import|reports|all|sync|hostile [--orders 1000000] [--seed 42] [--folder DIR]';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    orders: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '42' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const what = WHATS.find((each) => each === positionals[0]);
const world: World = { orders: Number(values.orders), seed: Number(values.seed) };
if (!what || positionals.length > 1 || !(world.orders >= 1000) || !Number.isInteger(world.orders + world.seed)) {
  console.error(`${USAGE}\nat least 1000 orders`);
  process.exit(2);
}

const facts = machineFacts(
  `npm run bench -- ${what}${what === 'hostile' ? '' : ` --orders ${world.orders}`}${world.seed === 42 ? '' : ` --seed ${world.seed}`}`,
);
const folder = mkdtempSync(join(values.folder, 's7-bench-'));
const clear = (): void => rmSync(folder, { recursive: true, force: true });
process.once('SIGINT', () => {
  clear();
  process.exit(130);
});
const began = performance.now();
let stoodStillMs = 0;
try {
  watch();
  const parts =
    what === 'sync'
      ? await compareSyncs({ orders: world.orders, folder }, say)
      : what === 'hostile'
        ? await measureHostile(folder, say)
        : what === 'reports'
          ? await compareEveryReport({ orders: world.orders, folder }, say)
          : await compareFiles(what);
  const titles = {
    import: 'Import',
    reports: 'Every report',
    all: 'Import and reports',
    sync: 'Sync',
    hostile: 'Inputs made to cost much',
  };
  const title = `# ${titles[what]}${what === 'hostile' ? '' : `, ${world.orders.toLocaleString('en-US')} orders`}`;
  const text = [
    title,
    `${facts}\n- the whole run took ${Math.round((performance.now() - began) / 1000)} s; load when it ended ` +
      `${shownLoad()}${stoodStillMs > 0 ? `; **its processes stood still for ${Math.round(stoodStillMs / 1000)} s**, so look at minima and CPU seconds` : ''}`,
    ...parts,
  ].join('\n\n');
  const results = join(import.meta.dirname, 'results');
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, what === 'hostile' ? 'hostile.md' : `${what}-${world.orders}.md`), `${text}\n`);
  console.log(text);
} finally {
  clear();
}

async function compareFiles(wanted: 'import' | 'all'): Promise<string[]> {
  const folders: Folders = {
    json: join(folder, 'json'),
    sqlite: join(folder, 'sqlite'),
    s7: join(folder, 's7'),
    ingest: join(folder, 'ingest'),
  };
  for (const each of Object.values(folders)) mkdirSync(each);
  const files = writeWorld(world, folder);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  say(`${files.length} files of ${world.orders} orders written, ${megabytes(bytes)}`);
  const imported = await compareImports({ world, files, folders, ingest: true }, say);
  return [...imported, ...(wanted === 'import' ? [] : await compareReports({ world, folders }, say))];
}

/** This process only waits for its children: where its clock jumps, all were stopped, or the machine was. */
function watch(): void {
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - last > 1000) stoodStillMs += now - last;
    last = now;
  }, 100).unref();
}

function say(text: string): void {
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}`);
}
