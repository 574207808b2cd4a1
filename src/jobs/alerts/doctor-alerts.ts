import { readOpenAlerts } from '../../records/alerts/alert-log.ts';
import type { Engine } from '../../engines/engine.ts';
import { fill, type Language, type Text } from '../../kernel/messages.ts';
import type { Finding } from '../doctor-connections.ts';
import { alertText } from './alert-text.ts';
import type { Alerts } from './alerts.ts';

/** What is examined of the alerts. */
export interface AlertedRoom {
  readonly engine: Engine;
  readonly alerts: Alerts;
}

const TEXTS = {
  none: { en: 'none', zh: '无', es: 'ninguno' },
  said_nowhere: {
    en: 'said on the start page and by s7 alerts only; S7_SMTP_URL or S7_ALERT_… sends them to people',
    zh: '仅显示在首页和 s7 alerts；设置 S7_SMTP_URL 或 S7_ALERT_… 可推送给相关人员',
    es: 'solo en la página de inicio y en s7 alerts; S7_SMTP_URL o S7_ALERT_… los envía a personas',
  },
  said_by: { en: 'said by {channels}', zh: '通过 {channels} 发送', es: 'por {channels}' },
  failing: {
    en: 'cannot be said by {channels}; s7 alerts test tries again',
    zh: '无法通过 {channels} 发送；可用 s7 alerts test 重试',
    es: 'no se pueden enviar por {channels}; s7 alerts test lo reintenta',
  },
} as const satisfies Record<string, Text>;

/** The open alerts as they are now, and whether people hear of them. */
export async function examineAlerts({ engine, alerts }: AlertedRoom, language: Language): Promise<Finding[]> {
  await alerts.evaluate();
  const open = await engine.read(readOpenAlerts);
  const channels = alerts.channels();
  const failing = channels.filter(({ error }) => error !== null).map(({ channel, error }) => `${channel} (${error})`);
  const say = (state: Finding['state'], text: keyof typeof TEXTS, values = {}): Finding => ({
    check: 'channels',
    state,
    text: fill(TEXTS[text], language, values),
  });
  return [
    ...(open.length === 0
      ? [{ check: 'alerts', state: 'ok', text: TEXTS.none[language] } as const]
      : open.map((each): Finding => ({
          check: 'alerts',
          state: each.severity === 'critical' ? 'problem' : 'note',
          text: alertText(each, language).text,
        }))),
    failing.length > 0
      ? say('problem', 'failing', { channels: failing })
      : channels.length === 0
        ? say('note', 'said_nowhere')
        : say('ok', 'said_by', { channels: channels.map(({ channel }) => channel) }),
  ];
}
