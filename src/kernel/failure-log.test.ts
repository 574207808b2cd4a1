import { expect, test } from 'vitest';
import { AppError } from './errors.ts';
import { openFailureLog } from './failure-log.ts';

function opened() {
  let now = Temporal.Instant.from('2026-11-20T10:00:00Z');
  const lines: Record<string, unknown>[] = [];
  const log = openFailureLog({ clock: { now: () => now }, write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  const later = (minutes: number): void => {
    now = now.add({ minutes });
  };
  return { log, lines, later };
}

const busy = (platform_code = '36009002', message = 'one'): AppError =>
  new AppError('platform_busy', { platform: message, operation: 'x' }, { details: { platform_code } });

test('a cause that comes a thousand times is told once, and how often it came is told when it is over', () => {
  const { log, lines, later } = opened();
  for (let i = 0; i < 1000; i++) {
    log.failed('TikTok A', busy('36009002', `words of the day ${i}`));
    later(5);
  }
  log.went('TikTok A');
  expect(lines).toHaveLength(1);
  later(60);
  log.went('TikTok A');
  log.went('TikTok A');
  expect(lines).toMatchObject([
    { level: 'warn', what: 'TikTok A', name: 'platform_busy' },
    { level: 'info', what: 'TikTok A', over: [{ name: 'platform_busy', times: 1000, since: '2026-11-20T10:00:00Z' }] },
  ]);
});

test('another cause, another shop, and the same cause after it was over are told', () => {
  const { log, lines, later } = opened();
  log.failed('TikTok A', busy());
  log.failed('TikTok A', busy('105005'));
  log.failed('TikTok A', busy());
  log.failed('TikTok B', busy());
  later(61);
  log.went('TikTok A');
  log.failed('TikTok A', busy());
  expect(lines.map(({ level, what }) => `${String(level)} ${String(what)}`)).toEqual([
    'warn TikTok A',
    'warn TikTok A',
    'warn TikTok B',
    'info TikTok A',
    'warn TikTok A',
  ]);
});

test('what fails every other time is one story, not a line a run', () => {
  const { log, lines, later } = opened();
  for (let i = 0; i < 500; i++) {
    log.failed('TikTok A', busy());
    later(5);
    log.went('TikTok A');
    later(5);
  }
  expect(lines).toHaveLength(1);
});
