import { AppError } from './errors.ts';
import { LIMITS, shownLimit } from './limits.ts';

/** A request as it goes out. The address and the headers may carry secrets: they stand in no error and no log. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What came back, whatever its status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * Sends a request and reads the whole reply.
 * @throws AppError `platform_unreachable` when none comes within the deadline, `reply_too_large`; the reason of the signal when that ends it
 */
export type Send = (request: HttpRequest) => Promise<HttpReply>;

/** {@link Send} over the network. A redirect is a reply: it could carry a token to another host. */
export const send: Send = async ({ method, url, headers, body, deadlineMs, signal }) => {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const reply = await fetch(url, {
      method,
      headers,
      body,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    return { status: reply.status, headers: reply.headers, body: await bodyOf(reply, url) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AppError) throw error;
    const reason = deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : reasonOf(error);
    // The original would bring the address along, and the address of a token call holds the app's secret.
    throw new AppError('platform_unreachable', { host: new URL(url).host, reason }, { cause: new Error(reason) });
  }
};

/** The text of a reply, which may have been packed a thousand times smaller. */
async function bodyOf(reply: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of reply.body ?? []) {
    size += chunk.length;
    if (size > LIMITS.reply_bytes.most)
      throw new AppError('reply_too_large', { host: new URL(url).host, limit: shownLimit('reply_bytes') });
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** What the system says happened, e.g. `ECONNREFUSED`; never its sentence, which may repeat the address. */
function reasonOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return error instanceof Error ? error.name : 'failed';
}
