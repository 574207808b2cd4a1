import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ERRORS } from '../src/kernel/error-table.ts';
import { platforms } from '../src/platforms/all.ts';
import { reports } from '../src/reports/all.ts';
import { methodsOf, shownRoutes, type ShownRoute } from '../src/surfaces/http/open-api.ts';
import { urlOf, wholeAnswer, type Method } from '../src/surfaces/http/route.ts';
import { routesOf } from '../src/surfaces/http/routes.ts';
import { openConnectedShops, type ConnectedShops } from './connected-shops.ts';
import { anyJson, HOSTILE, tries } from './fuzz.ts';
import { cleanUp, temporaryFolder, writeOrderFile } from './process.ts';

/** As much of a JSON schema as parameters are described by. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly examples?: readonly unknown[];
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: 'query' | 'path'; readonly schema: Schema }[];
  readonly body: Schema | null;
  readonly form: boolean;
  /** What it answers when all is well, where that is JSON. */
  readonly answer: z.ZodObject | undefined;
}

/** These do long work when they are asked well: they are tried by themselves, after the others. */
const HEAVY = /\/(?:backup|replay|sync|import|refresh_token|erase)$/;
/** Errors of those that we ask. */
const OUTSIDE = /^(?:platform_|(?:rates_not_fetched|connecting_later)$)/;
/** Of each operation: a report has one, however many ask for it. */
const TRIES = 6;
const COMPARED = 12;

let connected: ConnectedShops;
/** Every path that is shown: a new one, or a new parameter, is covered by being there. */
const operations = shownRoutes(routesOf({ reports, platforms }), { reports, platforms }).flatMap((each) =>
  methodsOf(each.route).map((method) => operationOf(each, method)),
);
beforeAll(async () => {
  connected = await openConnectedShops({ settings: { historyDays: 1 }, scale: 0.2 });
  expect((await connected.consent('ES', 'estrella-hogar')).status).toBe(200);
  await connected.syncAll();
  const {
    file,
    arguments: [, , , mapping],
  } = writeOrderFile(temporaryFolder(), 30);
  const imported = await connected.shops.post('', [
    { name: 'mapping', content: readFileSync(mapping!, 'utf8') },
    { name: 'file', content: readFileSync(file, 'utf8'), filename: 'orders.csv' },
  ]);
  expect(imported.status).toBe(200);
});
afterAll(async () => {
  await connected.close();
  await cleanUp();
});

function operationOf({ route, place, shown }: ShownRoute, method: Method): Operation {
  const json = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Schema;
  const inPlace = (schema: z.ZodObject | undefined, where: 'query' | 'path') =>
    Object.entries(schema?.shape ?? {}).map(([name, each]) => ({ name, in: where, schema: json(each as z.ZodType) }));
  const sent = method === 'GET' ? undefined : (route.form ?? route.body);
  return {
    method,
    path: urlOf(shown.path, place).replace(/:(\w+)/g, '{$1}'),
    parameters: [...inPlace(shown.parameters, 'query'), ...inPlace(shown.path.includes(':') ? route.inPath : undefined, 'path')],
    body: sent ? json(sent) : null,
    form: route.form !== undefined,
    answer: wholeAnswer({ ...route, ...shown }),
  };
}

