import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Call, Operation } from '../operation.ts';
import type { ChangeWindow } from '../stream.ts';
import { ofAccount } from './rates.ts';

const metrics = z.object({ payload: z.array(z.object({ orderCount: z.int().min(0) })).nullish() });

/** What was ordered in a span, in one marketplace; quick, beside the listing of orders. */
export const getOrderMetrics: Operation<z.output<typeof metrics>> = {
  name: 'order metrics',
  method: 'GET',
  path: '/sales/v1/orderMetrics',
  host: 'api',
  rate: ofAccount(0.5, 15),
  credentials: 'account',
  reply: metrics,
};

/** How many orders were placed in a span, in all marketplaces together; null where the seller's app may not know. */
export async function countOrders(
  call: Call,
  { from, to }: ChangeWindow,
  { shops }: { readonly shops: readonly string[] },
): Promise<number | null> {
  const written = (instant: Temporal.Instant): string => instant.toString({ smallestUnit: 'second' });
  const query = { interval: `${written(from)}--${written(to)}`, granularity: 'Total', granularityTimeZone: 'UTC' };
  let sum = 0;
  for (const marketplaceIds of shops) {
    try {
      const { payload } = await call(getOrderMetrics, { query: { ...query, marketplaceIds } });
      sum += (payload ?? []).reduce((count, { orderCount }) => count + orderCount, 0);
    } catch (error) {
      if (error instanceof AppError && (error.code === 'scope_missing' || error.code === 'platform_refused')) return null;
      throw error;
    }
  }
  return sum;
}
