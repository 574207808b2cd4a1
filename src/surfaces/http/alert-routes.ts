import { z } from 'zod';
import { readClearedAlerts, readOpenAlerts, SEVERITIES, type StoredAlert } from '../../records/alerts/alert-log.ts';
import { readShops } from '../../records/shops/shops.ts';
import { alertText } from '../../jobs/alerts/alert-text.ts';
import type { Language } from '../../kernel/messages.ts';
import type { Shop } from '../../model/shop.ts';
import { named, route } from './route.ts';

const SHOWN_CLEARED = 20;

const alertRow = named(
  'Alert',
  z.object({
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
    said: z
      .record(z.string(), z.object({ raised: z.string().optional(), cleared: z.string().optional(), error: z.string().optional() }))
      .describe('By channel: when it was said that it began and ended, or why it could not be.'),
  }),
);
const channelRow = named(
  'AlertChannel',
  z.object({ channel: z.string(), error: z.string().nullable(), failing_since: z.string().nullable() }),
);

const alerts = route({
  method: 'GET',
  path: '/api/alerts',
  needs: 'read',
  tag: 'Server',
  summary: 'What needs attention, and who was told · 提醒 · Avisos',
  description:
    '`data` is what is so now, the critical ones first; `cleared` what was mended last. docs/alerts.md says of each kind when it ' +
    'begins and ends.',
  answer: z.object({ data: z.array(alertRow), cleared: z.array(alertRow), channels: z.array(channelRow) }),
  async handle({ language }, room) {
    await room.alerts.evaluate();
    return room.engine.read(async (reader) => {
      const shops = await readShops(reader);
      const show = (stored: readonly StoredAlert[]) => stored.map((each) => shown(each, shops, language));
      return {
        data: show(await readOpenAlerts(reader)),
        cleared: show(await readClearedAlerts(reader, SHOWN_CLEARED)),
        channels: room.alerts.channels(),
      };
    });
  },
});

const test = route({
  method: 'POST',
  path: '/api/alerts/test',
  needs: 'operate',
  tag: 'Server',
  summary: 'Send a test to every channel · 测试提醒渠道 · Probar los canales de aviso',
  answer: z.object({ data: z.array(channelRow) }),
  handle: async ({ language }, room) => ({ data: await room.alerts.test(language) }),
});

/** What people have to know, and whether they are told. */
export const alertRoutes = [alerts, test] as const;

function shown(alert: StoredAlert, shops: readonly Shop[], language: Language) {
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
