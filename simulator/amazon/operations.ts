import type { Allowance } from '../throttle.ts';
import type { Role } from './access.ts';
import type { Call } from './call.ts';
import { getOrder, searchOrders } from './orders.ts';
import { participations } from './participations.ts';

/** What an operation answers: an object is told as JSON. */
export interface Answer {
  readonly status?: number;
  readonly body: object;
}

/** One operation of the API: where it is, who may call it how often, and what it answers. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The path with `*` for a part that varies. */
  readonly path: string;
  /** One of these is enough. */
  readonly roles: readonly Role[];
  readonly allowance: Allowance;
  readonly answer: (call: Call) => Answer;
}

/** Every operation the simulator has, with the rates that Amazon publishes. */
export const OPERATIONS: readonly Operation[] = [
  {
    id: 'getMarketplaceParticipations',
    method: 'GET',
    path: '/sellers/v1/marketplaceParticipations',
    roles: ['insights', 'listing'],
    allowance: { perSecond: 0.016, burst: 15 },
    answer: participations,
  },
  {
    id: 'searchOrders',
    method: 'GET',
    path: '/orders/2026-01-01/orders',
    roles: ['orders', 'shipping'],
    allowance: { perSecond: 0.0056, burst: 20 },
    answer: searchOrders,
  },
  {
    id: 'getOrder',
    method: 'GET',
    path: '/orders/2026-01-01/orders/*',
    roles: ['orders', 'shipping'],
    allowance: { perSecond: 0.5, burst: 30 },
    answer: getOrder,
  },
];
