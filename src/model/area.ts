import { mendedIn, regionTable, regionTableVersion, type RegionEntry } from './region-table.ts';

/** An address as a platform or a file wrote it; every part optional, free text. */
export interface WrittenAddress {
  country?: string | null;
  region?: string | null;
  city?: string | null;
  postalCode?: string | null;
}

/** Where it is: ISO 3166-1 alpha-2 country, ISO 3166-2 region code, names; null where it cannot be told. */
export interface Place {
  country: string | null;
  regionCode: string | null;
  region: string | null;
  city: string | null;
}

type CountryRegions = { codeByText: Map<string, string>; codeByPostal: Map<string, string>; codeByCity: Map<string, string> };
type KnownRegion = { country: string; code: string };

const MEMO_LIMIT = 200_000;
const LONGEST_PLACE = 300;

const ISO_COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH ' +
  'CI CK CL CM CN CO CR ' +
  'CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW ' +
  'GY HK HM HN HR HT HU ' +
  'ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH ' +
  'MK ML MM MN MO MP MQ ' +
  'MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA ' +
  'SB SC SD SE SG SH SI ' +
  'SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF ' +
  'WS YE YT ZA ZM ZW';

/** Read in this order: when two countries share a spelling, the earlier language decides. */
const NAME_LANGUAGES = ['en', 'zh-Hans', 'zh-Hant', 'es', 'de', 'fr', 'it', 'pt-BR', 'pt-PT'];

/** The alpha-3 codes that files are seen to use. */
const ALPHA_3 =
  'ARE:AE ARG:AR AUT:AT AUS:AU BIH:BA BGD:BD BEL:BE BGR:BG BRA:BR BLR:BY CAN:CA CHE:CH CIV:CI CHL:CL CHN:CN COL:CO CRI:CR CYP:CY ' +
  'CZE:CZ DEU:DE GER:DE ' +
  'DNK:DK DOM:DO DZA:DZ ECU:EC EST:EE EGY:EG ESP:ES FIN:FI FRA:FR GBR:GB GRC:GR HKG:HK HRV:HR HUN:HU IDN:ID IRL:IE ISR:IL IND:IN ' +
  'IRQ:IQ IRN:IR ISL:IS ' +
  'ITA:IT JPN:JP KEN:KE KHM:KH KOR:KR PRK:KP KWT:KW KAZ:KZ LAO:LA LKA:LK LTU:LT LUX:LU LVA:LV MAR:MA MDA:MD MKD:MK MMR:MM MAC:MO ' +
  'MLT:MT MEX:MX MYS:MY ' +
  'NGA:NG NLD:NL NOR:NO NPL:NP NZL:NZ OMN:OM PAN:PA PER:PE PHL:PH PAK:PK POL:PL PRI:PR PSE:PS PRT:PT PRY:PY QAT:QA ROU:RO ROM:RO ' +
  'SRB:RS RUS:RU SAU:SA ' +
  'SWE:SE SGP:SG SVN:SI SVK:SK SYR:SY THA:TH TUN:TN TUR:TR TWN:TW TZA:TZ UKR:UA USA:US URY:UY VEN:VE VGB:VG VIR:VI VNM:VN ZAF:ZA COD:CD';

