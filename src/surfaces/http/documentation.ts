import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LOGO, STAR } from './brand.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

const REDOC = fileURLToPath(import.meta.resolve('redoc/bundles/redoc.standalone.js'));
/** The one thing ReDoc fetches from elsewhere. */
const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const NOTHING_SEEN = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

/** The pages need inline styles; everything else comes from this server, so that they work without a network. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; connect-src 'self'";

/**
 * Gives a scope its OpenAPI document with Swagger UI and ReDoc at `openapi.json`, `swagger/` and `redoc/`.
 * Register it before the routes: it sees those that come after.
 */
export async function documentation(
  scope: FastifyInstance,
  { title, version, prefix }: { title: string; version: string; prefix: string },
): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title,
        version,
        description:
          'Read-only towards the shops. Amounts are exact decimals; days are shop days; null means unknown, with the reason in `nulls`.',
      },
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'S7_API_KEY. Not needed from this machine where neither it nor S7_PUBLIC_URL is set.',
          },
          key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          browser: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'What a browser gets at /signin.' },
        },
      },
      security: [{}, { bearer: [] }, { key: [] }, { browser: [] }],
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
    transformObject: (given) => withoutBounds(jsonSchemaTransformObject(given)),
  });
  await scope.register(swaggerUi, {
    routePrefix: '/swagger',
    indexPrefix: prefix,
    staticCSP: POLICY,
    uiConfig: { docExpansion: 'list', tryItOutEnabled: true, displayRequestDuration: true, showExtensions: true },
    theme: {
      title,
      favicon: [{ filename: 'star.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: STAR }],
      // The box to load another document: the policy would not let it.
      css: [
        {
          filename: 'own.css',
          content:
            '.swagger-ui .topbar .download-url-wrapper { display: none } .swagger-ui .topbar-wrapper { justify-content: space-between }',
        },
      ],
    },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO), href: '/', target: '_self' },
    uiHooks: { onRequest: inOurLetters(`${prefix}/swagger`) },
  });
  scope.get('/openapi.json', { schema: { hide: true } }, () => scope.swagger());
  scope.get('/redoc', { schema: { hide: true } }, (_request, reply) =>
    reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>body { margin: 0 }</style></head>
<body><div id="redoc"></div><script src="${prefix}/redoc/redoc.js"></script><script src="${prefix}/redoc/start.js"></script></body></html>`),
  );
  scope.get('/redoc/redoc.js', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('text/javascript')
      .header('cache-control', 'public, max-age=86400')
      .send((await readFile(REDOC, 'utf8')).replace(REDOC_LOGO, NOTHING_SEEN)),
  );
  scope.get('/redoc/start.js', { schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/javascript')
      .send(`Redoc.init('${prefix}/openapi.json', { hideHostname: true, disableSearch: false }, document.getElementById('redoc'));`),
  );
}

/** Without the bounds that every whole number has: they hide those that mean something. */
function withoutBounds<T>(document: T): T {
  return JSON.parse(JSON.stringify(document), (name, value: unknown) =>
    (name === 'minimum' && value === Number.MIN_SAFE_INTEGER) || (name === 'maximum' && value === Number.MAX_SAFE_INTEGER)
      ? undefined
      : value,
  ) as T;
}

/** Leads `/API/tiktok/Swagger/` to the path as it is written here: the page's files are found under no other. */
function inOurLetters(path: string): onRequestHookHandler {
  return (request, reply, done) => {
    if (request.url.startsWith(path)) done();
    else reply.redirect(`${path}${request.url.slice(path.length)}`);
  };
}
