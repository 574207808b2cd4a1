import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { route } from './route.ts';
import { setToken, tokenOf } from './session-cookie.ts';

const LONGEST_BODY = 4096;

const signIn = route({
  method: 'POST',
  path: '/api/session',
  needs: 'read',
  open: true,
  tag: 'Server',
  summary: 'Sign a browser in · 登录 · Iniciar sesión',
  description:
    'Gives a cookie (HttpOnly, SameSite=Strict, Secure where S7_PUBLIC_URL is https) that stands for the key in this browser. It ' +
    'ends by `DELETE` or after 30 days without use. `/signin` is the page.',
  longestBody: LONGEST_BODY,
  body: z.strictObject({ key: z.string().min(1).max(1000).describe('S7_API_KEY.') }),
  answer: z.object({}),
  async handle({ request, reply, body }, { gate, sessions, config }) {
    if (!gate.isFromOwnPage(request)) throw await gate.refusal(request, reply, new AppError('origin_refused'));
    if (!gate.isApiKey(body.key)) throw await gate.refusal(request, reply, new AppError('key_wrong'));
    const former = tokenOf(request);
    if (former !== undefined) await sessions.end(former);
    setToken(reply, await sessions.begin(), config.publicUrl);
    return {};
  },
});

const signOut = route({
  method: 'DELETE',
  path: '/api/session',
  needs: 'read',
  open: true,
  tag: 'Server',
  summary: 'Sign this browser out · 退出登录 · Cerrar sesión',
  answer: z.object({}),
  async handle({ request, reply }, { gate, sessions, config }) {
    if (!gate.isFromOwnPage(request)) throw await gate.refusal(request, reply, new AppError('origin_refused'));
    const token = tokenOf(request);
    if (token !== undefined) await sessions.end(token);
    setToken(reply, undefined, config.publicUrl);
    return {};
  },
});

/** A browser gives the key once and is known by a cookie from then on, until it signs out or thirty days pass without it. */
export const sessionRoutes = [signIn, signOut] as const;
