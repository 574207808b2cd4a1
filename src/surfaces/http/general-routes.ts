import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readShops, readShopTotals } from '../../engines/store.ts';
import { sql } from '../../engines/sql.ts';
import { backup } from '../../jobs/backup.ts';
import { examine } from '../../jobs/doctor.ts';
import { fill } from '../../kernel/messages.ts';
import { errorAnswers } from './answers.ts';
import { languageOf, type HttpRoom } from './room.ts';

const success = { code: z.literal(0), msg: z.literal('success') };

/** What belongs to no platform: health, shops, the catalogue of reports, doctor, backup. */
export function generalRoutes(scope: FastifyInstance, room: HttpRoom): void {
  scope.get('/health', {
    schema: {
      tags: ['Server'], summary: 'Is it alive, can it answer? · 健康检查',
      response: { 200: z.object({ ...success, name: z.literal('s7star-erp'), version: z.string(), pid: z.int(), store: z.literal('ready') }), ...errorAnswers },
    },
  }, async () => {
    await room.engine.read((reader) => reader.query(sql`SELECT 1 AS one`));
    return { code: 0, msg: 'success', name: 's7star-erp', version: room.config.version, pid: process.pid, store: 'ready' };
  });

  scope.get('/shops', {
    schema: {
      tags: ['Shops'], summary: 'The shops and what is stored of them · 店铺',
      response: {
        200: z.object({
          ...success,
          data: z.array(z.object({
            platform: z.string(), shop: z.string(), zone: z.string().describe('IANA zone of the shop\'s clock.'), currency: z.string().nullable(),
            orders: z.int(), units: z.int(), first_day: z.string().nullable(), last_day: z.string().nullable(), complete_at: z.string().nullable(),
          })),
        }),
        ...errorAnswers,
      },
    },
  }, async () => {
    const { shops, totals } = await room.engine.read(async (reader) => ({ shops: await readShops(reader), totals: await readShopTotals(reader) }));
    const nothing = { orders: 0, units: 0, first_day: null, last_day: null };
    return {
      code: 0, msg: 'success',
      data: shops.map(({ shopId, completeAt, ...shop }) => {
        const { shop_id: _, ...total } = totals.find(({ shop_id }) => shop_id === shopId) ?? { shop_id: shopId, ...nothing };
        return { ...shop, ...total, complete_at: completeAt };
      }),
    };
  });

  scope.get('/reports', {
    schema: { tags: ['Reports'], summary: 'Which reports there are · 报表目录', response: { 200: z.object({ ...success, data: z.array(z.unknown()) }), ...errorAnswers } },
  }, (request) => {
    const language = languageOf(request, room);
    return {
      code: 0, msg: 'success',
      data: room.reports.map(({ name, version, title, question, tables }) => ({
        name, version, title: fill(title, language), question: fill(question, language),
        tables: Object.fromEntries(Object.entries(tables).map(([table, { row }]) => [table, Object.keys(row.shape)])),
        path: `/api/Multiplatform/DataScience/${name}/`,
      })),
    };
  });

  scope.get('/doctor', {
    schema: { tags: ['Server'], summary: 'Checks everything that commonly goes wrong · 体检', response: { 200: z.object({ ...success, data: z.array(z.unknown()) }), ...errorAnswers } },
  }, async (request) => ({ code: 0, msg: 'success', data: await examine(room, languageOf(request, room)) }));

  scope.post('/backup', {
    schema: {
      tags: ['Server'], summary: 'Writes a whole copy of the data into a new folder, while the server runs · 备份',
      body: z.strictObject({
        folder: z.string().min(1).refine((name) => !name.includes('\0'), 'is no path')
          .describe('A folder on the server that does not exist yet. Relative: inside the data folder.'),
      }),
      response: { 200: z.object({ ...success, folder: z.string(), bytes: z.int() }), ...errorAnswers },
    },
  }, async (request) => ({ code: 0, msg: 'success', ...(await backup(room, (request.body as { folder: string }).folder)) }));
}
