import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../kernel/errors.ts';

/** Who gets in: settings of the gate. */
export interface Gate {
  /** Keys that open it; none: only this machine gets in. */
  readonly keys: readonly string[];
  /** Web origins that may call, beside pages served from this machine. */
  readonly origins: readonly string[];
}

/** Whether a host name means this machine and no other. */
export function isLoopbackName(host: string): boolean {
  const name = (/^\[(.*)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/^([^:]*):\d+$/, '$1')).toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** Whether a web origin is a page served from this machine. */
export function isLoopbackOrigin(origin: string): boolean {
  try {
    return isLoopbackName(new URL(origin).hostname);
  } catch {
    return false;
  }
}

/** The routes of the documentation, and those that the platforms send people to. The route, not the URL, is asked: the router ends a path at `#` and `;`, too. */
const OPEN = /\/(?:swagger|redoc)(?:\/|$)|\/openapi\.json$|^\/api\/[^/]+\/callback$/;

/**
 * Lets in who is allowed: without a key only requests that come from this machine, to a name of this machine, through no
 * proxy, and not from a foreign web page (a tunnel and a rebound name arrive from loopback too); with the right key anyone.
 * The documentation is open to all, and so is the end of a consent, which its signed state guards.
 */
export function gatekeeper({ keys, origins }: Gate): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const digests = keys.map(digest);
  // Fastify takes a hook with two parameters for one that answers with a promise.
  // oxlint-disable-next-line require-await
  return async (request) => {
    if (OPEN.test(request.routeOptions.url ?? '')) return;
    const given = keyOf(request);
    if (given !== undefined) {
      const wanted = digest(given);
      if (digests.filter((each) => timingSafeEqual(each, wanted)).length > 0) return;
      throw new AppError('key_wrong');
    }
    if (!isHere(request, origins)) throw new AppError('key_required');
  };
}

function isHere(request: FastifyRequest, origins: readonly string[]): boolean {
  const { headers, socket } = request;
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const forwarded = Object.keys(headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'));
  const { origin } = headers;
  // A picture or script of a foreign page names no origin, but the browser says where it is from; following a link is fine.
  const embedded = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
  const fromHere = origin === undefined ? !embedded : isLoopbackOrigin(origin) || origins.includes(origin);
  return isLoopbackName(peer) && isLoopbackName(headers.host ?? '') && !forwarded && fromHere;
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
  const own = headers['x-api-key'];
  return bearer ?? (Array.isArray(own) ? own[0] : own);
}

/** Digests have one length, so comparing them in constant time tells nothing about the key. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