/** Everyday names that are in no list of Intl. */
const COUNTRY_ALIASES: Record<string, string> = {
  AE: 'UAE,Emirates,阿联酋',
  BA: 'Bosnia',
  BE: 'België',
  CD: 'DR Congo,DRC,Congo Democratic Republic of the,Democratic Republic of the Congo',
  CG: 'Republic of the Congo',
  CI: 'Ivory Coast',
  CN: 'PRC,PR China,Mainland China,Peoples Republic of China,中国大陆,中华人民共和国',
  CZ: 'Czech Republic,República Checa,Tschechische Republik,République tchèque,Repubblica Ceca,República Tcheca,Česko,Česká republika',
  DE: 'BRD,Federal Republic of Germany,Bundesrepublik Deutschland',
  DK: 'Danmark',
  DO: 'Dominican Rep',
  EE: 'Eesti',
  ES: 'Kingdom of Spain,Reino de España,Espanya,Espainia',
  FI: 'Suomi',
  FR: 'French Republic,France métropolitaine,Metropolitan France',
  GB:
    'UK,Great Britain,Britain,United Kingdom of Great Britain and Northern Ireland,England,Scotland,Wales,Northern Ireland,Gran ' +
    'Bretaña,Inglaterra,' +
    'Escocia,Gales,Großbritannien,Schottland,Grande-Bretagne,Angleterre,Gran Bretagna,Inghilterra,Grã-Bretanha,英格兰,苏格兰,威尔士,北爱尔兰,大不列颠',
  GR: 'EL,Hellas,Ελλάδα',
  HK: 'Hong Kong,Hong Kong SAR,香港,中国香港',
  HR: 'Hrvatska',
  HU: 'Magyarország',
  ID: 'Republik Indonesia',
  IE: 'Eire,Republic of Ireland,Rep of Ireland',
  IN: 'Bharat,Republic of India',
  JP: 'Nippon,日本国',
  KP: 'Korea Democratic Peoples Republic of,Democratic Peoples Republic of Korea',
  KR: 'Korea,Korea South,Republic of Korea,Corea,大韩民国',
  LA: 'Lao PDR',
  MK: 'Macedonia',
  MM: 'Burma',
  MO: 'Macau,Macao,Macao SAR,澳门,中国澳门',
  MX: 'Méjico,Estados Unidos Mexicanos',
  NL: 'Holland,Holanda,Hollande,Olanda,Nederland',
  NO: 'Norge',
  PL: 'Polska',
  PS: 'Palestine',
  RS: 'Srbija',
  RU: 'Russian Federation,Federación de Rusia,俄国',
  SA: 'KSA,沙特',
  SE: 'Sverige',
  SK: 'Slovak Republic,Slovensko',
  SZ: 'Swaziland',
  TH: 'ประเทศไทย,ไทย',
  TR: 'Turkey',
  TW: '臺灣,中国台湾',
  US:
    'United States of America,America,EEUU,EUA,Estados Unidos de América,Estados Unidos da América,' +
    'États-Unis dAmérique,Vereinigte Staaten von Amerika,Stati Uniti dAmerica,美利坚合众国',
  VA: 'Vatican,Holy See',
  VG: 'Virgin Islands British',
  VI: 'Virgin Islands US',
  ZA: 'RSA',
};

/** Region names that another country uses too, or that are no name at all ("nan"): a country is never guessed from them. */
const TELLS_NO_COUNTRY =
  'punjab larioja rioja cordoba amazonas distritofederal federaldistrict granada guadalajara toledo cuenca santander montana mexico ' +
  'nan centre ' +
  'london birmingham manchester cleveland bristol newport aberdeen';

const KINDS_OF_REGION =
  'autonomous community|chartered community|foral community|community|principality|union ' +
  'territory|territory|commonwealth|state|province|region|county|co|nct|canton|department|' +
  'comunidad autonoma|comunidad|comunitat autonoma|comunitat|comunidade autonoma|comunidade|communaute autonome|communaute|gemeinschaft|' +
  'estado|provincia|principado|ciudad autonoma|distrito|departamento|departement|region autonoma|regione|regiao autonoma|regiao|' +
  'citta metropolitana|provincie|kanton|land|freistaat|wojewodztwo|provinsi|tinh|thanh pho|tp|changwat';
const KIND_IN_FRONT = new RegExp(`^(?:${KINDS_OF_REGION}) (?:(?:of|de|del|di|da|do|d|du|der|des|della|von) )?`);
const ARTICLE_IN_FRONT = /^(?:el|la|las|los|les|le|l) /;
const KIND_BEHIND =
  / (?:autonomous community|community|state|province|region|county|union territory|territory|ut|sheng|shi|prefecture|voivodeship|provincia|zizhiqu)$/;
const CHINESE_KIND_BEHIND = /(?<=.)(?:自治区|特别行政区|省|市|州|邦|大区)$/;
const ISO_REGION = /^([A-Z]{2})[-_]([A-Z\d]{1,3})$/i;
const BETWEEN_PARTS = /[/,;|()，、／；（）]| [-–] /;

