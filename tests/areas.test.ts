import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { writeOrders } from '../src/records/orders/order-writer.ts';
import { ensureShop } from '../src/records/shops/shops.ts';
import { raw } from '../src/engines/sql.ts';
import { mendAreas } from '../src/jobs/areas.ts';
import { toPlace } from '../src/model/area.ts';
import { mendRegions } from '../src/model/region-table.ts';
import { ES_MODA, GOLDEN_WORLD, openEmptyStore } from './golden-world.ts';
import { followers } from '../src/records/all.ts';

let store: Awaited<ReturnType<typeof openEmptyStore>>;
const folder = mkdtempSync(join(tmpdir(), 's7-areas-'));
const file = join(folder, 'areas.json');
beforeAll(async () => {
  store = await openEmptyStore();
});
afterEach(() => mendRegions({}));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await store.close();
});

const WRITTEN = ['Spain', 'Madriz', 'Las Rozas', ''] as const;
const regionCode = (): string | null => toPlace({ country: WRITTEN[0], region: WRITTEN[1], city: WRITTEN[2] }).regionCode;

test('a spelling that nobody knew is mended by a file, for the orders that are stored already too', async () => {
  const { order } = GOLDEN_WORLD[0]!;
  const shop = await ensureShop(store.engine, ES_MODA);
  const place = toPlace({ country: WRITTEN[0], region: WRITTEN[1], city: WRITTEN[2] });
  expect(place).toEqual({ country: 'ES', regionCode: null, region: 'Madriz', city: 'Las Rozas' });
  await writeOrders(store.engine, [{ shop, order: { ...order, place, writtenPlace: WRITTEN.join('\u001f') }, document: '' }], {
    source: { importId: 1 },
    followers,
  });
  const stored = () => store.engine.read((reader) => reader.query(raw('SELECT country, region_code, region, city FROM places')));
  await mendAreas(store.engine, file);
  expect(await stored()).toEqual([{ country: 'ES', region_code: null, region: 'Madriz', city: 'Las Rozas' }]);
  writeFileSync(file, JSON.stringify({ ES: { MD: { aliases: ['Madriz'] } } }));
  expect(await mendAreas(store.engine, file)).toBe(1);
  expect(await stored()).toEqual([{ country: 'ES', region_code: 'ES-MD', region: 'Comunidad de Madrid', city: 'Las Rozas' }]);
  expect(await mendAreas(store.engine, file)).toBe(0);
  rmSync(file);
  expect(await mendAreas(store.engine, file)).toBe(1);
  expect((await stored())[0]).toMatchObject({ region_code: null });
});

test('what the file says wins over the shipped table: spellings, cities, postal codes, names, regions of new countries', () => {
  mendRegions({
    ES: { CT: { name: 'Catalunya', aliases: ['Madrid'], cities: ['Toledo'], postal: ['28'] } },
    XK: { 1: { name: 'Prishtina', aliases: ['Pristina'] } },
  });
  expect(toPlace({ country: 'ES', region: 'Madrid' })).toMatchObject({ regionCode: 'ES-CT', region: 'Catalunya' });
  expect(toPlace({ country: 'ES', city: 'Toledo' }).regionCode).toBe('ES-CT');
  expect(toPlace({ country: 'ES', postalCode: '28001' }).regionCode).toBe('ES-CT');
  expect(regionCode()).toBeNull();
  mendRegions({});
  expect(toPlace({ country: 'ES', region: 'Madrid' })).toMatchObject({ regionCode: 'ES-MD', region: 'Comunidad de Madrid' });
});

test('a file that cannot be understood is refused with the place of the mistake', async () => {
  for (const [text, path] of [
    ['{', '(top)'],
    ['{"Spain": {}}', 'Spain'],
    ['{"ES": {"MD": {"alias": ["x"]}}}', 'ES.MD'],
    ['{"ES": {"MD": {"aliases": [""]}}}', 'ES.MD.aliases.0'],
  ] as const) {
    writeFileSync(file, text);
    await expect(mendAreas(store.engine, file)).rejects.toMatchObject({ code: 'areas_invalid', values: { path } });
  }
});
