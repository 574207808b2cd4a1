import { z } from 'zod';
import { NO_TEXT } from '../../kernel/problem.ts';
import { AppError } from '../../kernel/errors.ts';
import { isVisible } from '../../kernel/visible.ts';
import { PLATFORM_IDS, type PlatformId } from '../../model/shop.ts';
import type { OrderRecords } from '../../platforms/platform.ts';
import { adoptOrders } from '../../sync/adopt.ts';
import { adoptPriceDetails } from '../../sync/adopt-price-details.ts';
import type { IntakeProgress } from '../../sync/intake.ts';
import { importForm, readForm, type FormFile } from './import-form.ts';
import { NARRATED, narrated, type Tell } from './narration.ts';
import type { HttpRoom } from './room.ts';
import { route } from './route.ts';

const CONTENTS = ['orders', 'price_details'] as const;

const adoptParameters = z.strictObject({
  platform: z.enum(PLATFORM_IDS).describe('Whose orders these are.'),
  content: z
    .enum(CONTENTS)
    .default('orders')
    .describe('What the file holds: orders, or `{ order_id, price_detail: { code, data } }` of orders that are stored.'),
  written_at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When the file was written: a price detail that was asked for later stays. Default: now.'),
  shop: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine(isVisible, NO_TEXT)
    .optional()
    .describe('The shop they belong to. Default: what they tell.'),
  region: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'is no two-letter country code')
    .optional()
    .describe('Market of the shop, ISO 3166-1, where the orders do not tell it.'),
  platform_shop_id: z
    .string()
    .regex(/^\w{1,64}$/, 'is no shop id')
    .optional()
    .describe("The platform's own id of the shop: connecting it later finds this one again."),
  dry_run: z.stringbool().default(false).describe('Reads and checks everything, writes nothing.'),
});

const result = z.object({
  content: z.enum(CONTENTS),
  file: z.string(),
  platform: z.string(),
  dry_run: z.boolean(),
  shops: z.array(z.string()),
  region: z.string().nullable(),
  records: z.int(),
  heads: z
    .int()
    .describe(
      'Records that are but a part of an order whose rest is in no file: what a list says of it, an order without its items. Left out.',
    ),
  without_data: z.int().describe("Price details that the platform had refused; the shop's own run asks for them."),
  refused: z.int().describe('Set aside with their documents, see GET /api/sync.'),
  refused_records: z.array(z.object({ record: z.string(), field: z.string(), problem: z.string() })).describe('The first of them.'),
  orders: z.int(),
  orders_new: z.int(),
  orders_changed: z.int(),
  orders_unchanged: z.int(),
});

const adopt = route({
  method: 'POST',
  path: '/api/adopt',
  needs: 'operate',
  tag: 'Import',
  summary: "Take over orders kept as the platform's own JSON · 迁移旧系统的订单文件 · Traer pedidos del sistema anterior",
  description:
    'A list of orders, an object that holds lists, or replies page after page. What `s7 adopt` sends, platform by platform. Several ' +
    'files one after the other ' +
    `may tell parts of the same orders: SHEIN's list and its details, Amazon's orders and their items. The same file twice changes ` +
    `nothing. ${NARRATED}`,
  parameters: adoptParameters,
  form: importForm.omit({ mapping: true }),
  answer: result,
  async handle(asked, room) {
    const { parameters, request } = asked;
    const { platform, content, shop } = parameters;
    const records = recordsOf(room, platform);
    const { priceDetails } = records;
    if (content === 'price_details' && !priceDetails)
      throw new AppError('invalid_parameter', {
        name: 'content',
        problem: { en: `${platform}: orders alone`, zh: `${platform}：只能是 orders`, es: `${platform}: solo orders` },
      });
    const { file, source, bytesRead, mapping, rest } = await readForm(request, Object.keys(adoptParameters.shape), {
      several: content === 'orders',
    });
    if (mapping !== undefined) throw new AppError('unknown_parameter', { names: ['mapping'], known: ['file'] });
    const files = async function* (): AsyncGenerator<FormFile> {
      yield { file, source };
      yield* rest();
    };
    return narrated(asked, (tell: Tell<IntakeProgress & { bytes: number }> | undefined) => {
      const told = tell ? { onProgress: (progress: IntakeProgress) => tell({ ...progress, bytes: bytesRead() }) } : {};
      const common = { platform, shop, dryRun: parameters.dry_run, ...told };
      if (content === 'orders')
        return adoptOrders(room, {
          ...common,
          files: files(),
          records,
          region: parameters.region,
          platformShopId: parameters.platform_shop_id,
        });
      const writtenAt = parameters.written_at === undefined ? room.clock.now() : Temporal.Instant.from(parameters.written_at);
      return adoptPriceDetails(room, { ...common, file, source, records: priceDetails!, writtenAt });
    });
  },
});

/**
 * `POST /api/adopt` takes over a file of orders that another system kept in the platform's own JSON. Several are read at once, one is
 * written at a time.
 */
export const adoptRoutes = [adopt] as const;

function recordsOf({ platforms }: HttpRoom, platform: PlatformId): OrderRecords {
  const known = platforms.flatMap(({ id, records }) => (id === platform && records ? [records] : []))[0];
  if (known) return known;
  throw new AppError('invalid_parameter', {
    name: 'platform',
    problem: platforms
      .filter(({ records }) => records)
      .map(({ id }) => id)
      .join(' | '),
  });
}
