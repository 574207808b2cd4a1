import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../src/reports/all.ts';
import { commandLineOf, SESSION_KEY } from './typed.ts';
import { openTestApp, type TestApp } from './shop-window.ts';

let app: TestApp;
let type: ReturnType<typeof commandLineOf>;
beforeAll(async () => {
  app = await openTestApp({}, undefined, { sessionKey: SESSION_KEY });
  type = commandLineOf(app);
  const mapping = { zone: 'Europe/Madrid', shop: 'Estrella Hogar', columns: { orderId: 'id', purchasedAt: 'at', sku: 'sku' } };
  await app.post('', [
    { name: 'mapping', content: JSON.stringify(mapping) },
    { name: 'file', content: 'id,at,sku\n1,2026-11-01,A\n', filename: 'a.csv' },
  ]);
});
afterAll(() => app.close());

const MEANT = {
  en: (name: string) => `Did you mean ${name}?`,
  zh: (name: string) => `是否为 ${name}？`,
  es: (name: string) => `¿Quería decir ${name}?`,
};

describe('on the command line', () => {
  test.each([
    ['command', ['imprt', 'x.csv'], 'import'],
    ['command below another', ['shops', 'discnect', 'x'], 'disconnect'],
    ['option', ['import', 'x.csv', '--shp', 'x'], '--shop'],
    ['report', ['report', 'SalesRnk_30d'], 'SalesRank'],
    ['period', ['report', 'SalesRank', '--window', '31d'], '30d'],
    ['table', ['report', 'SalesRank', '--table', 'by_platfrom'], 'by_platform'],
    ['currency of a report', ['report', 'SalesRank', '--currency', 'GPB'], 'GBP'],
    ['currency of a file', ['import', 'package.json', '--currency', 'UDS', '--json'], 'USD'],
    ['platform of a report', ['report', 'SalesRank', '--platform', 'Amazn'], 'Amazon'],
    ['platform to connect', ['connect', 'tictok'], 'tiktok'],
    ['shop of a report', ['report', 'SalesRank', '--shop', 'Estrela Hogar'], 'Estrella Hogar'],
    ['shop to change', ['shops', 'set', 'Estrella', '--vat', '21'], 'Estrella Hogar'],
    ['stream', ['sync', '--stream', 'order'], 'orders'],
    ['fault of the simulator', ['simulate', '--fault', 'toManyRequests=1'], 'tooManyRequests'],
    ['option of the simulator', ['simulate', '--prt', '1'], '--port'],
    ['value of such an option', ['simulate', '--limits', 'of'], '--limits=on'],
  ])('a wrong %s ends with 2 and says what was meant, in English, Chinese and Spanish', async (_what, line, meant) => {
    const sentences = new Set<string>();
    for (const language of ['en', 'zh', 'es'] as const) {
      const { code, out, err } = await type(line, { language });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(MEANT[language](meant));
      sentences.add(err.split('\n')[0]!);
    }
    expect(sentences.size).toBe(3);
  });

  test.each([
    ['en', 'row 3, amount: ', '… and 4 more; --refused FILE'],
    ['zh', '第 3 行，amount：', '…… 另有 4 行；用 --refused'],
    ['es', 'fila 3, amount: ', '… y 4 más; --refused ARCHIVO'],
  ] as const)('the first twenty rows that are not imported are listed with line, column and reason: %s', async (language, first, rest) => {
    const [file, map] = [join(app.app.config.dataFolder, 'web.csv'), join(app.app.config.dataFolder, 'web.json')];
    writeFileSync(
      file,
      ['id,at,sku,amount', '1,2026-11-01,A,5', ...Array.from({ length: 24 }, (_, i) => `${i + 2},2026-11-02,A,much`)].join('\n'),
    );
    writeFileSync(
      map,
      JSON.stringify({
        zone: 'Europe/Madrid',
        currency: 'EUR',
        columns: { orderId: 'id', purchasedAt: 'at', sku: 'sku', netSales: 'amount' },
      }),
    );
    const { code, out, err } = await type(['import', file, '--map', map, '--dry-run'], { language });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const listed = out.split('\n').filter((line) => /amount[:：]/.test(line));
    expect(listed).toHaveLength(20);
    expect(listed[0]!.trim()).toMatch(new RegExp(`^${first}.`));
    expect(out).toContain(rest);
    expect(out).not.toContain('much');
  });

  test.each([
    [['import'], 'The command lacks <file>.\n  `s7 import --help` shows what it takes.'],
    [['import', 'x.csv', '--shop'], 'The command lacks --shop <name>.'],
    [['shops', 'erase', 'x'], 'The command lacks --confirm <name>.\n  `s7 shops erase --help`'],
    [['shops', 'disconnect', 'Estrella', 'Hogar'], 'left over: Hogar.'],
    [['simulate', '--port', 'many'], 'There is no option --port=many.\n  There are: --port=NUMBER.'],
  ])('%s: what is missing or too much is named, with 2', async (line, sentence) => {
    expect(await type(line)).toEqual({ code: 2, out: '', err: expect.stringContaining(sentence) });
  });

  test('where nothing is near, what there is is listed all the same; for programs as JSON', async () => {
    const { code, err } = await type(['report', 'Stock', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ name: 'unknown_name', hint: expect.stringMatching(/^There are: SalesRank, AreaDemand, /) });
  });

  test('shops of a platform that cannot be connected yet are told to come as files, and a platform that can is asked for', async () => {
    for (const [platform, sentence] of [
      ['shein', 'Shops of Shein cannot be connected yet'],
      ['other', 'Other has no connection of this kind.\n  Its orders come in as files: `s7 import FILE`.'],
    ] as const)
      expect(await type(['connect', platform, '--no-browser'])).toEqual({ code: 1, out: '', err: expect.stringContaining(sentence) });
    expect((await type(['connect', 'shein'])).err).toContain('Import its orders as files (`s7 import`');
    // Only its registration is missing.
    expect((await type(['connect', 'tiktok', '--no-browser'])).err).toContain('No app of TikTok is set up');
  });
});

