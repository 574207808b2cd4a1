import { weighted } from '../random.ts';
import { PLACES_ES } from './places-es.ts';
import { PLACES_GB } from './places-gb.ts';
import { PLACES_MX } from './places-mx.ts';
import { PLACES_US } from './places-us.ts';
import type { Region } from './shops.ts';

/** Where a buyer lives: the levels of `district_info` from L0 down, and what postal codes there look like. */
export interface Place {
  readonly country: string;
  /** Community, nation or state. */
  readonly first: string;
  /** Province, county or municipality. */
  readonly second: string;
  readonly cities: readonly string[];
  /** Begins every postal code there; a list where a region has several. */
  readonly postal: readonly string[];
  /** Thousands of people: how often a buyer lives there. */
  readonly people: number;
  /** Sales tax in percent; 0 outside the US. */
  readonly taxPercent: number;
}

const COUNTRIES: Record<Region, { name: string; table: string }> = {
  ES: { name: 'Spain', table: PLACES_ES },
  GB: { name: 'United Kingdom', table: PLACES_GB },
  US: { name: 'United States', table: PLACES_US },
  MX: { name: 'Mexico', table: PLACES_MX },
};

/** Picks a place of a market by its population, from a number in [0, 1). */
export const placeOf: Record<Region, (share: number) => Place> = {
  ES: pickerOf('ES'),
  GB: pickerOf('GB'),
  US: pickerOf('US'),
  MX: pickerOf('MX'),
};

/** What the three levels below the country are called. */
export const LEVEL_NAMES: Record<Region, readonly [string, string, string]> = {
  ES: ['autonomous community', 'province', 'city'],
  GB: ['Country', 'County', 'Post town'],
  US: ['State', 'County', 'City'],
  MX: ['State', 'Municipality', 'Neighborhood'],
};

function pickerOf(region: Region): (share: number) => Place {
  return weighted(placesOf(region), ({ people }) => people);
}

/** All places of a market; lines of `first|second|people|postal,…|city,…|tax`. */
function placesOf(region: Region): Place[] {
  const { name, table } = COUNTRIES[region];
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [first = '', second = '', people = '', postal = '', cities = '', tax = '0'] = line.trim().split('|');
      return {
        country: name,
        first,
        second,
        people: Number(people),
        postal: postal.split(','),
        cities: cities.split(','),
        taxPercent: Number(tax),
      };
    });
}
