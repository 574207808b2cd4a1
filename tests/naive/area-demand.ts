import fc from 'fast-check';
import { expect } from 'vitest';
import type { Place } from '../../src/model/area.ts';
import type { NaiveReport } from '../naive-report.ts';
import { eachGroup, figuresOf, groupBy, growthOf, inAlphabet, mostFirst, per, percent, shown, sum, unitsBy } from '../naive-sales.ts';

type Level = 'country' | 'region' | 'city';

/** The table `data`; instead of the top three, all units by SKU and by category. */
export const naive: NaiveReport = {
  report: 'AreaDemand',
  parameters: fc.record({ level: fc.constantFrom('country', 'region', 'city') }),
  untold: ['top3_sku', 'top3_category'],
  tables: ({ orders: world, digits }, question) =>
    eachGroup(world, question, (sales, orders) => {
      const level = (question.own['level'] ?? 'region') as Level;
      const window = sales.filter(({ inWindow }) => inWindow);
      const all = sum(window.map(({ units }) => units));
      const telling = new Set(window.filter(({ buyer }) => buyer !== null).map(({ platform }) => platform));
      const areas = [...groupBy(window, ({ place }) => areaOf(place, level).key)]
        .map(([key, lines]) => ({ key, lines, area: areaOf(lines[0]!.place, level), ...figuresOf(lines) }))
        .toSorted((a, b) => mostFirst(a.units, b.units) || mostFirst(a.money ?? 0n, b.money ?? 0n) || inAlphabet(a.key, b.key));
      const known = areas.filter(({ area }) => area.name !== null).slice(0, question.limit ?? 5);
      const unknown = areas.filter(({ area }) => area.name === null);
      return {
        data: [...known, ...unknown].map(({ key, lines, area, units, orders: count, money, platforms }) => ({
          area: area.name ?? 'unknown',
          area_code: area.code,
          country: area.country,
          level,
          sales: Number(units),
          orders: count,
          sales_amount: shown(money, digits),
          aov: per(money, BigInt(count), digits),
          share: percent(units, all),
          growth_rate: growthOf(
            question,
            orders,
            sales.filter(({ place }) => areaOf(place, level).key === key),
          ),
          platforms,
          buyers: lines.some(({ platform }) => telling.has(platform)) ? new Set(lines.flatMap(({ buyer }) => buyer ?? [])).size : null,
          check_skus: unitsBy(lines, ({ sku }) => sku),
          check_categories: unitsBy(
            lines.filter(({ category }) => category !== null),
            ({ category }) => category!,
          ),
        })),
      };
    }),
  check(answer, naive) {
    for (const [at, { top3_sku, top3_category }] of answer['data']!.entries()) {
      expectTop(
        top3_sku.map((top: { sku: string; sales: number }) => [top.sku, top.sales]),
        naive['data']![at]!['check_skus'],
      );
      expectTop(
        top3_category.map((top: { category: string; sales: number }) => [top.category, top.sales]),
        naive['data']![at]!['check_categories'],
      );
    }
  },
  addsUp: { keys: ['country', 'area_code', 'area'], columns: ['sales', 'orders', 'sales_amount', 'buyers'] },
};

function areaOf({ country, regionCode, region, city }: Place, level: Level) {
  const parts = { country: [country], region: [country, regionCode, region], city: [country, regionCode, region, city] }[level];
  const countryName = country && new Intl.DisplayNames('en', { type: 'region' }).of(country)!;
  return {
    key: parts.map((part) => part ?? '').join('|'),
    name: { country: countryName, region, city }[level],
    code: level === 'country' ? country : regionCode,
    country,
  };
}

/** The best three of all; which of two that sold the same comes first is open. */
function expectTop(top: [string, number][], units: Record<string, number>): void {
  expect(top.map(([, sales]) => sales)).toEqual(
    Object.values(units)
      .toSorted((a, b) => b - a)
      .slice(0, 3),
  );
  expect(new Set(top.map(([name]) => name)).size).toBe(top.length);
  for (const [name, sales] of top) expect(units[name]).toBe(sales);
}
