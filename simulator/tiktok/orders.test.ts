import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { Client } from './client.ts';
import { openTikTokAlone, type TikTokAlone } from './tiktok-alone.ts';
import { orderText } from './wire-order.ts';
import type { TikTokCountry } from './shops.ts';
import { World } from '../trade/world.ts';
import { ACCOUNTS, TIKTOK_SHOPS } from './shops.ts';
import { STATUSES, statusSince } from './statuses.ts';
import { TikTokWorld, type TikTokOrder } from './tiktok-world.ts';

const clock = fixedClock('2026-10-20T10:00:00Z');
const NOW = Math.floor(clock.now().epochMilliseconds / 1000);
const DAY = 86_400;
// The first half of August 2026 and later, so that both rules of the US are met.
const STREETS_HIDDEN = Date.parse('2026-08-15T00:00:00Z') / 1000;
const HIDES = /\*{3}/;

type Text = Record<string, string>;
interface Wire {
  id: string;
  status: string;
  fulfillment_type: string;
  shipping_type: string;
  buyer_email: string;
  create_time: number;
  update_time: number;
  paid_time?: number;
  is_cod: boolean;
  is_sample_order: boolean;
  is_replacement_order: boolean;
  replaced_order_id?: string;
  is_exchange_order: boolean;
  exchange_source_order_id?: string;
  split_or_combine_tag?: string;
  packages: { id: string }[];
  payment: Text;
  recipient_address?: Text & { district_info: Text[] };
  line_items: (Text & { is_gift: boolean; item_tax?: Text[]; combined_listing_skus?: unknown[] })[];
}

const world = new TikTokWorld(new World({ seed: 'orders', scale: 1, rushes: [], shops: TIKTOK_SHOPS }));
let simulator: TikTokAlone;

beforeAll(async () => {
  simulator = await openTikTokAlone({ clock, seed: 'orders', limits: 'off' });
});
afterAll(() => simulator.close());

/** The orders of some days of a market, as they stand at a second. */
function orders(region: TikTokCountry, { days = 40, until = NOW, at = NOW } = {}): { wire: Wire; known: TikTokOrder }[] {
  const shop = world.shops.find((each) => each.country === region)!;
  return [...world.calendar(shop).placed(until - days * DAY, until)].map((placed) => {
    const known = world.order(shop, placed);
    return { known, wire: JSON.parse(orderText(known, at)) as Wire };
  });
}

