/**
 * Measures how fast the simulator answers a search: `node simulator/tiktok/measure.ts [scale] [orders]`. The simulator runs in a process
 * of its own, two clients walk through two shops at once; told are orders a second of elapsed time and of the simulator's CPU time.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Client } from './client.ts';

const [scale = '40', wanted = '200000'] = process.argv.slice(2);
const child = spawn(process.execPath, [`${import.meta.dirname}/../main.ts`, '--scale', scale, '--limits', 'off'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const env: Record<string, string> = {};
for await (const line of createInterface(child.stdout)) {
  const [name = '', value = ''] = line.split('=');
  env[name] = value;
  if (name === 'S7_TIKTOK_US_HOST') break;
}
const at = (name: string): string => env[`S7_TIKTOK_ROW_${name}`] ?? '';
const host = at('HOST');
const client = new Client({
  key: at('APP_KEY'),
  secret: at('APP_SECRET'),
  serviceId: at('SERVICE_ID'),
  hosts: { consent: host, auth: host, api: host },
});
try {
  const { token, shops } = await client.connect('estrella-hogar');
  let orders = 0;
  let bytes = 0;
  const walk = async (cipher: string): Promise<void> => {
    let pageToken = '';
    do {
      const query = {
        page_size: '100',
        sort_field: 'update_time',
        sort_order: 'ASC',
        shop_cipher: cipher,
        ...(pageToken === '' ? {} : { page_token: pageToken }),
      };
      const answer = await client.call('/order/202309/orders/search', { method: 'POST', query, body: '{}', token, parse: false });
      if (answer.status !== 200) throw new Error(answer.text);
      pageToken = /"next_page_token":"([^"]*)"/.exec(answer.text.slice(0, 400))?.[1] ?? '';
      orders += 100;
      bytes += answer.text.length;
    } while (pageToken !== '' && orders < Number(wanted));
  };
  const started = performance.now();
  const cpuBefore = cpuSeconds();
  await Promise.all(shops.map(({ cipher }) => walk(cipher)));
  const seconds = (performance.now() - started) / 1000;
  const cpu = cpuSeconds() - cpuBefore;
  const rate = (per: number): string => Math.round(orders / per).toLocaleString('en');
  process.stdout.write(
    `${orders} orders of ${(bytes / orders / 1000).toFixed(2)} kB: ${rate(seconds)} a second elapsed, ${rate(cpu)} a second of the ` +
      `simulator's CPU\n`,
  );
} finally {
  child.kill();
}

/** The CPU time the simulator has used, all its threads together. */
function cpuSeconds(): number {
  const fields =
    readFileSync(`/proc/${child.pid ?? ''}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
