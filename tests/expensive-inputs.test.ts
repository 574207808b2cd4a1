import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { request as openRequest, type ClientRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATA_FILES } from '../src/app.ts';
import { ERRORS } from '../src/kernel/error-table.ts';
import { LIMITS } from '../src/kernel/limits.ts';
import { EXPENSIVE_FILES, type ExpensiveFile } from './expensive-files.ts';
import { EXAMPLES, openTestApp, type Answer, type TestApp } from './shop-window.ts';

const REPORT = '/api/Multiplatform/DataScience/SalesRank_30d/';

async function upload(app: TestApp, { path, name, bytes, mapping }: ExpensiveFile): Promise<Answer> {
  const form = new FormData();
  if (mapping) form.append('mapping', JSON.stringify(mapping));
  form.append('file', new Blob([new Uint8Array(await bytes())]), name);
  const answer = await fetch(`${app.url}${path}`, { method: 'POST', body: form });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) };
}

/** What is left of uploads in the data folder. */
function leftovers(app: TestApp): string[] {
  const folder = (name: string): string[] => readdirSync(join(app.app.config.dataFolder, name));
  return [
    ...folder(DATA_FILES.temporary).filter((name) => name.endsWith('.spool')),
    ...folder(DATA_FILES.imports).filter((name) => !/^(?:\d+-refused|dry-run-.*)\.csv$/.test(name)),
  ];
}

/** A form with a file of which only the beginning is sent. */
function beginUpload(
  app: TestApp,
  path: string,
  text: string,
): { readonly request: ClientRequest; readonly answer: Promise<{ status: number; body: string } | null> } {
  const request = openRequest({
    host: '127.0.0.1',
    port: app.port,
    method: 'POST',
    path,
    headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 9_000_000, connection: 'close' },
  });
  const answer = new Promise<{ status: number; body: string } | null>((done) => {
    request
      .on('error', () => done(null))
      .on('response', (reply) => {
        let body = '';
        reply
          .setEncoding('utf8')
          .on('data', (chunk: string) => {
            body += chunk;
          })
          .on('close', () => done({ status: reply.statusCode!, body }));
      });
  });
  request.write(`--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${text}`);
  return { request, answer };
}

describe('an input that costs much', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
    await app.import(EXAMPLES.Amazon);
  });
  afterAll(() => app.close());

  test.each(EXPENSIVE_FILES.map((file) => [file.what, file] as const))(
    '(%s) holds nobody up, and is refused by name or read',
    async (_what, file) => {
      const events: string[] = [];
      const note = <T>(event: string, work: Promise<T>): Promise<T> =>
        work.then((value) => {
          events.push(event);
          return value;
        });
      const costly = note('done', upload(app, file));
      void costly.finally(() => events.push('over')).catch(() => undefined);
      // Asked again and again: one of the questions comes when the file is being read. Of reports fewer, for they are counted;
      // and none so soon after another that asking is what keeps the machine busy.
      for (let i = 0; !events.includes('over'); i++, await setTimeout(5)) {
        expect((await note('health', app.get('/api/health'))).status).toBe(200);
        if (i % 10 === 0) expect((await note('report', app.get(`${REPORT}?limit=${i + 1}`))).status).toBe(200);
      }
      const { status, json } = await costly;
      if (file.refused === null) expect(json).toMatchObject({ code: 0 });
      else expect(json).toMatchObject({ name: file.refused });
      expect(status).toBe(file.refused === null ? 200 : ERRORS[file.refused as keyof typeof ERRORS].status);
      if (file.long) expect(events.slice(0, events.indexOf('done'))).toEqual(expect.arrayContaining(['health', 'report']));
      expect(JSON.stringify(json)).not.toMatch(/root:|hahaha/);
      expect(leftovers(app)).toEqual([]);
      expect(existsSync(join(app.app.config.dataFolder, '../escaped'))).toBe(false);
    },
  );

  test('is refused in words that say what was too much, and how much it may be', async () => {
    const { json } = await upload(
      app,
      EXPENSIVE_FILES.find(({ what }) => what === 'thousands of shops')!,
    );
    expect(json).toMatchObject({
      msg: 'This is more than can be taken in: shops in one file, at most 200.',
      details: { limit: 'shops', most: 200 },
    });
  });

  test('that is a question, by HTTP or by MCP, is refused as well', async () => {
    const shops = 'a,'.repeat(LIMITS.address_characters.most);
    const called = await app.send(
      '/mcp',
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'sales_rank', arguments: { shop: shops } } },
      { accept: 'application/json, text/event-stream' },
    );
    expect(called.text).toContain('characters of the address');
    const deep = await fetch(`${app.url}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"sales_rank","arguments":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`,
    });
    expect(deep.status).toBeLessThan(600);
    await deep.body?.cancel();
    expect((await app.get('/api/health')).status).toBe(200);
  });
});

describe('an upload that stands still', () => {
  const sent = (path: string): string =>
    path.includes('adopt') ? '[{"id":"1"},' : path.includes('fx') ? 'Date,USD\n' : readFileSync(EXAMPLES.TikTok, 'utf8').slice(0, 300_000);
  const paths = ['/api/import', '/api/adopt?platform=TikTok&region=ES', '/api/fx/import'] as const;

  test('holds up no other import, nor reports', async () => {
    const app = await openTestApp();
    const still = paths.map((path) => beginUpload(app, path, sent(path)));
    let ended = 0;
    for (const { answer } of still)
      void answer.finally(() => {
        ended += 1;
      });
    expect((await app.import(EXAMPLES.Amazon)).json).toMatchObject({ import_id: 1, orders_new: 2000 });
    expect((await app.get(REPORT)).json.row_count).toBeGreaterThan(0);
    expect(ended).toBe(0);
    for (const { request } of still) request.destroy();
    await Promise.all(still.map(({ answer }) => answer));
    await app.close();
  });

  test.each(paths)('at %s is ended, told why, and leaves nothing behind', async (path) => {
    const app = await openTestApp({}, undefined, { stillMs: 300 });
    const { answer } = beginUpload(app, path, sent(path));
    const { status, body } = (await answer)!;
    expect(status).toBe(ERRORS.upload_stalled.status);
    expect(JSON.parse(body)).toMatchObject({ name: 'upload_stalled' });
    expect(leftovers(app)).toEqual([]);
    expect((await app.get('/api/import')).json.data).toEqual([]);
    expect((await app.get('/api/shops')).json.data).toEqual([]);
    await app.close();
  });

  test('does not keep a server from ending', async () => {
    const app = await openTestApp();
    const { answer } = beginUpload(app, '/api/import', sent('/api/import'));
    await app.get('/api/health');
    await app.close();
    await answer;
  });
});
