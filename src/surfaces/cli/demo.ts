import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import type { Session } from './cli.ts';
import { Client } from './client.ts';
import { importWithBar } from './import-command.ts';
import { print, titlesOf } from './report-command.ts';
import type { CliRoom } from './room.ts';
import type { Serving } from './running-server.ts';

const ORDER_FILES = /\.(?:csv|tsv|txt|xlsx)(?:\.gz)?$/;
const SHOWN_ROWS = 8;

/** The demo has a data folder of its own, beside the real one. */
export function demoRoom(room: CliRoom): CliRoom {
  return { ...room, config: { ...room.config, dataFolder: `${room.config.dataFolder}-demo` } };
}

/** Imports the example orders through a server of {@link demoRoom} and prints the reports. */
export async function demo(session: Session, serving: Serving): Promise<void> {
  const room = session.room();
  const client = new Client(serving, room.config.language);
  const files = readdirSync(room.examplesFolder).filter((name) => ORDER_FILES.test(name)).toSorted();
  if (files.length === 0) throw new AppError('file_missing', { file: room.examplesFolder });
  for (const file of files) await importWithBar(client, join(room.examplesFolder, file), { query: new URLSearchParams(), silent: false });
  const { data: shops } = await client.get<{ data: { last_day: string }[] }>('/api/shops');
  const asOf = shops.map(({ last_day }) => last_day).toSorted().at(-1)!;
  for (const { name } of room.reports) {
    const query = new URLSearchParams({ asOf, limit: String(SHOWN_ROWS), window: '30d' });
    const answer = await client.get<Parameters<typeof print>[0]>(`/api/Multiplatform/DataScience/${name}/?${query.toString()}`);
    session.out(`\n${print(answer, titlesOf(session, name))}`);
  }
  session.out(`
${serving.shownUrl}/                                              shops, imports, links
${serving.shownUrl}/api/swagger/                                  every path, to try out
${serving.shownUrl}/api/Multiplatform/DataScience/SalesRank_30d/?asOf=${asOf}
${serving.shownUrl}/api/TikTok/order/all/?limit=3
Ctrl-C ends.`);
}
