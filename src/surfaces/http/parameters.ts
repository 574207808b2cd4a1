import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { fill } from '../../kernel/messages.ts';
import { nearestOf } from '../../kernel/nearest.ts';
import { NOTICES } from '../../reports/notices.ts';
import { toParameterError } from '../../reports/read-parameters.ts';
import { languageOf, type RouteRoom } from './room.ts';
import type { Asked, PlacedRoute } from './route.ts';

/**
 * What is asked of a route, as its own schemas read it.
 * @throws AppError `unknown_parameter`, `invalid_parameter`
 */
export function readAsked(
  placed: PlacedRoute,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  room: RouteRoom,
): Asked {
  const { route, place } = placed;
  const language = languageOf(request, room);
  const { given, ignored } = readsQuery(placed, request.query as Record<string, unknown>);
  refuseOthers(placed, request.body);
  return {
    request,
    reply,
    place,
    language,
    inPath: readAs(route.inPath, request.params, 'params'),
    // Fastify leaves out what did not come, and its callers were told of null.
    body: readAs(route.body, request.body ?? null, 'body'),
    parameters: route.readsItself ? given : readAs(route.parameters, given, 'querystring'),
    warnings: ignored.length === 0 ? [] : [fill(NOTICES.parameters_ignored, language, { names: [...ignored] })],
  };
}

/**
 * The parameters that a route knows. New paths refuse others by name, older ones ignore them; a platform's paths take an empty one
 * for one that is not given, as the older system did.
 */
function readsQuery(
  { route, place }: PlacedRoute,
  query: Readonly<Record<string, unknown>>,
): { readonly given: Readonly<Record<string, unknown>>; readonly ignored: readonly string[] } {
  // Pages take whatever comes.
  if (route.readsItself || (route.summary === undefined && !route.parameters)) return { given: query, ignored: [] };
  const known = Object.keys(route.parameters?.shape ?? {});
  const ignored = Object.keys(query).filter((name) => !known.includes(name));
  if (!route.older && ignored.length > 0) throw unknownParameter(ignored, known);
  const given = Object.entries(query).filter(([name, value]) => known.includes(name) && (place.segment === null || value !== ''));
  return { given: Object.fromEntries(given), ignored };
}

/** What a body holds beside what its route knows is refused by name, as in a query. */
function refuseOthers({ route: { form, body: schema }, place }: PlacedRoute, body: unknown): void {
  const fields = form ?? schema;
  if (place.segment !== null || !(fields instanceof z.ZodObject) || typeof body !== 'object') return;
  const known = Object.keys(fields.shape);
  const others = Object.keys(body ?? {}).filter((name) => !known.includes(name));
  if (others.length > 0) throw unknownParameter(others, known);
}

function unknownParameter(names: readonly string[], known: readonly string[]): AppError {
  return new AppError('unknown_parameter', { names, known: known.length > 0 ? known : ['–'] }, { meant: nearestOf(names[0]!, known) });
}

function readAs(schema: z.ZodType | undefined, given: unknown, whole: string): unknown {
  if (!schema) return undefined;
  const read = schema.safeParse(given);
  if (!read.success) throw toParameterError(read.error, { given, whole });
  return read.data;
}
