import type { FastifyReply, FastifyRequest } from 'fastify';
import { PassThrough } from 'node:stream';
import { toAppError } from '../../kernel/errors.ts';
import type { Language } from '../../kernel/messages.ts';

/** What a caller accepts who wants to be told of progress. */
export const NDJSON = 'application/x-ndjson';

const PROGRESS_EVERY_MS = 200;

/** Answers with lines of JSON: `progress` now and then, `result` or `error` last. */
export function narrated(
  { request, reply, language }: { request: FastifyRequest; reply: FastifyReply; language: Language },
  run: (tell: (progress: object) => void) => Promise<object>,
): FastifyReply {
  const out = new PassThrough();
  const write = (line: object): void => void out.write(`${JSON.stringify(line)}\n`);
  let last = 0;
  run((progress) => {
    const now = performance.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    write({ progress });
  })
    .then(
      (result) => write({ result }),
      (error: unknown) => {
        const known = toAppError(error);
        if (known.status >= 500) request.log.error({ err: known.cause ?? known, name: known.code }, 'request failed');
        write({ error: { ...known.toBody(language), request_id: request.id } });
      },
    )
    .finally(() => out.end());
  return reply.type(`${NDJSON}; charset=utf-8`).send(out);
}
