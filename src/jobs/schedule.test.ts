import { expect, test } from 'vitest';
import { nightDue, refreshDue, syncDue } from './schedule.ts';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const token = (refreshedAt: string, expiresAt = '2026-12-01T00:00:00Z') => ({ refreshedAt, expiresAt });

test("tokens are refreshed once after midnight on the seller's own clock", () => {
  // 00:00 in Madrid is 23:00 in UTC.
  expect(refreshDue(token('2026-11-22T12:00:00Z'), at('2026-11-22T22:59:00Z'), 'Europe/Madrid')).toBe(false);
  expect(refreshDue(token('2026-11-22T12:00:00Z'), at('2026-11-22T23:00:30Z'), 'Europe/Madrid')).toBe(true);
  expect(refreshDue(token('2026-11-22T23:00:31Z'), at('2026-11-22T23:01:00Z'), 'Europe/Madrid')).toBe(false);
});

test('a midnight that was missed while nothing ran is caught up', () => {
  expect(refreshDue(token('2026-11-18T12:00:00Z'), at('2026-11-22T12:00:00Z'), 'Europe/Madrid')).toBe(true);
});

test('a token that ends within the hour is refreshed whatever the time', () => {
  expect(refreshDue(token('2026-11-22T12:00:00Z', '2026-11-22T14:00:00Z'), at('2026-11-22T12:59:00Z'), 'UTC')).toBe(false);
  expect(refreshDue(token('2026-11-22T12:00:00Z', '2026-11-22T14:00:00Z'), at('2026-11-22T13:00:00Z'), 'UTC')).toBe(true);
});

test('a shop is read when it never was, when it is time again, and after a run that did not end well', () => {
  const now = at('2026-11-22T12:00:00Z');
  expect(syncDue(undefined, now, 5)).toBe(true);
  expect(syncDue({ state: 'running', finished_at: null }, now, 5)).toBe(false);
  expect(syncDue({ state: 'interrupted', finished_at: null }, now, 5)).toBe(true);
  expect(syncDue({ state: 'failed', finished_at: '2026-11-22T11:59:59Z' }, now, 5)).toBe(true);
  expect(syncDue({ state: 'done', finished_at: '2026-11-22T11:56:00Z' }, now, 5)).toBe(false);
  expect(syncDue({ state: 'done', finished_at: '2026-11-22T11:55:00Z' }, now, 5)).toBe(true);
});

test("what is done once a night is due when the shop's clock has passed three, once, also days later", () => {
  const ran = (started_at: string, state: 'done' | 'running' | 'interrupted' = 'done') => ({ started_at, state });
  // 03:00 in Madrid is 02:00 in UTC.
  expect(nightDue(ran('2026-11-21T12:00:00Z'), at('2026-11-22T01:59:00Z'), 'Europe/Madrid')).toBe(false);
  expect(nightDue(ran('2026-11-21T12:00:00Z'), at('2026-11-22T02:00:00Z'), 'Europe/Madrid')).toBe(true);
  expect(nightDue(ran('2026-11-22T02:00:10Z'), at('2026-11-22T23:00:00Z'), 'Europe/Madrid')).toBe(false);
  expect(nightDue(ran('2026-11-18T02:00:10Z'), at('2026-11-22T01:00:00Z'), 'Europe/Madrid')).toBe(true);
  expect(nightDue(undefined, at('2026-11-22T12:00:00Z'), 'Europe/Madrid')).toBe(true);
  expect(nightDue(ran('2026-11-22T02:00:10Z', 'interrupted'), at('2026-11-22T02:10:00Z'), 'Europe/Madrid')).toBe(true);
  expect(nightDue(ran('2026-11-20T02:00:10Z', 'running'), at('2026-11-22T02:10:00Z'), 'Europe/Madrid')).toBe(false);
});
