import type { Allowance } from '../throttle.ts';
import { ROLES, type Role } from './access.ts';
import type { Call } from './call.ts';
import { getCatalogItem, searchCatalogItems } from './catalog.ts';
import { inventorySummaries } from './inventory.ts';
import { orderMetrics } from './order-metrics.ts';
import { getOrder, searchOrders } from './orders.ts';
import { participations } from './participations.ts';
import { cancelReport, createReport, getReport, getReportDocument, getReports } from './report-operations.ts';

import { listTransactions } from './transactions.ts';

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

/** Reports ask for the role of their type. */
const ANY = Object.keys(ROLES) as Role[];

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
  {
    id: 'getOrderMetrics',
    method: 'GET',
    path: '/sales/v1/orderMetrics',
    roles: ['insights', 'orders'],
    allowance: { perSecond: 0.5, burst: 15 },
    answer: orderMetrics,
  },
  {
    id: 'createReport',
    method: 'POST',
    path: '/reports/2021-06-30/reports',
    roles: ANY,
    allowance: { perSecond: 0.0167, burst: 15 },
    answer: createReport,
  },
  {
    id: 'getReports',
    method: 'GET',
    path: '/reports/2021-06-30/reports',
    roles: ANY,
    allowance: { perSecond: 0.0222, burst: 10 },
    answer: getReports,
  },
  {
    id: 'getReport',
    method: 'GET',
    path: '/reports/2021-06-30/reports/*',
    roles: ANY,
    allowance: { perSecond: 2, burst: 15 },
    answer: getReport,
  },
  {
    id: 'cancelReport',
    method: 'DELETE',
    path: '/reports/2021-06-30/reports/*',
    roles: ANY,
    allowance: { perSecond: 0.0222, burst: 10 },
    answer: cancelReport,
  },
  {
    id: 'getReportDocument',
    method: 'GET',
    path: '/reports/2021-06-30/documents/*',
    roles: ANY,
    allowance: { perSecond: 0.0167, burst: 15 },
    answer: getReportDocument,
  },
  {
    id: 'searchCatalogItems',
    method: 'GET',
    path: '/catalog/2022-04-01/items',
    roles: ['listing'],
    allowance: { perSecond: 2, burst: 2 },
    answer: searchCatalogItems,
  },
  {
    id: 'getCatalogItem',
    method: 'GET',
    path: '/catalog/2022-04-01/items/*',
    roles: ['listing'],
    allowance: { perSecond: 2, burst: 2 },
    answer: getCatalogItem,
  },
  {
    id: 'getInventorySummaries',
    method: 'GET',
    path: '/fba/inventory/v1/summaries',
    roles: ['fulfillment', 'listing'],
    allowance: { perSecond: 2, burst: 2 },
    answer: inventorySummaries,
  },
  {
    id: 'listTransactions',
    method: 'GET',
    path: '/finances/2024-06-19/transactions',
    roles: ['finance'],
    allowance: { perSecond: 0.5, burst: 10 },
    answer: listTransactions,
  },
];