/** A value that a schema describes, more or less. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fitting));
  switch (typeof schema.type === 'string' ? schema.type : schema.type?.[0]) {
    case 'integer':
    case 'number':
      return fc.oneof(
        fc.integer({ min: Math.max(schema.minimum ?? -5, -1e6), max: Math.min(schema.maximum ?? 1e6, 1e6) }),
        fc.constantFrom(schema.minimum ?? 0, schema.maximum ?? 0),
      );
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(fitting(schema.items ?? {}), { maxLength: 3 });
    case 'object':
      return fc.record(Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, each]) => [name, fitting(each)])), {
        requiredKeys: [],
      });
    case 'null':
      return fc.constant(null);
    default:
      if (schema.format === 'date')
        return fc
          .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
          .map((date) => date.toISOString().slice(0, 10));
      if (schema.format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
      return fc.constantFrom('Estrella Hogar España', 'North', 'South', 'TikTok', 'EUR', 'ES', 'Europe/Madrid', 'unpaid', '1', 'a');
  }
}

const wild = (schema: Schema): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: fitting(schema) },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: anyJson },
  );

/** A request at an operation: its own parameters and others, fitting or not. */
function requestAt(operation: Operation) {
  const own = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) => fc.tuple(fc.constant(name), wild(schema)));
  const query = fc.array(
    fc.oneof(...own.map((arbitrary) => ({ weight: 6, arbitrary })), {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom<unknown>(...HOSTILE)),
    }),
    { maxLength: 4 },
  );
  const path = fc.record(
    Object.fromEntries(operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name, schema }) => [name, wild(schema)])),
  );
  const body = operation.body
    ? fc.option(fc.oneof({ weight: 5, arbitrary: wildObject(operation.body) }, { weight: 1, arbitrary: anyJson }), { nil: undefined })
    : fc.option(anyJson, { nil: undefined, freq: 20 });
  const language = fc.constantFrom(undefined, 'zh-CN', 'es', 'x;q=nonsense');
  const type = fc.constantFrom(
    'application/json',
    'application/json',
    'application/json',
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=b',
    'nonsense',
  );
  return fc.record({ operation: fc.constant(operation), query, path, body, language, type });
}

function wildObject(schema: Schema): fc.Arbitrary<unknown> {
  return fc.record(Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, each]) => [name, wild(each)])), {
    requiredKeys: [],
  });
}

type Request = ReturnType<typeof requestAt> extends fc.Arbitrary<infer R> ? R : never;

let caller = 0;
const outcomes = new Map<string, Set<number>>();

/** Sends a request and looks at the answer. */
async function send({ operation, query, path, body, language, type }: Request): Promise<void> {
  const text = (value: unknown): string =>
    encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed());
  const place = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => text(path[name]));
  const url = `${place}?${query.map(([name, value]) => `${text(name)}=${text(value)}`).join('&')}`;
  // Callers are counted by their address, of which this machine has many.
  caller = (caller + 1) % 60_000;
  if (operation.form) return judge(operation, await overTheWire(url, { body, type }));
  const answer = await connected.shops.app.http.inject({
    method: operation.method.toUpperCase() as 'GET',
    url,
    remoteAddress: `127.1.${caller >> 8}.${caller & 255}`,
    headers: {
      host: 'localhost',
      accept: 'application/json',
      ...(language ? { 'accept-language': language } : {}),
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(harmless(operation, body)) ?? '' }),
  });
  judge(operation, {
    status: answer.statusCode,
    body: answer.body,
    isJson: String(answer.headers['content-type']).startsWith('application/json'),
  });
}

/** A form is read off its connection: it needs a real one. */
async function overTheWire(url: string, { body, type }: Pick<Request, 'body' | 'type'>): Promise<Told> {
  const answer = await fetch(`${connected.shops.url}${url}`, {
    method: 'POST',
    headers: body === undefined ? {} : { 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) ?? '' }),
  });
  return {
    status: answer.status,
    body: await answer.text(),
    isJson: (answer.headers.get('content-type') ?? '').startsWith('application/json'),
  };
}

interface Told {
  readonly status: number;
  readonly body: string;
  readonly isJson: boolean;
}

/** Every answer has to be what the route says it answers, or an error of ours that is not our fault. */
function judge(operation: Operation, { status, body, isJson }: Told): void {
  outcomes.set(`${operation.method} ${operation.path}`, (outcomes.get(`${operation.method} ${operation.path}`) ?? new Set()).add(status));
  if (status < 400) return isJson ? compare(operation, JSON.parse(body)) : undefined;
  const error = (() => {
    try {
      return JSON.parse(body) as { name?: string; code?: number; msg?: string; hint?: string; request_id?: string };
    } catch {
      throw new Error(`${status} without JSON: ${body.slice(0, 200)}`);
    }
  })();
  const known = ERRORS[error.name as keyof typeof ERRORS] as (typeof ERRORS)[keyof typeof ERRORS] | undefined;
  if (!known || known.number !== error.code || known.status !== status || !error.msg || !error.hint || !error.request_id)
    throw new Error(`no error of ours: ${status} ${body.slice(0, 300)}`);
  // What others refuse or do not answer is not our fault; whatever else is 5xx is.
  if (status >= 500 && !OUTSIDE.test(error.name!)) throw new Error(`${status} ${body.slice(0, 300)}`);
}

