import { afterAll, beforeAll, expect, test } from 'vitest';
import { reports } from '../src/reports/all.ts';
import { EXAMPLES, openTestApp, type Answer, type TestApp } from './shop-window.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
let shops: TestApp;
beforeAll(async () => {
  shops = await openTestApp();
  await shops.import(EXAMPLES.Shein);
});
afterAll(() => shops.close());

const page = (path: string, language = 'en'): Promise<Answer> => shops.get(path, { accept: BROWSER, 'accept-language': language });
const RANK = '/api/Multiplatform/DataScience/SalesRank_30d/';

test('every report is a readable page to a browser, and JSON to programs', async () => {
  for (const { name, title, question } of reports) {
    const path = `/api/Multiplatform/DataScience/${name}/`;
    const shown = await page(path, 'zh');
    expect(shown.status, name).toBe(200);
    expect(shown.headers.get('content-type')).toContain('text/html');
    expect(shown.headers.get('vary')).toMatch(/Accept(?!-)/);
    for (const text of [title.zh, question.zh, '筛选', 'Excel', '数据截至']) expect(shown.text, name).toContain(text);
    expect(shown.text).not.toContain('<script');
    expect((await shops.get(path)).headers.get('content-type')).toContain('application/json');
  }
});

test('a page shows the figures of the answer, by titles with units, in the language of the link before that of the browser', async () => {
  const { data } = (await shops.get(RANK)).json;
  const [first] = data as { sku: string; sales: number; revenue: number }[];
  const spanish = await page(`${RANK}?lang=es`, 'en');
  expect(spanish.text).toContain('<html lang="es">');
  expect(spanish.text).toContain('<th scope="col" class="right">Ventas (EUR)</th>');
  expect(spanish.text).toContain(`<td>${first!.sku}</td>`);
  expect(spanish.text).toContain(
    `<td class="right">${new Intl.NumberFormat('es-ES', { minimumFractionDigits: 2 }).format(first!.revenue)}</td>`,
  );
  expect(spanish.text).toMatch(/href="[^"]*format=xlsx[^"]*lang=es"/);
});

test('the filters are a form that keeps what was asked, without those that the path says already', async () => {
  const { text } = await page('/api/Multiplatform/DataScience/AreaDemand_7d/?level=city&limit=3');
  expect(text).toContain('<option value="city" selected>');
  expect(text).toContain('name="limit" value="3"');
  expect(text).not.toContain('name="window"');
  expect(text.match(/<tbody>([^]*?)<\/tbody>/)![1]!.match(/<tr>/g)).toHaveLength(3);
});

test('what cannot be answered is said on a page with its filters, and nothing a caller wrote is more than text', async () => {
  const wrong = await page(`${RANK}?shop=${encodeURIComponent('"><script>alert(1)</script>')}`);
  expect(wrong.status).toBe(404);
  expect(wrong.text).toContain('role="alert"');
  expect(wrong.text).not.toContain('<script');
  expect((await page(`${RANK}?limit=0`)).status).toBe(400);
});

test('a page that the browser has is not sent again until something changes', async () => {
  const first = await page(RANK);
  const again = await shops.get(RANK, { accept: BROWSER, 'accept-language': 'en', 'if-none-match': first.headers.get('etag')! });
  expect(again.status).toBe(304);
  const json = await shops.get(RANK, { 'if-none-match': first.headers.get('etag')! });
  expect(json.status).toBe(200);
});
