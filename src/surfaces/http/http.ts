import { randomBytes } from 'node:crypto';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, validatorCompiler } from 'fastify-type-provider-zod';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { LIMITS, overLimit } from '../../kernel/limits.ts';
import { visibleLines } from '../../kernel/visible.ts';
import { NEW_KEY_COMMAND } from '../guarded-settings.ts';
import { isLoopbackName, isLoopbackOrigin } from './access.ts';
import { adoptRoutes } from './adopt-routes.ts';
import { alertRoutes } from './alert-routes.ts';
import { guardBodies } from './body-guard.ts';
import { connectRoutes } from './connect-routes.ts';
import { documentation } from './documentation.ts';
import { openGate } from './gate.ts';
import { generalRoutes, percentOf } from './general-routes.ts';
import { importRoutes } from './import-routes.ts';
import { liveRoutes } from './live-routes.ts';
import { mcpRoute } from './mcp-route.ts';
import { miraviaRoutes, unconnectedRoutes } from './older-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { startPage } from './page.ts';
import { refuseUnknown } from './parameters.ts';
import { rateRoutes } from './rate-routes.ts';
import { replayRoutes } from './replay-routes.ts';
import { reportRoutes } from './report-routes.ts';
import { languageOf, SEGMENTS, type HttpRoom } from './room.ts';
import { sessionRoutes } from './session-routes.ts';
import { openSessions } from './sessions.ts';
import { shopRoutes } from './shop-routes.ts';
import { signinPage } from './signin-page.ts';
import { syncRoutes } from './sync-routes.ts';

/** The server, not listening yet. */
export type Http = FastifyInstance;

/** Whoever has not said within that what they want is let go of. */
const HEADERS_MS = 20_000;
const CONNECTIONS_LOOKED_AT_MS = 5000;

/**
 * Builds the server: the gate, errors in the caller's language, documentation and every path.
 * @throws AppError `listen_without_key` when it would listen off this machine without a key
 */
