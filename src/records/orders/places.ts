import type { Place } from '../../model/area.ts';
import { STAGED_REREAD } from '../../model/staged-tables.ts';
import type { Engine } from '../../engines/engine.ts';
import { sql } from '../../engines/sql.ts';
import { insertRow } from '../insertion.ts';

const MARK = 'areas_mark';
/** Between the parts of a written address: country, region, city, postal code. */
const BETWEEN_PARTS = '\u001f';
type Written = readonly [country: string, region: string, city: string, postalCode: string];

/**
 * Reads the written addresses of the store anew, once for each table of areas.
 * @param table names the table that `read` reads by
 * @returns how many places are now elsewhere
 */
export async function rereadPlaces(engine: Engine, table: string, read: (written: Written) => Place): Promise<number> {
  const places = await engine.read(async (reader) => {
    const [mark] = await reader.query<{ value: string }>(sql`SELECT value FROM settings WHERE name = ${MARK}`);
    if (mark?.value === table) return null;
    return reader.query<{
      place_id: number;
      written: string;
      country: string | null;
      region_code: string | null;
      region: string | null;
      city: string | null;
    }>(sql`SELECT place_id, written, country, region_code, region, city FROM places`);
  });
  if (places === null) return 0;
  const moved = places.flatMap((stored) => {
    const parts = stored.written.split(BETWEEN_PARTS);
    if (parts.length !== 4) return [];
    const place = read(parts as unknown as Written);
    const same =
      place.country === stored.country &&
      place.regionCode === stored.region_code &&
      place.region === stored.region &&
      place.city === stored.city;
    return same ? [] : [[stored.place_id, place.country, place.regionCode, place.region, place.city]];
  });
  await engine.transaction(async (tx) => {
    await tx.stage('reread_places', STAGED_REREAD, moved);
    await tx.run(sql`
      UPDATE places SET country = s.country, region_code = s.region_code, region = s.region, city = s.city
      FROM reread_places s WHERE s.place_id = places.place_id`);
    await tx.run(sql`DELETE FROM settings WHERE name = ${MARK}`);
    await tx.run(insertRow('settings', { name: MARK, value: table }));
  });
  return moved.length;
}
