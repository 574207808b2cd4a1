import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { missingPackages, unhashedPackages } from '../scripts/complete-lockfile.ts';
import { generatedDocs, pathOf } from '../scripts/write-docs.ts';
import { ERRORS } from '../src/kernel/error-table.ts';
import { reports } from '../src/reports/all.ts';
import { PLATFORM_IDS } from '../src/model/shop.ts';
import { NOTICES } from '../src/reports/notices.ts';
import { FORBIDDEN_WORDS, textsIn } from './forbidden-words.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** The contract of platforms, a file for each of its readers. */
const CONTRACT = ['platform', 'connection', 'operation', 'stream', 'file-preset', 'later-file', 'live'].map((file) => `platforms/${file}`);

/** Which rooms a room may look into; `engines/sql` stands for that file alone. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  model: ['kernel'],
  engines: ['kernel', 'model'],
  platforms: ['kernel', 'model'],
  records: ['kernel', 'model', 'engines'],
  reports: [
    'kernel',
    'model',
    'engines/engine',
    'engines/sql',
    'records/shops/shops',
    'records/shops/coverage',
    'records/returns/returned-pieces',
    'records/rates/rate-book',
  ],
  sync: ['kernel', 'model', 'engines', 'records', ...CONTRACT, 'platforms/client'],
  jobs: ['kernel', 'model', 'engines', 'records', ...CONTRACT, 'platforms/client', 'sync'],
  surfaces: ['kernel', 'model', 'engines', 'records', 'platforms', 'reports', 'sync', 'jobs'],
  'config.ts': ['kernel', 'model', 'platforms/all', 'platforms/connection'],
  'app.ts': ['*'],
  'program.ts': ['*'],
  'main.ts': ['program'],
};

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

/** Every file a source names: `import … from`, `export … from`, `import 'x'`, `import('x')`, `import.meta.resolve('x')`, `new URL('x')`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const named = [
    ...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|import\.meta\.resolve\(\s*|new URL\(\s*)(['"`])(\.{1,2}\/[^'"`]+)\1/g),
  ].map(([, , path]) => path!);
  return named.map((path) => relative(ROOT, resolve(ROOT, file, '..', path)));
}

test('a room looks only into the rooms the house allows it', () => {
  const wrong: string[] = [];
  for (const file of sources(join(ROOT, 'src')).filter((each) => !each.endsWith('.test.ts'))) {
    const room = file.split('/')[1]!;
    const allowed = ARROWS[room];
    if (!allowed) wrong.push(`${file}: the house has no room ${room}`);
    for (const target of importsOf(file).filter((each) => each.startsWith('src/'))) {
      const wanted = target.replace(/^src\//, '').replace(/\.ts$/, '');
      const own = wanted.startsWith(`${room.replace(/\.ts$/, '')}/`);
      const fine = own || allowed?.some((each) => each === '*' || wanted === each || wanted.startsWith(`${each}/`));
      if (!fine) wrong.push(`${file} → ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('platforms do not look at each other, and only all.ts looks into all of them', () => {
  const wrong = sources(join(ROOT, 'src/platforms')).flatMap((file) => {
    const [, , own] = file.split('/');
    return importsOf(file)
      .filter(
        (target) => /^src\/platforms\/\w+\//.test(target) && target.split('/')[2] !== own && own !== 'all.ts' && !file.endsWith('.test.ts'),
      )
      .map((target) => `${file} → ${target}`);
  });
  expect(wrong).toEqual([]);
});

test('kinds of records do not look at each other, and only what works on all of them looks at the list', () => {
  const wrong = sources(join(ROOT, 'src/records')).flatMap((file) => {
    const own = kindOf(file);
    return importsOf(file)
      .filter((target) => {
        const kind = kindOf(target);
        if (LISTING_KINDS.includes(file)) return false;
        return LISTING_KINDS.includes(target) || (kind !== null && kind !== own);
      })
      .map((target) => `${file} → ${target}`);
  });
  expect(wrong).toEqual([]);
});

/** What is handed every kind, or hands it on. */
const LISTING_KINDS = ['all', 'prepare-store', 'shop-changes'].map((name) => `src/records/${name}.ts`);

/** The folder of a kind of records; null for what kinds stand on. */
function kindOf(file: string): string | null {
  return /^src\/records\/([^/]+)\//.exec(file)?.[1] ?? null;
}

