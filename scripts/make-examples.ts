/**
 * Writes the order exports in examples/: one invented seller of home and fashion goods in Spain, one year on three
 * platforms. The same bytes every time: `node scripts/make-examples.ts`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { amazonFile } from '../simulator/exports/amazon-file.ts';
import { sheinFile } from '../simulator/exports/shein-file.ts';
import { tiktokFile } from '../simulator/exports/tiktok-file.ts';

const folder = new URL('../examples/', import.meta.url);
mkdirSync(folder, { recursive: true });

for (const file of [tiktokFile(), await sheinFile(), amazonFile()]) {
  writeFileSync(new URL(file.name, folder), file.bytes);
  const digest = createHash('sha256').update(file.bytes).digest('hex').slice(0, 16);
  console.log(`${file.name}: ${file.orders} orders, ${file.lines} lines, ${Math.ceil(file.bytes.length / 1000)} kB, sha256 ${digest}…`);
}
