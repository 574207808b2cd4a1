import type { FastifyReply } from 'fastify';
import { PassThrough } from 'node:stream';
import { toAppError } from '../../kernel/errors.ts';
import { SUCCESS, type Asked } from './route.ts';

/** What a caller accepts who wants to be told of progress. */
export const NDJSON = 'application/x-ndjson';

/** How a route says it, beneath its description. */
export const NARRATED = `With \`Accept: ${NDJSON}\` the answer is a line of progress now and then, the result last.`;

const PROGRESS_EVERY_MS = 200;
/** Who waits for an answer hears something that often: programs and proxies take five minutes of silence for a server that is gone. */
const HEARTBEAT_MS = 15_000;

/** Tells how far long work has come. */
export type Tell<P extends object> = (progress: P) => void;

/**
 * Does long work; who asked to be told is answered with lines of JSON: `progress` now and then, `result` or `error` last, an empty line
 * where there is nothing to tell.
 */
export function narrated<P extends object, T extends object>(
  { request, reply, language }: Asked,
  run: (tell: Tell<P> | undefined) => Promise<T>,
  heartbeatMs = HEARTBEAT_MS,
): Promise<T> | FastifyReply {
  if (!request.headers.accept?.includes(NDJSON)) return run(undefined);
  const out = new PassThrough();
  const write = (line: object): void => void out.write(`${JSON.stringify(line)}\n`);
  const heartbeat = setInterval(() => void out.write('\n'), heartbeatMs);
  let last = 0;
  run((progress) => {
    const now = performance.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    write({ progress });
  })
    .then(
      (result) => write({ result: { ...SUCCESS, ...result } }),
      (error: unknown) => {
        const known = toAppError(error);
        if (known.status >= 500) request.log.error({ err: known.cause ?? known, name: known.code }, 'request failed');
        write({ error: { ...known.toBody(language), request_id: request.id } });
      },
    )
    .finally(() => {
      clearInterval(heartbeat);
      out.end();
    });
  return reply.type(`${NDJSON}; charset=utf-8`).send(out);
}
