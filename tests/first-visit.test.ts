import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_FOLDER } from '../src/config.ts';
import { serverSettings } from '../simulator/thread.ts';
import { openTikTokAlone } from '../simulator/tiktok/tiktok-alone.ts';
import { consentQuery, movingClock } from './connected-shops.ts';
import { EXAMPLES, openTestApp } from './shop-window.ts';

test('each link of the page and each request of README and docs/api.md answers on the first visit, on this machine alone', async () => {
  const clock = movingClock('2026-11-22T12:00:00Z');
  const simulator = await openTikTokAlone({ clock, limits: 'off', scale: 0.2 });
  const apps = serverSettings(simulator);
  const shops = await openTestApp({ apps, historyDays: 10, ratesUrl: simulator.ratesUrl }, clock);
  try {
    shops.app.start();
    for (const [region, account] of [
      ['ES', 'estrella-hogar'],
      ['US', 'lone-star-living'],
    ] as const) {
      const { json } = await shops.get(`/api/TikTok/auth_url/?region=${region}`);
      await shops.get(`/api/TikTok/callback${await consentQuery(json.auth_url, account)}`, { accept: 'application/json' });
    }
    await shops.import(EXAMPLES.Shein);
    await shops.import(EXAMPLES.Amazon);
    await shops.send('/api/sync', { wait: true });
    // Nobody fetched rates: the first order in another currency has done it.
    const answer = await shops.get('/api/Multiplatform/DataScience/Overview_30d/');
    expect(answer.json).toMatchObject({
      currency: 'EUR',
      exchange: expect.arrayContaining([expect.objectContaining({ pair: 'USD/EUR' })]),
    });
    const page = await shops.get('/');
    const links = [...page.text.matchAll(/<a [^>]*href="(\/[^"]*)"/g)]
      .map(([, link]) => link!.replaceAll('&amp;', '&'))
      .filter((link) => !link.includes('/connect'));
    const pages = ['README.md', 'README.zh-CN.md', 'docs/api.md', 'docs/zh/api.md'].map((file) =>
      readFileSync(join(PROJECT_FOLDER, file), 'utf8'),
    );
    const requests = [...pages.join('\n').matchAll(/^curl (.*)$/gm)]
      .map(([, line]) => line!)
      .filter((line) => !/-F |-X |-d |--data/.test(line))
      .flatMap((line) => /'http:\/\/127\.0\.0\.1:8000(\/[^']*)'/.exec(line)?.[1] ?? []);
    expect(links.length).toBeGreaterThan(40);
    expect(requests.length).toBeGreaterThan(12);
    const failed: string[] = [];
    for (const path of new Set([...links, ...requests])) {
      const { status } = await shops.get(path);
      if (status !== 200) failed.push(`${status} ${path}`);
    }
    expect(failed).toEqual([]);
  } finally {
    await shops.close();
    await simulator.close();
  }
});
