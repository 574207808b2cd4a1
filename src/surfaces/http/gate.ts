import type { FastifyInstance, FastifyReply, FastifyRequest, LightMyRequestResponse } from 'fastify';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../kernel/errors.ts';
import { isFromOwnPage, isHere, isLinkToPage, isLoopbackName, isOpen, peerOf, proxySign } from './access.ts';
import { tokenOf } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

/**
 * Who asks: the program itself and its command line (`own`), whoever sends S7_API_KEY (`key`), a browser that signed in (`browser`),
 * anybody on this machine where no key is needed (`here`), or anybody at all.
 */
export type Asker = 'own' | 'key' | 'browser' | 'here' | 'anybody';

declare module 'fastify' {
  interface FastifyRequest {
    asker: Asker;
    /** What its rate is counted under; null: not counted. */
    bucket: string | null;
  }
}

/** What the gate is told. */
export interface GateSettings {
  readonly apiKey: string | undefined;
  readonly publicUrl: string | undefined;
  /** Web origins that may read beside those of this machine. */
  readonly origins: readonly string[];
  /** The key of this run, for the command line; without one it has none. */
  readonly ownKey: string | undefined;
  readonly sessions: Sessions;
}

/** The gate of a server. */
export interface Gate {
  /** Whether a key is the one of the settings. */
  isApiKey(key: string): boolean;
  /** Whether a request comes from a page of this server, or from no page. */
  isFromOwnPage(request: FastifyRequest): boolean;
  /** Counts a refusal; the error to throw is `too_many_requests` once there were too many from there. */
  refusal(request: FastifyRequest, reply: FastifyReply, error: AppError): Promise<AppError>;
  /** What told that requests come through a proxy; undefined while nothing has. */
  proxySeen(): string | undefined;
  /** Has the server ask itself something for a caller: it is answered what he may have, and counted as his. */
  askFor(caller: FastifyRequest, question: Question): Promise<LightMyRequestResponse>;
}

interface Question {
  readonly url: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
}

type Admitted = readonly [Asker, string | null];

const ADMITTED_A_MINUTE = 1200;
/** Somebody who guesses keys, or paths without one. */
const REFUSED_A_MINUTE = 120;
/** Whoever watches the server is told that it is there, however much is asked. */
const UNCOUNTED = '/api/health';

/**
 * Puts the gate before every route: who may ask for what (http-api, "Who gets in"), and how often. Let in are counted by their key,
 * browser or machine, refused by where they come from, so that no stranger uses up what is the owner's.
 */
export function openGate(app: FastifyInstance, { apiKey, publicUrl, origins, ownKey, sessions }: GateSettings): Gate {
  const pages = { publicUrl, origins };
  const isOwnKey = comparison(ownKey);
  const isApiKey = comparison(apiKey);
  const admitted = app.createRateLimit({ max: ADMITTED_A_MINUTE, timeWindow: '1 minute', keyGenerator: ({ bucket }) => bucket! });
  const refused = app.createRateLimit({ max: REFUSED_A_MINUTE, timeWindow: '1 minute', keyGenerator: peerOf });
  /** Who is asked for, by a key that is good for one question. */
  const lent = new Map<string, Admitted>();
  let proxy: string | undefined;

  const isExceeded = async (count: typeof admitted, request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
    const found = await count(request);
    if (found.isAllowed || !found.isExceeded) return false;
    reply.header('retry-after', found.ttlInSeconds);
    return true;
  };
  const gate: Gate = {
    isApiKey,
    isFromOwnPage: (request) => isFromOwnPage(request, pages),
    proxySeen: () => proxy,
    refusal: async (request, reply, error) => ((await isExceeded(refused, request, reply)) ? new AppError('too_many_requests') : error),
    async askFor({ asker, bucket }, { headers, ...question }) {
      const key = newKey();
      lent.set(key, [asker, bucket]);
      try {
        return await app.inject({ ...question, headers: { ...headers, authorization: `Bearer ${key}` } });
      } finally {
        lent.delete(key);
      }
    },
  };

  /** Who asks and what that is counted under, or why not. */
  const admit = (request: FastifyRequest): AppError | Admitted => {
    const route = request.routeOptions.url ?? '';
    if (isOpen(request)) return ['anybody', `${peerOf(request)} ${route}`];
    const given = keyOf(request);
    if (given !== undefined)
      return lent.get(given) ?? (isOwnKey(given) ? ['own', null] : isApiKey(given) ? ['key', 'key'] : new AppError('key_wrong'));
    const token = tokenOf(request);
    const session = token === undefined ? undefined : sessions.find(token);
    if (session !== undefined)
      return isFromOwnPage(request, pages) || isLinkToPage(request) ? ['browser', session] : new AppError('origin_refused');
    if (apiKey === undefined && publicUrl === undefined && isHere(request, pages)) return ['here', peerOf(request)];
    return new AppError('key_required');
  };

  app.decorateRequest('asker', 'anybody');
  app.decorateRequest('bucket', null);
  app.addHook('onRequest', async (request, reply) => {
    const found = admit(request);
    // What strangers invent tells nothing of us.
    if (isLoopbackName(peerOf(request)) || (!(found instanceof AppError) && found[0] !== 'anybody')) proxy = proxySign(request) ?? proxy;
    if (found instanceof AppError) {
      if (apiKey === undefined || found.code !== 'key_required' || !isBrowserAtStart(request))
        throw await gate.refusal(request, reply, found);
      request.bucket = `${peerOf(request)} /`;
    } else {
      [request.asker, request.bucket] = found;
    }
    if (request.bucket !== null && request.routeOptions.url !== UNCOUNTED && (await isExceeded(admitted, request, reply)))
      throw new AppError('too_many_requests');
    // From another site the browser leaves its cookie at home: asked by a page of ours it brings it.
    if (found instanceof AppError) return reply.redirect(isFromOwnPage(request, pages) ? '/signin' : '/signin?try');
  });
  return gate;
}

/** Whether a browser opens the start page. */
function isBrowserAtStart({ method, routeOptions, headers }: FastifyRequest): boolean {
  return method === 'GET' && routeOptions.url === '/' && (headers.accept ?? '').includes('text/html');
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
  const own = headers['x-api-key'];
  return bearer ?? (Array.isArray(own) ? own[0] : own);
}

function newKey(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Compares with a key; without one nothing is the same. Digests have one length, so comparing them in constant time tells nothing about it.
 */
function comparison(key: string | undefined): (given: string) => boolean {
  if (key === undefined) return () => false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(key);
  return (given) => timingSafeEqual(digest(given), wanted);
}
