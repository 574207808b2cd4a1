import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { sql } from '../src/engines/sql.ts';
import { openAlertWorld, withoutWords, type AlertWorld } from './alert-world.ts';
import { openConnectedShops } from './connected-shops.ts';
import { fine, openMailServer, openRobot, refusing, status } from './message-catchers.ts';
import { copyEmpty } from './shop-window.ts';
import { cleanUp, s7, startServer, temporaryFolder, withStore } from './process.ts';

afterEach(cleanUp);

async function world(settings: Parameters<typeof openAlertWorld>[0] = {}): Promise<AlertWorld> {
  const opened = await openAlertWorld(settings);
  onTestFinished(() => opened.close());
  return opened;
}

describe('a channel', () => {
  test('of mail gets a real mail with the words and what to do, to all addresses, with its password kept to itself', async () => {
    const mail = await openMailServer();
    const { shop, quarantine, run, alerts } = await world({
      alerts: { mail: { url: mail.url, to: ['a@example.com', 'b@example.com'], from: 's7@example.com' } },
    });
    await shop(1, 'Madrid');
    await quarantine(1, '57648');
    await run();
    expect(mail.mails).toHaveLength(1);
    expect(mail.mails[0]!.to).toEqual(['a@example.com', 'b@example.com']);
    expect(mail.mails[0]!.text).toMatch(/Subject: S7StarERP: Madrid: 1 incomplete record/);
    expect(mail.mails[0]!.text.replace(/=\r\n/g, '')).toMatch(/57648[^]*GET \/api\/sync/);
    expect(JSON.stringify(await alerts())).not.toContain('S3cret');
  });

  test("of mail with a wrong password says so by the server's code alone", async () => {
    const mail = await openMailServer();
    const { shops, warnings } = await world({
      alerts: { mail: { url: mail.url.replace('S3cret!', 'S3cret-wrong'), to: ['a@example.com'], from: 's7@example.com' } },
    });
    const { text } = await shops.send('/api/alerts/test', {});
    expect(text).toContain('"error":"EAUTH 535"');
    expect(text + warnings()).not.toContain('S3cret');
    expect(mail.mails).toEqual([]);
  });

  test('of 企业微信 gets a text message in the shape its robot documents, and an errcode is a failure', async () => {
    const robot = await openRobot('/cgi-bin/webhook/send?key=SECRET');
    const { shop, quarantine, run, shops, alerts, warnings } = await world({ language: 'zh', alerts: { wecomUrl: robot.url } });
    await shop(1, '马德里');
    await quarantine(1, '57648');
    robot.answer = refusing(93_000);
    await run();
    expect((await alerts()).channels).toMatchObject([{ channel: 'wecom', error: 'errcode 93000' }]);
    expect((await shops.get('/api/doctor')).json.data).toContainEqual(
      expect.objectContaining({ check: 'channels', state: 'problem', text: expect.stringContaining('wecom (errcode 93000)') }),
    );
    robot.answer = fine;
    expect((await shops.send('/api/alerts/test', {})).json.data).toMatchObject([{ channel: 'wecom', error: null }]);
    await run();
    expect(robot.caught.at(-1)!.body).toEqual({
      msgtype: 'text',
      text: { content: expect.stringMatching(/^⚠ 马德里：1 条记录信息不全[^]*→ /) },
    });
    expect(robot.caught.at(-1)!.query.get('key')).toBe('SECRET');
    expect(JSON.stringify(await alerts()) + warnings()).not.toContain('SECRET');
  });

  test('of 钉钉 is signed as its robot documents: Base64 of HMAC-SHA256 over timestamp, line break, secret', async () => {
    const robot = await openRobot();
    const secret = 'SECdeadbeef';
    const { shops, now } = await world({ alerts: { dingtalkUrl: robot.url, dingtalkSecret: secret } });
    expect((await shops.send('/api/alerts/test', {})).json.data).toMatchObject([{ channel: 'dingtalk', error: null }]);
    const [{ query, body }] = robot.caught as [(typeof robot.caught)[number]];
    const timestamp = query.get('timestamp')!;
    expect(Number(timestamp)).toBe(now().epochMilliseconds);
    expect(query.get('sign')).toBe(createHmac('sha256', secret).update(`${timestamp}\n${secret}`, 'utf8').digest('base64'));
    expect([query.get('access_token'), body.msgtype, typeof body.text.content]).toEqual(['SECRET', 'text', 'string']);
    robot.answer = refusing(310_000);
    expect((await shops.send('/api/alerts/test', {})).json.data).toMatchObject([{ channel: 'dingtalk', error: 'errcode 310000' }]);
  });

  test('of Slack gets text whose signs are no markup, and what its server refuses is told by its status', async () => {
    const robot = await openRobot('/services/T0/B0/SECRET');
    robot.answer = status(200);
    const { shop, quarantine, run, shops } = await world({ alerts: { slackUrl: robot.url } });
    await shop(1, 'Salt & <Pepper>');
    await quarantine(1, '57648');
    await run();
    expect(robot.caught[0]!.body.text).toContain('Salt &amp; &lt;Pepper&gt;: 1 incomplete record');
    robot.answer = status(403);
    expect((await shops.send('/api/alerts/test', {})).json.data).toMatchObject([{ channel: 'slack', error: 'HTTP 403' }]);
  });

  test('that takes short messages only gets as many as are needed, each alert in one of them', async () => {
    const robot = await openRobot();
    const { shop, quarantine, run } = await world({ alerts: { wecomUrl: robot.url } });
    for (let id = 1; id <= 20; id += 1) {
      await shop(id, `Tienda número ${id} ${'ñ'.repeat(60)}`);
      await quarantine(id, `record-${id}`);
    }
    await run();
    const texts = robot.caught.map(({ body }) => body.text.content as string);
    expect(texts.length).toBeGreaterThan(2);
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
    for (let id = 1; id <= 20; id += 1) expect(texts.filter((text) => text.includes(`record-${id}:`))).toHaveLength(1);
  });
});

