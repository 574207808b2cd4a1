import { z } from 'zod';
import { problem } from '../../kernel/problem.ts';
import { sql } from '../../engines/sql.ts';
import { backup } from '../../jobs/backup.ts';
import { examine } from '../../jobs/doctor.ts';
import { FINDING_STATES } from '../../jobs/doctor-connections.ts';
import { fill } from '../../kernel/messages.ts';
import type { UpgradeProgress } from '../../sync/upgrade.ts';
import { named, route } from './route.ts';

/** How far an upgrade is. */
export function percentOf({ documents, total }: UpgradeProgress): number {
  return Math.floor((100 * documents) / Math.max(total, 1));
}

/** By which a server is known as ours. */
const PRODUCT = 's7star-erp' as const;
const STORE_STATES = ['ready', 'upgrading'] as const;

/** Whether the server is alive, and what it is. */
export const health = route({
  method: 'GET',
  path: '/api/health',
  needs: 'read',
  meanwhile: true,
  tag: 'Server',
  summary: 'Is it alive, can it answer? · 运行状态 · Estado del servidor',
  answer: z.object({
    name: z.literal(PRODUCT),
    version: z.string(),
    pid: z.int(),
    store: z.enum(STORE_STATES),
    upgrade: z.object({ percent: z.int() }).nullable().describe("How far data of an older program are read by today's rules."),
  }),
  async handle(_asked, room) {
    await room.engine.read((reader) => reader.query(sql`SELECT 1 AS one`));
    const { progress } = room.upgrade;
    return {
      name: PRODUCT,
      version: room.config.version,
      pid: process.pid,
      store: STORE_STATES[progress ? 1 : 0],
      upgrade: progress && { percent: percentOf(progress) },
    };
  },
});

const catalogue = route({
  method: 'GET',
  path: '/api/reports',
  needs: 'read',
  tag: 'Reports',
  summary: 'Which reports there are · 报表目录 · Informes disponibles',
  answer: z.object({
    data: z.array(
      named(
        'ReportEntry',
        z.object({
          name: z.string(),
          version: z.int(),
          title: z.string(),
          question: z.string(),
          tables: z.record(z.string(), z.array(z.string())).describe('The columns of each table.'),
          path: z.string(),
        }),
      ),
    ),
  }),
  handle: ({ language }, { reports }) => ({
    data: reports.map(({ name, version, title, question, tables }) => ({
      name,
      version,
      title: fill(title, language),
      question: fill(question, language),
      tables: Object.fromEntries(Object.entries(tables).map(([table, { row }]) => [table, Object.keys(row.shape)])),
      path: `/api/Multiplatform/DataScience/${name}/`,
    })),
  }),
});

/** Everything that is looked at when something seems wrong. */
export const doctor = route({
  method: 'GET',
  path: '/api/doctor',
  needs: 'read',
  meanwhile: true,
  tag: 'Server',
  summary: 'Checks everything that commonly goes wrong · 系统自检 · Comprobaciones',
  answer: z.object({
    data: z.array(named('Finding', z.object({ check: z.string(), state: z.enum(FINDING_STATES), text: z.string() }))),
  }),
  handle: async ({ language }, room) => ({ data: await examine({ ...room, proxySeen: room.gate.proxySeen }, language) }),
});

const copy = route({
  method: 'POST',
  path: '/api/backup',
  needs: 'admin',
  tag: 'Server',
  summary: 'Copy all data into a new folder · 备份 · Copia de seguridad',
  body: z.strictObject({
    folder: z
      .string()
      .min(1)
      .refine((name) => !name.includes('\0'), problem({ en: 'is no path', zh: '不是路径', es: 'no es una ruta' }))
      .describe('A folder that does not exist yet, inside the folder of backups (S7_BACKUP_DIR).'),
  }),
  answer: z.object({ folder: z.string(), bytes: z.int() }),
  handle: ({ request, body }, room) => backup(room, body.folder, { anywhere: request.asker === 'own' }),
});

/** What belongs to no platform: health, the catalogue of reports, doctor, backup. */
export const generalRoutes = [health, catalogue, doctor, copy] as const;
