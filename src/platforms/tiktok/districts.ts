import { toPlace, type WrittenAddress } from '../../model/area.ts';
import type { AddressWire, DistrictWire } from './wire.ts';

/** Country, region and the level below it; what lies deeper is a quarter or a village. */
const BROAD_LEVELS = new Set(['L0', 'L1', 'L2']);
/** How the level that holds the town is called; it is the third or fourth, by market. */
const TOWN = /\b(city|town|municipality|municipio|ciudad|cidade|kota)\b/i;
const COUNTRY = /^country$/i;
const REGION = /^(state|province|region|prefecture|estado|provincia|autonomous community|comunidad aut[oó]noma)$/i;
/** A level below the region that holds several towns is not taken for one. */
const ABOVE_TOWN = /\b(county|province|region|condado|provincia)\b/i;

/** Whether a level of an address is broad enough to be kept: up to the town, never the quarter. */
export function isBroad({
  address_level: level,
  address_level_name: name,
}: Pick<DistrictWire, 'address_level' | 'address_level_name'>): boolean {
  return BROAD_LEVELS.has(level ?? '') || TOWN.test(name ?? '') || (!level && (COUNTRY.test(name ?? '') || REGION.test(name ?? '')));
}

/** The parts of an address that a place is read from; masked ones (`Se****`) count as not told. */
export function writtenAddress(address: AddressWire | null | undefined): WrittenAddress {
  if (!address) return {};
  const districts = address.district_info ?? [];
  const country = told(address.region_code) ?? told(levelOf(districts, 'L0', COUNTRY)?.address_name);
  const first = levelOf(districts, 'L1', REGION);
  const second = districts.find(({ address_level: level }) => level === 'L2');
  const town =
    districts.find(({ address_level_name: name }) => TOWN.test(name ?? '')) ??
    (ABOVE_TOWN.test(second?.address_level_name ?? '') ? undefined : second);
  const city = told(address.post_town) ?? told(town?.address_name);
  const readings = [first?.address_name, first?.iso_code, second?.address_name].flatMap((text) => told(text) ?? []);
  // Markets differ in which level is the region of ISO 3166-2: Spain writes provinces below communities.
  const region = readings.find((each) => toPlace({ country, region: each }).regionCode !== null) ?? readings[0] ?? null;
  return { country, region, city, postalCode: address.postal_code || null };
}

/** The level of that number; older answers give its name alone. */
function levelOf(districts: readonly DistrictWire[], wanted: string, name: RegExp): DistrictWire | undefined {
  return (
    districts.find(({ address_level: level }) => level === wanted) ??
    districts.find((each) => !each.address_level && name.test(each.address_level_name ?? ''))
  );
}

function told(text: string | null | undefined): string | null {
  return text && !text.includes('*') ? text : null;
}
