import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { fill, type Language } from '../../kernel/messages.ts';
import { NOTICES } from '../../reports/notices.ts';
import { toParameterError } from '../../reports/read-parameters.ts';

/**
 * New paths refuse what they do not know, by name; one that describes no parameters takes none.
 * The pages of the documentation take whatever comes.
 */
export function refuseUnknown(scope: FastifyInstance): void {
  // Fastify takes a hook with one parameter for one that answers with a promise.
  // oxlint-disable-next-line require-await
  scope.addHook('preValidation', async ({ query, body, routeOptions: { schema } }) => {
    if (schema?.hide) return;
    refuse(query, schema?.querystring);
    if (schema?.body && typeof body === 'object') refuse(body, schema.body);
  });
}

function refuse(given: unknown, schema: unknown): void {
  const known = Object.keys((schema as z.ZodObject | undefined)?.shape ?? {});
  const names = Object.keys(given ?? {}).filter((name) => !known.includes(name));
  if (names.length > 0) throw new AppError('unknown_parameter', { names, known: known.length > 0 ? known : ['–'] });
}

/**
 * Parameters as their schema reads them.
 * @throws AppError `invalid_parameter`
 */
export function readParameters<S extends z.ZodObject>(schema: S, given: unknown): z.output<S> {
  const read = schema.safeParse(given);
  if (!read.success) throw toParameterError(read.error);
  return read.data;
}

/** What an older path was given: an empty parameter counts as not given, an unknown one is ignored and named. */
export function knownOnly(
  schema: z.ZodObject,
  query: unknown,
): { readonly given: Record<string, unknown>; readonly ignored: readonly string[] } {
  const all = Object.entries(query as Record<string, unknown>);
  const isKnown = ([name]: readonly [string, unknown]): boolean => Object.hasOwn(schema.shape, name);
  return {
    given: Object.fromEntries(all.filter((each) => isKnown(each) && each[1] !== '')),
    ignored: all.filter((each) => !isKnown(each)).map(([name]) => name),
  };
}

/** What an older path says of parameters it ignored; nothing when there were none. */
export function ignoredWarnings(ignored: readonly string[], language: Language): string[] {
  return ignored.length === 0 ? [] : [fill(NOTICES.parameters_ignored, language, { names: [...ignored] })];
}
