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