export async function createHttp(room: HttpRoom): Promise<Http> {
  const { config } = room;
  if (!config.apiKey && !isLoopbackName(config.host))
    throw new AppError('listen_without_key', { host: config.host, command: NEW_KEY_COMMAND });
  const refuse = async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const known = fromFastify(error);
    // What a platform refuses is its answer and no failure of ours.
    if (known.status >= 500 && (known.code === 'internal' || known.cause !== undefined))
      request.log.error({ err: known.cause ?? known, name: known.code }, 'request failed');
    // Of what stands still no more comes: whoever sends it is let go.
    if (known.code === 'upload_stalled') reply.header('connection', 'close');
    await reply
      .code(known.status)
      .type('application/json; charset=utf-8')
      .send({ ...known.toBody(languageOf(request, room)), request_id: request.id });
  };
  const nothingThere = (request: FastifyRequest, reply: FastifyReply): Promise<void> =>
    refuse(new AppError('not_found', { path: request.url.split('?', 1)[0]! }), request, reply);
  const app = Fastify({
    routerOptions: { ignoreTrailingSlash: true, caseSensitive: false, maxParamLength: 200 },
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
    forceCloseConnections: true,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: CONNECTIONS_LOOKED_AT_MS },
    // Standard output belongs to what the user asked for.
    logger: {
      level: 'warn',
      serializers: { req: shownRequest, err: shownError },
      stream: { write: (line: string) => void process.stderr.write(visibleLines(line)) },
    },
    logController: new LogController({ disableRequestLogging: true }),
    // A path that cannot be decoded, for one.
    frameworkErrors: (_error, request, reply) => void nothingThere(request, reply),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(refuse);
  app.setNotFoundHandler(nothingThere);

  // Off the network Node refuses one that is little longer; MCP's questions come by no network.
  app.addHook('onRequest', async ({ url }) => {
    if (url.length > LIMITS.address_characters.most) throw overLimit('address_characters');
  });
  guardBodies(app);
  const origins = config.corsOrigins ?? [];
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: { upgradeInsecureRequests: null, imgSrc: ["'self'", 'data:', 'https:'], workerSrc: ["'self'", 'blob:'] },
    },
    hsts: false,
  });
  await app.register(cors, {
    origin: (origin, done) =>
      done(null, origin !== undefined && (config.corsOrigins ? origins.includes(origin) : isLoopbackOrigin(origin))),
    exposedHeaders: ['x-s7-redacted', 'x-s7-warnings', 'retry-after', 'content-disposition', 'etag'],
    strictPreflight: false,
  });
  await app.register(rateLimit, { global: false });
  // Last of the hooks: a refusal carries the security and CORS headers, and a preflight comes without a key.
  const ownKey = room.sessionKey ?? randomBytes(32).toString('base64url');
  const sessions = await openSessions(room, config.apiKey);
  const gate = openGate(app, { apiKey: config.apiKey, publicUrl: config.publicUrl, origins, ownKey, sessions });
  // Until everything is read by today's rules no figure is right; how far that is stands in /api/health.
  app.addHook('onRequest', async (request) => {
    const { progress } = room.upgrade;
    if (progress && !isOpenMeanwhile(request)) throw new AppError('store_upgrading', { percent: percentOf(progress) });
  });
  await app.register(multipart, { limits: { fileSize: Infinity, fieldSize: 1_000_000 } });

  await app.register(
    async (scope) => {
      await documentation(scope, { title: 'S7StarERP', version: config.version, prefix: '/api' });
      refuseUnknown(scope);
      sessionRoutes(scope, { room, gate, sessions });
      generalRoutes(scope, { ...room, proxySeen: gate.proxySeen });
      shopRoutes(scope, room);
      syncRoutes(scope, room);
      importRoutes(scope, room);
      adoptRoutes(scope, room);
      replayRoutes(scope, room);
      rateRoutes(scope, room);
      alertRoutes(scope, room);
    },
    { prefix: '/api' },
  );
  for (const { segment, platforms } of SEGMENTS) {
    await app.register(
      async (scope) => {
        await documentation(scope, { title: `S7StarERP · ${segment}`, version: config.version, prefix: `/api/${segment}` });
        reportRoutes(scope, room, platforms);
        orderRoutes(scope, room, platforms);
        // Files of no platform have nobody to ask, and several have none.
        const platform = room.platforms.find(({ id, records }) => id === segment && records);
        if (!platform) return;
        liveRoutes(scope, room, platform.id);
        if (platform.api) connectRoutes(scope, room, platform.id);
        else unconnectedRoutes(scope, platform);
      },
      { prefix: `/api/${segment}` },
    );
  }
  miraviaRoutes(app);
  mcpRoute(app, room, ownKey);
  startPage(app, room);
  signinPage(app, room);
  await app.ready();
  return app;
}

/** Our error for anything that went wrong, Fastify's own complaints among them. */
function fromFastify(error: unknown): AppError {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [issue] = error.validation;
    const name = (issue?.instancePath ?? '').split('/').filter(Boolean).join('.') || error.validationContext;
    return new AppError('invalid_parameter', { name, problem: issue?.message ?? '' });
  }
  const status = (error as { statusCode?: number } | null)?.statusCode;
  if (!(error instanceof AppError) && status !== undefined && status >= 400 && status < 500)
    return new AppError('body_not_understood', {}, { cause: error });
  return toAppError(error);
}

function isOpenMeanwhile({ url }: FastifyRequest): boolean {
  return /^\/api\/(?:health|doctor)\/?(?:\?|$)/i.test(url);
}

/** A URL's parameters may hold keys or names: only the path is logged. */
function shownRequest(request: FastifyRequest) {
  return { method: request.method, path: request.url?.split('?', 1)[0], id: request.id };
}

function shownError(error: Error) {
  return { type: error.name, message: error.message, stack: error.stack ?? '' };
}
