import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Language } from '../../kernel/messages.ts';
import type { PlatformId } from '../../model/shop.ts';
import type { RouteRoom } from './room.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    route?: Route;
  }
}

/** What a caller has to be allowed to do: look; do the daily work; decide about shops, keys and all data. */
export type Need = 'read' | 'operate' | 'admin';

/** How a route is called. */
export type Method = 'GET' | 'POST' | 'DELETE';

/** A request as a route is given it: what came is read by the route's own schemas. */
export interface Asked<Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType, D extends z.ZodType = z.ZodType> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly place: Place;
  readonly language: Language;
  readonly parameters: z.output<Q>;
  readonly body: z.output<B>;
  readonly inPath: z.output<D>;
  /** What an older path says of parameters that it ignores. */
  readonly warnings: readonly string[];
}

/** JSON as it may be handed over: nobody changes it. */
export type Given<T> = T extends readonly (infer E)[]
  ? readonly Given<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : T;

const NOTHING = z.strictObject({});
type Nothing = typeof NOTHING;

/**
 * A route: everything there is to know of a path. The server, who gets in, the documentation, the command line's types, the tools of
 * AI programs and the fuzz tests read it here.
 */
export interface Route<
  Path extends string = string,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodObject = z.ZodObject,
  D extends z.ZodObject = z.ZodObject,
  M extends Method | readonly Method[] = Method | readonly Method[],
> {
  readonly method: M;
  /** The whole path, or what follows `/api/{segment}`. */
  readonly path: Path;
  /** Its other names in the older system; documentation leaves them out. */
  readonly aliases?: readonly string[];
  readonly needs: Need;
  /** Open to all: it holds no data, or something else than a key guards it. */
  readonly open?: true;
  /** A page that a link on another site may lead to. */
  readonly page?: true;
  /** It answers while data of an older program are brought to today's rules, too. */
  readonly meanwhile?: true;
  /** A route without a summary is left out of the documentation. */
  readonly tag?: string;
  readonly summary?: string;
  readonly description?: string;
  /** The query; without it none is taken. */
  readonly parameters?: Q;
  /** The older system had it: parameters that are not known are ignored and named, never refused. */
  readonly older?: true;
  /** The handler reads the query itself. */
  readonly readsItself?: true;
  readonly inPath?: D;
  readonly body?: B;
  /** The fields of a form, which the handler reads as it streams. */
  readonly form?: z.ZodObject;
  readonly longestBody?: number;
  /** The JSON it answers, without the `code` and `msg` before it. */
  readonly answer?: A;
  /** There is no `code` and `msg` before its answer, or they are in it. */
  readonly bare?: true;
  /** Whoever has the answer may ask whether it still holds (`If-None-Match`, 304). */
  readonly revalidates?: true;
  /** What it answers in place of JSON. */
  readonly type?: string;
  /** The paths that documentation shows in place of its own. */
  variants?(room: Pick<RouteRoom, 'reports' | 'platforms'>, place: Place): readonly Variant[];
  handle(asked: Asked<Q, B, D>, room: RouteRoom): Handled<NoInfer<A>> | Promise<Handled<NoInfer<A>>>;
}

/** What a route gives back: its JSON, or the reply that it has sent. */
export type Handled<A extends z.ZodType> = Given<z.input<A>> | FastifyReply;

/** One of the paths of a route that has many. */
export type Variant = Pick<Route, 'path' | 'summary' | 'description' | 'parameters' | 'answer'> & { readonly example?: object };

/** Declares a route; only there to check it, and to keep its types. */
export function route<
  const Path extends string,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodObject = Nothing,
  D extends z.ZodObject = Nothing,
  const M extends Method | readonly Method[] = Method,
>(definition: Route<Path, Q, B, A, D, M>): Route<Path, Q, B, A, D, M> {
  return definition;
}

/** Where a route answers: beneath `/api/{segment}` for the platforms it stands for, or at its own path. */
export interface Place {
  readonly segment: string | null;
  readonly platforms: readonly PlatformId[];
}

/** A route where it answers. */
export interface PlacedRoute {
  readonly route: Route;
  readonly place: Place;
}

/** The place of what belongs to no platform. */
export const ROOT: Place = { segment: null, platforms: [] };

/** How a path is told from another: by neither the case of letters nor a slash at its end. */
export const ROUTER_OPTIONS = { ignoreTrailingSlash: true, caseSensitive: false, maxParamLength: 200 } as const;

/** The whole of a path. */
export function urlOf(path: string, { segment }: Place): string {
  return segment === null ? path : `/api/${segment}${path}`;
}

/** What stands before every answer that is no error. */
export const SUCCESS = { code: 0, msg: 'success' } as const;
const success = { code: z.literal(SUCCESS.code), msg: z.literal(SUCCESS.msg) };

/** The JSON of an answer, whole; undefined where there is none. */
export function wholeAnswer({ answer, bare }: Pick<Route, 'answer' | 'bare'>): z.ZodObject | undefined {
  return answer && !bare ? z.object({ ...success, ...answer.shape }) : answer;
}

/** Names a schema: where it is used many times it is written once. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  return schema.meta({ id });
}

/** Whether a route only asks: a question may be too long for an address, and what is done by GET and POST alike is done by both. */
export function isQuestion({ needs, method }: Route): boolean {
  return needs === 'read' || method === 'GET';
}
