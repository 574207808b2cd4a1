import type { StoredAlert } from '../../records/alerts/alert-log.ts';
import { fill, LOCALES, type Language, type Text, type TextValues } from '../../kernel/messages.ts';
import { ALERT_KINDS } from './alert-kinds.ts';
import type { Message } from './channels.ts';

const TEXTS = {
  raised: { en: '⚠ {text}', zh: '⚠ {text}', es: '⚠ {text}' },
  critical: { en: '‼ {text}', zh: '‼ {text}', es: '‼ {text}' },
  cleared: { en: '✔ {text} (since {raised})', zh: '✔ {text}（始于 {raised}）', es: '✔ {text} (desde {raised})' },
  subject: { en: 'S7StarERP: {first}', zh: 'S7StarERP：{first}', es: 'S7StarERP: {first}' },
  test: {
    en: 'This is a test: alerts of S7StarERP arrive here.',
    zh: '这是一条测试消息：S7StarERP 的提醒会发送到这里。',
    es: 'Esto es una prueba: los avisos de S7StarERP llegan aquí.',
  },
} as const satisfies Record<string, Text>;

/** An alert in one language: what is so, and what to do. One of a kind this program no longer knows is told by its name. */
export function alertText({ kind, values, clearedAt }: StoredAlert, language: Language): { readonly text: string; readonly todo: string } {
  const known = ALERT_KINDS.find(({ name }) => name === kind);
  if (!known) return { text: kind, todo: '' };
  const told = withWeekday(values, language);
  return {
    text: fill(clearedAt === null ? known.raised : known.cleared, language, told),
    todo: clearedAt === null ? fill(known.todo, language, told) : '',
  };
}

/** The values, and of a day the name of its day of the week. */
function withWeekday(values: StoredAlert['values'], language: Language): TextValues {
  if (typeof values['day'] !== 'string') return values;
  const day = Temporal.PlainDate.from(values['day']);
  return { ...values, weekday: day.toLocaleString(LOCALES[language], { weekday: 'long' }) };
}

/** The paragraph of an alert in a message. */
function paragraph(alert: StoredAlert, language: Language): string {
  const { text, todo } = alertText(alert, language);
  if (alert.clearedAt !== null)
    return fill(TEXTS.cleared, language, { text, raised: `${alert.raisedAt.slice(0, 16).replace('T', ' ')} UTC` });
  return `${fill(TEXTS[alert.severity === 'critical' ? 'critical' : 'raised'], language, { text })}\n→ ${todo}`;
}

/** Messages that say these alerts, as few as fit; each with those it says. A paragraph too long for one is cut. */
export function messagesOf(
  alerts: readonly StoredAlert[],
  longestBytes: number,
  language: Language,
): { readonly message: Message; readonly alerts: readonly StoredAlert[] }[] {
  const groups: { paragraphs: string[]; alerts: StoredAlert[] }[] = [];
  for (const alert of alerts) {
    const text = cut(paragraph(alert, language), longestBytes);
    const last = groups.at(-1);
    if (last && Buffer.byteLength([...last.paragraphs, text].join(GAP)) <= longestBytes) {
      last.paragraphs.push(text);
      last.alerts.push(alert);
    } else {
      groups.push({ paragraphs: [text], alerts: [alert] });
    }
  }
  return groups.map(({ paragraphs, alerts: said }) => ({
    alerts: said,
    message: {
      subject: fill(TEXTS.subject, language, {
        first: alertText(said[0]!, language).text + (said.length > 1 ? ` (+${said.length - 1})` : ''),
      }),
      text: paragraphs.join(GAP),
    },
  }));
}

const GAP = '\n\n';

/** What is sent to see whether a channel works. */
export function testMessage(language: Language): Message {
  const text = TEXTS.test[language];
  return { subject: fill(TEXTS.subject, language, { first: text }), text };
}

function cut(text: string, longestBytes: number): string {
  if (Buffer.byteLength(text) <= longestBytes) return text;
  let short = text;
  while (Buffer.byteLength(`${short}…`) > longestBytes) short = [...short].slice(0, -8).join('');
  return `${short}…`;
}
