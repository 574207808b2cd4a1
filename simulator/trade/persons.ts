import { Random } from '../random.ts';
import { placeOf, type Place } from './places.ts';
import { FIRST_NAMES, LAST_NAMES, STREETS } from './person-names.ts';
import type { Region } from './shops.ts';

/** An invented person. Nobody is meant: every part is drawn from lists. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly nickname: string;
  /** The relay address that the platform shows instead of the person's own. */
  readonly email: string;
  readonly avatar: string;
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
export function personOf(seed: number, region: Region): Person {
  const random = new Random(seed);
  const firstName = random.pick(FIRST_NAMES[region]);
  const lastNames = LAST_NAMES[region];
  const twoLastNames = region === 'ES' || region === 'MX';
  const lastName = twoLastNames ? `${random.pick(lastNames)} ${random.pick(lastNames)}` : random.pick(lastNames);
  const nickname = `${plain(firstName)}${random.pick(JOINTS)}${plain(random.pick(lastNames)).slice(0, 5)}${random.between(1, 999)}`;
  const avatar = `https://p16-sign-va.tiktokcdn.com/tos-maliva-avt-0068/${random.digits(19)}~c5_720x720.jpeg`;
  const email = `v4b${random.below(2 ** 31).toString(36)}${random.below(2 ** 31).toString(36)}@scs1.tiktok.com`;
  return { firstName, lastName, nickname, avatar, email };
}

/** A home in a market, from the number that stands for it. */
export function homeOf(seed: number, region: Region): Home {
  const random = new Random(seed);
  const place = placeOf[region](random.next());
  return {
    place,
    city: random.pick(place.cities),
    postalCode: postalCode(random, region, random.pick(place.postal)),
    street: street(random, region),
    unit: unit(random, region),
    phone: phone(random, region),
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

function postalCode(random: Random, region: Region, start: string): string {
  if (region === 'GB') return `${start} ${random.below(10)}${random.pick(GB_LETTERS)}${random.pick(GB_LETTERS)}`;
  let code = start;
  while (code.length < 5) code += String(random.below(10));
  return code;
}

/** The letters a British inward code uses. */
const GB_LETTERS = [...'ABDEFGHJLNPQRSTUWXYZ'];

function street(random: Random, region: Region): string {
  const name = random.pick(STREETS[region]);
  const number = random.between(1, region === 'US' ? 9800 : 180);
  return region === 'US' || region === 'GB' ? `${number} ${name}` : `${name} ${number}`;
}

function unit(random: Random, region: Region): string {
  if (random.chance(0.4)) return '';
  if (region === 'ES') return `${random.between(1, 9)}º ${random.pick(['A', 'B', 'C', 'D', 'Izda', 'Dcha'])}`;
  if (region === 'MX') return `Int. ${random.between(1, 40)}`;
  return `${region === 'US' ? 'Apt' : 'Flat'} ${random.between(1, 60)}`;
}

function phone(random: Random, region: Region): string {
  if (region === 'ES') return `(+34)6${random.digits(8)}`;
  if (region === 'GB') return `(+44)7${random.digits(9)}`;
  if (region === 'MX') return `(+52)${random.digits(10)}`;
  return `(+1)${random.between(2, 9)}${random.digits(2)}555${random.digits(4)}`;
}
