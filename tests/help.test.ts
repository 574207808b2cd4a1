import { afterAll, beforeAll, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../src/kernel/messages.ts';
import { lettersOf } from '../src/surfaces/cli/terminal-text.ts';
import { openTestApp, type TestApp } from './shop-window.ts';
import { commandLineOf, SESSION_KEY } from './typed.ts';

const COLUMNS = 60;
/** What the library says of itself, and would say in English. */
const LIBRARY = /Usage:|Options:|Arguments:|Commands:|Examples:|display help|output the version|\[options\]|\[command\]/;
const TITLES = {
  en: { options: 'Options:', commands: 'Commands:' },
  zh: { options: '选项：', commands: '命令：' },
  es: { options: 'Opciones:', commands: 'Órdenes:' },
} as const;

let app: TestApp;
let type: ReturnType<typeof commandLineOf>;
beforeAll(async () => {
  app = await openTestApp({}, undefined, { sessionKey: SESSION_KEY });
  type = commandLineOf(app);
});
afterAll(() => app.close());

/** The help of every command in a language, by what one types for it. */
async function pagesOf(language: Language, line: readonly string[] = []): Promise<Map<string, string>> {
  const { code, out } = await type([...line, '--help'], { language, columns: COLUMNS });
  expect(code).toBe(0);
  const pages = new Map([[line.join(' '), out]]);
  const listed = sectionOf(out, TITLES[language].commands).filter((name) => name !== 'help');
  for (const name of listed) for (const [of, page] of await pagesOf(language, [...line, name])) pages.set(of, page);
  return pages;
}

/** The words that stand at the beginnings of a section's lines. */
function sectionOf(page: string, title: string): string[] {
  const [, section = ''] = page.split(`\n${title}\n`);
  return section
    .split('\n\n')[0]!
    .split('\n')
    .flatMap((each) => /^ {2}(\S+)/.exec(each)?.[1] ?? []);
}

const pages: Partial<Record<Language, Map<string, string>>> = {};

test.each(LANGUAGES)('the help of every command speaks %s alone and fits 60 letters', async (language) => {
  pages[language] = await pagesOf(language);
  expect(pages[language].size).toBeGreaterThan(25);
  for (const [command, page] of pages[language]) {
    if (language !== 'en') expect(page, command).not.toMatch(LIBRARY);
    // What one types is one line, however long.
    const lines = page.split('\n').filter((line) => !/^ {2}(?:\$|S7_|\{"|-)|s7 /.test(line));
    expect(
      lines.filter((line) => lettersOf(line) > COLUMNS && /\s/.test(line.trim())),
      command,
    ).toEqual([]);
  }
});

test('every language tells of the same commands and options, each in words of its own', () => {
  const { en, zh, es } = pages as Record<Language, Map<string, string>>;
  for (const [command, page] of en) {
    const options = sectionOf(page, TITLES.en.options);
    for (const [language, other] of [
      ['zh', zh.get(command)!],
      ['es', es.get(command)!],
    ] as const) {
      expect(sectionOf(other, TITLES[language].options), `${command} in ${language}`).toEqual(options);
      const prose = (text: string): string[] =>
        text.split('\n').filter((line) => /^ {6,}\S|^\S/.test(line) && /\p{Ll}{2} \p{Ll}{2,} \p{Ll}{2}/u.test(line));
      const alike = prose(other).filter((line) => prose(page).includes(line) && !/^ *(?:\$ |s7 )|\|/.test(line));
      expect(alike, `${command} in ${language}`).toEqual([]);
    }
  }
});

test('every path of the documentation says what it is for in three languages', async () => {
  for (const address of ['/api/swagger/json', '/api/TikTok/swagger/json', '/api/Multiplatform/swagger/json']) {
    const { paths } = (await app.get(address)).json as { paths: Record<string, Record<string, { summary: string }>> };
    const summaries = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ summary }) => summary));
    expect(summaries.length).toBeGreaterThan(10);
    expect(summaries.filter((summary) => !/^[^·]*\p{Ll}[^·]* · [^·]*\p{Script=Han}[^·]* · [^·]*\p{Ll}[^·]*$/u.test(summary))).toEqual([]);
  }
});
