import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Sets the headers of an answer that the caller may keep as long as it asks each time whether it still holds.
 * @returns whether the caller has this very answer: then there is nothing more to send than 304
 */
export function isKept(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  const vary = [reply.getHeader('vary')].flat().filter((name) => name !== undefined);
  reply
    .header('etag', `"${tag}"`)
    .header('cache-control', 'private, no-cache')
    .header('vary', [...vary, 'Accept-Language'].join(', '));
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  // Weak ones match as well (RFC 9110, 13.1.2): a proxy that compresses makes them weak.
  return known.trim() === '*' || known.split(',').some((each) => each.trim().replace(/^W\//, '') === `"${tag}"`);
}
