import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

/** A JSON schema, as far as it is looked at here. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly [keyword: string]: unknown;
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface OperationEntry {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;
}

/** One operation as TikTok publishes it. */
export interface Published {
  /** With `{name}` for what varies. */
  readonly path: string;
  /** What is wrong with a request, each as one line. */
  requestProblems(query: URLSearchParams, body: string): string[];
  /** What is wrong with the JSON of an answer. */
  replyProblems(reply: unknown): string[];
}

/** What every signed call carries, though the files name only some of it. */
const COMMON = new Set(['app_key', 'timestamp', 'sign', 'shop_cipher']);
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, coerceTypes: false });

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly entry: OperationEntry;
}

function readEntries(): Entry[] {
  const folder = new URL(
    'skills/tts-openapi-guide/references/oas/paths/',
    new URL('.', import.meta.resolve('@tts-open-toolkit/cli/package.json')),
  );
  return readdirSync(fileURLToPath(folder))
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const { paths } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
        paths: Record<string, Record<string, OperationEntry>>;
      };
      return Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, entry]) => ({ method: method.toUpperCase(), path, entry })),
      );
    });
}

/** The fields of what an operation answers within its envelope, by path, with their types. */
export function publishedReplyFields(operation: string): [string, string][] {
  const found = readEntries().find(({ method, path }) => `${method} ${path}` === operation);
  const reply = Object.values(found?.entry.responses['200']?.content ?? {})[0]?.schema;
  const leaves = ({ properties, items, type }: Schema, path: string): [string, string][] => {
    if (properties) return Object.entries(properties).flatMap(([name, each]) => leaves(each, path === '' ? name : `${path}.${name}`));
    return items ? leaves(items, `${path}[]`) : [[path, type ?? 'string']];
  };
  return leaves(reply?.properties?.['data'] ?? {}, '');
}

/** Reads TikTok's OpenAPI files and finds the operation of a request; undefined where they have none. */
export function readPublished(): (method: string, path: string) => Published | undefined {
  const entries = readEntries();
  const made = new Map<string, Published>();
  return (method, path) => {
    const found = entries.find((each) => each.method === method && new RegExp(`^${each.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
    if (!found) return undefined;
    const key = `${found.method} ${found.path}`;
    if (!made.has(key)) made.set(key, publishedOf(found.path, found.entry));
    return made.get(key);
  };
}

function publishedOf(path: string, { parameters = [], requestBody, responses }: OperationEntry): Published {
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const reply = Object.values(responses['200']?.content ?? {})[0]?.schema;
  const checkBody = body && ajv.compile(closed(body));
  const checkReply = reply && ajv.compile(closed(reply));
  return {
    path,
    requestProblems(query, text) {
      const known = parameters.filter((each) => each.in === 'query');
      const missing = known.filter(({ name, required }) => required && !query.has(name)).map(({ name }) => `query ${name}: is missing`);
      const unknown = [...query.keys()]
        .filter((name) => !COMMON.has(name) && !known.some((each) => each.name === name))
        .map((name) => `query ${name}: is not published`);
      const wrong = known.flatMap(({ name, schema }) =>
        query.has(name) && schema ? problemsOf(ajv.compile(schema), valueOf(query.get(name)!, schema), `query ${name}`) : [],
      );
      const given: unknown = text === '' ? undefined : JSON.parse(text);
      if (!checkBody) return [...missing, ...unknown, ...wrong, ...(given === undefined ? [] : ['body: none is published'])];
      return [...missing, ...unknown, ...wrong, ...(given === undefined ? [] : problemsOf(checkBody, given, 'body'))];
    },
    replyProblems: (value) => (checkReply ? problemsOf(checkReply, value, 'reply') : ['reply: none is published']),
  };
}

/** The value of a parameter by its type: lists stand with commas. */
function valueOf(text: string, { type, items }: Schema): unknown {
  if (type === 'array') return text.split(',').map((each) => valueOf(each, items ?? {}));
  return type === 'integer' || type === 'number' ? Number(text) : text;
}

/** The schema with every object shut, so that what is not published shows. */
function closed(schema: Schema): Schema {
  const properties = schema.properties && Object.fromEntries(Object.entries(schema.properties).map(([name, each]) => [name, closed(each)]));
  return {
    ...schema,
    ...(properties ? { properties, additionalProperties: false } : {}),
    ...(schema.items ? { items: closed(schema.items) } : {}),
  };
}

function problemsOf(check: ValidateFunction, value: unknown, where: string): string[] {
  if (check(value)) return [];
  return (check.errors ?? []).map(
    (error) => `${where}${error.instancePath.replace(/\/\d+/g, '[]').replaceAll('/', '.')}: ${wordsOf(error)}`,
  );
}

function wordsOf({ keyword, message, params }: ErrorObject): string {
  return keyword === 'additionalProperties'
    ? `${(params as { additionalProperty: string }).additionalProperty} is not published`
    : (message ?? keyword);
}
