import fc from 'fast-check';
import type { PlacedOrder } from '../golden-world.ts';
import { boughtOf, earliestToday, lastPlace, tellingOf, type Bought } from '../naive-buyers.ts';
import type { NaiveReport } from '../naive-report.ts';
import { eachPlatform, groupBy, inAlphabet, percent, shifted, type Question } from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: 'RepurchaseRate',
  parameters: fc.record({
    variant: fc.constantFrom('window', 'returning', 'cohort'),
    within: fc.constantFrom('30', '60', '90'),
    distinct: fc.constantFrom('days', 'orders'),
  }),
  untold: ['sku_name', 'image', 'platform_skus'],
  tables: ({ orders: world }, question) =>
    eachPlatform(world, question, (orders) => {
      const within = Number(question.own['within']);
      const buyers = buyersOf(boughtOf(orders, question), ({ buyer }) => buyer!, { question, orders, within });
      const skus = [
        ...groupBy(
          buyersOf(boughtOf(orders, question, true), ({ buyer, sku }) => `${sku} ${buyer}`, { question, orders, within }),
          ({ own }) => own[0]!.sku,
        ),
      ].map(([sku, all]) => ({ sku, all, ...counted(all) }));
      const { telling, silent } = tellingOf(boughtOf(orders, question));
      const homeOf = ({ own }: Buyer) =>
        lastPlace(question.own['variant'] === 'cohort' ? own : own.filter(({ inWindow }) => inWindow), world);
      const nothing = { total_buyers: null, repurchase_users: null, repurchase_rate: null };
      const summary = (): object[] => {
        if (telling.length === 0 && silent.length > 0) return [{ within: null, ...nothing }];
        if (question.own['variant'] !== 'cohort') return [{ within: null, ...counted(buyers) }];
        return [30, 60, 90, 180, 360].map((days) => ({
          within: days,
          ...counted(buyersOf(boughtOf(orders, question), ({ buyer }) => buyer!, { question, orders, within: days })),
        }));
      };
      const rate = (of: { repurchase_users: number; total_buyers: number }): number => of.repurchase_users / of.total_buyers;
      return {
        data: skus
          .filter(({ repurchase_users }) => repurchase_users > 0)
          .toSorted((a, b) => rate(b) - rate(a) || b.repurchase_users - a.repurchase_users || inAlphabet(a.sku, b.sku))
          .slice(0, question.limit ?? 10)
          .map(({ all, ...row }) => {
            const homes = groupBy(
              all.filter(({ again }) => again).flatMap((buyer) => homeOf(buyer).region ?? []),
              (region) => region,
            );
            return { ...row, area: [...homes].toSorted(([a, x], [b, y]) => y.length - x.length || inAlphabet(a, b))[0]?.[0] ?? null };
          }),
        summary: summary(),
        by_platform: [
          ...telling.map((platform) => ({ platform, ...counted(buyers.filter(({ own }) => own[0]!.platform === platform)) })),
          ...silent.map((platform) => ({ platform, ...nothing })),
        ].toSorted((a, b) => (b.total_buyers ?? -1) - (a.total_buyers ?? -1) || inAlphabet(a.platform, b.platform)),
        by_area: [
          ...groupBy(buyers, (buyer) => {
            const { country, regionCode, region } = homeOf(buyer);
            return `${region ?? 'unknown'}|${country ?? ''}|${regionCode ?? ''}`;
          }),
        ]
          .map(([key, own]) => ({
            key,
            area: homeOf(own[0]!).region ?? 'unknown',
            area_code: homeOf(own[0]!).regionCode,
            country: homeOf(own[0]!).country,
            ...counted(own),
          }))
          .toSorted((a, b) => b.repurchase_users - a.repurchase_users || b.total_buyers - a.total_buyers || inAlphabet(a.key, b.key))
          .map(({ key: _key, ...row }) => row),
        buckets: (['>30%', '10-30%', '<10%'] as const).map((bucket) => {
          const own = skus.filter((row) => (rate(row) > 0.3 ? '>30%' : rate(row) >= 0.1 ? '10-30%' : '<10%') === bucket);
          const sum = (of: 'total_buyers' | 'repurchase_users'): number => own.reduce((all, row) => all + row[of], 0);
          return { bucket, skus: own.length, total_buyers: sum('total_buyers'), repurchase_users: sum('repurchase_users') };
        }),
      };
    }),
};

interface Buyer {
  readonly own: readonly Bought[];
  readonly again: boolean;
}

/** The buyers that count, each with what they bought and whether again. */
function buyersOf(
  bought: readonly Bought[],
  key: (each: Bought) => string,
  { question, orders, within }: { question: Question; orders: readonly PlacedOrder[]; within: number },
): Buyer[] {
  const byDays = question.own['distinct'] === 'days';
  const twice = (of: readonly Bought[]): boolean => (byDays ? new Set(of.map(({ day }) => day)).size : of.length) > 1;
  return [
    ...groupBy(
      bought.filter(({ buyer, untilToday }) => buyer !== null && untilToday),
      key,
    ).values(),
  ].flatMap((own) => {
    const here = own.filter(({ inWindow }) => inWindow);
    const earlier = own.some(({ beforeWindow }) => beforeWindow);
    if (here.length === 0) return [];
    if (question.own['variant'] === 'window') return [{ own, again: twice(here) }];
    if (question.own['variant'] === 'returning') return [{ own, again: earlier || twice(here) }];
    const days = own.map(({ day }) => day).toSorted(inAlphabet);
    const second = (byDays ? [...new Set(days)] : days)[1];
    const last = shifted(days[0]!, within);
    return earlier || last >= earliestToday(orders, question) ? [] : [{ own, again: second !== undefined && second <= last }];
  });
}

function counted(buyers: readonly Buyer[]) {
  const again = buyers.filter((buyer) => buyer.again).length;
  return { total_buyers: buyers.length, repurchase_users: again, repurchase_rate: percent(BigInt(again), BigInt(buyers.length)) };
}
