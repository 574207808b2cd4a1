import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERRORS, type ErrorName } from '../src/kernel/error-table.ts';
import { LANGUAGES } from '../src/kernel/messages.ts';
import { openTestApp, type TestApp } from './shop-window.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const REPORT = '/api/TikTok/DataScience/SalesRank';

describe('what went wrong is said', () => {
  const cases: readonly (readonly [string, string, ErrorName])[] = [
    ['a path that nothing answers', '/api/TikTok/DataScience/Nonsense/', 'not_found'],
    ['a path that cannot be decoded', '/api/%zz', 'not_found'],
    ['no shop yet', `${REPORT}_7d/`, 'no_shop'],
    ['no shop yet, asked for orders', '/api/Amazon/order/all/', 'no_shop'],
    ['a window that does not exist', `${REPORT}/?window=8d`, 'invalid_parameter'],
    ['a day that does not exist', `${REPORT}/?from=2026-02-30`, 'invalid_parameter'],
    ['days the wrong way round', `${REPORT}/?from=2026-03-02&to=2026-03-01`, 'invalid_parameter'],
    ['no rows at all', `${REPORT}/?limit=0`, 'invalid_parameter'],
    ['too many rows', `${REPORT}/?limit=100001`, 'invalid_parameter'],
    ['the same parameter twice', `${REPORT}/?limit=1&limit=2`, 'invalid_parameter'],
    ['a currency that is none', `${REPORT}/?currency=euro`, 'invalid_parameter'],
    ['an `asOf` that is no day', `${REPORT}/?asOf=yesterday`, 'invalid_parameter'],
    ['an instant without its offset', '/api/TikTok/order/all/?from=2026-01-01T00:00:00', 'invalid_parameter'],
    ['an instant finer than any clock', '/api/TikTok/order/all/?to=2026-01-01T00:00:00.1234567890Z', 'invalid_parameter'],
    ['an import that is no number', '/api/import/first', 'invalid_parameter'],
    ['an import that never was', '/api/import/99', 'import_not_found'],
    ['a list of refused rows that never was', '/api/import/refused/99-refused.csv', 'import_not_found'],
    ['a list outside its folder', '/api/import/refused/..%2fbuyer.key', 'invalid_parameter'],
    ['a parameter that a new path does not know', '/api/shops?shop=x', 'unknown_parameter'],
  ];
  test.each(cases)('%s: with a fitting status, in one sentence, in Chinese, English and Spanish', async (_what, path, name) => {
    const sentences = new Set<string>();
    for (const language of LANGUAGES) {
      const { status, headers, json } = await app.get(path, { 'accept-language': `${language}-XX,en;q=0.1` });
      expect(json).toEqual({
        code: ERRORS[name].number,
        msg: expect.any(String),
        error: json.msg,
        name,
        hint: expect.any(String),
        request_id: expect.stringMatching(/^[\da-f-]{36}$/),
      });
      expect(status).toBe(ERRORS[name].status);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(`${json.msg} ${json.hint}`).not.toMatch(/\{\w+[|}]|undefined/);
      sentences.add(json.msg as string);
    }
    expect(sentences.size).toBe(3);
  });

  test('the parameter that is wrong is named, so are the days that are the wrong way round', async () => {
    expect((await app.get(`${REPORT}/?measure=profit`)).json.msg).toMatch(/^Parameter measure: .*net.*gross.*paid/);
    expect((await app.get(`${REPORT}/?from=2026-03-02&to=2026-03-01`)).json.msg).toBe('Parameter from: 2026-03-02 > 2026-03-01.');
  });

  test('a place in the list of orders that the server never gave is refused', async () => {
    const shop = await openTestApp();
    const mapping = { zone: 'Europe/Madrid', columns: { orderId: 'id', purchasedAt: 'at', sku: 'sku' } };
    await shop.post('', [
      { name: 'mapping', content: JSON.stringify(mapping) },
      { name: 'file', content: 'id,at,sku\n1,2026-11-01,A\n', filename: 'a.csv' },
    ]);
    for (const after of [
      'zzz',
      'MQ',
      Buffer.from('2026-11-01T00:00:00Z').toString('base64url'),
      Buffer.from('yesterday 1').toString('base64url'),
    ]) {
      expect((await shop.get(`/api/Other/order/all/?after=${after}`)).json).toMatchObject({
        name: 'invalid_parameter',
        msg: 'Parameter after: is not what an earlier answer gave to go on with.',
      });
    }
    expect((await shop.get('/api/Other/order/all/?status=sold')).json).toMatchObject({ name: 'invalid_parameter' });
    expect((await shop.get('/api/Other/order/all/?shop=Nowhere')).json).toMatchObject({
      name: 'unknown_shop',
      hint: 'Stored shops: mapping.',
    });
    await shop.close();
  });

  test.each([
    ['en', /^Parameter limit: Too small/],
    ['zh', /^参数 limit 有误：数值过小/],
    ['es', /^Parámetro limit: Demasiado pequeño/],
  ])('what is wrong with a parameter is said in %s, too', async (language, said) => {
    const { json } = await app.get(`${REPORT}/?limit=0`, { 'accept-language': language });
    expect(json.msg).toMatch(said);
  });

  test('the language of S7_LANG is used where the caller names none that we speak', async () => {
    const chinese = await openTestApp({ language: 'zh' });
    expect((await chinese.get(`${REPORT}/`, { 'accept-language': 'fr-FR, de;q=0.5' })).json.msg).toBe('还没有 TikTok 的店铺。');
    expect((await chinese.get(`${REPORT}/`, { 'accept-language': 'es-ES' })).json.msg).toBe('Todavía no hay ninguna tienda de TikTok.');
    expect((await chinese.get('/', { 'accept-language': 'fr' })).text).toContain('<html lang="zh">');
    await chinese.close();
  });
});

