/** The parts of the world that Amazon's API is divided into: a seller consents in each, and each has hosts of its own. */
export type Region = 'NA' | 'EU' | 'FE';

/** Where Amazon sells. */
export interface Marketplace {
  /** Amazon's own id of it. */
  readonly id: string;
  /** ISO 3166-1. */
  readonly country: string;
  readonly region: Region;
  /** The clock of a shop there; settable for each shop. */
  readonly zone: string;
  readonly currency: string;
}

/** Amazon's marketplaces by sales channel. */
export const MARKETPLACES = {
  'Amazon.ae': { id: 'A2VIGQ35RCS4UG', country: 'AE', region: 'EU', zone: 'Asia/Dubai', currency: 'AED' },
  'Amazon.ca': { id: 'A2EUQ1WTGCTBG2', country: 'CA', region: 'NA', zone: 'America/Toronto', currency: 'CAD' },
  'Amazon.co.jp': { id: 'A1VC38T7YXB528', country: 'JP', region: 'FE', zone: 'Asia/Tokyo', currency: 'JPY' },
  'Amazon.co.uk': { id: 'A1F83G8C2ARO7P', country: 'GB', region: 'EU', zone: 'Europe/London', currency: 'GBP' },
  'Amazon.co.za': { id: 'AE08WJ6YKNBMC', country: 'ZA', region: 'EU', zone: 'Africa/Johannesburg', currency: 'ZAR' },
  'Amazon.com': { id: 'ATVPDKIKX0DER', country: 'US', region: 'NA', zone: 'America/Los_Angeles', currency: 'USD' },
  'Amazon.com.au': { id: 'A39IBJ37TRP1C6', country: 'AU', region: 'FE', zone: 'Australia/Sydney', currency: 'AUD' },
  'Amazon.com.be': { id: 'AMEN7PMS3EDWL', country: 'BE', region: 'EU', zone: 'Europe/Brussels', currency: 'EUR' },
  'Amazon.com.br': { id: 'A2Q3Y263D00KWC', country: 'BR', region: 'NA', zone: 'America/Sao_Paulo', currency: 'BRL' },
  'Amazon.com.mx': { id: 'A1AM78C64UM0Y8', country: 'MX', region: 'NA', zone: 'America/Mexico_City', currency: 'MXN' },
  'Amazon.com.tr': { id: 'A33AVAJ2PDY3EV', country: 'TR', region: 'EU', zone: 'Europe/Istanbul', currency: 'TRY' },
  'Amazon.de': { id: 'A1PA6795UKMFR9', country: 'DE', region: 'EU', zone: 'Europe/Berlin', currency: 'EUR' },
  'Amazon.eg': { id: 'ARBP9OOSHTCHU', country: 'EG', region: 'EU', zone: 'Africa/Cairo', currency: 'EGP' },
  'Amazon.es': { id: 'A1RKKUPIHCS9HS', country: 'ES', region: 'EU', zone: 'Europe/Madrid', currency: 'EUR' },
  'Amazon.fr': { id: 'A13V1IB3VIYZZH', country: 'FR', region: 'EU', zone: 'Europe/Paris', currency: 'EUR' },
  'Amazon.ie': { id: 'A28R8C7NBKEWEA', country: 'IE', region: 'EU', zone: 'Europe/Dublin', currency: 'EUR' },
  'Amazon.in': { id: 'A21TJRUUN4KGV', country: 'IN', region: 'EU', zone: 'Asia/Kolkata', currency: 'INR' },
  'Amazon.it': { id: 'APJ6JRA9NG5V4', country: 'IT', region: 'EU', zone: 'Europe/Rome', currency: 'EUR' },
  'Amazon.nl': { id: 'A1805IZSGTT6HS', country: 'NL', region: 'EU', zone: 'Europe/Amsterdam', currency: 'EUR' },
  'Amazon.pl': { id: 'A1C3SOZRARQ6R3', country: 'PL', region: 'EU', zone: 'Europe/Warsaw', currency: 'PLN' },
  'Amazon.sa': { id: 'A17E79C6D8DWNP', country: 'SA', region: 'EU', zone: 'Asia/Riyadh', currency: 'SAR' },
  'Amazon.se': { id: 'A2NODRKZP88ZB9', country: 'SE', region: 'EU', zone: 'Europe/Stockholm', currency: 'SEK' },
  'Amazon.sg': { id: 'A19VAU5U5O7RUS', country: 'SG', region: 'FE', zone: 'Asia/Singapore', currency: 'SGD' },
} as const satisfies Readonly<Record<string, Marketplace>>;

/** A sales channel as orders name it, e.g. `Amazon.es`. */
export type Channel = keyof typeof MARKETPLACES;

const CHANNELS = Object.keys(MARKETPLACES) as Channel[];

/** The sales channel of a marketplace, by Amazon's id of it. */
export const MARKETPLACE_IDS: Readonly<Record<string, Channel>> = Object.fromEntries(
  CHANNELS.map((channel) => [MARKETPLACES[channel].id, channel]),
);

/** The marketplace that serves a country, by ISO 3166-1 code. */
export const MARKETPLACE_OF_COUNTRY: Readonly<Record<string, Channel>> = Object.fromEntries(
  CHANNELS.map((channel) => [MARKETPLACES[channel].country, channel]),
);

/** The sales channel that is written so, whatever the case of its letters. */
export function channelNamed(written: string): Channel | undefined {
  return CHANNELS.find((channel) => channel.toLowerCase() === written.toLowerCase());
}

/** What a shop of a marketplace is called, and where: its name is the sales channel's. */
export function shopOfChannel(channel: Channel): { shop: Channel; region: string; zone: string; currency: string } {
  const { country, zone, currency } = MARKETPLACES[channel];
  return { shop: channel, region: country, zone, currency };
}
