import { Command } from 'commander';
import type { Answer } from './api.ts';
import type { Session } from './cli.ts';

type Alerts = Answer<'GET', '/api/alerts'>;

const MARKS = { critical: '‼', warning: '⚠' } as const;

/** `s7 alerts`: what needs attention, with an exit code that a monitoring system understands. */
export function alertsCommand(session: Session): Command {
  const command = new Command('alerts')
    .description('What needs attention, and whether people are told.')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      `
Exit code, as monitoring systems expect of a check: 0 nothing is open; 1 a warning is, or a channel fails; 2 something critical is.

Examples:
  $ s7 alerts
  $ s7 alerts test                                sends a test by mail, 企业微信, 钉钉, Slack: whatever is set up`,
    )
    .action(({ json }: { json?: true }) =>
      session.withClient(async (client) => {
        const answer = await client.get('/api/alerts');
        session.out(json ? JSON.stringify(answer) : [...lines(answer.data), ...troubles(answer.channels)].join('\n') || '✔');
        const failing = answer.channels.some(({ error }) => error !== null);
        session.exitCode = answer.data.some(({ severity }) => severity === 'critical') ? 2 : answer.data.length > 0 || failing ? 1 : 0;
      }),
    );
  command
    .command('test')
    .description('Send a test to every channel that the settings name.')
    .option('--json', 'for programs')
    .addHelpText('after', '\nEnds with 1 when a channel fails or there is none.\n\nExample:\n  $ s7 alerts test')
    .action(({ json }: { json?: true }) =>
      session.withClient(async (client) => {
        const { data } = await client.post('/api/alerts/test', undefined);
        const said = data.filter(({ error }) => error === null).map(({ channel }) => `✔ ${channel}`);
        session.out(
          json
            ? JSON.stringify(data)
            : [...said, ...troubles(data)].join('\n') ||
                'No channel: S7_SMTP_URL with S7_ALERT_MAIL_TO, S7_ALERT_WECOM_URL, S7_ALERT_DINGTALK_URL, S7_ALERT_SLACK_URL.',
        );
        if (data.length === 0 || said.length < data.length) session.exitCode = 1;
      }),
    );
  return command;
}

function lines(alerts: Alerts['data']): string[] {
  return alerts.map(
    ({ severity, text, todo, raised_at: at }) => `${MARKS[severity]} ${text}  (${at.slice(0, 16).replace('T', ' ')} UTC)\n  ${todo}`,
  );
}

function troubles(channels: Alerts['channels']): string[] {
  return channels.flatMap(({ channel, error }) => (error === null ? [] : [`✗ ${channel}: ${error}`]));
}
