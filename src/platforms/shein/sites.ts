/** The sites of SHEIN by the country they sell to, with the clock their figures are kept on. */
export const SITES = {
  AE: { shop: 'SHEIN AE', zone: 'Asia/Dubai', currency: 'AED' },
  AU: { shop: 'SHEIN AU', zone: 'Australia/Sydney', currency: 'AUD' },
  BR: { shop: 'SHEIN BR', zone: 'America/Sao_Paulo', currency: 'BRL' },
  DE: { shop: 'SHEIN DE', zone: 'Europe/Berlin', currency: 'EUR' },
  ES: { shop: 'SHEIN ES', zone: 'Europe/Madrid', currency: 'EUR' },
  FR: { shop: 'SHEIN FR', zone: 'Europe/Paris', currency: 'EUR' },
  GB: { shop: 'SHEIN GB', zone: 'Europe/London', currency: 'GBP' },
  IT: { shop: 'SHEIN IT', zone: 'Europe/Rome', currency: 'EUR' },
  JP: { shop: 'SHEIN JP', zone: 'Asia/Tokyo', currency: 'JPY' },
  MX: { shop: 'SHEIN MX', zone: 'America/Mexico_City', currency: 'MXN' },
  NL: { shop: 'SHEIN NL', zone: 'Europe/Amsterdam', currency: 'EUR' },
  PL: { shop: 'SHEIN PL', zone: 'Europe/Warsaw', currency: 'PLN' },
  PT: { shop: 'SHEIN PT', zone: 'Europe/Lisbon', currency: 'EUR' },
  SA: { shop: 'SHEIN SA', zone: 'Asia/Riyadh', currency: 'SAR' },
  SE: { shop: 'SHEIN SE', zone: 'Europe/Stockholm', currency: 'SEK' },
  US: { shop: 'SHEIN US', zone: 'America/Los_Angeles', currency: 'USD' },
} as const;
