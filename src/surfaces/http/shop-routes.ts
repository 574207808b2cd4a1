import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readAuthorizations } from '../../records/shops/authorizations.ts';
import { readShopsWithCoverage } from '../../records/shops/coverage.ts';
import { eraseShop, readShops, readShopTotals, readVatRules, setShop } from '../../records/shops/shops.ts';
import { readRuns, runsOf } from '../../records/runs/sync-log.ts';
import { AppError } from '../../kernel/errors.ts';
import { isVisible } from '../../kernel/visible.ts';
import { renewScale } from '../../jobs/rfm-scales.ts';
import { isZone } from '../../model/shop-day.ts';
import { PLATFORM_IDS, shopsNamed, type Shop } from '../../model/shop.ts';
import { errorAnswers } from './answers.ts';
import type { HttpRoom } from './room.ts';

const success = { code: z.literal(0), msg: z.literal('success') };
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

const shopAnswer = z.object({
  platform: z.string(),
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
  connection: z.enum(['files', 'connected', 'lost', 'disconnected']).describe('`lost`: the seller has to consent again.'),
  authorized_until: z.string().nullable().describe("When the seller's consent ends."),
  last_run: z.unknown().nullable(),
  last_error: z.string().nullable(),
});

/** The shops: what is stored of them, what the seller says of them, letting go of them. */
export function shopRoutes(scope: FastifyInstance, room: HttpRoom): void {
  scope.get(
    '/shops',
    {
      schema: {
        tags: ['Shops'],
        summary: 'The shops and what is stored of them · 店铺',
        response: { 200: z.object({ ...success, data: z.array(shopAnswer) }), ...errorAnswers },
      },
    },
    async () => {
      const { shops, totals, coverage, authorizations, runs, rules } = await room.engine.read(async (reader) => ({
        ...(await readShopsWithCoverage(reader, room.clock.now())),
        totals: await readShopTotals(reader),
        authorizations: await readAuthorizations(reader),
        runs: await readRuns(reader),
        rules: await readVatRules(reader),
      }));
      const nothing = { orders: 0, units: 0, first_day: null, last_day: null };
      return {
        code: 0,
        msg: 'success',
        data: shops.map((shop) => {
          const { shop_id: _, ...total } = totals.find(({ shop_id }) => shop_id === shop.shopId) ?? { shop_id: shop.shopId, ...nothing };
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
        }),
      };
    },
  );

  scope.post(
    '/shops/set',
    {
      schema: {
        tags: ['Shops'],
        summary: 'Change a shop · 店铺设置',
        description: 'A new zone moves every stored order to its new shop day. What is left out stays as it is; null empties.',
        body: z.strictObject({
          ...which,
          name: z.string().trim().min(1).max(100).refine(isVisible, 'holds signs that are no text').optional(),
          zone: z.string().refine(isZone, 'is no IANA time zone').optional(),
          currency: z
            .string()
            .regex(/^[A-Z]{3}$/, 'is no currency code')
            .nullable()
            .optional(),
          vat_rate: z.number().min(0).max(100).nullable().optional().describe('Percent, e.g. 21.'),
          vat_rules: z
            .array(vatRule)
            .max(200)
            .optional()
            .describe('Rates by country and date, in place of those there were; the most particular wins.'),
        }),
        response: { 200: z.object({ ...success }), ...errorAnswers },
      },
    },
    async (request) => {
      const {
        platform,
        shop,
        vat_rate: vatRate,
        vat_rules: rules,
        ...settings
      } = request.body as {
        platform: Shop['platform'];
        shop: string;
        name?: string;
        zone?: string;
        currency?: string | null;
        vat_rate?: number | null;
        vat_rules?: z.output<typeof vatRule>[];
      };
      const found = await shopNamed(room, platform, shop);
      // A run carries the shop as it was when it began.
      await room.sync.alone(found.shopId, () =>
        setShop(room.engine, found, {
          ...settings,
          vatRate: typeof vatRate === 'number' ? vatRate.toFixed(2) : vatRate,
          vatRules: rules?.map(({ rate, remitted_by: remittedBy, ...rule }) => ({ ...rule, rate: rate.toFixed(2), remittedBy })),
        }),
      );
      return { code: 0, msg: 'success' };
    },
  );

  scope.post(
    '/shops/scale',
    {
      schema: {
        tags: ['Shops'],
        summary: "New RFM cut points from the shop's buyers of today · 更新买家评分标准",
        description:
          'The ones before stay in the store; BuyerAnalysis scores by the latest version from now on. The first ones are made by themselves once the shop has enough buyers.',
        body: z.strictObject(which),
        response: { 200: z.object({ ...success, version: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { platform, shop } = request.body as { platform: Shop['platform']; shop: string };
      return {
        code: 0,
        msg: 'success',
        version: await renewScale({ ...room, reportingCurrency: room.config.reportingCurrency }, await shopNamed(room, platform, shop)),
      };
    },
  );

  scope.post(
    '/shops/disconnect',
    {
      schema: {
        tags: ['Shops'],
        summary: 'Stop fetching a shop; its data stay · 断开店铺',
        description: 'Tokens that open no other shop are erased here; the seller may also withdraw the consent on the platform.',
        body: z.strictObject(which),
        response: { 200: z.object({ ...success }), ...errorAnswers },
      },
    },
    async (request) => {
      const { platform, shop } = request.body as { platform: Shop['platform']; shop: string };
      const found = await shopNamed(room, platform, shop);
      if (!found.connection) throw new AppError('shop_not_connected', { shop: found.shop });
      await room.sync.alone(found.shopId, () => room.authorizations.disconnect(found));
      return { code: 0, msg: 'success' };
    },
  );

  scope.post(
    '/shops/erase',
    {
      schema: {
        tags: ['Shops'],
        summary: 'Erase a shop with everything stored of it · 删除店铺数据',
        description: "Orders, documents, history: gone for good. `confirm` has to be the shop's name once more.",
        body: z.strictObject({ ...which, confirm: z.string().describe("The shop's name once more.") }),
        response: { 200: z.object({ ...success }), ...errorAnswers },
      },
    },
    async (request) => {
      const { platform, shop, confirm } = request.body as { platform: Shop['platform']; shop: string; confirm: string };
      const found = await shopNamed(room, platform, shop);
      if (confirm !== found.shop) throw new AppError('invalid_parameter', { name: 'confirm', problem: `has to be ${found.shop}` });
      await room.sync.alone(found.shopId, async () => {
        if (found.connection) await room.authorizations.disconnect(found);
        await eraseShop(room.engine, found.shopId);
      });
      return { code: 0, msg: 'success' };
    },
  );
}

async function shopNamed(room: HttpRoom, platform: Shop['platform'], name: string): Promise<Shop> {
  const shops = await room.engine.read((reader) => readShops(reader, [platform]));
  const [found] = shopsNamed(shops, name);
  if (!found) throw new AppError('unknown_shop', { shop: name, shops: shops.map(({ shop }) => shop) });
  return found;
}
