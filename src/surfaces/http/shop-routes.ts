import { z } from 'zod';
import { readAuthorizations } from '../../records/shops/authorizations.ts';
import { readShopsWithCoverage } from '../../records/shops/coverage.ts';
import { eraseShop, setShop } from '../../records/shop-changes.ts';
import { readShops, readShopTotals, readVatRules } from '../../records/shops/shops.ts';
import { readRuns, RUN_STATES, runsOf } from '../../records/runs/sync-log.ts';
import { renewScale } from '../../jobs/rfm-scales.ts';
import { NO_TEXT, NO_ZONE } from '../../kernel/problem.ts';
import { AppError } from '../../kernel/errors.ts';
import { isVisible } from '../../kernel/visible.ts';
import { isZone } from '../../model/shop-day.ts';
import { PLATFORM_IDS, shopsNamed, type Shop, unknownShop } from '../../model/shop.ts';
import { currencyParameter } from '../../reports/parameters.ts';
import type { HttpRoom } from './room.ts';
import { named, route } from './route.ts';

const which = {
  platform: z.enum(PLATFORM_IDS).describe('Platform of the shop.'),
  shop: z.string().min(1).describe('The shop by its name.'),
};

const vatRule = z.strictObject({
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'is no ISO 3166-1 code such as FR')
    .nullable()
    .default(null)
    .describe('Where the goods go; null: anywhere.'),
  from: z.iso.date().nullable().default(null).describe('The first day it holds for; null: always.'),
  rate: z.number().min(0).max(100).describe('Percent.'),
  remitted_by: z.enum(['seller', 'platform']).default('seller').describe('Who pays the tax to the state.'),
});

/** How a shop is connected: `lost` where the seller has to consent again. */
const CONNECTIONS = ['files', 'connected', 'lost', 'disconnected'] as const;

const lastRun = named(
  'LastRun',
  z.object({
    state: z.enum(RUN_STATES),
    started_at: z.string(),
    finished_at: z.string().nullable(),
    documents: z.int(),
    quarantined: z.int(),
  }),
);

const shopRow = named(
  'Shop',
  z.object({
    platform: z.enum(PLATFORM_IDS),
    shop: z.string(),
    region: z.string().nullable(),
    zone: z.string().describe("IANA zone of the shop's clock."),
    currency: z.string().nullable(),
    vat_rate: z.string().nullable().describe('Percent, where no rule says otherwise.'),
    vat_rules: z.array(vatRule),
    orders: z.int(),
    units: z.int(),
    first_day: z.string().nullable(),
    last_day: z.string().nullable(),
    complete_at: z.string().nullable(),
    covers_from: z.string().nullable().describe('First day that is known whole; of days before it only what changed later. null: none is.'),
    covers_to: z.string().nullable().describe('Last day that is known whole, today as far as it has come.'),
    connection: z.enum(CONNECTIONS).describe('`lost`: the seller has to consent again.'),
    authorized_until: z.string().nullable().describe("When the seller's consent ends."),
    last_run: lastRun.nullable().describe('The last run of its orders.'),
    last_error: z.string().nullable(),
  }),
);

/** What is stored of each shop. */
export const shopList = route({
  method: 'GET',
  path: '/api/shops',
  needs: 'read',
  tag: 'Shops',
  summary: 'The shops and what is stored of them · 店铺 · Tiendas',
  answer: z.object({ data: z.array(shopRow) }),
  async handle(_asked, room) {
    const known = await room.engine.read(async (reader) => ({
      ...(await readShopsWithCoverage(reader, room.clock.now())),
      totals: await readShopTotals(reader),
      authorizations: await readAuthorizations(reader),
      runs: await readRuns(reader),
      rules: await readVatRules(reader),
    }));
    return { data: known.shops.map((shop) => shown(shop, known)) };
  },
});

const set = route({
  method: 'POST',
  path: '/api/shops/set',
  needs: 'admin',
  tag: 'Shops',
  summary: 'Change a shop · 店铺设置 · Cambiar una tienda',
  description: 'A new zone moves every stored order to its new shop day. What is left out stays as it is; null empties.',
  body: z.strictObject({
    ...which,
    name: z.string().trim().min(1).max(100).refine(isVisible, NO_TEXT).optional(),
    zone: z.string().refine(isZone, NO_ZONE).optional(),
    currency: currencyParameter.nullable().optional(),
    vat_rate: z.number().min(0).max(100).nullable().optional().describe('Percent, e.g. 21.'),
    vat_rules: z
      .array(vatRule)
      .max(200)
      .optional()
      .describe('Rates by country and date, in place of those there were; the most particular wins.'),
  }),
  answer: z.object({}),
  async handle({ body: { platform, shop, vat_rate: vatRate, vat_rules: rules, ...settings } }, room) {
    const found = await shopNamed(room, platform, shop);
    // A run carries the shop as it was when it began.
    await room.sync.alone(found.shopId, () =>
      setShop(room.engine, found, {
        ...settings,
        vatRate: typeof vatRate === 'number' ? vatRate.toFixed(2) : vatRate,
        vatRules: rules?.map(({ rate, remitted_by: remittedBy, ...rule }) => ({ ...rule, rate: rate.toFixed(2), remittedBy })),
      }),
    );
    return {};
  },
});

