import type { FastifyReply, FastifyRequest } from 'fastify';

/** The cookie of a browser that signed in. */
export const SESSION_COOKIE = 's7_session';
const HELD = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([\\w-]+)(?:;|$)`);
/** As long as browsers keep any; the server ends a session that is idle for less. */
const LONGEST_SECONDS = 400 * 86_400;

/** The token that a browser holds. */
export function tokenOf({ headers }: FastifyRequest): string | undefined {
  return HELD.exec(headers.cookie ?? '')?.[1];
}

/**
 * Gives a browser its token, for this server alone: no script sees it, and no other site makes the browser send it. Without one it is taken
 * away.
 */
export function setToken(reply: FastifyReply, token: string | undefined, publicUrl: string | undefined): void {
  const secure = publicUrl?.startsWith('https:') ? '; Secure' : '';
  reply.header(
    'set-cookie',
    `${SESSION_COOKIE}=${token ?? ''}; Path=/; Max-Age=${token === undefined ? 0 : LONGEST_SECONDS}; HttpOnly; SameSite=Strict${secure}`,
  );
}
