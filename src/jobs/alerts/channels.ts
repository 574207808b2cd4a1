import { createHmac } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { send } from '../../kernel/http.ts';
import { parseJson } from '../../kernel/json.ts';
import { sendMail, type MailSettings } from './mail.ts';

/** Where alerts are said; all of it is secret but the addresses of mails. */
export interface ChannelSettings {
  readonly mail?: MailSettings | undefined;
  readonly wecomUrl?: string | undefined;
  readonly dingtalkUrl?: string | undefined;
  readonly dingtalkSecret?: string | undefined;
  readonly slackUrl?: string | undefined;
}

export interface Message {
  readonly subject: string;
  readonly text: string;
}

/** A way to say something to people. */
export interface Channel {
  readonly name: 'mail' | 'wecom' | 'dingtalk' | 'slack';
  /** The longest text it takes, in bytes of UTF-8. */
  readonly longestBytes: number;
  /** @throws AppError `alert_channel_failed` with a reason that holds no secret */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

const DEADLINE_MS = 10_000;

/** The channels that the settings name. */
export function openChannels(settings: ChannelSettings, clock: Clock): Channel[] {
  const { mail, wecomUrl, dingtalkUrl, dingtalkSecret, slackUrl } = settings;
  const channels: Channel[] = [];
  if (mail) channels.push({ name: 'mail', longestBytes: 100_000, send: (message, signal) => sendMail(mail, message, signal) });
  if (wecomUrl)
    channels.push({
      name: 'wecom',
      longestBytes: 2000,
      send: ({ text }, signal) =>
        post({ channel: 'wecom', url: wecomUrl, body: { msgtype: 'text', text: { content: text } }, signal }, errcodeOf),
    });
  if (dingtalkUrl) {
    channels.push({
      name: 'dingtalk',
      longestBytes: 15_000,
      // The signature is good for an hour: it is made for each message.
      send: ({ text }, signal) =>
        post(
          {
            channel: 'dingtalk',
            url: signedUrl(dingtalkUrl, dingtalkSecret, clock.now().epochMilliseconds),
            body: { msgtype: 'text', text: { content: text } },
            signal,
          },
          errcodeOf,
        ),
    });
  }
  if (slackUrl) {
    channels.push({
      name: 'slack',
      longestBytes: 30_000,
      send: ({ text }, signal) =>
        post({ channel: 'slack', url: slackUrl, body: { text: text.replace(/[&<>]/g, (sign) => SLACK_SIGNS[sign]!) }, signal }, () => null),
    });
  }
  return channels;
}

const SLACK_SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** DingTalk's 加签: Base64 of HMAC-SHA256 over timestamp, a line break and the secret, under the secret; in milliseconds. */
export function signedUrl(url: string, secret: string | undefined, timestamp: number): string {
  if (!secret) return url;
  const signed = new URL(url);
  signed.searchParams.set('timestamp', String(timestamp));
  signed.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'));
  return signed.href;
}

/** Posts a message; `problemOf` reads what an answer with status 200 says, null when all is well. */
async function post(
  { channel, url, body, signal }: { channel: Channel['name']; url: string; body: object; signal: AbortSignal },
  problemOf: (reply: string) => string | null,
): Promise<void> {
  const failed = (reason: string): AppError => new AppError('alert_channel_failed', { channel, reason });
  const reply = await send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    deadlineMs: DEADLINE_MS,
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw failed(error instanceof AppError && typeof error.values['reason'] === 'string' ? error.values['reason'] : 'unreachable');
  });
  // The words of an answer may repeat the address, which is the secret.
  if (reply.status !== 200) throw failed(`HTTP ${reply.status}`);
  const problem = problemOf(reply.body);
  if (problem !== null) throw failed(problem);
}

/** WeCom and DingTalk answer 200 whatever happened: `errcode` 0 alone is well. */
function errcodeOf(reply: string): string | null {
  const json = parseJson(reply);
  const code = typeof json === 'object' && json !== null && 'errcode' in json ? json.errcode : undefined;
  return code === 0 ? null : `errcode ${typeof code === 'number' ? code : '?'}`;
}