describe('parameters that a new path does not know', () => {
  test.each([
    ['/api/health', '–'],
    ['/api/shops', '–'],
    ['/api/reports', '–'],
    ['/api/doctor', '–'],
    ['/api/import', 'limit'],
    ['/api/import/1', '–'],
    ['/api/import/refused/1-refused.csv', '–'],
  ])('%s refuses them by name and says what it takes', async (path, known) => {
    const { status, json } = await app.get(`${path}?platform=TikTok&__proto__=1`);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      name: 'unknown_parameter',
      msg: 'Unknown parameter: platform, __proto__.',
      hint: `Known here: ${known}.`,
    });
  });

  test('what is posted is read as strictly', async () => {
    const post = async (path: string, body: unknown): Promise<unknown> =>
      (
        await fetch(`${app.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
      ).json();
    expect(await post('/api/backup', { folder: 'copy', compress: true })).toMatchObject({
      name: 'unknown_parameter',
      hint: 'Known here: folder.',
    });
    expect(await post('/api/backup?folder=copy', {})).toMatchObject({ name: 'unknown_parameter' });
    expect(await post('/api/backup', {})).toMatchObject({ name: 'invalid_parameter', msg: expect.stringContaining('folder') });
    expect(await post('/api/backup', null)).toMatchObject({ name: 'invalid_parameter' });
    expect(await post('/api/backup', { folder: 'a\0b' })).toMatchObject({ name: 'invalid_parameter' });
    expect(await post('/api/import?dryrun=1', {})).toMatchObject({
      name: 'unknown_parameter',
      hint: 'Did you mean dry_run? Known here: shop, zone, currency, encoding, date_order, decimal_mark, dry_run.',
    });
  });
});

test.each([
  ['zh', '还没有店铺'],
  ['en', 'No shops yet'],
  ['es', 'Aún no hay tiendas'],
])('the start page of an empty server says in %s how to begin', async (language, sentence) => {
  const { text } = await app.get('/', { 'accept-language': language });
  expect(text).toContain(sentence);
  expect(text).toContain('data-drop');
});
