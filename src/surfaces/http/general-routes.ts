import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sql } from '../../engines/sql.ts';
import { backup } from '../../jobs/backup.ts';
import { examine, type ExaminedRoom } from '../../jobs/doctor.ts';
import { fill } from '../../kernel/messages.ts';
import { errorAnswers } from './answers.ts';
import type { UpgradeProgress } from '../../sync/upgrade.ts';
import { languageOf, type HttpRoom } from './room.ts';

const success = { code: z.literal(0), msg: z.literal('success') };

/** How far an upgrade is. */
export function percentOf({ documents, total }: UpgradeProgress): number {
  return Math.floor((100 * documents) / Math.max(total, 1));
}

/** What belongs to no platform: health, the catalogue of reports, doctor, backup. */
export function generalRoutes(scope: FastifyInstance, room: HttpRoom & Pick<ExaminedRoom, 'proxySeen'>): void {
  scope.get(
    '/health',
    {
      schema: {
        tags: ['Server'],
        summary: 'Is it alive, can it answer? · 健康检查',
        response: {
          200: z.object({
            ...success,
            name: z.literal('s7star-erp'),
            version: z.string(),
            pid: z.int(),
            store: z.enum(['ready', 'upgrading']),
            upgrade: z.object({ percent: z.int() }).nullable().describe("How far data of an older program are read by today's rules."),
          }),
          ...errorAnswers,
        },
      },
    },
    async () => {
      await room.engine.read((reader) => reader.query(sql`SELECT 1 AS one`));
      const { progress } = room.upgrade;
      return {
        code: 0,
        msg: 'success',
        name: 's7star-erp',
        version: room.config.version,
        pid: process.pid,
        store: progress ? 'upgrading' : 'ready',
        upgrade: progress && { percent: percentOf(progress) },
      };
    },
  );

  scope.get(
    '/reports',
    {
      schema: {
        tags: ['Reports'],
        summary: 'Which reports there are · 报表目录',
        response: { 200: z.object({ ...success, data: z.array(z.unknown()) }), ...errorAnswers },
      },
    },
    (request) => {
      const language = languageOf(request, room);
      return {
        code: 0,
        msg: 'success',
        data: room.reports.map(({ name, version, title, question, tables }) => ({
          name,
          version,
          title: fill(title, language),
          question: fill(question, language),
          tables: Object.fromEntries(Object.entries(tables).map(([table, { row }]) => [table, Object.keys(row.shape)])),
          path: `/api/Multiplatform/DataScience/${name}/`,
        })),
      };
    },
  );

  scope.get(
    '/doctor',
    {
      schema: {
        tags: ['Server'],
        summary: 'Checks everything that commonly goes wrong · 体检',
        response: { 200: z.object({ ...success, data: z.array(z.unknown()) }), ...errorAnswers },
      },
    },
    async (request) => ({ code: 0, msg: 'success', data: await examine(room, languageOf(request, room)) }),
  );

  scope.post(
    '/backup',
    {
      schema: {
        tags: ['Server'],
        summary: 'Writes a whole copy of the data into a new folder, while the server runs · 备份',
        body: z.strictObject({
          folder: z
            .string()
            .min(1)
            .refine((name) => !name.includes('\0'), 'is no path')
            .describe('A folder that does not exist yet, inside the folder of backups (S7_BACKUP_DIR).'),
        }),
        response: { 200: z.object({ ...success, folder: z.string(), bytes: z.int() }), ...errorAnswers },
      },
    },
    async (request) => ({
      code: 0,
      msg: 'success',
      ...(await backup(room, (request.body as { folder: string }).folder, { anywhere: request.asker === 'own' })),
    }),
  );
}
