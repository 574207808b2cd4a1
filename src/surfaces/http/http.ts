import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { LIMITS, overLimit } from '../../kernel/limits.ts';
import { visibleLines } from '../../kernel/visible.ts';
import { NEW_KEY_COMMAND } from '../guarded-settings.ts';
import { isLoopbackName, isLoopbackOrigin } from './access.ts';
import { guardBodies } from './body-guard.ts';
import { documentationRoutes } from './documentation-routes.ts';
import { openGate } from './gate.ts';
import { percentOf } from './general-routes.ts';
import { mcpRoutes } from './mcp-route.ts';
import { nearestPath } from './nearest-path.ts';
import { languageOf, type HttpRoom } from './room.ts';
import { ROOT, ROUTER_OPTIONS, urlOf } from './route.ts';
import { routesOf } from './routes.ts';
import { serveRoute } from './serve-route.ts';
import { openSessions } from './sessions.ts';

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
    const seconds = known.details?.['retry_after_seconds'];
    if (typeof seconds === 'number' && seconds > 0) reply.header('retry-after', seconds);
    await reply
      .code(known.status)
      .type('application/json; charset=utf-8')
      .send({ ...known.toBody(languageOf(request, room)), request_id: request.id });
  };
  const nothingThere = (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const path = request.url.split('?', 1)[0]!;
    return refuse(new AppError('not_found', { path }, { meant: nearestPath(path, paths) }), request, reply);
  };
  const routes = routesOf(room);
  const paths = routes
    .filter(({ route }) => route.summary !== undefined)
    .flatMap(({ route: { path, aliases = [] }, place }) => [path, ...aliases].map((each) => urlOf(each, place)));
  const app = Fastify({
    routerOptions: ROUTER_OPTIONS,
    // Routes read what comes, and write what goes, by schemas of their own.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
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
  const sessions = await openSessions(room, config.apiKey);
  const gate = openGate(app, { apiKey: config.apiKey, publicUrl: config.publicUrl, origins, ownKey: room.sessionKey, sessions });
  // Until everything is read by today's rules no figure is right; how far that is stands in /api/health.
  app.addHook('onRequest', async (request) => {
    const { progress } = room.upgrade;
    if (progress && !request.routeOptions.config?.route?.meanwhile) throw new AppError('store_upgrading', { percent: percentOf(progress) });
  });
  await app.register(multipart, { limits: { fileSize: Infinity, fieldSize: 1_000_000 } });
  const placed = [...routes, ...documentationRoutes(app, routes, room), ...mcpRoutes(app).map((route) => ({ route, place: ROOT }))];
  for (const each of placed) serveRoute(app, each, { ...room, gate, sessions });
  await app.ready();
  return app;
}

/** Our error for anything that went wrong, Fastify's own complaints among them. */
function fromFastify(error: unknown): AppError {
  const status = (error as { statusCode?: number } | null)?.statusCode;
  if (!(error instanceof AppError) && status !== undefined && status >= 400 && status < 500)
    return new AppError('body_not_understood', {}, { cause: error });
  return toAppError(error);
}

/** Stands where Fastify would load a compiler of schemas. */
function noCompiler(): never {
  throw new Error('a route has a schema that is not its own');
}

/** A URL's parameters may hold keys or names: only the path is logged. */
function shownRequest(request: FastifyRequest) {
  return { method: request.method, path: request.url?.split('?', 1)[0], id: request.id };
}

function shownError(error: Error) {
  return { type: error.name, message: error.message, stack: error.stack ?? '' };
}
