import { z } from 'zod';
import { errorAnswer } from './error-answer.ts';
import type { RoutesRoom } from './routes.ts';
import { urlOf, wholeAnswer, type Method, type PlacedRoute, type Route, type Variant } from './route.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

type Json = Readonly<Record<string, unknown>>;

const ERROR = { $ref: '#/components/responses/Error' } as const;

const INFO = 'Read-only towards the shops. Amounts are exact decimals; days are shop days; null means unknown, with the reason in `nulls`.';

const SECURITY = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'S7_API_KEY. Not needed from this machine where neither it nor S7_PUBLIC_URL is set.',
  },
  key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  browser: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'What a browser gets at /signin.' },
} as const;

/** A path as it is shown: the route itself, or one of its variants. */
export type ShownRoute = PlacedRoute & { readonly shown: Variant };

/** The paths that documentation shows of some routes, one by one. */
export function shownRoutes(placed: readonly PlacedRoute[], room: RoutesRoom): ShownRoute[] {
  return placed.flatMap(({ route, place }) => {
    if (route.summary === undefined) return [];
    return (route.variants?.(room, place) ?? [route]).map((shown) => ({ route, place, shown }));
  });
}

/** The methods of a route, one by one. */
export function methodsOf({ method }: Pick<Route, 'method'>): Method[] {
  return [method].flat();
}

/**
 * The OpenAPI document of some routes. What has a name (`named`), and a parameter that several paths take, is written once and
 * referred to.
 */
export function openApi(routes: readonly ShownRoute[], { title, version }: { title: string; version: string }): Json {
  const components = new Components(routes);
  const paths: Record<string, Record<string, Json>> = {};
  for (const each of routes) {
    const path = urlOf(each.shown.path, each.place).replace(/:(\w+)/g, '{$1}');
    for (const method of methodsOf(each.route)) (paths[path] ??= {})[method.toLowerCase()] = operation(each, method, components);
  }
  return {
    openapi: '3.1.0',
    info: { title, version, description: INFO },
    components: { securitySchemes: SECURITY, ...components.written() },
    security: [{}, { bearer: [] }, { key: [] }, { browser: [] }],
    paths,
  };
}

function operation({ route, shown }: ShownRoute, method: Method, components: Components): Json {
  const { tag, needs, open, inPath, body, form, revalidates } = route;
  const parameters = [...components.parameters(shown.parameters, 'query'), ...components.parameters(partOf(shown.path, inPath), 'path')];
  const sent = method === 'GET' ? undefined : (form ?? body);
  return {
    tags: [tag],
    summary: shown.summary,
    ...(shown.description ? { description: shown.description } : {}),
    'x-s7-needs': open ? 'nothing' : needs,
    ...(open ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(sent ? { requestBody: components.body(sent, form ? 'multipart/form-data' : 'application/json') } : {}),
    responses: {
      200: components.answer(route, shown),
      ...(revalidates ? { 304: { description: 'The answer that `If-None-Match` names still holds.' } } : {}),
      default: ERROR,
    },
  };
}

/** What of a schema stands in a path: a variant says its name itself. */
function partOf(path: string, schema: z.ZodObject | undefined): z.ZodObject {
  return z.object(Object.fromEntries(Object.entries(schema?.shape ?? {}).filter(([name]) => path.includes(`:${name}`))));
}

/** What paths refer to. */
class Components {
  readonly #schemas: Record<string, unknown> = {};
  readonly #parameters = new Map<string, unknown>();
  readonly #names = new Map<z.ZodType, string>();
  readonly #examples: Record<string, unknown> = {};
  /** How many paths take a parameter. */
  readonly #uses = new Map<z.ZodType, number>();

  constructor(routes: readonly ShownRoute[]) {
    for (const { shown } of routes)
      for (const schema of Object.values(shown.parameters?.shape ?? {})) this.#uses.set(schema, (this.#uses.get(schema) ?? 0) + 1);
  }

  written(): Json {
    return {
      schemas: this.#schemas,
      parameters: Object.fromEntries(this.#parameters),
      examples: this.#examples,
      responses: {
        Error: {
          description: 'What is wrong, and what to do.',
          content: { 'application/json': { schema: this.#schema(errorAnswer, 'output') } },
        },
      },
    };
  }

  parameters(schema: z.ZodObject | undefined, place: 'query' | 'path'): unknown[] {
    return Object.entries(schema?.shape ?? {}).map(([name, each]) => {
      const known = this.#names.get(each);
      if (known !== undefined) return { $ref: `#/components/parameters/${known}` };
      const { description, ...json } = this.#schema(each, 'input') as { description?: string };
      const required = place === 'path' || !each.safeParse(undefined).success;
      const parameter = { name, in: place, required, ...(description ? { description } : {}), schema: json };
      if ((this.#uses.get(each) ?? 0) < 2) return parameter;
      const free = this.#freeName(name);
      this.#names.set(each, free);
      this.#parameters.set(free, parameter);
      return { $ref: `#/components/parameters/${free}` };
    });
  }

  body(schema: z.ZodType, type: string): Json {
    return { required: !schema.safeParse(undefined).success, content: { [type]: { schema: this.#schema(schema, 'input') } } };
  }

  answer({ type, bare }: Route, { answer, example }: Variant): Json {
    const schema = wholeAnswer({ answer, bare });
    if (!schema) return { description: type ? 'The file.' : 'Done.', ...(type ? { content: { [type]: {} } } : {}) };
    const json = this.#schema(schema, 'output') as { $ref?: string };
    return { description: 'Done.', content: { 'application/json': { schema: json, ...this.#example(json.$ref, example) } } };
  }

  #example(ref: string | undefined, example: object | undefined): Json {
    if (!ref || !example) return {};
    const name = ref.split('/').at(-1)!;
    this.#examples[name] = { value: example };
    return { examples: { [name]: { $ref: `#/components/examples/${name}` } } };
  }

  #freeName(name: string): string {
    for (let i = 1; ; i += 1) {
      const wanted = i === 1 ? name : `${name}${i}`;
      if (!this.#parameters.has(wanted)) return wanted;
    }
  }

  /** A schema as JSON; the named ones in it go to the components. */
  #schema(schema: z.ZodType, io: 'input' | 'output'): unknown {
    const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), {
      io,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        // Every whole number has them: they hide those bounds that mean something.
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      },
    });
    Object.assign(this.#schemas, inComponents($defs));
    return inComponents(properties!['it']);
  }
}

function inComponents<T>(json: T): T {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as T;
}