describe('a terminal of sixty columns', () => {
  test.each(['en', 'zh', 'es'] as const)(
    'bears every table of every report, with fewer columns and a word on the rest: %s',
    async (language) => {
      for (const { name, tables, title } of reports) {
        const { code, out } = await type(['report', name], { language, columns: 60 });
        expect({ name, code }).toEqual({ name, code: 0 });
        expect(out).toContain(title[language]);
        const [, ...parts] = out.split('\n\n');
        expect(parts.length).toBeGreaterThanOrEqual(Object.keys(tables).length);
        for (const line of parts.slice(0, Object.keys(tables).length).join('\n').split('\n'))
          expect(lettersOf(line), line).toBeLessThanOrEqual(60);
      }
    },
  );

  test.each([[['shops']], [['report']], [['sync', '--status']], [['--help']], [['report', '--help']]])(
    'bears what %j prints, in each language',
    async (line) => {
      for (const language of ['en', 'zh', 'es'] as const) {
        const { code, out } = await type(line, { language, columns: 60 });
        expect({ code, err: out === '' }).toEqual({ code: 0, err: false });
        for (const each of out.split('\n').filter((text) => !text.trimStart().startsWith('$ ')))
          expect(lettersOf(each), each).toBeLessThanOrEqual(60);
      }
    },
  );

  test('a pipe gets every column, and no sign of a terminal', async () => {
    const [narrow, piped] = [await type(['report', 'OrderAnalysis'], { columns: 60 }), await type(['report', 'OrderAnalysis'])];
    const widest = ({ out }: { out: string }): number => Math.max(...out.split('\n\n')[1]!.split('\n').map(lettersOf));
    expect(widest(piped)).toBeGreaterThan(widest(narrow));
    expect(narrow.out).toContain('--wide');
    expect(piped.out).not.toContain('--wide');
  });
});

/** How much room a line takes: letters of East Asia take that of two. */
function lettersOf(line: string): number {
  return [...line].reduce((sum, letter) => sum + (/[\u2E80-\u9FFF\uFF00-\uFF60\u3000-\u303F]/.test(letter) ? 2 : 1), 0);
}

describe('over HTTP', () => {
  test.each([
    ['report', '/api/Multiplatform/DataScience/getSalesRnk_30d/', '/api/Multiplatform/DataScience/SalesRank_30d'],
    ['platform', '/api/TikTook/DataScience/SalesRank', '/api/TikTok/DataScience/SalesRank'],
    ['word of a path', '/api/helth', '/api/health'],
    ['shop', '/api/Other/DataScience/SalesRank?shop=estrela%20hogar', 'Estrella Hogar'],
    ['shop of a list', '/api/Other/orders?shop=estrela%20hogar', 'Estrella Hogar'],
    ['period', '/api/Other/DataScience/SalesRank?window=31d', '30d'],
    ['currency', '/api/Other/DataScience/SalesRank?currency=GPB', 'GBP'],
    ['parameter', '/api/import?limits=3', 'limit'],
  ])('a wrong %s is answered with what was meant', async (_what, path, meant) => {
    for (const language of ['en', 'zh', 'es'] as const) {
      const { status, json } = await app.get(path, { 'accept-language': language });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(json.hint).toContain(MEANT[language](meant));
    }
  });

  test('a path that is far from all is answered without a guess', async () => {
    expect((await app.get('/favicon.png')).json.hint).toBe('The paths are listed at /api/swagger/.');
  });
});
