import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STATUSES as AMAZON_STATUSES } from './amazon/statuses.ts';
import {
  ARBITRATIONS,
  CANCELLATION_STATUSES,
  PRODUCT_STATUSES,
  RETURN_STATUSES,
  RETURN_TYPES,
  ROLES,
  STATUSES,
} from './tiktok/statuses.ts';

const TRADE = join(import.meta.dirname, 'trade');
const files = readdirSync(TRADE).map((name) => ({ name, text: readFileSync(join(TRADE, name), 'utf8') }));
/** Names of platforms, of their services and hosts, and of what only one of them has. */
const NAMES = /tik\W?tok|\btt[sp]\b|amazon|\bfb[am]\b|\basin\b|shein|partner.?center|seller.?cent|cipher|open_?id|\bwire\b/i;
/** What the platforms write where the trade has words of its own. */
const WORDS = new Set<string>([
  ...STATUSES,
  ...AMAZON_STATUSES,
  ...RETURN_STATUSES,
  ...CANCELLATION_STATUSES,
  ...[PRODUCT_STATUSES, ARBITRATIONS, RETURN_TYPES, ROLES].flatMap((words) => Object.values(words)),
]);

test('the world speaks the words of the trade: no name of a platform, no status and no field of its wire', () => {
  const found = files.flatMap(({ name, text }) => [
    ...text.split('\n').flatMap((line) => (NAMES.test(line) ? [`${name}: ${line.trim()}`] : [])),
    ...[...text.matchAll(/'([^'\n]*)'/g)].flatMap(([, word = '']) =>
      WORDS.has(word) || /^[a-z]+(?:_[a-z]+)+$/.test(word) ? [`${name}: ${word}`] : [],
    ),
  ]);
  expect(files.length).toBeGreaterThan(25);
  expect(found).toEqual([]);
});

test('the world knows nothing of platforms: it imports itself, and chance', () => {
  const imported = new Set(files.flatMap(({ text }) => [...text.matchAll(/from '([^']+)'/g)].map(([, path]) => path!)));
  expect([...imported].filter((path) => !/^\.\/[\w-]+\.ts$/.test(path))).toEqual(['../random.ts']);
});

test('the simulator never reads what it is there to try: of the program it knows the clock alone', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const imported = sources.flatMap((name) =>
    [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/'(?:\.\.\/)+src\/([^']+)'/g)].map(([, path]) => path!),
  );
  expect([...new Set(imported)]).toEqual(['kernel/clock.ts']);
});
