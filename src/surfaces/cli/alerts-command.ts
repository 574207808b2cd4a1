import { Command } from 'commander';
import { shownInstant, type Text } from '../../kernel/messages.ts';
import type { Answer } from './api.ts';
import type { Session } from './cli.ts';
import { HELP, withEnd } from './help.ts';

type Alerts = Answer<'GET', '/api/alerts'>;

const MARKS = { critical: '‼', warning: '⚠' } as const;
const SETTINGS = ['S7_SMTP_URL + S7_ALERT_MAIL_TO', 'S7_ALERT_WECOM_URL', 'S7_ALERT_DINGTALK_URL', 'S7_ALERT_SLACK_URL'];

const TEXTS = {
  about: {
    en: 'What needs attention, and whether people are told.',
    zh: '待处理事项，以及是否已通知。',
    es: 'Qué requiere atención, y si se avisa de ello.',
  },
  notes: {
    en: 'Exit code, as monitoring systems expect of a check: 0 nothing is open; 1 a warning is, or a channel fails; 2 something urgent is.',
    zh: '退出码符合监控系统的习惯：0 没有提醒；1 有需注意的提醒或通知方式失败；2 有紧急提醒。',
    es:
      'Código de salida, como lo esperan los sistemas de vigilancia: 0 nada pendiente; 1 algo pide atención o falla un canal; 2 algo ' +
      'es urgente.',
  },
  testing: {
    en: 'a test by mail, 企业微信, 钉钉, Slack: whatever is set up',
    zh: '用已设置的通知方式发送测试：邮件、企业微信、钉钉、Slack',
    es: 'una prueba por correo, 企业微信, 钉钉, Slack: lo que esté configurado',
  },
  test: {
    en: 'Send a test to every channel that the settings name.',
    zh: '向设置中的每种通知方式发送测试。',
    es: 'Enviar una prueba a cada canal de los ajustes.',
  },
  testNotes: {
    en: 'Ends with 1 when a channel fails or there is none.',
    zh: '有通知方式失败或未设置任何通知方式时，以 1 退出。',
    es: 'Termina con 1 si falla un canal o no hay ninguno.',
  },
  none: { en: 'No channel is set up: {settings}.', zh: '未设置通知方式：{settings}。', es: 'No hay ningún canal: {settings}.' },
  nothing: { en: '✔ Nothing needs you', zh: '✔ 暂无待处理事项', es: '✔ Nada pendiente' },
} as const satisfies Record<string, Text>;

/** `s7 alerts`: what needs attention, with an exit code that a monitoring system understands. */
export function alertsCommand(session: Session): Command {
  const { say } = session;
  const command = new Command('alerts')
    .description(say(TEXTS.about))
    .option('--json', say(HELP.json))
    .action(({ json }: { json?: true }) =>
      session.withClient(async (client) => {
        const answer = await client.get('/api/alerts');
        session.out(
          json ? JSON.stringify(answer) : [...lines(answer.data, session), ...troubles(answer.channels)].join('\n') || say(TEXTS.nothing),
        );
        const failing = answer.channels.some(({ error }) => error !== null);
        session.exitCode = answer.data.some(({ severity }) => severity === 'critical') ? 2 : answer.data.length > 0 || failing ? 1 : 0;
      }),
    );
  const testing = new Command('test')
    .description(say(TEXTS.test))
    .option('--json', say(HELP.json))
    .action(({ json }: { json?: true }) =>
      session.withClient(async (client) => {
        const { data } = await client.post('/api/alerts/test', undefined);
        const said = data.filter(({ error }) => error === null).map(({ channel }) => `✔ ${channel}`);
        session.out(json ? JSON.stringify(data) : [...said, ...troubles(data)].join('\n') || say(TEXTS.none, { settings: SETTINGS }));
        if (data.length === 0 || said.length < data.length) session.exitCode = 1;
      }),
    );
  command.addCommand(withEnd(testing, { notes: TEXTS.testNotes, examples: ['s7 alerts test'] }));
  return withEnd(command, { notes: TEXTS.notes, examples: ['s7 alerts', ['s7 alerts test', TEXTS.testing]] });
}

function lines(alerts: Alerts['data'], { language }: Session): string[] {
  return alerts.map(({ severity, text, todo, raised_at: at }) => `${MARKS[severity]} ${text}  (${shownInstant(at, language)})\n  ${todo}`);
}

function troubles(channels: Alerts['channels']): string[] {
  return channels.flatMap(({ channel, error }) => (error === null ? [] : [`✗ ${channel}: ${error}`]));
}
