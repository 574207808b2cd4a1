import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { newReport } from '../scripts/new.ts';
import { cleanUp, PROJECT, start, temporaryFolder, type Ending } from './process.ts';

afterAll(cleanUp);

const COPIED = ['src', 'scripts', 'tests', 'simulator', 'docs', 'package.json', 'tsconfig.json', 'vitest.config.ts', '.env.example'];

test(
  'a new report is made by one command: it type-checks, answers, agrees with its plain loops, and fails until its figures are worked ' +
    'out',
  async () => {
    const copy = temporaryFolder();
    for (const each of COPIED) cpSync(join(PROJECT, each), join(copy, each), { recursive: true });
    symlinkSync(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
    const node = (args: readonly string[], env: Record<string, string> = {}): Promise<Ending> =>
      start([process.execPath, ...args], { cwd: copy, env }).ended;
    const vitest = (file: string, env: Record<string, string> = {}, title = 'StockAge'): Promise<Ending> =>
      node(['node_modules/vitest/vitest.mjs', 'run', file, '-t', title], env);

    expect(await node(['scripts/new.ts', 'report', 'StockAge'])).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('src/reports/stock-age.ts'),
    });
    expect(await node(['scripts/new.ts', 'report', 'StockAge'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('is there already'),
    });
    // Only what hangs together with the new files: the whole is checked elsewhere.
    writeFileSync(
      join(copy, 'tsconfig.new.json'),
      JSON.stringify({
        extends: './tsconfig.json',
        compilerOptions: { incremental: false, tsBuildInfoFile: null },
        include: ['src/reports', 'tests/naive', 'tests/golden-questions.ts'],
      }),
    );
    expect(await node(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.new.json'])).toMatchObject({ code: 0, out: '' });

    expect(await vitest('tests/golden.test.ts')).toMatchObject({ code: 1 });
    expect(await vitest('tests/golden.test.ts', { S7_WRITE_GOLDEN: '1' })).toMatchObject({ code: 0 });
    const golden = JSON.parse(readFileSync(join(copy, 'tests/golden/stock-age.json'), 'utf8')) as Record<
      string,
      { tables: { data: { day: string; sales: number; orders: number; revenue: number }[] } }
    >;
    // M26, the one order of the 28th; on the 27th M15 with two pieces and M16.
    expect(golden['one shop, 7 days']!.tables.data.slice(0, 2)).toEqual([
      { day: '2026-10-28', sales: 1, orders: 1, revenue: 9.99 },
      { day: '2026-10-27', sales: 3, orders: 2, revenue: 48.5 },
    ]);
    expect(await vitest('tests/golden.test.ts')).toMatchObject({ code: 0 });
    expect(await vitest('tests/naive-reports.test.ts', { S7_REPORT: 'StockAge' }, 'whatever was sold')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Tests [^\n]*1 passed/),
    });
    expect(await node(['scripts/write-docs.ts'])).toMatchObject({ code: 0, out: expect.stringContaining('docs/reports.md written') });
    expect(readFileSync(join(copy, 'docs/reports.md'), 'utf8')).toContain('## StockAge');
    expect(JSON.parse(readFileSync(join(copy, 'src/reports/examples.json'), 'utf8'))).toHaveProperty('StockAge.data');
    expect(existsSync(join(PROJECT, 'src/reports/stock-age.ts'))).toBe(false);
  },
);

test('what is no name of a report is refused, and a list of reports on several lines stays one', () => {
  const all =
    "import { a } from './a.ts';\nimport type { Report } from './report.ts';\nimport { z } from './z.ts';\n\nexport const reports = " +
    '[\n  a,\n  z,\n] as unknown as readonly Report[];\n';
  for (const name of ['', 'stock', 'Stock Age', '../StockAge', 'stock-age', 'Stock_Age'])
    expect(() => newReport(name, all)).toThrow('is no name of a report');
  expect(newReport('StockAge', all)['src/reports/all.ts']).toBe(
    all.replace('import { z }', "import { stockAge } from './stock-age.ts';\nimport { z }").replace('  z,\n]', '  z,\n  stockAge,\n]'),
  );
  expect(() => newReport('StockAge', 'export const reports = [];')).toThrow('is not the list it was');
});
