/** Amazon's marketplaces by sales channel, with the clock and currency of a shop there. */
export const MARKETPLACES = {
  'Amazon.ae': { zone: 'Asia/Dubai', currency: 'AED' },
  'Amazon.ca': { zone: 'America/Toronto', currency: 'CAD' },
  'Amazon.co.jp': { zone: 'Asia/Tokyo', currency: 'JPY' },
  'Amazon.co.uk': { zone: 'Europe/London', currency: 'GBP' },
  'Amazon.co.za': { zone: 'Africa/Johannesburg', currency: 'ZAR' },
  'Amazon.com': { zone: 'America/Los_Angeles', currency: 'USD' },
  'Amazon.com.au': { zone: 'Australia/Sydney', currency: 'AUD' },
  'Amazon.com.be': { zone: 'Europe/Brussels', currency: 'EUR' },
  'Amazon.com.br': { zone: 'America/Sao_Paulo', currency: 'BRL' },
  'Amazon.com.mx': { zone: 'America/Mexico_City', currency: 'MXN' },
  'Amazon.com.tr': { zone: 'Europe/Istanbul', currency: 'TRY' },
  'Amazon.de': { zone: 'Europe/Berlin', currency: 'EUR' },
  'Amazon.eg': { zone: 'Africa/Cairo', currency: 'EGP' },
  'Amazon.es': { zone: 'Europe/Madrid', currency: 'EUR' },
  'Amazon.fr': { zone: 'Europe/Paris', currency: 'EUR' },
  'Amazon.ie': { zone: 'Europe/Dublin', currency: 'EUR' },
  'Amazon.in': { zone: 'Asia/Kolkata', currency: 'INR' },
  'Amazon.it': { zone: 'Europe/Rome', currency: 'EUR' },
  'Amazon.nl': { zone: 'Europe/Amsterdam', currency: 'EUR' },
  'Amazon.pl': { zone: 'Europe/Warsaw', currency: 'PLN' },
  'Amazon.sa': { zone: 'Asia/Riyadh', currency: 'SAR' },
  'Amazon.se': { zone: 'Europe/Stockholm', currency: 'SEK' },
  'Amazon.sg': { zone: 'Asia/Singapore', currency: 'SGD' },
} as const satisfies Readonly<Record<string, { zone: string; currency: string }>>;

/** The marketplace that serves a country, by ISO 3166-1 code. */
export const MARKETPLACE_OF_COUNTRY: Readonly<Record<string, keyof typeof MARKETPLACES>> = {
  AE: 'Amazon.ae', CA: 'Amazon.ca', JP: 'Amazon.co.jp', GB: 'Amazon.co.uk', US: 'Amazon.com', AU: 'Amazon.com.au', BE: 'Amazon.com.be',
  BR: 'Amazon.com.br', MX: 'Amazon.com.mx', TR: 'Amazon.com.tr', DE: 'Amazon.de', EG: 'Amazon.eg', ES: 'Amazon.es', FR: 'Amazon.fr',
  IE: 'Amazon.ie', IN: 'Amazon.in', IT: 'Amazon.it', NL: 'Amazon.nl', PL: 'Amazon.pl', SA: 'Amazon.sa', SE: 'Amazon.se', SG: 'Amazon.sg',
  ZA: 'Amazon.co.za',
};

/** The sales channel of a marketplace, by Amazon's id of it. */
export const MARKETPLACE_IDS: Readonly<Record<string, keyof typeof MARKETPLACES>> = {
  ATVPDKIKX0DER: 'Amazon.com', A2EUQ1WTGCTBG2: 'Amazon.ca', A1AM78C64UM0Y8: 'Amazon.com.mx', A2Q3Y263D00KWC: 'Amazon.com.br', A28R8C7NBKEWEA: 'Amazon.ie', A1RKKUPIHCS9HS: 'Amazon.es',
  A1F83G8C2ARO7P: 'Amazon.co.uk', A13V1IB3VIYZZH: 'Amazon.fr', AMEN7PMS3EDWL: 'Amazon.com.be', A1805IZSGTT6HS: 'Amazon.nl', A1PA6795UKMFR9: 'Amazon.de', A2NODRKZP88ZB9: 'Amazon.se',
  A1C3SOZRARQ6R3: 'Amazon.pl', ARBP9OOSHTCHU: 'Amazon.eg', A33AVAJ2PDY3EV: 'Amazon.com.tr', A17E79C6D8DWNP: 'Amazon.sa', A2VIGQ35RCS4UG: 'Amazon.ae', A21TJRUUN4KGV: 'Amazon.in',
  A19VAU5U5O7RUS: 'Amazon.sg', A39IBJ37TRP1C6: 'Amazon.com.au', A1VC38T7YXB528: 'Amazon.co.jp', APJ6JRA9NG5V4: 'Amazon.it',
};