test("a seller-centre header or a platform's field name stands in its platform's folder only", () => {
  const wrong = sources(join(ROOT, 'src'))
    .filter((file) => !file.startsWith('src/platforms/') && !file.endsWith('.test.ts'))
    .filter((file) => /amazon-order-id|SKU Subtotal|订单创建时间|order-status/.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(wrong).toEqual([]);
});

/** Where a platform may be named beside its folder, the list of ids and what wires the simulator: in words for people. */
const NAMED_IN_WORDS: Readonly<Record<string, string>> = {
  'src/surfaces/cli/cli.ts': 'what the program is for; examples of commands',
  'src/surfaces/cli/import-command.ts': 'examples of files',
  'src/surfaces/cli/report-command.ts': 'an example of a question',
  'src/surfaces/cli/serve-commands.ts': 'options of the simulator, one port for each platform',
  'src/surfaces/http/adopt-routes.ts': 'which files of the older system tell parts of one order',
  'src/surfaces/http/order-routes.ts': 'what the own keys of orders look like',
  'src/surfaces/http/page.ts': 'what the program is for',
  'src/surfaces/mcp/mcp.ts': 'what the program is for',
};

test('what is true of one platform stands in its folder or in model/shop.ts, and nothing else asks which it is', () => {
  const ids = PLATFORM_IDS.filter((id) => id !== 'Other');
  const word = new RegExp(`(?<![A-Za-z])(?:${ids.join('|')})(?![A-Za-z])`, 'i');
  /** An id by itself: a value, a key, a part of a path, a setting's name. */
  const used = new RegExp(
    `(['"\`])(?:${ids.join('|')})\\1|\\b(?:${ids.join('|')})\\??:|\\.(?:${ids.join('|')})\\b|/(?:${ids.join('|')})/|S7_(?:${ids.join('|')})_`,
    'i',
  );
  const found = sources(join(ROOT, 'src'))
    .filter(
      (file) => !file.startsWith('src/platforms/') && !['src/model/shop.ts', 'src/program.ts'].includes(file) && !file.endsWith('.test.ts'),
    )
    .map((file) => {
      const code = readFileSync(join(ROOT, file), 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/(?<=^|\s)\/\/ .*$/gm, '');
      return { file, named: word.test(code), used: used.exec(code)?.[0] };
    });
  expect(found.flatMap(({ file, used: how }) => (how ? [`${file}: ${how}`] : []))).toEqual([]);
  expect(found.filter(({ named }) => named).map(({ file }) => file)).toEqual(Object.keys(NAMED_IN_WORDS));
});

test('only config.ts reads the environment', () => {
  const readers = sources(join(ROOT, 'src')).filter(
    (file) => /process\.env/.test(readFileSync(join(ROOT, file), 'utf8')) && !file.endsWith('.test.ts'),
  );
  expect(readers).toEqual(['src/config.ts']);
});

test('files are named after what they hold, none is index, utils, helpers, common, types, manager or service', () => {
  const names = [...sources(join(ROOT, 'src')), ...sources(join(ROOT, 'scripts')), ...sources(join(ROOT, 'tests'))].map((file) =>
    file.split('/').at(-1)!,
  );
  expect(
    names.filter(
      (name) => /^(?:index|utils?|helpers?|common|types|manager|service)\./.test(name) || !/^[a-z0-9-]+(?:\.test)?\.ts$/.test(name),
    ),
  ).toEqual([]);
});

test('the lockfile is complete, so that npm ci works on every platform and registry', () => {
  const lockfile = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Parameters<typeof missingPackages>[0];
  expect([...missingPackages(lockfile).keys()]).toEqual([]);
  expect(JSON.stringify(lockfile)).not.toContain('"resolved"');
});

test('every locked package has the hash that its download is held against, on every platform', () => {
  for (const file of ['package-lock.json', 'bench/package-lock.json', 'conformance/package-lock.json']) {
    const lockfile = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Parameters<typeof unhashedPackages>[0];
    // A rival of the bench, of which the registry has the one for Linux on x64 alone.
    expect(
      [...unhashedPackages(lockfile).values()].filter((name) => !name.startsWith('@chdb/lib-')),
      file,
    ).toEqual([]);
  }
  expect([
    ...unhashedPackages({
      packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b/node_modules/@c/d': { version: '2.0.0' } },
    }).values(),
  ]).toEqual(['a@1.0.0', '@c/d@2.0.0']);
});

test('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

test.each(Object.entries(generatedDocs()))('%s says what the code says', (file, text) => {
  expect(readFileSync(pathOf(file), 'utf8')).toBe(text);
});

test('npm ci --omit=dev is enough for whoever uses the program: what runs stands in dependencies', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const running = [...sources(join(ROOT, 'src')), ...sources(join(ROOT, 'simulator'))].filter((file) => !file.endsWith('.test.ts'));
  const lacking = running.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:^import (?!type )(?:[^;']* from )?|import\()'((?:@[\w-]+\/)?[\w-]+)/gm)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'node' && !builtinModules.includes(name) && !(name in dependencies))
      .map((name) => `${file}: ${name}`),
  );
  expect(lacking).toEqual([]);
});

