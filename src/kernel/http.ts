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
 * @throws AppError `platform_unreachable` when none comes within the deadline, `reply_too_large`; the reason of the signal when that ends
 *   it
 */
export type Send = (request: HttpRequest) => Promise<HttpReply>;

/** A reply whose body has yet to be read. */
export interface HttpStream extends Omit<HttpReply, 'body'> {
  /**
   * The bytes as they come, to be read once; whoever stops reading closes the connection.
   * @throws AppError `platform_unreachable` when none come for as long as the deadline; the reason of the signal when that ends it
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** {@link Send} over the network. A redirect is a reply: it could carry a token to another host. */
export const send: Send = async (request) => {
  const deadline = AbortSignal.timeout(request.deadlineMs);
  try {
    const reply = await fetched(request, deadline);
    return { status: reply.status, headers: reply.headers, body: await textOf(reply.body ?? [], request.url) };
  } catch (error) {
    throw failureOf(error, request, deadline);
  }
};

/**
 * Sends a request for what may be of any size; the deadline is for the answer to begin, and again for each of its pieces.
 * @throws AppError `platform_unreachable` when no answer begins in time; the reason of the signal when that ends it
 */
export async function sendForStream(request: HttpRequest): Promise<HttpStream> {
  const stalled = new AbortController();
  const wait = (): NodeJS.Timeout => setTimeout(() => stalled.abort(), request.deadlineMs).unref();
  let timer = wait();
  const failed = (error: unknown): unknown => failureOf(error, request, stalled.signal);
  try {
    const reply = await fetched(request, stalled.signal);
    return {
      status: reply.status,
      headers: reply.headers,
      body: (async function* () {
        try {
          for await (const chunk of reply.body ?? []) {
            clearTimeout(timer);
            yield chunk;
            timer = wait();
          }
        } catch (error) {
          throw failed(error);
        } finally {
          clearTimeout(timer);
        }
      })(),
    };
  } catch (error) {
    clearTimeout(timer);
    throw failed(error);
  }
}

function fetched({ method, url, headers, body, signal }: HttpRequest, deadline: AbortSignal): Promise<Response> {
  return fetch(url, { method, headers, body, redirect: 'manual', signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
}

/**
 * What is told of a request that failed. The original would bring the address along, and the address of a token call holds the app's
 * secret.
 */
function failureOf(error: unknown, { url, deadlineMs, signal }: HttpRequest, deadline: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof AppError) return error;
  const reason = deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : reasonOf(error);
  return new AppError('platform_unreachable', { host: new URL(url).host, reason }, { cause: new Error(reason) });
}

/**
 * The text of a reply, which may have been packed a thousand times smaller.
 * @throws AppError `reply_too_large`
 */
export async function textOf(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
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