const scale = route({
  method: 'POST',
  path: '/api/shops/scale',
  needs: 'operate',
  tag: 'Shops',
  summary: "New RFM cut points from the shop's buyers of today · 更新买家评分标准 · Nuevos cortes RFM",
  description:
    'The ones before stay in the store; BuyerAnalysis scores by the latest version from now on. The first ones are made by ' +
    'themselves once the shop has enough buyers.',
  body: z.strictObject(which),
  answer: z.object({ version: z.int() }),
  async handle({ body: { platform, shop } }, room) {
    const found = await shopNamed(room, platform, shop);
    return { version: await renewScale({ ...room, reportingCurrency: room.config.reportingCurrency }, found) };
  },
});

const disconnect = route({
  method: 'POST',
  path: '/api/shops/disconnect',
  needs: 'admin',
  tag: 'Shops',
  summary: 'Stop syncing a shop; its data stay · 停止同步店铺 · Dejar de sincronizar una tienda',
  description: 'Tokens that open no other shop are erased here; the seller may also withdraw the consent on the platform.',
  body: z.strictObject(which),
  answer: z.object({}),
  async handle({ body: { platform, shop } }, room) {
    const found = await shopNamed(room, platform, shop);
    if (!found.connection) throw new AppError('shop_not_connected', { shop: found.shop });
    await room.sync.alone(found.shopId, () => room.authorizations.disconnect(found));
    return {};
  },
});

const erase = route({
  method: 'POST',
  path: '/api/shops/erase',
  needs: 'admin',
  tag: 'Shops',
  summary: 'Erase a shop with everything stored of it · 删除店铺数据 · Eliminar una tienda y sus datos',
  description: "Orders, documents, history: gone for good. `confirm` has to be the shop's name once more.",
  body: z.strictObject({ ...which, confirm: z.string().describe("The shop's name once more.") }),
  answer: z.object({}),
  async handle({ body: { platform, shop, confirm } }, room) {
    const found = await shopNamed(room, platform, shop);
    if (confirm !== found.shop)
      throw new AppError('invalid_parameter', {
        name: 'confirm',
        problem: { en: `has to be ${found.shop}`, zh: `应为 ${found.shop}`, es: `debe ser ${found.shop}` },
      });
    await room.sync.alone(found.shopId, async () => {
      if (found.connection) await room.authorizations.disconnect(found);
      await eraseShop(room.engine, found.shopId);
    });
    return {};
  },
});

/** The shops: what is stored of them, what the seller says of them, letting go of them. */
export const shopRoutes = [shopList, set, scale, disconnect, erase] as const;

/** What the store knows of all shops. */
interface Known extends Awaited<ReturnType<typeof readShopsWithCoverage>> {
  readonly totals: Awaited<ReturnType<typeof readShopTotals>>;
  readonly authorizations: Awaited<ReturnType<typeof readAuthorizations>>;
  readonly runs: Awaited<ReturnType<typeof readRuns>>;
  readonly rules: Awaited<ReturnType<typeof readVatRules>>;
}

const NOTHING = { orders: 0, units: 0, first_day: null, last_day: null } as const;

function shown(shop: Shop, { totals, coverage, authorizations, runs, rules }: Known): z.input<typeof shopRow> {
  const { shop_id: _, ...total } = totals.find(({ shop_id }) => shop_id === shop.shopId) ?? { shop_id: shop.shopId, ...NOTHING };
  const authorization = authorizations.find(({ authorizationId }) => authorizationId === shop.connection?.authorizationId);
  const own = runsOf(runs, shop);
  const run = own.find(({ stream }) => stream === 'orders');
  return {
    platform: shop.platform,
    shop: shop.shop,
    region: shop.region,
    zone: shop.zone,
    currency: shop.currency,
    vat_rate: shop.vatRate,
    vat_rules: rules
      .filter(({ shopId }) => shopId === shop.shopId)
      .map(({ country, from, rate, remittedBy }) => ({ country, from, rate: Number(rate), remitted_by: remittedBy })),
    ...total,
    complete_at: shop.completeAt,
    covers_from: coverage.get(shop.shopId)?.days?.from ?? null,
    covers_to: coverage.get(shop.shopId)?.days?.to ?? null,
    connection: authorization ? (authorization.state === 'active' ? 'connected' : 'lost') : shop.region ? 'disconnected' : 'files',
    authorized_until: authorization?.consentEndsAt ?? null,
    last_run: run
      ? {
          state: run.state,
          started_at: run.started_at,
          finished_at: run.finished_at,
          documents: run.documents,
          quarantined: run.quarantined,
        }
      : null,
    last_error: authorization?.error ?? own.find(({ error }) => error !== null)?.error ?? null,
  };
}

async function shopNamed(room: HttpRoom, platform: Shop['platform'], name: string): Promise<Shop> {
  const shops = await room.engine.read((reader) => readShops(reader, [platform]));
  const [found] = shopsNamed(shops, name);
  if (!found) throw unknownShop(name, shops);
  return found;
}