const FIVE_DIGITS = /^\d{2}[\d*]{3}$/;
/** What a whole postal code looks like, without spaces; platforms mask the last digits with '*'. */
const POSTAL_SHAPES: Record<string, RegExp> = {
  BE: /^\d{3}[\d*]$/,
  BR: /^\d{3}[\d*]{2}(?:-?[\d*]{3})?$/,
  DE: FIVE_DIGITS,
  ES: FIVE_DIGITS,
  FR: FIVE_DIGITS,
  IN: /^\d{3}[\d*]{3}$/,
  IT: FIVE_DIGITS,
  MX: FIVE_DIGITS,
  PT: /^\d{3}[\d*](?:-?[\d*]{3})?$/,
  US: /^\d{3}[\d*]{2}(?:-?[\d*]{4})?$/,
};
const BRITISH_POSTAL = /^(([A-Z]{1,2})\d[A-Z\d*]?)(?:[\d*][A-Z*]{2})?$/;

/** In a name written all in capitals these stay small: "Las Palmas de Gran Canaria", "Stoke-on-Trent". */
const SMALL_WORDS = new Set('de del di do dos das du des della y e i of on upon am en sur sous und'.split(' '));
const ARTICLES = new Set('el la las los le les'.split(' '));

const memo = new Map<string, Readonly<Place>>();
let memoVersion = 0;

/**
 * Tells where a written address is. Never throws: what it cannot recognise stays null, except that an
 * unknown region text stays readable in `region`. A known region beats the postal code; the postal code
 * beats an unknown region; a city is asked only when no region was written. Spellings come from region-table.ts.
 */
export function toPlace(written: WrittenAddress): Place {
  const { country, region, city, postalCode } = written;
  const key = `${country ?? ''}\u0000${region ?? ''}\u0000${city ?? ''}\u0000${postalCode ?? ''}`;
  if (memoVersion !== regionTableVersion()) memo.clear();
  memoVersion = regionTableVersion();
  const known = memo.get(key);
  if (known !== undefined) return known;
  const place = Object.freeze(locate(written));
  // Emptying beats dropping the oldest one by one: a Map walks over every hole at its front.
  if (memo.size >= MEMO_LIMIT) memo.clear();
  if (key.length <= LONGEST_PLACE) memo.set(key, place);
  return place;
}

