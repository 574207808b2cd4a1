import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTikTokAlone, type TikTokAlone } from '../simulator/tiktok/tiktok-alone.ts';
import { serverSettings } from '../simulator/thread.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { freePort } from './process.ts';
import { EXAMPLES, NOW, openTestApp, type TestApp } from './shop-window.ts';

const executablePath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
].find((path) => existsSync(path));
/** Where the pictures of the pages go, to look at; nowhere when it is not set. */
const pictures = process.env['S7_SHOTS'];
const SCREENS = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** What a simulator is configured with; it need not stay. */
async function keysOf(opening: Promise<TikTokAlone>): Promise<Pick<TikTokAlone, 'apps'>> {
  const simulator = await opening;
  await simulator.close();
  return simulator;
}

describe.skipIf(!executablePath)('in a real browser without a network (skipped where no Chromium or Chrome is installed)', () => {
  let app: TestApp;
  let simulator: TikTokAlone;
  let browser: Browser;
  beforeAll(async () => {
    // Each has to know the other's address before it is opened: the keys of a seed are known without.
    const port = await freePort();
    const { apps } = await keysOf(openTikTokAlone());
    app = await openTestApp(
      { historyDays: 10, apps: serverSettings({ apps, url: `http://127.0.0.1:${port}` }).filter(({ kind }) => kind === 'ROW') },
      fixedClock(NOW),
    );
    const callback = `${app.url}/api/TikTok/callback`;
    simulator = await openTikTokAlone({ port, clock: fixedClock(NOW), limits: 'off', redirectUrls: { ROW: callback, US: callback } });
    for (const file of Object.values(EXAMPLES)) await app.import(file);
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
    if (pictures) mkdirSync(pictures, { recursive: true });
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
    await simulator.close();
  });

  /**
   * Opens a page, lets the work be done, and expects no complaint, no request that leaves this machine and no page wider than the screen.
   */
  async function visit(
    path: string,
    screen: keyof typeof SCREENS,
    picture: string,
    work: (page: Page) => Promise<void>,
    { url } = app,
  ): Promise<void> {
    const isPhone = screen === 'phone';
    const page = await browser.newPage({ viewport: SCREENS[screen], isMobile: isPhone, hasTouch: isPhone, locale: 'en-US' });
    page.setDefaultTimeout(40_000);
    const complaints: string[] = [];
    const elsewhere: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => /^https?:\/\/127\.0\.0\.1:|^(?:data|blob):/.test(request.url()) || elsewhere.push(request.url()));
    await page.addInitScript(
      `document.addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + ` +
        'event.blockedURI))',
    );
    try {
      await page.goto(`${url}${path}`);
      await work(page);
      if (pictures) await page.screenshot({ path: join(pictures, `${picture}-${screen}.png`), fullPage: path === '/' });
      expect({ complaints, elsewhere }).toEqual({ complaints: [], elsewhere: [] });
      const [width, room] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      );
      expect(width).toBeLessThanOrEqual(room);
      // A page that does not say that it fits a phone is laid out for a desk there, and shrunk.
      expect(room).toBeLessThanOrEqual(SCREENS[screen].width);
    } finally {
      await page.close();
    }
  }

  const screens = Object.keys(SCREENS) as (keyof typeof SCREENS)[];
  const languages = [
    ['中文', 'zh', '店铺'],
    ['English', 'en', 'Shops'],
    ['Español', 'es', 'Tiendas'],
  ] as const;
  test.each(screens.flatMap((screen) => languages.map((language) => [screen, ...language] as const)))(
    'the start page fits a %s and can be switched to %s',
    (screen, name, language, heading) =>
      visit('/', screen, `start-${language}`, async (page) => {
        await page.getByRole('link', { name, exact: true }).click();
        await page.getByRole('heading', { name: heading, exact: true }).waitFor();
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
        expect(await page.getByText('Amazon.fr').count()).toBe(1);
      }),
  );

  test('a report and a CSV are one click away from the start page', () =>
    visit('/', 'desk', 'report', async (page) => {
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'CSV' }).first().click();
      expect((await download).suggestedFilename()).toBe('SalesRank.csv');
      await page.getByRole('link', { name: '30 days' }).first().click();
      await page.waitForURL('**/SalesRank_30d/');
      await page.getByRole('heading', { name: 'SKUs by units' }).waitFor();
      await page.getByRole('link', { name: 'JSON' }).first().click();
      expect(await page.locator('body').textContent()).toContain('"msg":"success"');
    }));

  test.each(screens)(
    'a file dropped on the start page of a %s tells what was understood, and one that is none why it was refused',
    (screen) =>
      visit('/', screen, 'drop', async (page) => {
        await page.locator('input[type=file]').setInputFiles([EXAMPLES.Amazon, 'package.json']);
        const told = page.locator('[data-dropped] > li');
        await told.filter({ hasText: '2,000 unchanged' }).waitFor();
        await told.and(page.getByRole('alert')).filter({ hasText: 'package.json' }).waitFor();
      }),
  );

  test('the documentation of a platform lists every path, and "Try it out" answers 200 for the sales rank', () =>
    visit('/api/TikTok/swagger/', 'desk', 'swagger-tiktok', async (page) => {
      const operation = page.locator('.opblock', { has: page.locator('[data-path="/api/TikTok/DataScience/SalesRank_30d"]') });
      await operation.waitFor();
      const { json } = await app.get('/api/TikTok/openapi.json');
      expect(await page.locator('.opblock').count()).toBe(
        Object.values(json.paths as object).flatMap((path) => Object.keys(path as object)).length,
      );
      await operation.locator('.opblock-summary-control').click();
      await operation.getByRole('button', { name: 'Execute' }).click();
      await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
      expect(await operation.locator('.live-responses-table td.response-col_description pre').first().textContent()).toContain(
        '"msg": "success"',
      );
    }));

  test.each(['/api/TikTok/swagger', '/API/tiktok/Swagger/'])('the documentation is found at %s as well', (path) =>
    visit(path, 'phone', 'swagger-tiktok', async (page) => {
      await page.locator('[data-path="/api/TikTok/order/all"]').waitFor();
    }),
  );

  test('an operation can be read, filled in and sent on a phone: nothing is cut off, and what is to be touched is large enough', () =>
    visit('/api/TikTok/swagger/', 'phone', 'swagger-operation', async (page) => {
      const operation = page.locator('.opblock', { has: page.locator('[data-path="/api/TikTok/DataScience/SalesRank_30d"]') });
      await operation.locator('.opblock-summary-control').tap();
      await operation.locator('tr[data-param-name=limit] input').fill('3');
      await operation.getByRole('button', { name: 'Execute' }).tap();
      await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
      const [small, cut] = await page.evaluate<[string[], string[]]>(`(() => {
        const shown = (all, isWrong) => [...document.querySelectorAll('.opblock.is-open :is(' + all + ')')]
          .map((each) => [each.tagName + ' ' + each.className, each.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && isWrong(box)).map(([name]) => name);
        return [
          shown('.opblock-summary-control, .btn, select, input[type=text]', ({ height }) => height < 44),
          shown('.opblock-summary *, .parameters *', ({ right }) => right > innerWidth),
        ];
      })()`);
      expect({ small, cut }).toEqual({ small: [], cut: [] });
    }));

  test('a file can be uploaded from the documentation', () =>
    visit('/api/swagger/', 'desk', 'swagger-import', async (page) => {
      const operation = page.locator('.opblock-post', { has: page.locator('[data-path="/api/import"]') });
      await operation.locator('.opblock-summary-control').click();
      await operation.locator('input[type=file]').setInputFiles(EXAMPLES.Amazon);
      await operation.getByRole('button', { name: 'Execute' }).click();
      await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
      expect(await operation.locator('.live-responses-table td.response-col_description pre').first().textContent()).toContain(
        '"orders_unchanged": 2000',
      );
    }));

  test.each(screens)('the reference at /api/Amazon/redoc/ is readable on a %s', (screen) =>
    visit('/api/Amazon/redoc/', screen, 'redoc', async (page) => {
      await page.getByRole('heading', { name: 'S7StarERP · Amazon' }).waitFor();
      await page.getByRole('heading', { name: 'Demand by area · 地区需求 · Demanda por zona (30d)' }).first().waitFor();
      expect(await page.getByText('/api/Amazon/order/all').count()).toBeGreaterThan(0);
    }),
  );

  test.each(screens)(
    'where a key is needed a %s is led to the page that takes it, works with it, comes back by a link, and signs out',
    async (screen) => {
      const guarded = await openTestApp({ apiKey: 'a-key-that-nobody-guesses' });
      try {
        await visit(
          '/',
          screen,
          'signin',
          async (page) => {
            await page.waitForURL('**/signin');
            await page.getByRole('link', { name: '中文', exact: true }).click();
            await page.getByRole('button', { name: '登录' }).waitFor();
            await page.getByRole('link', { name: 'English', exact: true }).click();
            await page.getByLabel('API key').fill('a-key-that-nobody-guesses');
            await page.getByRole('button', { name: 'Sign in' }).click();
            await page.getByRole('heading', { name: 'Shops', exact: true }).waitFor();
            expect(await page.evaluate<string>('document.cookie')).toBe('');
            // The documentation sends the cookie along, with POST, too.
            await page.goto(`${guarded.url}/api/swagger/`);
            const operation = page.locator('.opblock-post', { has: page.locator('[data-path="/api/import"]') });
            await operation.locator('.opblock-summary-control').click();
            await operation.locator('input[type=file]').setInputFiles(EXAMPLES.Amazon);
            await operation.getByRole('button', { name: 'Execute' }).click();
            await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
            // Another site's link: the browser comes without its cookie first.
            await page.goto(`data:text/html,<a href="${guarded.url}/">go</a>`);
            await page.getByRole('link', { name: 'go' }).click();
            await page.getByRole('button', { name: 'Sign out' }).waitFor();
            await page.getByRole('button', { name: 'Sign out' }).click();
            await page.getByLabel('API key').waitFor();
            await page.goto(`${guarded.url}/`);
            await page.waitForURL('**/signin');
          },
          guarded,
        );
      } finally {
        await guarded.close();
      }
    },
  );

  // The last one: with pounds beside euros the reports ask for a currency.
  test('a seller connects a shop: from our link over the consent page to a page that says what is connected', () =>
    visit('/api/TikTok/connect?region=ES', 'phone', 'connected', async (page) => {
      await page.getByRole('heading', { name: 'Authorize S7StarERP' }).waitFor();
      await page.getByRole('button', { name: 'Authorize' }).click();
      await page.getByRole('heading', { name: 'Connected: Estrella Hogar' }).waitFor();
      expect(await page.locator('main').textContent()).toContain('Estrella Hogar España, Estrella Hogar UK');
      expect(page.url()).toContain(`${app.url}/api/TikTok/callback?`);
    }));
});
