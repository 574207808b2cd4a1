import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readClearedAlerts, readOpenAlerts, SEVERITIES, type StoredAlert } from '../../records/alerts/alert-log.ts';
import { readShops } from '../../records/shops/shops.ts';
import { alertText } from '../../jobs/alerts/alert-text.ts';
import type { Language } from '../../kernel/messages.ts';
import type { Shop } from '../../model/shop.ts';
import { errorAnswers } from './answers.ts';
import { languageOf, type HttpRoom } from './room.ts';

const success = { code: z.literal(0), msg: z.literal('success') };
const SHOWN_CLEARED = 20;

const alertAnswer = z.object({
  id: z.int(),
  kind: z.string().describe('As in docs/alerts.md.'),
  severity: z.enum(SEVERITIES),
  platform: z.string().nullable(),
  shop: z.string().nullable(),
  text: z.string(),
  todo: z.string().describe('What to do about it.'),
  raised_at: z.string(),
  cleared_at: z.string().nullable(),
  said_at: z.string().nullable().describe('When the last channel heard of its present state; null while one has yet to.'),
  said: z.record(z.string(), z.unknown()).describe('By channel: when it was said that it began and ended, or why it could not be.'),
});
const channelAnswer = z.object({ channel: z.string(), error: z.string().nullable(), failing_since: z.string().nullable() });

/** What people have to know, and whether they are told. */
export function alertRoutes(scope: FastifyInstance, room: HttpRoom): void {
  scope.get(
    '/alerts',
    {
      schema: {
        tags: ['Server'],
        summary: 'What needs attention, and who was told · 提醒',
        description:
          '`data` is what is so now, the critical ones first; `cleared` what was mended last. docs/alerts.md says of each kind when it begins and ends.',
        response: {
          200: z.object({ ...success, data: z.array(alertAnswer), cleared: z.array(alertAnswer), channels: z.array(channelAnswer) }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const language = languageOf(request, room);
      await room.alerts.evaluate();
      return room.engine.read(async (reader) => {
        const shops = await readShops(reader);
        const show = (alerts: readonly StoredAlert[]): unknown[] => alerts.map((each) => shown(each, shops, language));
        return {
          code: 0,
          msg: 'success',
          data: show(await readOpenAlerts(reader)),
          cleared: show(await readClearedAlerts(reader, SHOWN_CLEARED)),
          channels: room.alerts.channels(),
        };
      });
    },
  );

  scope.post(
    '/alerts/test',
    {
      schema: {
        tags: ['Server'],
        summary: 'Send a test to every channel · 测试提醒渠道',
        response: { 200: z.object({ ...success, data: z.array(channelAnswer) }), ...errorAnswers },
      },
    },
    async (request) => ({ code: 0, msg: 'success', data: await room.alerts.test(languageOf(request, room)) }),
  );
}

function shown(alert: StoredAlert, shops: readonly Shop[], language: Language): object {
  const { alertId: id, kind, severity, shopId, raisedAt, clearedAt, saidAt, said } = alert;
  const shop = shops.find((each) => each.shopId === shopId);
  return {
    id,
    kind,
    severity,
    platform: shop?.platform ?? null,
    shop: shop?.shop ?? null,
    ...alertText(alert, language),
    raised_at: raisedAt,
    cleared_at: clearedAt,
    said_at: saidAt,
    said,
  };
}