const compared = new Map<string, number>();

/** What a route answers is what it says, no key less and none more: looked at in the first answers of each. */
function compare({ method, path, answer }: Operation, told: unknown): void {
  const count = compared.get(`${method} ${path}`) ?? 0;
  if (count === COMPARED) return;
  compared.set(`${method} ${path}`, count + 1);
  if (!answer) throw new Error(`${method} ${path} answers JSON and does not say so`);
  const read = answer.safeParse(told);
  if (!read.success) throw new Error(`${method} ${path}: ${z.prettifyError(read.error)}`);
  if (!isDeepStrictEqual(read.data, told))
    throw new Error(`${method} ${path} answers more than it says: ${JSON.stringify(told).slice(0, 500)}`);
}

/** Copies of the data stay where they are cleared away with it. */
function harmless({ path }: Operation, body: unknown): unknown {
  if (!path.endsWith('/backup') || typeof body !== 'object' || body === null || !('folder' in body) || typeof body.folder !== 'string')
    return body;
  return { ...body, folder: body.folder === '' ? '' : `fuzz/${body.folder.replaceAll('..', '_').slice(0, 100)}` };
}

test(
  'every path with whatever parameters and body answers, or says in our words what is wrong with them',
  { timeout: 900_000 },
  async () => {
    const light = operations.filter(({ path }) => !HEAVY.test(path));
    const heavy = operations.filter(({ path }) => HEAVY.test(path));
    expect(Math.min(light.length, heavy.length)).toBeGreaterThan(4);
    await fc.assert(fc.asyncProperty(fc.oneof(...light.map(requestAt)), send), tries(TRIES * light.length));
    await fc.assert(fc.asyncProperty(fc.oneof(...heavy.map(requestAt)), send), tries(TRIES * heavy.length));
    // No path was left out, and what is said well is answered.
    expect(operations.map(({ method, path }) => `${method} ${path}`).filter((each) => !outcomes.has(each))).toEqual([]);
    expect([...outcomes.values()].filter((statuses) => statuses.has(200)).length).toBeGreaterThan(operations.length / 3);
    expect((await connected.shops.get('/api/health')).status).toBe(200);
  },
);

test('the way back from a consent takes whatever comes, and connects nobody who did not consent', async () => {
  const good = new URLSearchParams(await connected.consentQuery('ES', 'estrella-hogar'));
  const before = await connected.rows('SELECT count(*) AS n, max(refreshed_at) AS at FROM authorizations');
  const value = (own: string): fc.Arbitrary<string> =>
    fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.nat({ max: own.length - 1 }), fc.constantFrom('A', '.', '=', ''))
        .map(([at, letter]) => own.slice(0, at) + letter + own.slice(at + 1)),
    );
  // One of the two is always spoilt: the state, or the code beside a good state that is used up by it.
  const query = fc.record({
    state: value(good.get('state')!),
    code: fc.oneof(fc.constant(good.get('code')!), value(good.get('code')!)),
    app_key: fc.option(fc.constantFrom(...HOSTILE), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(query, fc.constantFrom('application/json', 'text/html'), async (given, accept) => {
      if (given.state === good.get('state')) return;
      const url = `/api/TikTok/callback?${Object.entries(given)
        .flatMap(([name, text]) => (text === undefined ? [] : [`${name}=${encodeURIComponent(text.toWellFormed())}`]))
        .join('&')}`;
      caller = (caller + 1) % 60_000;
      const answer = await connected.shops.app.http.inject({
        method: 'GET',
        url,
        remoteAddress: `127.1.${caller >> 8}.${caller & 255}`,
        headers: { host: 'localhost', accept },
      });
      if (answer.statusCode < 400 || answer.statusCode >= 500) throw new Error(`${answer.statusCode} ${answer.body.slice(0, 300)}`);
      if (accept === 'application/json' && !(answer.json<{ name: string }>().name in ERRORS)) throw new Error(answer.body);
    }),
    tries(3000),
  );
  expect(await connected.rows('SELECT count(*) AS n, max(refreshed_at) AS at FROM authorizations')).toEqual(before);
  expect((await connected.shops.get(`/api/TikTok/callback?${good.toString()}`, { accept: 'application/json' })).status).toBe(200);
});
