import { areaDemand } from './area-demand.ts';
import { monthlySalesAnalysis } from './monthly-sales-analysis.ts';
import type { Report } from './report.ts';
import { returnRate } from './return-rate.ts';
import { salesRank } from './sales-rank.ts';

/** Every report, in the order they are shown. */
export const reports = [salesRank, areaDemand, monthlySalesAnalysis, returnRate] as unknown as readonly Report[];
