import { weighted } from '../random.ts';
import { PLACES_CA } from './places-ca.ts';
import { PLACES_ES } from './places-es.ts';
import { PLACES_BE, PLACES_DE, PLACES_FR, PLACES_IT, PLACES_NL, PLACES_PL, PLACES_SE } from './places-europe.ts';
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
  /** Sales tax in percent, on top of the price; 0 outside North America, and in Mexico. */
  readonly taxPercent: number;
}

const COUNTRIES: Record<Country, { name: string; table: string }> = {
  ES: { name: 'Spain', table: PLACES_ES },
  GB: { name: 'United Kingdom', table: PLACES_GB },
  US: { name: 'United States', table: PLACES_US },
  MX: { name: 'Mexico', table: PLACES_MX },
  FR: { name: 'France', table: PLACES_FR },
  IT: { name: 'Italy', table: PLACES_IT },
  DE: { name: 'Germany', table: PLACES_DE },
  NL: { name: 'Netherlands', table: PLACES_NL },
  BE: { name: 'Belgium', table: PLACES_BE },
  PL: { name: 'Poland', table: PLACES_PL },
  SE: { name: 'Sweden', table: PLACES_SE },
  CA: { name: 'Canada', table: PLACES_CA },
};

/** Picks a place of a market by its population, from a number in [0, 1). */
export const placeOf = Object.fromEntries((Object.keys(COUNTRIES) as Country[]).map((country) => [country, pickerOf(country)])) as Record<
  Country,
  (share: number) => Place
>;

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
