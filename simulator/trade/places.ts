import { weighted } from '../random.ts';
import { PLACES_ES } from './places-es.ts';
import { PLACES_GB } from './places-gb.ts';
import { PLACES_MX } from './places-mx.ts';
import { PLACES_US } from './places-us.ts';
import type { Country } from './shops.ts';

/** Where a buyer lives, from the country down, and what postal codes there look like. */
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

const COUNTRIES: Record<Country, { name: string; table: string }> = {
  ES: { name: 'Spain', table: PLACES_ES },
  GB: { name: 'United Kingdom', table: PLACES_GB },
  US: { name: 'United States', table: PLACES_US },
  MX: { name: 'Mexico', table: PLACES_MX },
};

/** Picks a place of a market by its population, from a number in [0, 1). */
export const placeOf: Record<Country, (share: number) => Place> = {
  ES: pickerOf('ES'),
  GB: pickerOf('GB'),
  US: pickerOf('US'),
  MX: pickerOf('MX'),
};

function pickerOf(country: Country): (share: number) => Place {
  return weighted(placesOf(country), ({ people }) => people);
}

/** All places of a market; lines of `first|second|people|postal,…|city,…|tax`. */
function placesOf(country: Country): Place[] {
  const { name, table } = COUNTRIES[country];
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
