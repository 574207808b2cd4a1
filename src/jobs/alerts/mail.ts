import { AppError } from '../../kernel/errors.ts';
import type { Message } from './channels.ts';

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string;
  readonly to: readonly string[];
  readonly from: string;
}

const PATIENCE_MS = 10_000;
const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Sends a mail to all addresses at once. A password goes to another machine over TLS or not at all.
 * @throws AppError `alert_channel_failed` with the mail server's code, never its words; the reason of the signal when that ends it
 */
export async function sendMail({ url, to, from }: MailSettings, { subject, text }: Message, signal: AbortSignal): Promise<void> {
  // Read when there is something to send: no command of the command line waits for it.
  const { createTransport } = await import('nodemailer');
  const { username, hostname } = new URL(url);
  const transport = createTransport({
    url,
    requireTLS: username !== '' && !THIS_MACHINE.test(hostname),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    dnsTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([transport.sendMail({ from, to: [...to], subject, text }), aborted]);
  } catch (error) {
    signal.throwIfAborted();
    const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
    const reason = [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
    throw new AppError('alert_channel_failed', { channel: 'mail', reason: reason || 'failed' });
  } finally {
    signal.removeEventListener('abort', abort);
    transport.close();
  }
}
