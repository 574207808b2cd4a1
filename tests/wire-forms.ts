import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordStream } from '../src/records/kind.ts';

const FIXTURES = join(import.meta.dirname, '../src/platforms/tiktok/fixtures');

/**
 * Real forms of a stream's records: the files that are called by one of them, as `price-detail-gb.json`; a price detail is kept with its
 * order's id.
 */
export function formsOf({ name, reading }: RecordStream): unknown[] {
  const one = `${name.replace(/s$/, '').replaceAll('_', '-')}-`;
  const forms = readdirSync(FIXTURES)
    .filter((file) => file.startsWith(one))
    .map((file): unknown => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')));
  return reading === 'order by order' ? forms.map((form) => ({ order_id: '576486316948490001', ...(form as object) })) : forms;
}