/** The name of an ISO alpha-2 country in a BCP 47 language; the code itself when there is no such name. */
export function countryName(code: string, language: string): string {
  try {
    return displayNames(language).of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

function locate(written: WrittenAddress): Place {
  const region = present(written.region);
  const city = toCity(written.city);
  const country = toCountry(present(written.country));
  const found = country === null ? regionAnywhere(region) : regionIn(country, region, city, present(written.postalCode));
  if (found === null) return { country, regionCode: null, region, city };
  return {
    country: found.country,
    regionCode: `${found.country}-${found.code}`,
    region: regionTable()[found.country]?.[found.code]?.name ?? region,
    city,
  };
}

function regionIn(country: string, region: string | null, city: string | null, postalCode: string | null): KnownRegion | null {
  const known = regionIndex().get(country);
  if (known === undefined) return null;
  const byPostal = (): string | undefined =>
    postalPrefixes(country, postalCode ?? '')
      .map((prefix) => known.codeByPostal.get(prefix))
      .find(Boolean);
  // "US-CA" is "CA" when the country is US.
  const text =
    region && region.replace(ISO_REGION, (whole, prefix: string, code: string) => (prefix.toUpperCase() === country ? code : whole));
  const code = firstKnown(text, known.codeByText) ?? byPostal() ?? (region === null ? firstKnown(city, known.codeByCity) : null);
  return code === null ? null : { country, code };
}

/** Only a whole ISO code ("US-CA") or a name of one country tells the country: "CA" could be anywhere. */
function regionAnywhere(text: string | null): KnownRegion | null {
  if (text === null) return null;
  const country = ISO_REGION.exec(text)?.[1]?.toUpperCase();
  return country !== undefined && regionTable()[country] ? regionIn(country, text, null, null) : firstKnown(text, regionsOfOneCountry());
}

function toCountry(text: string | null): string | null {
  if (text === null) return null;
  const index = countryIndex();
  const whole = index.get(keyOf(text));
  if (whole !== undefined) return whole;
  // ISO writes "Moldova, Republic of"; a short first part could be a state or a city.
  const first = keyOf(text.split(BETWEEN_PARTS)[0] ?? '');
  return first.length > 3 ? (index.get(first) ?? null) : null;
}

function toCity(text: string | null | undefined): string | null {
  const city = present(text);
  return city !== null && (city === city.toUpperCase() || city === city.toLowerCase()) ? titleCase(city) : city;
}

function titleCase(text: string): string {
  const words = text.toLowerCase().split(/(?<=[ -])/);
  return words.map((word, at) => (isSmallWord(words, at) ? word : capitalise(word))).join('');
}

function isSmallWord(words: string[], at: number): boolean {
  const bare = (index: number): string => (words[index] ?? '').replace(/[ -]$/, '');
  if (at === 0 || at === words.length - 1) return false;
  // An article is small only behind another small word: "Castellón de la Plana", but "Rincón La Victoria".
  return SMALL_WORDS.has(bare(at)) || (ARTICLES.has(bare(at)) && SMALL_WORDS.has(bare(at - 1)));
}

function capitalise(word: string): string {
  // One letter and an apostrophe ("l'aquila") are a word of their own; more letters ("king's") are not.
  return word.replace(/^\P{L}*(?:\p{L}['’])?\p{L}/u, (start) => start.toUpperCase());
}

/** The text without outer and double spaces; null when it says nothing ("", "--", "N/A", "***"), or too much for a name. */
function present(text: string | null | undefined): string | null {
  if ((text?.length ?? 0) > LONGEST_PLACE) return null;
  const tidy = (text ?? '').replace(/\s+/g, ' ').trim();
  return /[\p{L}\p{N}]/u.test(tidy) && !/^n\/a$/i.test(tidy) ? tidy : null;
}

/** Lower case, no accents, no punctuation, single spaces, neither "and" nor "the". */
function wordsOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  const latin = plain.replace(/[ßłøđæœı]/g, (letter) => ({ ß: 'ss', ł: 'l', ø: 'o', đ: 'd', æ: 'ae', œ: 'oe', ı: 'i' })[letter] ?? letter);
  return latin
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .replace(/(?<=^| )(?:and|the)(?= |$)/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
}

function keyOf(text: string): string {
  return wordsOf(text).replaceAll(' ', '');
}

/** The keys under which a region text may be known, the most literal first. */
function keysOfRegion(text: string): string[] {
  const words = wordsOf(text);
  const bare = words.replace(KIND_IN_FRONT, '').replace(KIND_BEHIND, '');
  const readings = [words, bare, bare.replace(ARTICLE_IN_FRONT, '')].map((reading) => reading.replaceAll(' ', ''));
  return [...new Set([...readings, ...readings.map((reading) => reading.replace(CHINESE_KIND_BEHIND, ''))])];
}

/** What a table says of a text: of the whole, else of the first part ("Punjab/Mohali") it knows. */
function firstKnown<T>(text: string | null, table: Map<string, T>): T | null {
  if (text === null) return null;
  for (const part of [text, ...text.split(BETWEEN_PARTS)]) {
    for (const key of keysOfRegion(part)) {
      const found = table.get(key);
      if (found !== undefined) return found;
    }
  }
  return null;
}

/** The beginnings of a postal code that regions.json may list, longest first; none when it is not one of that country. */
function postalPrefixes(country: string, postalCode: string): string[] {
  // Spreadsheets turn 28013 into 28013.0; parcels write E-28013.
  const plain = postalCode.toUpperCase().replace(/\s+/g, '').replace(/\.0$/, '');
  if (country === 'GB') return (BRITISH_POSTAL.exec(plain) ?? []).slice(1);
  const digits = plain.replace(/^[A-Z]{1,2}-/, '');
  if (!POSTAL_SHAPES[country]?.test(digits)) return [];
  const told = digits.split(/[*-]/)[0]!;
  return Array.from(told, (_, at) => told.slice(0, told.length - at));
}

const displayNames = once((language: string) => new Intl.DisplayNames([language], { type: 'region' }));

const countryIndex = once((): Map<string, string> => {
  const index = new Map<string, string>();
  const add = (text: string, code: string): void => {
    const key = keyOf(text);
    if (key !== '' && !index.has(key)) index.set(key, code);
  };
  const codes = ISO_COUNTRIES.split(' ');
  for (const code of codes) add(code, code);
  for (const pair of ALPHA_3.split(' ')) add(pair.slice(0, 3), pair.slice(4));
  for (const [code, texts] of Object.entries(COUNTRY_ALIASES)) for (const text of texts.split(',')) add(text, code);
  for (const language of NAME_LANGUAGES) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of codes) add(names.of(code) ?? '', code);
  }
  return index;
});

const regionIndex = once(
  (): Map<string, CountryRegions> =>
    new Map(Object.entries(regionTable()).map(([country, entries]) => [country, indexRegions(entries, mendedIn(country))])),
);

function indexRegions(
  entries: Readonly<Record<string, RegionEntry>>,
  mended: Readonly<Record<string, Partial<RegionEntry>>>,
): CountryRegions {
  const index: CountryRegions = { codeByText: new Map(), codeByPostal: new Map(), codeByCity: new Map() };
  const add = (texts: readonly string[], codes: Map<string, string>, code: string): void => {
    for (const key of texts.map(keyOf)) if (!codes.has(key)) codes.set(key, code);
  };
  // All codes before any name, so that no alias can ever take another region's code.
  for (const code of Object.keys(entries)) add([code], index.codeByText, code);
  for (const [code, { name, aliases = [], cities = [] }] of Object.entries(mended)) {
    add([...(name ? [name] : []), ...aliases], index.codeByText, code);
    add(cities, index.codeByCity, code);
  }
  for (const [code, { name, aliases = [], postal = [], cities = [] }] of Object.entries(entries)) {
    add([name, ...aliases], index.codeByText, code);
    add(cities, index.codeByCity, code);
    for (const prefix of postal.flatMap(prefixesInRange)) index.codeByPostal.set(prefix, code);
  }
  for (const [code, { postal = [] }] of Object.entries(mended))
    for (const prefix of postal.flatMap(prefixesInRange)) index.codeByPostal.set(prefix, code);
  return index;
}

/** '350-352' is 350, 351 and 352; anything else is itself. */
function prefixesInRange(range: string): string[] {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  if (from === undefined || to === undefined) return [range];
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, step) => String(Number(from) + step).padStart(from.length, '0'));
}

/** The region names that tell their country: no codes or abbreviations, no name that two countries share. */
const regionsOfOneCountry = once((): Map<string, KnownRegion> => {
  const index = new Map<string, KnownRegion>();
  const shared = new Set(TELLS_NO_COUNTRY.split(' '));
  for (const [country, entries] of Object.entries(regionTable())) {
    for (const [code, { name, aliases = [] }] of Object.entries(entries)) {
      for (const key of [keyOf(name), ...aliases.map(keyOf).filter(isFullName)]) {
        if ((countryIndex().get(key) ?? country) !== country || (index.get(key)?.country ?? country) !== country) shared.add(key);
        else if (!index.has(key)) index.set(key, { country, code });
      }
    }
  }
  for (const key of shared) index.delete(key);
  return index;
});

function isFullName(key: string): boolean {
  return key.length >= 5 || /^\p{Script=Han}{2,}$/u.test(key);
}

/** Works a value out the first time it is asked for, once per argument and table of regions. */
function once<A extends string | void, T>(work: (argument: A) => T): (argument: A) => T {
  const made = new Map<A, T>();
  let version = 0;
  return (argument) => {
    if (version !== regionTableVersion()) made.clear();
    version = regionTableVersion();
    if (!made.has(argument)) made.set(argument, work(argument));
    return made.get(argument)!;
  };
}
