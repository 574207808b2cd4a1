import { adoptRoutes } from './adopt-routes.ts';
import { alertRoutes } from './alert-routes.ts';
import { connectRoutes } from './connect-routes.ts';
import { generalRoutes } from './general-routes.ts';
import { importRoutes } from './import-routes.ts';
import { liveRoutes } from './live-routes.ts';
import { miraviaRoutes, unconnectedRoutes, withOlderNames } from './older-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { pageRoutes } from './page.ts';
import { rateRoutes } from './rate-routes.ts';
import { replayRoutes } from './replay-routes.ts';
import { olderReportRoutes, reportRoutes } from './report-routes.ts';
import { SEGMENTS, type HttpRoom } from './room.ts';
import { ROOT, type Place, type PlacedRoute, type Route } from './route.ts';
import { sessionRoutes } from './session-routes.ts';
import { shopRoutes } from './shop-routes.ts';
import { signinRoutes } from './signin-page.ts';
import { syncRoutes } from './sync-routes.ts';

/** What belongs to no platform. */
const ROOT_ROUTES = [
  ...sessionRoutes,
  ...generalRoutes,
  ...shopRoutes,
  ...syncRoutes,
  ...importRoutes,
  ...adoptRoutes,
  ...replayRoutes,
  ...rateRoutes,
  ...alertRoutes,
  ...miraviaRoutes,
  ...pageRoutes,
  ...signinRoutes,
] as const;

/** The routes with paths of their own. */
export type RootRoute = (typeof ROOT_ROUTES)[number];

/** The routes beneath `/api/{P}`. */
export type PlatformRoute = (typeof reportRoutes | typeof orderRoutes | typeof liveRoutes | typeof connectRoutes)[number];

/** What the list of routes depends on. */
export type RoutesRoom = Pick<HttpRoom, 'reports' | 'platforms'>;

/** Every route where it answers, in the order of the documentation. The only such list: server, documentation and fuzz tests read it. */
export function routesOf(room: RoutesRoom): PlacedRoute[] {
  return [
    ...ROOT_ROUTES.map((route: Route) => ({ route, place: ROOT })),
    ...SEGMENTS.flatMap((place) => routesAt(place, room).map((route) => ({ route, place }))),
  ];
}

function routesAt({ platforms }: Place, { reports, platforms: known }: RoutesRoom): Route[] {
  const answering: Route[] = [...reportRoutes, ...olderReportRoutes(reports), ...orderRoutes];
  // Files of no platform have nobody to ask, and several have none.
  const platform = platforms.length === 1 ? known.find(({ id, records }) => id === platforms[0] && records) : undefined;
  if (!platform) return answering;
  return [...answering, ...liveRoutes, ...(platform.api ? connectRoutes : unconnectedRoutes(platform))].map((route: Route) =>
    withOlderNames(route, platform),
  );
}
