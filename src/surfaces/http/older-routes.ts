import { AppError } from '../../kernel/errors.ts';
import type { PlatformId } from '../../model/shop.ts';
import { route, type Route } from './route.ts';

/** Paths by which the older system connected shops of platforms that cannot be connected yet. */
const CONNECTING: Partial<Record<PlatformId, readonly string[]>> = {
  Shein: ['/auth_url', '/authorizateTemp', '/callback', '/refresh_token', '/orders/getOrderlists'],
  Amazon: ['/auth_url', '/getAuthCode', '/login', '/callback', '/refresh_token', '/refreshToken'],
};

/** Who still asks them is told so, rather than that there is nothing. */
export function unconnectedRoutes(platform: PlatformId): Route[] {
  return (CONNECTING[platform] ?? []).map((path) =>
    route({
      method: ['GET', 'POST'],
      path,
      needs: /refresh/.test(path) ? 'operate' : 'read',
      ...(path === '/callback' ? { open: true } : {}),
      handle() {
        throw new AppError('connecting_later', { platform });
      },
    }),
  );
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