describe('an alert', () => {
  test('is said once when it begins and once when it is over, for each shop, and a restart says nothing twice', async () => {
    const robot = await openRobot();
    const { shop, quarantine, release, run, alerts, advance, restart } = await world({ alerts: { dingtalkUrl: robot.url } });
    await shop(1, 'Madrid');
    await shop(2, 'Paris');
    await quarantine(1, 'm1');
    await run();
    await quarantine(1, 'm2');
    await quarantine(2, 'p1');
    await run();
    await run();
    expect(withoutWords(robot.caught)).toEqual(['⚠ Madrid', '⚠ Paris']);
    expect((await alerts()).data).toMatchObject([
      { kind: 'quarantine', shop: 'Paris' },
      { kind: 'quarantine', shop: 'Madrid', text: expect.stringContaining('2 incomplete records') },
    ]);
    await restart();
    await run();
    expect(robot.caught).toHaveLength(2);
    advance({ minutes: 10 });
    await release(1);
    await run();
    await run();
    expect(withoutWords(robot.caught)).toEqual(['⚠ Madrid', '⚠ Paris', '✔ Madrid']);
    await restart();
    await run();
    expect(robot.caught).toHaveLength(3);
    expect(await alerts()).toMatchObject({
      data: [{ shop: 'Paris' }],
      cleared: [{ shop: 'Madrid', cleared_at: expect.stringContaining('T'), said_at: expect.stringContaining('T') }],
    });
    // The same trouble again is another alert.
    await quarantine(1, 'm3');
    await run();
    expect(withoutWords(robot.caught).at(-1)).toBe('⚠ Madrid');
  });

  test('that a channel cannot say is said later, at a growing distance, holds up no other channel, and its end is not lost', async () => {
    const [broken, well] = [await openRobot(), await openRobot()];
    broken.answer = status(500);
    const { shop, quarantine, release, run, advance, alerts, restart } = await world({
      alerts: { slackUrl: broken.url, dingtalkUrl: well.url },
    });
    await shop(1, 'Madrid');
    await quarantine(1, 'm1');
    await run();
    expect(well.caught).toHaveLength(1);
    for (let i = 0; i < 40; i += 1) {
      advance({ seconds: 30 });
      await run();
    }
    // 20 minutes of looks every half minute: after 1, 3, 7, 15 minutes.
    expect(broken.caught).toHaveLength(5);
    expect((await alerts()).data).toMatchObject([
      { said_at: null, said: { slack: { error: 'HTTP 500' }, dingtalk: { raised: expect.any(String) } } },
    ]);
    await release(1);
    await run();
    broken.answer = status(200);
    await restart();
    await run();
    expect(broken.caught).toHaveLength(6);
    expect(broken.caught.at(-1)!.body.text).toMatch(/✔ Madrid: no incomplete records any more. \(since 2026-/);
    expect(withoutWords(well.caught)).toEqual(['⚠ Madrid', '✔ Madrid']);
    expect((await alerts()).cleared).toMatchObject([{ said_at: expect.any(String) }]);
  });

  test('of a channel that never answers does not keep a server from answering, nor from ending', async () => {
    const silent = await openRobot();
    silent.answer = () => undefined;
    const opened = await world({ alerts: { slackUrl: silent.url } });
    await opened.shop(1, 'Madrid');
    await opened.quarantine(1, 'm1');
    const running = opened.run();
    while (silent.caught.length === 0)
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    expect((await opened.shops.get('/api/alerts')).status).toBe(200);
    const began = performance.now();
    await opened.shops.app.close();
    await running;
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test("is shown on the start page in the reader's language, and gone from it when mended", async () => {
    const { shop, quarantine, release, shops } = await world();
    await shop(1, 'Madrid <b>');
    await quarantine(1, 'm1');
    await shops.get('/api/alerts');
    expect((await shops.get('/?lang=es')).text).toMatch(/Avisos[^]*Madrid &#60;b&#62;: 1 registro incompleto/);
    await release(1);
    await shops.get('/api/alerts');
    expect((await shops.get('/?lang=es')).text).not.toContain('Avisos');
  });
});

test('a consent that a seller withdraws is found by the schedule, said at once, and over when the seller consents again', async () => {
  const robot = await openRobot();
  const connected = await openConnectedShops({ settings: { historyDays: 2, alerts: { slackUrl: robot.url } } });
  onTestFinished(() => connected.close());
  await connected.consent('US', 'lone-star-living');
  await connected.sync();
  connected.clock.advance({ hours: 24 });
  connected.simulator.deauthorize('lone-star-living');
  connected.shops.app.start();
  const until = async (done: () => boolean): Promise<void> => {
    while (!done())
      await new Promise((resolve) => {
        setTimeout(resolve, 25);
      });
  };
  await until(() => robot.caught.length > 0);
  expect(robot.caught.map(({ body }) => body.text as string)).toEqual([
    expect.stringMatching(/^‼ .*Lone Star.*'s TikTok authorisation is no longer valid/),
  ]);
  await connected.consent('US', 'lone-star-living');
  await connected.shops.app.alerts.run();
  await until(() => robot.caught.length > 1);
  expect(robot.caught.map(({ body }) => body.text as string).slice(1)).toEqual([
    expect.stringMatching(/^✔ .*'s TikTok authorisation is valid again/),
  ]);
});

describe('with real processes', () => {
  /** A data folder with a shop and a record in quarantine. */
  async function troubled(): Promise<string> {
    const data = join(temporaryFolder(), 'data');
    await copyEmpty(data);
    await withStore(data, (engine) =>
      engine.transaction(async (tx) => {
        await tx.run(sql`INSERT INTO shops (shop_id, platform, shop, zone) VALUES (1, 'TikTok', 'Madrid', 'Europe/Madrid')`);
        await tx.run(
          sql`INSERT INTO quarantine (shop_id, stream, record, field, problem, document, seen_at)
            VALUES (1, 'orders', 'm1', 'id', 'is missing', '{}', TIMESTAMPTZ '2026-11-20 10:00:00+00')`,
        );
      }),
    );
    return data;
  }

  test('`s7 alerts` ends with 0, 1 or 2 as a check command does, with or without a server', async () => {
    const data = await troubled();
    const one = await s7(['alerts'], { data });
    expect(one).toMatchObject({ code: 1, out: expect.stringMatching(/⚠ Madrid: 1 incomplete record[^]*GET \/api\/sync/) });
    expect(await s7(['alerts', 'test'], { data })).toMatchObject({ code: 1, out: expect.stringContaining('S7_ALERT_SLACK_URL') });
    await withStore(data, (engine) =>
      engine.transaction(async (tx) => {
        await tx.run(sql`DELETE FROM quarantine`);
        await tx.run(sql`INSERT INTO authorizations (authorization_id, platform, app, account, seller, scopes, access_expires_at,
          refreshed_at, state)
        VALUES (1, 'TikTok', 'ROW', 'a', 'Estrella', '', now(), now(), 'lost')`);
      }),
    );
    const two = await s7(['alerts', '--json'], { data });
    expect([two.code, JSON.parse(two.out)]).toMatchObject([
      2,
      { data: [{ kind: 'authorization_lost', severity: 'critical' }], cleared: [{ kind: 'quarantine' }] },
    ]);
    await withStore(data, (engine) => engine.transaction((tx) => tx.run(sql`DELETE FROM authorizations`)));
    expect(await s7(['alerts'], { data })).toMatchObject({ code: 0 });
  });

  test('a server killed between saying and noting says it once more, never oftener', async () => {
    const robot = await openRobot();
    const data = await troubled();
    const env = { S7_ALERT_SLACK_URL: robot.url };
    const first = startServer(data, { env });
    robot.answer = () => void first.then((server) => server.kill('SIGKILL'));
    await (
      await first
    ).ended;
    expect(robot.caught).toHaveLength(1);
    robot.answer = status(200);
    for (let i = 0; i < 2; i += 1) {
      const server = await startServer(data, { env });
      const noted = async (): Promise<boolean> =>
        ((await (await fetch(`${server.url}/api/alerts`)).json()) as { data: { said_at: string | null }[] }).data[0]!.said_at !== null;
      while (!(await noted()))
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      server.kill('SIGTERM');
      await server.ended;
    }
    expect(robot.caught).toHaveLength(2);
  });
});
