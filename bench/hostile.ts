/** How long others wait while the server works on an input that was made to cost much. */
import { openAsBlob } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { EXPENSIVE_FILES, type ExpensiveFile } from '../tests/expensive-files.ts';
import { PROJECT_FOLDER } from '../src/config.ts';
import { startServer } from './served.ts';
import { grouped, markdownTable } from './table.ts';

const HEALTH_EVERY_MS = 20;
const HEALTHS_TO_A_REPORT = 10;
const REPORT = 'Multiplatform/DataScience/OrderAnalysis_30d';

/** Sends each of the expensive files to a running server, and asks it for its health and a report meanwhile. */
export async function measureHostile(folder: string, say: (text: string) => void): Promise<string[]> {
  const { at, close } = await startServer(folder);
  try {
    const orders = {
      what: 'an honest file of 2,302 rows',
      path: '/api/import',
      name: 'amazon.txt.gz',
      bytes: () => openAsBlob(`${PROJECT_FOLDER}/examples/amazon-orders-es.txt.gz`),
    };
    const rows = [await measure(at, orders)];
    for (const file of EXPENSIVE_FILES) {
      rows.push(await measure(at, { ...file, bytes: async () => new Blob([new Uint8Array(await file.bytes())]) }));
      say(rows.at(-1)!.join(' | '));
    }
    return [
      'While each file is being sent and read, `/api/health` is asked every 20 ms and a report, computed anew, now and then. A ' +
        'server that does nothing answers health in 1 to 5 ms.',
      markdownTable(['input', 'sent, bytes', 'answered with', 'after, ms', 'worst health, ms', 'worst report, ms'], rows),
    ];
  } finally {
    await close();
  }
}

async function measure(
  at: string,
  { what, path, name, bytes, mapping }: Omit<ExpensiveFile, 'bytes' | 'refused'> & { bytes: () => Promise<Blob> },
): Promise<string[]> {
  const blob = await bytes();
  const form = new FormData();
  if (mapping) form.append('mapping', JSON.stringify(mapping));
  form.append('file', blob, name);
  const worst = { health: 0, report: 0 };
  const timed = async (kind: keyof typeof worst, address: string): Promise<void> => {
    const start = performance.now();
    await (await fetch(`${at}/${address}`)).text();
    worst[kind] = Math.max(worst[kind], performance.now() - start);
  };
  const sending = { over: false };
  const start = performance.now();
  const answer = fetch(new URL(path, at), { method: 'POST', body: form })
    .then(async (reply) => {
      const { name: error, code } = (await reply.json()) as { name?: string; code: number };
      return code === 0 ? 'success' : error!;
    })
    .finally(() => {
      sending.over = true;
    });
  for (let i = 0; !sending.over; i++) {
    await timed('health', 'health');
    if (i % HEALTHS_TO_A_REPORT === 0) await timed('report', `${REPORT}?limit=${i + 1}`);
    await pause(HEALTH_EVERY_MS);
  }
  return [what, grouped(blob.size), await answer, grouped(performance.now() - start), grouped(worst.health), grouped(worst.report)];
}
