import fc from 'fast-check';
import { ORDER_STATUSES } from '../../src/model/order.ts';
import type { NaiveReport } from '../naive-report.ts';
import { cameBack } from '../naive-returns.ts';
import { coveredBy, dayOf, groupBy, inAlphabet, shown, spansOf, sum, sumKnown, within } from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: 'Reconcile',
  parameters: fc.constant({}),
  untold: ['quarantined', 'platform_orders', 'complete_at'],
  tables: ({ orders, digits }, question) => {
    const placed = orders
      .filter(({ shop }) => question.shops.includes(shop.shop))
      .flatMap(({ shop, order }) => {
        const at = question.basis === 'paid' ? order.paidAt : order.purchasedAt;
        if (at === null || (question.model !== 'both' && order.model !== question.model)) return [];
        const day = dayOf(at, shop.zone);
        return within(day, spansOf(question, shop.zone).window) ? [{ shop, order, day }] : [];
      });
    const back = cameBack(
      orders.filter(({ shop }) => question.shops.includes(shop.shop)),
      question,
      true,
    ).filter(({ role }) => role === 'return');
    const backOf = groupBy(back, ({ eventDay, platform, shop }) => `${eventDay} ${platform} ${shop}`);
    const placedOf = groupBy(placed, ({ shop, day }) => `${day} ${shop.platform} ${shop.shop}`);
    const days = new Map(
      [
        ...placed.map(({ shop, day }) => ({ day, platform: shop.platform, shop: shop.shop })),
        ...back.map(({ eventDay, platform, shop }) => ({ day: eventDay, platform, shop })),
      ].map((each) => [`${each.day} ${each.platform} ${each.shop}`, each]),
    );
    const coverage = new Map([...groupBy(orders, ({ shop }) => shop.shop)].map(([shop, own]) => [shop, coveredBy(own, question)]));
    const isCovered = ({ day, shop }: { day: string; shop: string }): boolean => {
      const covered = coverage.get(shop);
      return covered != null && covered.from <= day && day <= covered.to;
    };
    const data = [...days]
      .map(([key, day]) => {
        const [ofDay, returned] = [placedOf.get(key) ?? [], backOf.get(key) ?? []];
        const lines = ofDay.flatMap(({ order }) =>
          order.lines
            .filter(({ kind }) => kind === 'goods')
            .map((line) => ({
              status: ['unpaid', 'cancelled', 'unknown'].includes(order.status) ? order.status : line.status,
              units: BigInt(line.quantity),
              money: { net: line.netSales, gross: line.grossSales, paid: line.paidAmount }[question.measure],
            })),
        );
        const figures = (of: typeof lines) => ({
          units: Number(sum(of.map(({ units }) => units))),
          amount: shown(sumKnown(of.map(({ money }) => money)), digits),
        });
        return {
          ...day,
          covered: isCovered(day),
          orders: ofDay.length,
          ...figures(lines),
          by_status: ORDER_STATUSES.filter(
            (status) => ofDay.some(({ order }) => order.status === status) || lines.some((line) => line.status === status),
          ).map((status) => ({
            status,
            orders: ofDay.filter(({ order }) => order.status === status).length,
            ...figures(lines.filter((line) => line.status === status)),
          })),
          returned_units: Number(sum(returned.map(({ units }) => units))),
          refunded_amount: returned.length === 0 ? 0 : shown(sumKnown(returned.map(({ refund }) => refund)), digits),
        };
      })
      .toSorted((a, b) => inAlphabet(b.day, a.day) || inAlphabet(a.platform, b.platform) || inAlphabet(a.shop, b.shop));
    const cut = (rows: typeof data): typeof data => rows.slice(0, question.limit ?? 100_000);
    if (question.group === 'none') return { data: cut(data) };
    return {
      data: [...groupBy(data, ({ platform }) => platform)].toSorted(([a], [b]) => inAlphabet(a, b)).flatMap(([, rows]) => cut(rows)),
    };
  },
  addsUp: { keys: ['day', 'shop'], columns: ['orders', 'units', 'amount'] },
};
