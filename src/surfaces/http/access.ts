import type { FastifyRequest } from 'fastify';
import { isIPv4 } from 'node:net';
import { isQuestion, type Route } from './route.ts';

/** Whether a host name means this machine and no other. */
export function isLoopbackName(host: string): boolean {
  const name = host.replace(/^([^:]*|\[.*\]):\d+$/, '$1').toLowerCase();
  return ['localhost', '::1', '[::1]'].includes(name) || (isIPv4(name) && name.startsWith('127.'));
}

/** Whether a web origin is a page served from this machine. */
export function isLoopbackOrigin(origin: string): boolean {
  const host = hostOf(origin);
  return host !== undefined && isLoopbackName(host);
}

/** What proxies and tunnels add. */
const OF_PROXIES =
  /^(?:forwarded|via|x[-_](?:forwarded|real|original|envoy|amzn|arr|azure|appengine|cluster|proxy|host|scheme).*|.*client[-_]ip|(?:cf|fly|fastly|ngrok|tailscale)-.*)$/;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The route that a request reaches. It is asked, not the URL: the router ends a path at `#` and `;`, too. Undefined: there is none. */
function routeOf({ routeOptions }: FastifyRequest): Route | undefined {
  return routeOptions.config?.route;
}

/** Whether a request needs no key because what it asks for is open to all. */
export function isOpen(request: FastifyRequest): boolean {
  return routeOf(request)?.open === true;
}

/** What tells that a request came through a proxy or a tunnel; undefined when nothing does. */
export function proxySign({ headers, raw }: FastifyRequest): string | undefined {
  return Object.keys(headers).find((name) => OF_PROXIES.test(name)) ?? (raw.httpVersion === '1.0' ? 'HTTP/1.0' : undefined);
}

/** Who a request comes from, as far as the connection tells. */
export function peerOf({ socket }: FastifyRequest): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

/** Where browsers say that a request comes from. */
interface Pages {
  /** The address in people's browsers, where it is not the one that the request names. */
  readonly publicUrl: string | undefined;
  /** Web origins that may read beside those of this machine. */
  readonly origins: readonly string[];
}

/** Whether a request comes from this machine, by a name of this machine, through nothing else, and from a page that may ask for this. */
export function isHere(request: FastifyRequest, pages: Pages): boolean {
  return (
    isLoopbackName(peerOf(request)) &&
    namesThisMachine(request) &&
    proxySign(request) === undefined &&
    (isFromOwnPage(request, pages) || isReader(request, pages))
  );
}

/** Named once, for two names could be read differently on the way; nor as one names a thing to a proxy. */
function namesThisMachine({ headers, raw }: FastifyRequest): boolean {
  return isLoopbackName(headers.host ?? '') && raw.url?.startsWith('/') === true && (raw.headersDistinct?.['host']?.length ?? 1) === 1;
}

/** A page of another port of this machine may read, so may whom the settings name; a link may be followed to a page. */
function isReader(request: FastifyRequest, { origins }: Pages): boolean {
  const { origin } = request.headers;
  const route = routeOf(request);
  if (!(route ? isQuestion(route) : READS.has(request.method))) return false;
  if (origin !== undefined) return isLoopbackOrigin(origin) || origins.includes(origin);
  return fetchHeader(request, 'site') === 'same-site' || isLinkToPage(request);
}

/**
 * Whether a request comes from a page of ours or from no page: a picture or script of a foreign page names no origin, but browsers tell
 * where it is from.
 */
export function isFromOwnPage(request: FastifyRequest, { publicUrl }: Pages): boolean {
  const { origin, host = '' } = request.headers;
  if (origin === undefined) return ['', 'same-origin', 'none'].includes(fetchHeader(request, 'site'));
  const from = hostOf(origin);
  return from !== undefined && (from === hostOf(`http://${host}`) || (publicUrl !== undefined && from === hostOf(publicUrl)));
}

/** Whether somebody followed a link to a page without data. */
export function isLinkToPage(request: FastifyRequest): boolean {
  return READS.has(request.method) && fetchHeader(request, 'mode') === 'navigate' && routeOf(request)?.page === true;
}

function fetchHeader({ headers }: FastifyRequest, name: 'site' | 'mode'): string {
  return (headers[`sec-fetch-${name}`] ?? '').toLowerCase();
}

function hostOf(url: string): string | undefined {
  return /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).host : undefined;
}