test('README says what it is on one page, and every link of every page leads somewhere', () => {
  const pages = ['', 'docs', 'docs/decisions', 'docs/zh', 'examples/mappings', 'bench'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  const broken = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^https?:/.test(link) && !existsSync(join(ROOT, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
  for (const page of ['README.md', 'README.zh-CN.md']) {
    expect(readFileSync(join(ROOT, page), 'utf8').split('\n').length, page).toBeLessThanOrEqual(130);
  }
});

test('ARCHITECTURE names files that are there, and every report', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const named = [...text.matchAll(/`((?:src|simulator|tests|docs|bench|scripts)\/[\w./{},-]*)`/g)].flatMap(([, path]) => unfolded(path!));
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect(named.length).toBeGreaterThan(100);
  const missing = readFileSync(join(ROOT, 'src/reports/all.ts'), 'utf8').matchAll(/from '\.\/([\w-]+\.ts)'/g);
  expect([...missing].map(([, file]) => file!).filter((file) => !text.includes(`\`${file}\``) && file !== 'report.ts')).toEqual([]);
});

/** `a{b,c}` as `ab` and `ac`. */
function unfolded(path: string): string[] {
  const [, before, choices, after] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path) ?? [];
  return choices === undefined ? [path] : choices.split(',').flatMap((choice) => unfolded(`${before}${choice}${after}`));
}

test('each decision has a page with its four parts, and a line in ARCHITECTURE', () => {
  const architecture = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const pages = readdirSync(join(ROOT, 'docs/decisions'));
  for (const page of pages) {
    const parts = [...readFileSync(join(ROOT, 'docs/decisions', page), 'utf8').matchAll(/^## (.+)$/gm)].map(([, part]) => part);
    expect(parts, page).toEqual(['Context', 'Decision', 'Measured', 'What would change it']);
    expect(architecture).toContain(`](docs/decisions/${page})`);
  }
  expect(pages.length).toBeGreaterThan(0);
});

test('every error has a number of its own, a fitting status and a sentence and a remedy in three languages', () => {
  const entries = Object.values(ERRORS);
  expect(new Set(entries.map(({ number }) => number)).size).toBe(entries.length);
  for (const { number, status, message, hint } of entries) {
    expect(number).toBeGreaterThan(0);
    expect(status).toBeGreaterThanOrEqual(400);
    for (const text of [message, hint]) for (const sentence of Object.values(text)) expect(sentence.trim()).not.toBe('');
    expect(marks(message.en)).toEqual(marks(message.zh));
    expect(marks(message.en)).toEqual(marks(message.es));
  }
});

test('every error of the table is raised somewhere, so none is documented in vain', () => {
  const code = sources(join(ROOT, 'src'))
    .filter((file) => !file.endsWith('error-table.ts'))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
  expect(Object.keys(ERRORS).filter((name) => !code.includes(`'${name}'`))).toEqual([]);
});

test('every notice fills the same values in every language', () => {
  for (const text of Object.values(NOTICES)) {
    expect(marks(text.zh)).toEqual(marks(text.en));
    expect(marks(text.es)).toEqual(marks(text.en));
  }
});

test('every report says what it is in Chinese and in Spanish, too', () => {
  const texts = reports.flatMap(({ name, title, question, tables }) =>
    [title, question, ...Object.values(tables).map((table) => table.title)].map((text) => ({ name, text })),
  );
  expect(texts.filter(({ text }) => !/\p{Script=Han}/u.test(text.zh) || text.es.trim() === '')).toEqual([]);
  expect(reports.filter(({ question }) => question.es === question.en).map(({ name }) => name)).toEqual([]);
});

/** The values a sentence names, each once. */
function marks(sentence: string): string[] {
  return [...new Set(sentence.match(/\{\w+/g) ?? [])].toSorted();
}

test('no text for people holds a word that reads as something else to them', () => {
  const found = sources(join(ROOT, 'src')).flatMap((file) =>
    textsIn(readFileSync(join(ROOT, file), 'utf8')).flatMap(({ language, text }) =>
      FORBIDDEN_WORDS.filter((each) => [language, 'any'].includes(each.language) && each.word.test(wordsOf(text))).map(
        ({ word, why }) => `${file}: ${word.exec(wordsOf(text))![0]} (${why}): ${text}`,
      ),
    ),
  );
  expect(found).toEqual([]);
});

test('the list of forbidden words knows what it forbids, and spares what machines say', () => {
  const source = "{ en: 'Nothing.', zh: '没有' + \n '令牌', es: \"un fichero\" }, { es: 'el archivo `fichero=`' }";
  const hits = textsIn(source).map(
    ({ language, text }) =>
      FORBIDDEN_WORDS.filter((each) => [language, 'any'].includes(each.language) && each.word.test(wordsOf(text))).length,
  );
  expect(hits).toEqual([0, 1, 1, 0]);
});

/** A text without what belongs to machines: names in marks of code, commands, names of settings, what is filled in. */
function wordsOf(text: string): string {
  return text
    .replace(/\\?`[^`]*`/g, '')
    .replace(/\bs7 [a-z ]+/g, '')
    .replace(/\b[\w-]*_[\w-]*\b|--[\w-]+/g, '')
    .replace(/\{\w+/g, '{');
}
