import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { errorAnswers } from './answers.ts';
import type { Gate } from './gate.ts';
import type { HttpRoom } from './room.ts';
import { setToken, tokenOf } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

const success = z.object({ code: z.literal(0), msg: z.literal('success') });
const LONGEST_BODY = 4096;

/** A browser gives the key once and is known by a cookie from then on, until it signs out or thirty days pass without it. */
export function sessionRoutes(
  scope: FastifyInstance,
  { room: { config }, gate, sessions }: { room: HttpRoom; gate: Gate; sessions: Sessions },
): void {
  scope.post(
    '/session',
    {
      bodyLimit: LONGEST_BODY,
      schema: {
        tags: ['Server'],
        summary: 'Sign a browser in · 登录',
        security: [],
        description:
          'Gives a cookie (HttpOnly, SameSite=Strict, Secure where S7_PUBLIC_URL is https) that stands for the key in this browser. It ends by `DELETE` or after 30 days without use. `/signin` is the page.',
        body: z.strictObject({ key: z.string().min(1).max(1000).describe('S7_API_KEY.') }),
        response: { 200: success, ...errorAnswers },
      },
    },
    async (request, reply) => {
      if (!gate.isFromOwnPage(request)) throw await gate.refusal(request, reply, new AppError('origin_refused'));
      if (!gate.isApiKey((request.body as { key: string }).key)) throw await gate.refusal(request, reply, new AppError('key_wrong'));
      const former = tokenOf(request);
      if (former !== undefined) await sessions.end(former);
      setToken(reply, await sessions.begin(), config.publicUrl);
      return { code: 0, msg: 'success' };
    },
  );

  scope.delete(
    '/session',
    {
      schema: { tags: ['Server'], summary: 'Sign this browser out · 退出', security: [], response: { 200: success, ...errorAnswers } },
    },
    async (request, reply) => {
      if (!gate.isFromOwnPage(request)) throw await gate.refusal(request, reply, new AppError('origin_refused'));
      const token = tokenOf(request);
      if (token !== undefined) await sessions.end(token);
      setToken(reply, undefined, config.publicUrl);
      return { code: 0, msg: 'success' };
    },
  );
}
