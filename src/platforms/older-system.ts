import type { Json } from '../kernel/json.ts';
import type { PlatformId } from '../model/shop.ts';

/** A file that the system replaced kept its data in. */
export interface OlderFile {
  readonly name: string;
  readonly platform: PlatformId;
}

/**
 * Its order files, as it named them; found whatever the case of their letters. Those of one platform tell parts of the same
 * orders: SHEIN's list and the details, Amazon's orders and their items.
 */
export const OLDER_ORDER_FILES: readonly OlderFile[] = [
  { name: 'tiktok_orders.json', platform: 'TikTok' },
  { name: 'shein_orders.json', platform: 'Shein' },
  { name: 'Shein_order_details.json', platform: 'Shein' },
  { name: 'Amazon_orders.json', platform: 'Amazon' },
  { name: 'Amazon_order_items.json', platform: 'Amazon' },
];

/** Its file of price details. */
export const OLDER_PRICE_DETAILS: OlderFile = { name: 'OrdersPriceDetail.json', platform: 'TikTok' };

/**
 * Where it kept settings and data, each also in a folder for each platform below (`ToktokConfig`, `TiktokDatas`); both may also stand in
 * the folder itself.
 */
export const OLDER_FOLDERS = { settings: 'Config', data: 'Datas' } as const;

/** Whose registration and shop its settings speak of; those of the others stand apart. */
export const OLDER_SETTINGS_OF: PlatformId = 'TikTok';

/** What its settings say of that registration and shop; secrets among them. */
export interface OlderSettings {
  readonly appKey?: string;
  readonly appSecret?: string;
  readonly serviceId?: string;
  readonly redirectUri?: string;
  readonly shopCipher?: string;
  readonly shopId?: string;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  /** Market of the shop, ISO 3166-1. */
  readonly region?: string;
}

/** How each is written, in small letters without anything between them. */
const NAMES: Readonly<Record<keyof OlderSettings, readonly string[]>> = {
  appKey: ['appkey', 'clientkey'],
  appSecret: ['appsecret', 'clientsecret'],
  serviceId: ['serviceid'],
  redirectUri: ['redirecturi', 'redirecturl', 'callbackurl', 'callbackuri'],
  shopCipher: ['shopcipher', 'cipher'],
  shopId: ['shopid'],
  accessToken: ['accesstoken'],
  refreshToken: ['refreshtoken'],
  region: ['region', 'shopregion', 'sellerregion', 'market'],
};
const OTHER_PLATFORM = /shein|amazon|miravia/i;
const DEEPEST = 5;

/** Whether a settings file is another platform's, by its folder or name: what it holds is nothing of TikTok's. */
export function isOfOtherPlatform(path: string): boolean {
  return OTHER_PLATFORM.test(path);
}

/**
 * Reads one of its settings files: names in any case, with or without `_`, at the top or in sections; the first that is
 * filled counts. Sections of other platforms are left out.
 */
export function readOlderSettings(json: Json): OlderSettings {
  const found: { -readonly [name in keyof OlderSettings]: string } = {};
  const look = (value: Json, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
    if (Array.isArray(value)) return (value as readonly Json[]).forEach((each) => look(each, depth + 1));
    for (const [key, part] of Object.entries(value)) {
      if (OTHER_PLATFORM.test(key)) continue;
      const name = nameOf(key);
      const text = typeof part === 'string' || typeof part === 'number' ? String(part).trim() : '';
      if (name && text && found[name] === undefined) found[name] = text;
      else look(part, depth + 1);
    }
  };
  look(json, 0);
  return found;
}

function nameOf(key: string): keyof OlderSettings | undefined {
  const plain = key
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/^tiktok(?:shop)?/, '');
  return (Object.keys(NAMES) as (keyof OlderSettings)[]).find((name) => NAMES[name].includes(plain));
}
