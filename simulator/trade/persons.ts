import { Random } from '../random.ts';
import { placeOf, type Place } from './places.ts';
import { FIRST_NAMES, LAST_NAMES, STREETS } from './person-names.ts';
import type { Country } from './shops.ts';

/** An invented person. Nobody is meant: every part is drawn from lists. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly nickname: string;
  /** A word of their own, and 19 digits: for addresses and portraits that a platform gives them. */
  readonly mailbox: string;
  readonly portrait: string;
}

/** Where a parcel goes, with nothing hidden. */
export interface Home {
  readonly place: Place;
  readonly city: string;
  readonly postalCode: string;
  readonly street: string;
  readonly unit: string;
  readonly phone: string;
}

const JOINTS = ['_', '.', '', 'x', '__'];

/** Who a person is, from the number that stands for them. */
export function personOf(seed: number, country: Country): Person {
  const random = new Random(seed);
  const firstName = random.pick(FIRST_NAMES[country]);
  const lastNames = LAST_NAMES[country];
  const twoLastNames = country === 'ES' || country === 'MX';
  const lastName = twoLastNames ? `${random.pick(lastNames)} ${random.pick(lastNames)}` : random.pick(lastNames);
  const nickname = `${plain(firstName)}${random.pick(JOINTS)}${plain(random.pick(lastNames)).slice(0, 5)}${random.between(1, 999)}`;
  const portrait = random.digits(19);
  const mailbox = `${random.below(2 ** 31).toString(36)}${random.below(2 ** 31).toString(36)}`;
  return { firstName, lastName, nickname, portrait, mailbox };
}

/** A home in a market, from the number that stands for it. */
export function homeOf(seed: number, country: Country): Home {
  const random = new Random(seed);
  const place = placeOf[country](random.next());
  return {
    place,
    city: random.pick(place.cities),
    postalCode: postalCode(random, country, random.pick(place.postal)),
    street: street(random, country),
    unit: unit(random, country),
    phone: phone(random, country),
  };
}

const plainNames = new Map<string, string>();

/** ASCII lower case, letters only. */
function plain(text: string): string {
  const known = plainNames.get(text);
  if (known !== undefined) return known;
  const made = text
    .normalize('NFKD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
  plainNames.set(text, made);
  return made;
}

function postalCode(random: Random, country: Country, start: string): string {
  if (country === 'GB') return `${start} ${random.below(10)}${random.pick(CODE_LETTERS)}${random.pick(CODE_LETTERS)}`;
  const form = POSTAL_FORMS[country] ?? '#####';
  let code = start;
  while (code.length < form.length) {
    const sign = form[code.length]!;
    code += sign === '#' ? String(random.below(10)) : sign === '@' ? random.pick(CODE_LETTERS) : sign;
  }
  return code;
}

/** The letters a postal code uses, as Britain's inward code does. */
const CODE_LETTERS = [...'ABDEFGHJLNPQRSTUWXYZ'];
/** What a postal code looks like where it is not five digits: `#` a digit, `@` a letter. */
const POSTAL_FORMS: Partial<Record<Country, string>> = { NL: '#### @@', BE: '####', PL: '##-###', SE: '### ##', CA: '@#@ #@#' };
/** Where the number of a house stands before its street. */
const NUMBER_FIRST = new Set<Country>(['US', 'GB', 'CA', 'FR']);
/** What a flat is called. */
const UNITS: Record<Exclude<Country, 'ES' | 'MX'>, string> = {
  US: 'Apt',
  GB: 'Flat',
  CA: 'Unit',
  FR: 'Appt',
  IT: 'Int.',
  DE: 'Whg.',
  NL: 'App.',
  BE: 'Bus',
  PL: 'm.',
  SE: 'Lgh',
};
/** The code of the country and how many digits follow. */
const PHONES: Record<Exclude<Country, 'ES' | 'GB' | 'MX' | 'US' | 'CA'>, readonly [string, number]> = {
  FR: ['33', 9],
  IT: ['39', 10],
  DE: ['49', 10],
  NL: ['31', 9],
  BE: ['32', 9],
  PL: ['48', 9],
  SE: ['46', 9],
};

function street(random: Random, country: Country): string {
  const name = random.pick(STREETS[country]);
  const number = random.between(1, country === 'US' ? 9800 : 180);
  return NUMBER_FIRST.has(country) ? `${number} ${name}` : `${name} ${number}`;
}

function unit(random: Random, country: Country): string {
  if (random.chance(0.4)) return '';
  if (country === 'ES') return `${random.between(1, 9)}º ${random.pick(['A', 'B', 'C', 'D', 'Izda', 'Dcha'])}`;
  if (country === 'MX') return `Int. ${random.between(1, 40)}`;
  return `${UNITS[country]} ${random.between(1, 60)}`;
}

function phone(random: Random, country: Country): string {
  if (country === 'ES') return `(+34)6${random.digits(8)}`;
  if (country === 'GB') return `(+44)7${random.digits(9)}`;
  if (country === 'MX') return `(+52)${random.digits(10)}`;
  if (country === 'US' || country === 'CA') return `(+1)${random.between(2, 9)}${random.digits(2)}555${random.digits(4)}`;
  const [code, digits] = PHONES[country];
  return `(+${code})${random.digits(digits)}`;
}
