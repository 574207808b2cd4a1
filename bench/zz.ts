import { DuckDBInstance } from '@duckdb/node-api';
const i = await DuckDBInstance.create(process.argv[2] + '/s7.duckdb', { access_mode: 'READ_ONLY' });
const c = await i.connect();
const best = async (name: string, text: string) => { const ts: number[] = []; let cpu = 1e9; for (let k = 0; k < 7; k++) { const u = process.cpuUsage(); const s = performance.now(); await c.run(text); ts.push(performance.now() - s); const d = process.cpuUsage(u); cpu = Math.min(cpu, (d.user + d.system) / 1000); } ts.sort((a, b) => a - b); console.log(name.padEnd(40), 'min', ts[0]!.toFixed(1), 'median', ts[3]!.toFixed(1), 'cpu', cpu.toFixed(0)); };
if (process.argv[4]) for (const s of process.argv[4].split(';')) await c.run(s);
const { texts } = await import(process.argv[3]!);
for (const [n, t] of Object.entries(texts)) await best(n, t as string);
