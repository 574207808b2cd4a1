import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyInstance, type onRequestHookHandler, type onSendHookHandler } from 'fastify';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LOGO, STAR } from './brand.ts';
import { openApi, type ShownRoute } from './open-api.ts';
import { ROUTER_OPTIONS } from './route.ts';
import { SWAGGER_STYLE } from './swagger-style.ts';

const REDOC = fileURLToPath(import.meta.resolve('redoc/bundles/redoc.standalone.js'));
/** The one thing ReDoc fetches from elsewhere. */
const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const NOTHING_SEEN = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

const VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">';

/** The pages need inline styles; everything else comes from this server, so that they work without a network. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; connect-src 'self'";

/** What is documented, and where. */
export interface Documented {
  readonly title: string;
  readonly version: string;
  /** The path before those of the documentation. */
  readonly prefix: string;
  readonly routes: readonly ShownRoute[];
}

/**
 * The documentation of a place as a server of its own: OpenAPI document, Swagger UI and ReDoc at `openapi.json`, `swagger/` and `redoc/`.
 */
export async function openDocumentation(documented: Documented): Promise<FastifyInstance> {
  const app = Fastify({ routerOptions: ROUTER_OPTIONS });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  await app.register((scope) => pages(scope, documented), { prefix: documented.prefix });
  return app;
}

async function pages(scope: FastifyInstance, { title, version, prefix, routes }: Documented): Promise<void> {
  await scope.register(swagger, { mode: 'static', specification: { document: openApi(routes, { title, version }) as never } });
  scope.addHook('onSend', asWideAsScreen);
  await scope.register(swaggerUi, {
    routePrefix: '/swagger',
    indexPrefix: prefix,
    staticCSP: POLICY,
    uiConfig: { docExpansion: 'list', tryItOutEnabled: true, displayRequestDuration: true, showExtensions: true },
    theme: {
      title,
      favicon: [{ filename: 'star.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: STAR }],
      css: [{ filename: 'own.css', content: SWAGGER_STYLE }],
    },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO), href: '/', target: '_self' },
    uiHooks: { onRequest: inOurLetters(`${prefix}/swagger`) },
  });
  scope.get('/openapi.json', () => scope.swagger());
  scope.get('/redoc', (_request, reply) =>
    reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(`<!doctype html>
<html lang="en"><head><meta charset="utf-8">${VIEWPORT}<title>${title}</title>
<style>body { margin: 0 }</style></head>
<body><div id="redoc"></div><script src="${prefix}/redoc/redoc.js"></script><script src="${prefix}/redoc/start.js"></script></body></html>`),
  );
  scope.get('/redoc/redoc.js', async (_request, reply) =>
    reply
      .type('text/javascript')
      .header('cache-control', 'public, max-age=86400')
      .send((await readFile(REDOC, 'utf8')).replace(REDOC_LOGO, NOTHING_SEEN)),
  );
  scope.get('/redoc/start.js', (_request, reply) =>
    reply
      .type('text/javascript')
      .send(`Redoc.init('${prefix}/openapi.json', { hideHostname: true, disableSearch: false }, document.getElementById('redoc'));`),
  );
}

/** Swagger UI's page does not say that it fits a phone, which then shows it as wide as a desk, and shrunk. */
const asWideAsScreen: onSendHookHandler = (_request, _reply, payload, done) => {
  const page = typeof payload === 'string' && payload.includes('<div id="swagger-ui">') ? payload : undefined;
  done(null, page?.replace('<meta charset="UTF-8">', `$&${VIEWPORT}`) ?? payload);
};

/** Leads `/API/tiktok/Swagger/` to the path as it is written here: the page's files are found under no other. */
function inOurLetters(path: string): onRequestHookHandler {
  return (request, reply, done) => {
    if (request.url.startsWith(path)) done();
    else reply.redirect(`${path}${request.url.slice(path.length)}`);
  };
}
