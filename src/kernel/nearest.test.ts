import { expect, test } from 'vitest';
import { nearestOf } from './nearest.ts';

const REPORTS = ['SalesRank', 'AreaDemand', 'MonthlySalesAnalysis', 'OrderAnalysis', 'ReturnRate', 'Overview'];

test.each([
  ['SalesRnk', 'SalesRank'],
  ['salesrank', 'SalesRank'],
  ['SaelsRank', 'SalesRank'],
  ['Area', 'AreaDemand'],
  ['MonthlySales', 'MonthlySalesAnalysis'],
  ['ReturnRates', 'ReturnRate'],
])('%s is taken for %s: letters that are missing, too many or in each other’s place, and beginnings', (given, meant) => {
  expect(nearestOf(given, REPORTS)).toBe(meant);
});

test.each(['', 'Stock', 'O', 'x'.repeat(100_000)])('nothing is proposed where no name is near', (given) => {
  expect(nearestOf(given, REPORTS)).toBeUndefined();
});

test('of short names only the one that is a letter away or begins alike is proposed', () => {
  const windows = ['7d', '30d', 'all'];
  expect(['31d', '7', '30days', '14'].map((given) => nearestOf(given, windows))).toEqual(['30d', '7d', '30d', undefined]);
});
