import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../src/kernel/clock.ts';
import { openAnswers } from '../src/reports/answers.ts';
import { areaDemand } from '../src/reports/area-demand.ts';
import type { Report } from '../src/reports/report.ts';
import { documentationRoutes } from '../src/surfaces/http/documentation-routes.ts';
import type { RouteRoom } from '../src/surfaces/http/room.ts';
import { ROUTER_OPTIONS } from '../src/surfaces/http/route.ts';
import { routesOf } from '../src/surfaces/http/routes.ts';
import { serveRoute } from '../src/surfaces/http/serve-route.ts';
import { ES, EVENING } from './golden-questions.ts';
import { openEmptyStore, openGoldenStore } from './golden-world.ts';
import { writtenOut } from './openapi-document.ts';

/** A report that the older system had at a path of its own. */
const older = { ...areaDemand, older: { path: 'order/areas', rows: 'areas', count: 'count' } } as unknown as Report;

let store: Awaited<ReturnType<typeof openEmptyStore>>;
let app: FastifyInstance;
beforeAll(async () => {
  store = await openGoldenStore();
  const given = { engine: store.engine, clock: fixedClock(EVENING) };
  const room = {
    ...given,
    answers: openAnswers(given),
    reports: [older],
    platforms: [],
    connectable: [],
    config: { language: 'en' },
  } as unknown as RouteRoom;
  app = Fastify({ routerOptions: ROUTER_OPTIONS });
  const routes = routesOf(room);
  for (const each of [...routes, ...documentationRoutes(app, routes, room)]) serveRoute(app, each, room);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await store.close();
});

test('a report answers at its older path with the names that its rows and their count had there', async () => {
  const query = `?shop=${ES}&window=7d`;
  const [at, now] = [
    await app.inject(`/API/tiktok/Order/Areas/${query}`),
    await app.inject(`/api/TikTok/DataScience/getAreaDemand/${query}`),
  ];
  const { code, msg, data, ...rest } = now.json<Record<string, unknown>>();
  expect([code, msg, (data as unknown[]).length]).toEqual([0, 'success', 4]);
  expect(at.json()).toEqual({ areas: data, count: 4, ...rest });
  expect(Object.keys(at.json()).slice(0, 2)).toEqual(['areas', 'count']);
});

test('it gives files and 304 there, too', async () => {
  const path = `/api/TikTok/order/areas?shop=${ES}`;
  const csv = await app.inject(`${path}&format=csv`);
  expect(csv.body).toBe((await app.inject(`/api/TikTok/DataScience/AreaDemand?shop=${ES}&format=csv`)).body);
  expect((await app.inject({ url: path, headers: { 'if-none-match': (await app.inject(path)).headers['etag']! } })).statusCode).toBe(304);
});

test('both stand in the documentation with their columns, units and an example', async () => {
  interface Media {
    schema: { properties: Record<string, { items: { properties: Record<string, unknown> } }> };
    examples: Record<string, { value: Record<string, unknown> }>;
  }
  const { paths } = writtenOut((await app.inject('/api/TikTok/openapi.json')).json()) as {
    paths: Record<string, { get: { responses: Record<string, { content: Record<string, Media> }> } }>;
  };
  for (const [path, name] of [
    ['/api/TikTok/order/areas', 'areas'],
    ['/api/TikTok/DataScience/AreaDemand_7d', 'data'],
  ] as const) {
    const { schema, examples } = paths[path]!.get.responses['200']!.content['application/json']!;
    expect(schema.properties[name]!.items.properties['sales_amount']).toMatchObject({
      'x-unit': 'money',
      description: 'Net sales, or what `measure` says.',
    });
    expect(Object.values(examples)[0]!.value[name]).toHaveLength(2);
  }
});
