import { AppError } from '../../kernel/errors.ts';
import type { Platform } from '../../platforms/platform.ts';
import { connectRoutes } from './connect-routes.ts';
import { route, type Route } from './route.ts';

/** The paths by which a platform that cannot be connected yet would be: who asks them is told so, rather than that there is nothing. */
export function unconnectedRoutes({ id: platform }: Platform): Route[] {
  return connectRoutes.map((connecting: Route) =>
    route({
      method: ['GET', 'POST'],
      path: connecting.path,
      needs: connecting.open ? 'read' : connecting.needs,
      ...(connecting.open ? { open: true } : {}),
      handle() {
        throw new AppError('connecting_later', { platform });
      },
    }),
  );
}

/** A route with the names that it had beneath a platform in the older system, too. */
export function withOlderNames(of: Route, { olderPaths }: Platform): Route {
  const names = olderPaths?.[of.path] ?? [];
  return names.length === 0 ? of : { ...of, aliases: [...(of.aliases ?? []), ...names] };
}

/** Whatever is asked of Miravia, which the older system had reports of. */
export const miraviaRoutes = [
  route({
    method: ['GET', 'POST'],
    path: '/api/Miravia',
    aliases: ['/api/Miravia/*'],
    needs: 'read',
    handle() {
      throw new AppError('miravia_left_out');
    },
  }),
] as const;
