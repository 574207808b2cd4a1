import { areaDemand } from './area-demand.ts';
import { buyerAnalysis } from './buyer-analysis.ts';
import { cohortRetention } from './cohort-retention.ts';
import { monthlySalesAnalysis } from './monthly-sales-analysis.ts';
import { orderAnalysis } from './order-analysis.ts';
import { overview } from './overview.ts';
import { platformComparison } from './platform-comparison.ts';
import { profitAnalysis } from './profit-analysis.ts';
import { reconcile } from './reconcile.ts';
import type { Report } from './report.ts';
import { repurchaseRate } from './repurchase-rate.ts';
import { returnRate } from './return-rate.ts';
import { salesRank } from './sales-rank.ts';

/** Every report, in the order they are shown. */
export const reports = [
  salesRank,
  areaDemand,
  monthlySalesAnalysis,
  profitAnalysis,
  repurchaseRate,
  returnRate,
  buyerAnalysis,
  orderAnalysis,
  platformComparison,
  overview,
  cohortRetention,
  reconcile,
] as unknown as readonly Report[];
