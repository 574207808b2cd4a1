import fc from 'fast-check';
import type { NaiveReport } from '../naive-report.ts';
import {
  allCover,
  dayOf,
  eachPlatform,
  figuresOf,
  groupBy,
  grows,
  inAlphabet,
  per,
  percent,
  salesOf,
  shown,
  spansOf,
  type Question,
  type Sale,
} from '../naive-sales.ts';
import type { PlacedOrder } from '../golden-world.ts';

/** All but what came back and what the tax settings say. */
export const naive: NaiveReport = {
  report: 'Overview',
  parameters: fc.constant({}),
  untold: ['return_rate', 'return_rate_growth', 'tax_included', 'net_sales_ex_tax'],
  tables: ({ orders, digits }, question) => {
    const everything = salesOf(
      orders.filter(({ shop }) => question.shops.includes(shop.shop)),
      { ...question, window: 'all', from: undefined, to: undefined },
    );
    return eachPlatform(orders, question, (asked) => {
      const sales = salesOf(asked, question);
      const window = sales.filter(({ inWindow }) => inWindow);
      const [now, later, earlier] = (['window', 'later', 'earlier'] as const).map((span) => {
        const inSpan = {
          window: window,
          later: sales.filter(({ inLater }) => inLater),
          earlier: sales.filter(({ inEarlier }) => inEarlier),
        }[span];
        const figures = figuresOf(inSpan);
        // Nothing is bought for nothing: without orders it is 0.
        return {
          ...figures,
          money: figures.orders === 0 ? 0n : figures.money,
          ...buyersOf(inSpan, everything, question, span),
          ...cancelledOf(asked, question, span),
        };
      });
      const tells = window.length === 0 || window.some(({ buyer }) => buyer !== null);
      const compares = (question.from !== undefined || (question.to === undefined && question.window !== 'all')) && grows(asked, question);
      const grown = (of: (figures: NonNullable<typeof now>) => readonly [part: bigint, whole: bigint]): number | null => {
        const [[laterPart, laterWhole], [part, whole]] = [of(later!), of(earlier!)];
        if (!compares || whole === 0n || laterWhole === 0n || part === 0n) return null;
        const size = part < 0n ? -part : part;
        return percent(laterPart * whole - part * laterWhole, size * laterWhole);
      };
      const priced = later!.money !== null && earlier!.money !== null;
      return {
        data: [
          {
            orders: now!.orders,
            orders_growth: grown(({ orders: count }) => [BigInt(count), 1n]),
            units: Number(now!.units),
            units_growth: grown(({ units }) => [units, 1n]),
            revenue: shown(now!.money, digits),
            revenue_growth: priced ? grown(({ money }) => [money!, 1n]) : null,
            aov: per(now!.money, BigInt(now!.orders), digits),
            aov_growth: priced ? grown(({ money, orders: count }) => [money!, BigInt(count)]) : null,
            buyers: tells ? now!.buyers : null,
            buyers_growth: tells ? grown(({ buyers }) => [BigInt(buyers), 1n]) : null,
            new_buyers: tells ? now!.fresh : null,
            new_buyers_growth: tells ? grown(({ fresh }) => [BigInt(fresh), 1n]) : null,
            cancel_rate: percent(now!.cancelled, now!.lines),
            cancel_rate_growth: grown(({ cancelled, lines }) => [cancelled, lines]),
            profit: null,
            profit_growth: null,
          },
        ],
        series: [...groupBy(window, ({ day }) => day)]
          .toSorted(([a], [b]) => inAlphabet(a, b))
          .map(([day, lines]) => ({ day, covered: allCover(asked, question, () => [day, day]), ...point(lines, digits) })),
        hours: [
          ...groupBy(
            window.filter(({ day, today }) => day === today),
            ({ hour }) => hour,
          ),
        ]
          .toSorted(([a], [b]) => a - b)
          .map(([hour, lines]) => ({ hour, ...point(lines, digits) })),
      };
    });
  },
};

function point(lines: readonly Sale[], digits: number) {
  const { orders, units, money } = figuresOf(lines);
  return { orders, units: Number(units), revenue: shown(money, digits) };
}

/** Buyers of the days, and how many of them had bought nothing before the days. */
function buyersOf(inSpan: readonly Sale[], everything: readonly Sale[], question: Question, span: 'window' | 'later' | 'earlier') {
  const buyers = new Set(inSpan.flatMap(({ buyer }) => buyer ?? []));
  const before = new Set(
    everything
      .filter(({ day, zone }) => {
        const start = spansOf(question, zone)[span]?.[0];
        return start !== undefined && day < start;
      })
      .flatMap(({ buyer }) => buyer ?? []),
  );
  return { buyers: buyers.size, fresh: [...buyers].filter((buyer) => !before.has(buyer)).length };
}

/** Order lines of the days, and those that are cancelled by themselves or with their order. */
function cancelledOf(orders: readonly PlacedOrder[], question: Question, span: 'window' | 'later' | 'earlier') {
  let [lines, cancelled] = [0n, 0n];
  for (const { shop, order } of orders) {
    const at = question.basis === 'paid' ? order.paidAt : order.purchasedAt;
    const days = spansOf(question, shop.zone)[span];
    if (at === null || days === null || (question.model !== 'both' && order.model !== question.model)) continue;
    const day = dayOf(at, shop.zone);
    if (day < days[0] || day > days[1]) continue;
    lines += BigInt(order.lines.length);
    cancelled += BigInt(order.lines.filter(({ status }) => status === 'cancelled' || order.status === 'cancelled').length);
  }
  return { lines, cancelled };
}
