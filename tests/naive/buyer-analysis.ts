import fc from 'fast-check';
import { boughtOf, lastPlace, tellingOf, type Bought } from '../naive-buyers.ts';
import { rounded } from '../naive-profit.ts';
import type { NaiveReport } from '../naive-report.ts';
import { eachPlatform, groupBy, inAlphabet, mostMoneyFirst, per, percent, shown, sum, sumKnown } from '../naive-sales.ts';

const SEGMENTS = [
  'Champions',
  'Loyal',
  'Potential loyalist',
  'New',
  'Promising',
  'Need attention',
  'About to sleep',
  'At risk',
  'Cannot lose',
  'Hibernating',
  'Lost',
];

export const naive: NaiveReport = {
  report: 'BuyerAnalysis',
  parameters: fc.record({ scoring: fc.constantFrom('scale', 'quintile') }),
  untold: [],
  tables: ({ orders: world, digits }, question) =>
    eachPlatform(world, question, (orders) => {
      const bought = boughtOf(orders, question);
      const { silent } = tellingOf(bought);
      const cuts = new Map([...groupBy(orders, ({ shop }) => shop.shop)].map(([shop, own]) => [shop, usualCuts(boughtOf(own, question))]));
      const shopsInTurn = [...new Set(world.map(({ shop }) => shop.shop))];
      const buyers = [
        ...groupBy(
          bought.filter(({ buyer, inWindow }) => buyer !== null && inWindow),
          ({ buyer }) => buyer!,
        ),
      ].map(([buyer, own]) => {
        const days = own.map(({ day }) => day).toSorted(inAlphabet);
        const last = own
          .filter(({ day }) => day === days.at(-1))
          .toSorted((a, b) => shopsInTurn.indexOf(b.shop) - shopsInTurn.indexOf(a.shop))[0]!;
        const recency = Temporal.PlainDate.from(days.at(-1)!).until(last.today).days;
        return {
          buyer_id: BigInt(buyer.split(' ')[1]!).toString(16),
          platform: own[0]!.platform,
          own,
          amount: sumKnown(own.map(({ money }) => money)),
          first: days[0]!,
          last: days.at(-1)!,
          recency,
          shop: last.shop,
          isNew: !bought.some((each) => each.buyer === buyer && each.beforeWindow),
        };
      });
      const fifth = (of: (typeof buyers)[number], value: (buyer: (typeof buyers)[number]) => bigint | null): number | null => {
        if (value(of) === null) return null;
        const all = buyers.filter((each) => each.platform === of.platform && value(each) !== null);
        return Math.floor((all.filter((each) => value(each)! < value(of)!).length * 5) / all.length) + 1;
      };
      const reached = (value: bigint, least: readonly bigint[]): number => 1 + least.filter((cut) => value >= cut).length;
      const scored = buyers.map((buyer) => {
        const [recency, count, amount] = [-BigInt(buyer.recency), BigInt(buyer.own.length), buyer.amount];
        const scale = cuts.get(buyer.shop)!;
        const [r, f, m] =
          question.own['scoring'] === 'quintile'
            ? [
                fifth(buyer, (each) => -BigInt(each.recency))!,
                fifth(buyer, ({ own }) => BigInt(own.length))!,
                fifth(buyer, (each) => each.amount),
              ]
            : [
                reached(recency, [-240n, -120n, -60n, -30n]),
                reached(count, [2n, 3n, 5n, 8n]),
                amount === null ? null : reached(amount, scale),
              ];
        return { ...buyer, r, f, m, segment: m === null ? null : segmentOf(r, Math.ceil((f + m) / 2)) };
      });
      return {
        data: scored
          .toSorted(
            (a, b) =>
              mostMoneyFirst(a.amount, b.amount) ||
              b.own.length - a.own.length ||
              inAlphabet(b.last, a.last) ||
              inAlphabet(a.buyer_id, b.buyer_id) ||
              inAlphabet(a.platform, b.platform),
          )
          .slice(0, question.limit ?? 100_000)
          .map(({ buyer_id, platform, own, amount, first, last, recency, r, f, m, segment }) => ({
            buyer_id,
            platform,
            first_name: '',
            last_name: '',
            order_count: own.length,
            total_amount: shown(amount, digits),
            paid_amount: shown(sumKnown(own.map(({ paid }) => paid)), digits),
            aov: per(amount, BigInt(own.length), digits),
            first_order_day: first,
            last_order_day: last,
            recency_days: recency,
            r,
            f,
            m,
            segment,
            area: lastPlace(own, world).region,
          })),
        summary: [
          ...[...groupBy(buyers, ({ platform }) => platform)]
            .map(([platform, own]) => ({
              platform,
              buyers: own.length,
              new_buyers: own.filter(({ isNew }) => isNew).length,
              orders: own.reduce((all, each) => all + each.own.length, 0),
              total_amount: shown(sumKnown(own.map(({ amount }) => amount)), digits),
            }))
            .toSorted((a, b) => b.buyers - a.buyers || inAlphabet(a.platform, b.platform)),
          ...silent
            .toSorted(inAlphabet)
            .map((platform) => ({ platform, buyers: null, new_buyers: null, orders: null, total_amount: null })),
        ],
        segments: SEGMENTS.map((segment) => {
          const own = scored.filter((each) => each.segment === segment);
          return {
            segment,
            buyers: own.length,
            share: percent(BigInt(own.length), BigInt(scored.filter((each) => each.segment !== null).length)),
            orders: own.reduce((all, each) => all + each.own.length, 0),
            total_amount: shown(own.length === 0 ? 0n : sumKnown(own.map(({ amount }) => amount)), digits),
          };
        }),
        scales:
          question.own['scoring'] === 'quintile'
            ? []
            : question.shops
                .filter((shop) => cuts.has(shop))
                .map((shop) => ({
                  shop,
                  version: 0,
                  made_at: null,
                  currency: world[0]!.shop.currency,
                  recency_days: [240, 120, 60, 30],
                  orders: [2, 3, 5, 8],
                  amounts: cuts.get(shop)!.map((cut) => shown(cut, digits)),
                })),
      };
    }),
};

/** 1, 2, 3 and 5 average orders of the shop up to today. */
function usualCuts(bought: readonly Bought[]): bigint[] {
  const told = bought.filter(({ buyer, untilToday, net }) => buyer !== null && untilToday && net !== null);
  const average = told.length === 0 ? 0n : rounded(sum(told.map(({ net }) => net!)), BigInt(told.length));
  return [1n, 2n, 3n, 5n].map((times) => times * average);
}

function segmentOf(r: number, v: number): string {
  if (r === 5) return v === 1 ? 'New' : v <= 3 ? 'Potential loyalist' : 'Champions';
  if (r === 4) return v === 1 ? 'Promising' : v <= 3 ? 'Potential loyalist' : 'Loyal';
  if (r === 3) return v <= 2 ? 'About to sleep' : v === 3 ? 'Need attention' : 'Loyal';
  if (v === 5) return 'Cannot lose';
  return v >= 3 ? 'At risk' : r === 2 ? 'Hibernating' : 'Lost';
}
