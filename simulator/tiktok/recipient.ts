import type { TikTokCountry } from './shops.ts';
import { statusSince, type Status } from './statuses.ts';
import type { TikTokOrder } from './tiktok-world.ts';
import { textField } from './wire-text.ts';

/** What the three levels below the country are called. */
const LEVEL_NAMES: Record<TikTokCountry, readonly [string, string, string]> = {
  ES: ['autonomous community', 'province', 'city'],
  GB: ['Country', 'County', 'Post town'],
  US: ['State', 'County', 'City'],
  MX: ['State', 'Municipality', 'Neighborhood'],
};

const MONTH_SECONDS = 30 * 86_400;
/** 2026-08-15: from here on the US hides phone and street of what TikTok carries, whatever the status. */
const US_STREETS_HIDDEN = 1_786_752_000;

/** `recipient_address` as TikTok would show it, as JSON text; undefined in the statuses where it shows none. */
export function recipientText(order: TikTokOrder, status: Status, at: number): string | undefined {
  const { country: market } = order.shop;
  const early = status === 'UNPAID' || status === 'ON_HOLD';
  if (early && market !== 'US') return undefined;
  const hidden = hiddenParts(order, status, at);
  const { person, home } = order.buyer;
  const line1 = hidden.street ? veil(home.street) : home.street;
  const line2 = hidden.street ? veil(home.unit) : home.unit;
  const lines = line2 === '' ? line1 : `${line1}, ${line2}`;
  const city = hidden.city ? veil(home.city) : home.city;
  const postalCode = hidden.postalCode ? '' : home.postalCode;
  const name = hidden.name
    ? `"name":"${person.firstName[0]!}***","first_name":"","last_name":"",`
    : `"name":"${person.firstName} ${person.lastName}","first_name":"${person.firstName}","last_name":"${person.lastName}",`;
  const { country, first } = home.place;
  const second = hidden.province ? veil(home.place.second) : home.place.second;
  const [firstLevel, secondLevel, thirdLevel] = LEVEL_NAMES[market];
  return (
    `{"region_code":"${market}","postal_code":"${postalCode}",${name}"phone_number":"${hidden.phone ? veilPhone(home.phone) : home.phone}",` +
    `"full_address":"${country}, ${first}, ${second}, ${city}, ` +
    `${lines}${postalCode === '' ? '' : `, ${postalCode}`}","address_detail":"${lines}",` +
    `"address_line1":"${line1}","address_line2":"${line2}",${textField('post_town', market === 'GB' ? city : undefined)}` +
    `${market === 'US' && !hidden.street ? '"delivery_preferences":{"drop_off_location":"Front Door"},' : ''}"district_info":[` +
    `{"address_level":"L0","address_level_name":"Country","address_name":"${country}","iso_code":"${market}"},` +
    `{"address_level":"L1","address_level_name":"${firstLevel}","address_name":"${first}","iso_code":""},` +
    `{"address_level":"L2","address_level_name":"${secondLevel}","address_name":"${second}","iso_code":""},` +
    `{"address_level":"L3","address_level_name":"${thirdLevel}","address_name":"${city}","iso_code":""}]}`
  );
}

interface Hidden {
  readonly name: boolean;
  readonly phone: boolean;
  readonly street: boolean;
  readonly postalCode: boolean;
  readonly city: boolean;
  /** European addresses that are hidden lose the level above the town as well, some of them. */
  readonly province: boolean;
}

function hiddenParts(order: TikTokOrder, status: Status, at: number): Hidden {
  const { life, shop, id } = order;
  const all = (hides: boolean): Hidden => ({
    name: hides,
    phone: hides,
    street: hides,
    postalCode: hides,
    city: hides,
    province: hides && shop.country === 'ES' && Number(id.slice(-3)) % 7 === 0,
  });
  if (shop.country !== 'US') return all(life.fulfilledByPlatform || life.carriedBy === 'platform');
  const early = status === 'UNPAID' || status === 'ON_HOLD';
  if (life.fulfilledByPlatform) return { ...all(true), city: early };
  const completed = statusSince(life, 'COMPLETED', at);
  if (early || status === 'CANCELLED' || (completed !== undefined && at - completed > MONTH_SECONDS)) return all(true);
  const carriedByTikTok = life.carriedBy === 'platform' && at >= US_STREETS_HIDDEN;
  return { ...all(false), phone: carriedByTikTok, street: carriedByTikTok };
}

const STARS = '*'.repeat(60);

/** The first two letters, then asterisks. */
function veil(text: string): string {
  return text === '' ? '' : `${text.slice(0, 2)}${STARS.slice(0, Math.max(3, text.length - 2))}`;
}

/** `(+34)612****78`; American numbers keep their ends: `(+1)213-***-1234`. */
function veilPhone(phone: string): string {
  const [, prefix = '', digits = ''] = /^(\(\+\d+\))(\d+)$/.exec(phone) ?? [];
  if (prefix === '(+1)') return `${prefix}${digits.slice(0, 3)}-***-${digits.slice(-4)}`;
  return `${prefix}${digits.slice(0, 3)}${'*'.repeat(digits.length - 5)}${digits.slice(-2)}`;
}