const REGIONS: readonly TikTokCountry[] = ['ES', 'GB', 'US', 'MX'];
/** Exact: amounts have two decimals at most. */
const cents = (text: string | undefined): number => {
  const [whole = '0', part = ''] = (text ?? '0').split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
};
const total = (amounts: number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

test('what a buyer pays adds up to the cent in every market', () => {
  for (const region of REGIONS) {
    for (const {
      wire: { payment, line_items: lines },
    } of orders(region)) {
      const pay = (name: string): number => cents(payment[name]);
      expect(pay('sub_total')).toBe(pay('original_total_product_price') - pay('seller_discount') - pay('platform_discount'));
      expect(pay('shipping_fee')).toBe(
        pay('original_shipping_fee') - pay('shipping_fee_seller_discount') - pay('shipping_fee_platform_discount'),
      );
      expect(pay('total_amount')).toBe(pay('sub_total') + pay('shipping_fee') + pay('tax') + pay('retail_delivery_fee'));
      for (const line of lines)
        expect(cents(line['sale_price'])).toBe(
          cents(line['original_price']) - cents(line['seller_discount']) - cents(line['platform_discount']),
        );
      expect(total(lines.map((line) => cents(line['sale_price'])))).toBe(pay('sub_total'));
      expect(
        Math.min(
          ...Object.values(payment)
            .filter((text) => /^\d/.test(text))
            .map(cents),
        ),
      ).toBeGreaterThanOrEqual(0);
    }
  }
});

test('amounts are written without padding', () => {
  const texts = orders('ES').flatMap(({ wire }) => Object.values(wire.payment));
  expect(texts.filter((text) => /\.\d?0$|\.$/.test(text))).toEqual([]);
  expect(texts.some((text) => /^\d+\.\d$/.test(text))).toBe(true);
});

test('American prices are before tax, with the tax of each line; elsewhere the tax is in the price', () => {
  const american = orders('US').map(({ wire }) => wire);
  for (const { payment, line_items: lines } of american) {
    expect(cents(payment['tax'])).toBe(cents(payment['product_tax']) + cents(payment['shipping_fee_tax']));
    expect(total(lines.map(({ item_tax }) => cents(item_tax![0]!['tax_amount'])))).toBe(cents(payment['product_tax']));
  }
  expect(american.filter(({ payment }) => cents(payment['tax']) > 0).length).toBeGreaterThan(american.length * 0.8);
  expect(american.some(({ payment }) => payment['retail_delivery_fee'] !== undefined)).toBe(true);
  for (const { wire } of orders('ES')) {
    expect(wire.payment['tax']).toBe('0');
    expect(
      wire.line_items.every(
        ({ item_tax: [tax] = [] }) => tax?.['tax_type'] === 'SALES_TAX' && tax['tax_amount'] === '0' && tax['tax_rate'] === '0',
      ),
    ).toBe(true);
  }
});

test('in every market the price detail is the same money as the order, shared out over its lines to the cent', async () => {
  for (const {
    app,
    id,
    shops: [{ country: region }],
  } of ACCOUNTS.flatMap((account) => account.shops.map((shop) => ({ ...account, shops: [shop] as const })))) {
    const client = new Client(simulator.apps[app], clock);
    const { token, shops } = await client.connect(id);
    const { cipher } = shops.find((shop) => shop.region === region)!;
    for (const { wire } of orders(region, { days: 3 })) {
      const { data, code } = await client.call(`/order/202407/orders/${wire.id}/price_detail`, { token, cipher });
      expect(code).toBe(0);
      for (const part of [data as Text, ...(data.line_items as Text[])]) {
        const of = (name: string): number => cents(part[name]);
        expect(of('sku_sale_price')).toBe(of('sku_list_price') - of('subtotal_deduction_seller') - of('subtotal_deduction_platform'));
        expect(of('subtotal')).toBe(of('sku_sale_price') + of('subtotal_tax_amount'));
        expect(of('payment')).toBe(of('sku_sale_price') + of('shipping_sale_price') + of('tax_amount'));
        expect(of('total')).toBe(of('sku_list_price') + of('shipping_list_price'));
        expect(of('shipping_sale_price')).toBe(
          of('shipping_list_price') - of('shipping_fee_deduction_seller') - of('shipping_fee_deduction_platform'),
        );
      }
      expect(cents(data.payment)).toBe(cents(wire.payment['total_amount']) - cents(wire.payment['retail_delivery_fee']));
      expect(total((data.line_items as Text[]).map((line) => cents(line['payment'])))).toBe(cents(data.payment));
      expect((data.line_items as Text[]).map(({ id }) => id)).toEqual(wire.line_items.map((line) => line['id']));
    }
  }
});

test('outside the US no address is shown before the order is released, and none in clear that TikTok carries', () => {
  const provinces = new Set<string>();
  for (const region of ['ES', 'GB', 'MX'] as const) {
    for (const { wire, known } of orders(region, { days: 60 })) {
      const address = wire.recipient_address;
      if (wire.status === 'UNPAID' || wire.status === 'ON_HOLD') {
        expect(address).toBeUndefined();
        continue;
      }
      const isHidden = wire.shipping_type === 'TIKTOK' || wire.fulfillment_type === 'FULFILLMENT_BY_TIKTOK';
      const { person, home } = known.buyer;
      const levels = address!.district_info.map((level) => level['address_name']);
      // Of hidden Spanish addresses some lose the province as well, never the community.
      const lost = isHidden && region === 'ES' && HIDES.test(levels[2]!);
      provinces.add(`${region} ${lost}`);
      expect(levels.slice(0, 3)).toEqual([home.place.country, home.place.first, lost ? levels[2] : home.place.second]);
      expect([
        HIDES.test(address!['name']!),
        HIDES.test(address!['phone_number']!),
        HIDES.test(levels[3]!),
        address!['postal_code'] === '',
      ]).toEqual(Array(4).fill(isHidden));
      if (isHidden) {
        // "King" may stand in "United Kingdom", but not alone.
        const told = JSON.stringify(address)
          .split(/["\s,]+/)
          .join(' ');
        for (const secret of [person.lastName, home.phone, home.street, home.postalCode]) expect(` ${told} `).not.toContain(` ${secret} `);
      }
      if (!isHidden)
        expect(address).toMatchObject({
          name: `${person.firstName} ${person.lastName}`,
          phone_number: home.phone,
          address_line1: home.street,
        });
    }
  }
  expect([...provinces].toSorted()).toEqual(['ES false', 'ES true', 'GB false', 'MX false']);
});

test('in the US the address follows the status, the carrier and, since August 2026, the calendar', () => {
  const shown = (at: number): { hides: string; wire: Wire; known: TikTokOrder }[] =>
    orders('US', { days: 90, until: at, at }).map(({ wire, known }) => {
      const address = wire.recipient_address!;
      const hides = [
        ['name', address['name']],
        ['phone', address['phone_number']],
        ['street', address['address_line1']],
        ['city', address.district_info[3]!['address_name']],
      ]
        .filter(([, text]) => HIDES.test(text!))
        .map(([part]) => part)
        .join(' ');
      return { hides, wire, known };
    });
  const all = 'name phone street city';
  const counted = new Map<string, number>();
  for (const at of [STREETS_HIDDEN - DAY, NOW]) {
    for (const { hides, wire, known } of shown(at)) {
      const completed = statusSince(known.life, 'COMPLETED', at);
      const isEarly = wire.status === 'UNPAID' || wire.status === 'ON_HOLD';
      const isOver = wire.status === 'CANCELLED' || (completed !== undefined && at - completed > 30 * DAY);
      const byTikTok = wire.fulfillment_type === 'FULFILLMENT_BY_TIKTOK';
      const open = wire.shipping_type === 'TIKTOK' && at >= STREETS_HIDDEN ? 'phone street' : '';
      const wanted = byTikTok ? (isEarly ? all : 'name phone street') : isEarly || isOver ? all : open;
      expect([wire.id, hides]).toEqual([wire.id, wanted]);
      counted.set(wanted, (counted.get(wanted) ?? 0) + 1);
    }
  }
  expect([...counted.keys()].sort()).toEqual(['', all, 'name phone street', 'phone street'].sort());
});

test('statuses follow TikTok, times only go forward, and the last change is the update time', () => {
  const order = STATUSES.filter((status) => status !== 'CANCELLED');
  for (const region of REGIONS) {
    for (const {
      wire,
      known: { life },
    } of orders(region, { days: 60 })) {
      const names = life.stages.map((stage) => STATUSES[stage]!);
      const steps = names.filter((name) => name !== 'CANCELLED').map((name) => order.indexOf(name));
      expect(steps).toEqual(steps.toSorted((one, other) => one - other));
      expect(names.slice(0, -1)).not.toContain('CANCELLED');
      expect(names.slice(0, -1)).not.toContain('COMPLETED');
      for (let step = 1; step < life.times.length; step++) expect(life.times[step]!).toBeGreaterThan(life.times[step - 1]!);
      expect(wire.update_time).toBe(life.times.filter((time) => time <= NOW).at(-1));
      expect(wire.create_time).toBe(life.times[0]);
      const hold = names.indexOf('ON_HOLD');
      if (names[hold + 1] === 'AWAITING_SHIPMENT' && hold >= 0) expect(life.times[hold + 1]! - life.times[hold]!).toBe(3600);
    }
  }
});

test('the rarities of the trade are all there', () => {
  const wires = REGIONS.flatMap((region) => orders(region, { days: 300 }).map(({ wire }) => wire));
  const lines = wires.flatMap(({ line_items }) => line_items);
  const share = (found: readonly unknown[], of: readonly unknown[]): number => found.length / of.length;
  expect(
    share(
      wires.filter((wire) => wire.is_sample_order && wire.payment['total_amount'] === '0'),
      wires,
    ),
  ).toBeGreaterThan(0.003);
  expect(wires.some((wire) => wire.is_cod && wire.paid_time === undefined)).toBe(true);
  expect(wires.some((wire) => wire.is_replacement_order && /^576\d{15}$/.test(wire.replaced_order_id ?? ''))).toBe(true);
  expect(wires.some((wire) => wire.is_exchange_order && /^576\d{15}$/.test(wire.exchange_source_order_id ?? ''))).toBe(true);
  expect(wires.some((wire) => wire.split_or_combine_tag === 'SPLIT' && wire.packages.length === 2)).toBe(true);
  expect(wires.some((wire) => wire.status !== 'CANCELLED' && wire.line_items.some((line) => line['display_status'] === 'CANCELLED'))).toBe(
    true,
  );
  expect(wires.some((wire) => wire.line_items.length > 1 && new Set(wire.line_items.map((line) => line['sku_id'])).size === 1)).toBe(true);
  for (const marked of [true, false])
    expect(lines.some((line) => line.is_gift === marked && line['sale_price'] === '0' && line['gift_retail_price'] !== '0')).toBe(true);
  expect(lines.some((line) => line['seller_sku'] === undefined)).toBe(true);
  expect(lines.some((line) => line.combined_listing_skus !== undefined)).toBe(true);
  const ended = wires.filter(
    (wire) => wire.status === 'CANCELLED' || wire.line_items.some((line) => line['display_status'] === 'CANCELLED'),
  );
  expect(share(ended, wires)).toBeGreaterThan(0.045);
  expect(share(ended, wires)).toBeLessThan(0.075);
});

test('no field is ever null', () => {
  for (const region of REGIONS) for (const { known } of orders(region, { days: 30 })) expect(orderText(known, NOW)).not.toContain('null');
});
