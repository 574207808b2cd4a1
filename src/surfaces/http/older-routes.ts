import type { FastifyInstance } from 'fastify';
import { AppError } from '../../kernel/errors.ts';
import type { PlatformId } from '../../model/shop.ts';

/** Paths by which the older system connected shops of platforms that cannot be connected yet. */
const CONNECTING: Partial<Record<PlatformId, readonly string[]>> = {
  Shein: ['/auth_url', '/authorizateTemp', '/callback', '/refresh_token', '/orders/getOrderlists'],
  Amazon: ['/auth_url', '/getAuthCode', '/login', '/callback', '/refresh_token', '/refreshToken'],
};
const METHODS = ['GET', 'POST'] as const;

/** Who still asks them is told so, rather than that there is nothing. */
export function unconnectedRoutes(scope: FastifyInstance, platform: PlatformId): void {
  for (const url of CONNECTING[platform] ?? []) {
    scope.route({
      method: [...METHODS],
      url,
      schema: { hide: true },
      handler: () => {
        throw new AppError('connecting_later', { platform });
      },
    });
  }
}

/** Whatever is asked of Miravia, which the older system had reports of. */
export function miraviaRoutes(app: FastifyInstance): void {
  for (const url of ['/api/Miravia', '/api/Miravia/*']) {
    app.route({
      method: [...METHODS],
      url,
      handler: () => {
        throw new AppError('miravia_left_out');
      },
    });
  }
}
