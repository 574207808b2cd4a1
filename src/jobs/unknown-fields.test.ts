import { expect, test } from 'vitest';
import type { Platform } from '../platforms/platform.ts';
import { openFieldNotes } from './unknown-fields.ts';

test('a field that no list knows is told once, by its name; one that was met before the opening is not', () => {
  const unknown = ['orders: met before'];
  const platform: Pick<Platform, 'id' | 'keeping'> = { id: 'TikTok', keeping: { again: (document) => document, unknown: () => unknown } };
  const lines: unknown[] = [];
  const notes = openFieldNotes({
    platforms: [platform, { id: 'Other' }],
    log: { noticed: (what, message, details) => lines.push([what, message, details]) },
  });
  unknown.push('orders: said');
  notes.look();
  notes.look();
  unknown.push('returns: lines[].said');
  notes.look();
  const message = 'These fields are not known; texts in them are not kept.';
  expect(lines).toEqual([
    ['fields of platforms', message, { fields: ['TikTok orders: said'] }],
    ['fields of platforms', message, { fields: ['TikTok returns: lines[].said'] }],
  ]);
});
