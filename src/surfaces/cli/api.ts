import type { z } from 'zod';
import type { Method, Route, SUCCESS } from '../http/route.ts';
import type { PlatformRoute, RootRoute } from '../http/routes.ts';

/** Every route as the command line sees it: types alone, so that no command reads a route it does not ask. */
type Listed = RootRoute | PlatformRoute;

/** The address of a route; `{P}` and `:name` stand for what {@link Given.in} says. */
type UrlOf<R> = R extends RootRoute ? R['path'] : R extends PlatformRoute ? `/api/{P}${R['path']}` : never;

type Takes<R, M> = R extends { readonly method: infer X } ? (M extends (X extends readonly (infer E)[] ? E : X) ? true : false) : false;

type Find<M extends Method, U, R = Listed> = R extends Listed
  ? Takes<R, M> extends true
    ? U extends UrlOf<R>
      ? R
      : never
    : never
  : never;

/** The addresses that may be asked by a method. */
export type Url<M extends Method, R = Listed> = R extends Listed ? (Takes<R, M> extends true ? UrlOf<R> : never) : never;

/** What is answered at an address. */
export type Answer<M extends Method, U> =
  Find<M, U> extends Route<string, infer _Q, infer _B, infer A, infer _D, infer _M> ? typeof SUCCESS & z.output<A> : never;

/** What is sent to an address. */
export type Body<U> = Find<'POST', U> extends Route<string, infer _Q, infer B, infer _A, infer _D, infer _M> ? z.input<B> : never;

/** What an address is asked with; what is undefined is left out. */
export interface Given {
  readonly in?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** An address with what it is asked with. */
export function addressOf(url: string, { in: places = {}, query = {} }: Given = {}): string {
  const path = url.replace(/\{(\w+)\}|:(\w+)/g, (_mark, platform?: string, name?: string) =>
    encodeURIComponent(places[(platform ?? name)!]!),
  );
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
