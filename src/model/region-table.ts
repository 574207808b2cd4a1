import regions from './regions.json' with { type: 'json' };

/** A region as it may be written: its name, other spellings, the beginnings of its postal codes (`35` or `350-352`), its cities. */
export interface RegionEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly postal?: readonly string[];
  readonly cities?: readonly string[];
}

/** Regions by ISO 3166-1 country and the part of their ISO 3166-2 code behind the dash. */
export type RegionTable = Readonly<Record<string, Readonly<Record<string, RegionEntry>>>>;

/** What a user adds: of a region that is known the name may be left out. */
export type MendedRegions = Readonly<Record<string, Readonly<Record<string, Partial<RegionEntry>>>>>;

const SHIPPED: RegionTable = regions;
let table = SHIPPED;
let mended: MendedRegions = {};
let version = 0;

/** The table as it holds now. */
export function regionTable(): RegionTable {
  return table;
}

/** What was mended in a country: it goes before what was there. */
export function mendedIn(country: string): Readonly<Record<string, Partial<RegionEntry>>> {
  return mended[country] ?? {};
}

/** Another number after every mending, so that what was worked out before is worked out anew. */
export function regionTableVersion(): number {
  return version;
}

/** Puts a user's spellings beside the shipped ones, in place of those of an earlier call; where two disagree the user's win. */
export function mendRegions(additions: MendedRegions): void {
  const countries = new Set([...Object.keys(SHIPPED), ...Object.keys(additions)]);
  mended = additions;
  table = Object.fromEntries(
    [...countries].map((country) => {
      const own = additions[country] ?? {};
      const codes = new Set([...Object.keys(SHIPPED[country] ?? {}), ...Object.keys(own)]);
      return [country, Object.fromEntries([...codes].map((code) => [code, together(code, SHIPPED[country]?.[code], own[code])]))];
    }),
  );
  version += 1;
}

function together(code: string, shipped: RegionEntry | undefined, own: Partial<RegionEntry> | undefined): RegionEntry {
  const both = (list: 'aliases' | 'postal' | 'cities'): string[] => [...(own?.[list] ?? []), ...(shipped?.[list] ?? [])];
  return { name: own?.name ?? shipped?.name ?? code, aliases: both('aliases'), postal: both('postal'), cities: both('cities') };
}
