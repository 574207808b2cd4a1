import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { readXlsx } from 'hucre/xlsx';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileNameOf } from '../scripts/report-files.ts';
import { noteKeptUnder } from '../src/records/documents.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { keepRules } from '../src/records/runs/upgrade-log.ts';
import { reports } from '../src/reports/all.ts';
import type { Report } from '../src/reports/report.ts';
import { runCli } from '../src/surfaces/cli/cli.ts';
import type { CliRoom } from '../src/surfaces/cli/room.ts';
import { csvText } from '../src/surfaces/csv.ts';
import { toolName } from '../src/surfaces/mcp/tools.ts';
import { KEEPING_RULES } from '../src/sync/clean-documents.ts';
import { READING_RULES } from '../src/sync/upgrade.ts';
import { questionsOf } from './golden-questions.ts';
import { GOLDEN_WORLD, storeWorld } from './golden-world.ts';
import { cleanUp, PROJECT, s7, startServer, temporaryFolder, withStore } from './process.ts';

type Row = Readonly<Record<string, unknown>>;
type Tables = Readonly<Record<string, readonly Row[]>>;

/** Golden questions that every face is asked, about all platforms. */
const ASKED = ['euro shops, 7 days', 'all, side by side, platform by platform'];

let url: string;
let data: string;
const clients: Client[] = [];

beforeAll(async () => {
  data = join(temporaryFolder(), 'data');
  mkdirSync(join(data, 'tmp'), { recursive: true });
  await withStore(data, async (engine) => {
    await prepareStore(engine);
    // What is stored next is written by today's rules: the server has nothing to read anew.
    await engine.transaction(async (tx) => {
      await keepRules(tx, READING_RULES);
      await noteKeptUnder(tx, KEEPING_RULES, null);
    });
    await storeWorld(engine, GOLDEN_WORLD);
  });
  ({ url } = await startServer(data));
  const env = { PATH: process.env['PATH'] ?? '', S7_DATA_DIR: data, S7_PORT: '0' };
  const transports = [
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`)),
    new StdioClientTransport({ command: process.execPath, args: [join(PROJECT, 'src/main.ts'), 'mcp'], env, stderr: 'ignore' }),
  ];
  for (const transport of transports) {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    clients.push(client);
  }
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await cleanUp();
});

/** A row without what is not there: a file has no null, and no column that no row needs. */
function filled(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined && value !== ''));
}

/** The tables of an answer in the older shape. */
function tablesOf(report: Report, answer: Readonly<Record<string, unknown>>): Tables {
  return Object.fromEntries(Object.keys(report.tables).map((name) => [name, (answer[name] as readonly Row[]).map(filled)]));
}

/** What a cell of a file stands for. */
function valueOf(report: Report, table: string, [column, cell]: readonly [string, unknown]): unknown {
  const schema = report.tables[table]!.row.shape[column];
  if (cell === null || cell === '') return null;
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  if (typeof cell !== 'string') return cell;
  const text = csvText(cell);
  return schema === undefined || schema.safeParse(text).success ? text : JSON.parse(text);
}

function csvTable(report: Report, table: string, csv: string): Row[] {
  expect(csv.startsWith('\uFEFF')).toBe(true);
  const rows = Papa.parse<Row>(csv.slice(1), { header: true, newline: '\r\n', skipEmptyLines: 'greedy' }).data;
  return rows.map((row) => filled(Object.fromEntries(Object.entries(row).map((each) => [each[0], valueOf(report, table, each)]))));
}

async function xlsxTables(report: Report, bytes: Uint8Array): Promise<Tables> {
  const { sheets } = await readXlsx(bytes);
  expect(sheets).toHaveLength(Object.keys(report.tables).length + 1);
  return Object.fromEntries(
    Object.keys(report.tables).map((table, at) => {
      const [head, ...rows] = sheets[at]!.rows;
      return [
        table,
        rows.map((row) =>
          filled(Object.fromEntries(head!.map((name, place) => [name, valueOf(report, table, [String(name), row[place] ?? null])]))),
        ),
      ];
    }),
  );
}

/** The command line in this process, against the running server. */
async function writeFile(args: readonly string[]): Promise<void> {
  const room = { config: { dataFolder: data, language: 'en' }, reports } as unknown as CliRoom;
  expect(await runCli(args, { version: '0', reports, fileMode: 0o600, language: 'en' }, () => room)).toBe(0);
}

test.each(reports.map((report) => [report.name, report] as const))('%s gives the same values on every face', async (name, report) => {
  const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden', `${fileNameOf(name)}.json`), 'utf8')) as Record<
    string,
    { tables?: Tables }
  >;
  const questions = await questionsOf(name);
  let answered = 0;
  for (const title of ASKED) {
    const tables = golden[title]?.tables;
    if (!tables) continue;
    answered += 1;
    const expected = tablesOf(report, tables);
    const given = { asOf: '2026-10-28', ...questions[title]![0] } as Record<string, string>;
    const path = `${url}/api/Multiplatform/DataScience/${name}/?${new URLSearchParams(given).toString()}`;
    expect(tablesOf(report, (await (await fetch(path)).json()) as Row), 'HTTP, JSON').toEqual(expected);
    for (const table of Object.keys(report.tables)) {
      const csv = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
        await (await fetch(`${path}&format=csv&table=${table}`)).arrayBuffer(),
      );
      expect(csvTable(report, table, csv), `HTTP, CSV, ${table}`).toEqual(expected[table]);
    }
    expect(await xlsxTables(report, await (await fetch(`${path}&format=xlsx&keys=raw`)).bytes()), 'HTTP, XLSX').toEqual(expected);
    for (const [at, face] of ['/mcp', 'MCP, stdio'].entries()) {
      const { structuredContent, content } = await clients[at]!.callTool({ name: toolName(name), arguments: { ...given, page_size: 500 } });
      expect(tablesOf(report, structuredContent as Row), face).toEqual(expected);
      expect(JSON.parse((content as { text: string }[])[0]!.text), face).toEqual(structuredContent);
    }
    const options = Object.entries(given).flatMap(([key, value]) => [
      `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value,
    ]);
    const [json, csv, xlsx] = ['answer.json', 'answer.csv', 'answer.xlsx'].map((file) => join(data, 'tmp', file));
    for (const file of [json!, csv!, xlsx!]) await writeFile(['report', name, ...options, '--keys', 'raw', '--out', file]);
    expect(tablesOf(report, JSON.parse(readFileSync(json!, 'utf8')) as Row), '--out .json').toEqual(expected);
    expect(csvTable(report, 'data', readFileSync(csv!, 'utf8')), '--out .csv').toEqual(expected['data']);
    expect(await xlsxTables(report, readFileSync(xlsx!)), '--out .xlsx').toEqual(expected);
    if (answered === 1) {
      const { out } = await s7(['report', name, ...options, '--json'], { data });
      expect(tablesOf(report, JSON.parse(out) as Row), '--json').toEqual(expected);
    }
  }
  expect(answered, 'a question that the report answers').toBeGreaterThan(0);
});
