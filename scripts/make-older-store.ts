/**
 * Makes the store of an earlier version that tests/upgrade.test.ts opens, with that version's own code:
 *
 *   git worktree add /tmp/older 5a12512 && ln -s "$PWD/node_modules" /tmp/older/node_modules
 *   node scripts/make-older-store.ts /tmp/older tests/older-stores/5a12512
 *
 * Two shops of that version's simulator are read over some days, then the files of tests/older-inputs.ts are imported, and an export of
 * the Spanish shop without its name. Nobody in it is real: buyers are keyed hashes of invented ones, tokens the simulator's.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { zstdCompressSync, constants } from 'node:zlib';
import type { ConnectedShops } from '../tests/connected-shops.ts';
import { FILE_INPUTS, postFile } from '../tests/older-inputs.ts';

const [checkout, target] = process.argv.slice(2).map((path) => resolve(path));
if (!checkout || !target) throw new Error('node scripts/make-older-store.ts CHECKOUT FOLDER');
const load = <Module>(file: string): Promise<Module> => import(join(checkout, file)) as Promise<Module>;
const { openConnectedShops } = await load<typeof import('../tests/connected-shops.ts')>('tests/connected-shops.ts');
const { sellerCentreFile } = await import('../tests/seller-centre-file.ts');
const SPAIN = 'Estrella Hogar España';

const connected: ConnectedShops = await openConnectedShops({ now: '2026-11-20T10:00:00Z', settings: { historyDays: 12 }, scale: 0.05 });
try {
  await connected.consent('ES', 'estrella-hogar');
  await connected.sync();
  connected.clock.advance({ hours: 24 });
  await connected.sync();
  for (const stream of ['price_details', 'products'] as const) await connected.syncAll(SPAIN, stream);
  for (const input of FILE_INPUTS) await postFile(connected.shops.url, input);
  const text = await sellerCentreFile(connected.shops.app.engine, SPAIN);
  await postFile(connected.shops.url, { name: 'export.csv', text });
  const backup = join(connected.shops.app.config.dataFolder, 'backup');
  const answer = await connected.shops.send('/api/backup', { folder: backup });
  if (answer.status !== 200) throw new Error(answer.text);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'seller-centre.csv'), text);
  for (const key of ['buyer.key', 'secret.key']) writeFileSync(join(target, key), readFileSync(join(backup, key)));
  const packed = zstdCompressSync(readFileSync(join(backup, 's7.duckdb')), { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
  writeFileSync(join(target, 's7.duckdb.zst'), packed);
  console.log(`${target}: ${(packed.length / 1000).toFixed(0)} kB, ${text.split('\n').length - 2} rows of an export`);
} finally {
  await connected.close();
}
