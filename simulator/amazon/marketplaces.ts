/** Where a seller's authorization holds: each has its own host. */
export type Region = 'na' | 'eu' | 'fe';

/** One of Amazon's marketplaces. */
export interface Marketplace {
  readonly id: string;
  readonly country: string;
  readonly currency: string;
  readonly language: string;
  readonly region: Region;
  /** `amazon.es`. */
  readonly domain: string;
  /** Where its sellers give their consent. */
  readonly consentHost: string;
  /** `Amazon.es`. */
  readonly name: string;
  /** What its order ids begin with. */
  readonly prefixes: readonly string[];
}

/** The hosts of the API. */
export const API_HOSTS: Readonly<Record<Region, string>> = {
  na: 'sellingpartnerapi-na.amazon.com',
  eu: 'sellingpartnerapi-eu.amazon.com',
  fe: 'sellingpartnerapi-fe.amazon.com',
};

const EUROPE = 'sellercentral-europe.amazon.com';

/** All 23: region | country | id | currency | language | domain | consent host where it is not the domain's own | starts of order ids. */
const TABLE = `
na|US|ATVPDKIKX0DER|USD|en_US|amazon.com||111,112,113,114
na|CA|A2EUQ1WTGCTBG2|CAD|en_CA|amazon.ca||701,702
na|MX|A1AM78C64UM0Y8|MXN|es_MX|amazon.com.mx||701,702
na|BR|A2Q3Y263D00KWC|BRL|pt_BR|amazon.com.br||701,702
eu|IE|A28R8C7NBKEWEA|EUR|en_IE|amazon.ie||203,204
eu|ES|A1RKKUPIHCS9HS|EUR|es_ES|amazon.es|${EUROPE}|402,403,404,405,406,407,408
eu|GB|A1F83G8C2ARO7P|GBP|en_GB|amazon.co.uk|${EUROPE}|202,203,204,205,206
eu|FR|A13V1IB3VIYZZH|EUR|fr_FR|amazon.fr|${EUROPE}|402,403,404,405,406,407,408
eu|BE|AMEN7PMS3EDWL|EUR|fr_BE|amazon.com.be||402,403,404,405,406
eu|NL|A1805IZSGTT6HS|EUR|nl_NL|amazon.nl||402,403,404,405,406
eu|DE|A1PA6795UKMFR9|EUR|de_DE|amazon.de|${EUROPE}|302,303,304,305,306
eu|IT|APJ6JRA9NG5V4|EUR|it_IT|amazon.it|${EUROPE}|402,403,404,405,406,407,408
eu|SE|A2NODRKZP88ZB9|SEK|sv_SE|amazon.se||402,403,404,405,406
eu|ZA|AE08WJ6YKNBMC|ZAR|en_ZA|amazon.co.za||402,403,404
eu|PL|A1C3SOZRARQ6R3|PLN|pl_PL|amazon.pl||402,403,404,405,406
eu|EG|ARBP9OOSHTCHU|EGP|ar_EG|amazon.eg||402,403,404
eu|TR|A33AVAJ2PDY3EV|TRY|tr_TR|amazon.com.tr||402,403,404
eu|SA|A17E79C6D8DWNP|SAR|ar_SA|amazon.sa||402,403,404
eu|AE|A2VIGQ35RCS4UG|AED|ar_AE|amazon.ae||402,403,404
eu|IN|A21TJRUUN4KGV|INR|en_IN|amazon.in||402,403,404
fe|SG|A19VAU5U5O7RUS|SGD|en_SG|amazon.sg||250,251
fe|AU|A39IBJ37TRP1C6|AUD|en_AU|amazon.com.au||250,251
fe|JP|A1VC38T7YXB528|JPY|ja_JP|amazon.co.jp||249,250,503
`;

/** All of them. */
export const MARKETPLACES: readonly Marketplace[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [region, country, id, currency, language, domain, consentHost, prefixes] = line.split('|') as [Region, ...string[]];
    return {
      id: id!,
      country: country!,
      currency: currency!,
      language: language!,
      region,
      domain: domain!,
      consentHost: consentHost || `sellercentral.${domain}`,
      name: `A${domain!.slice(1)}`,
      prefixes: prefixes!.split(','),
    };
  });

/** The marketplace of a country. */
export function marketplaceIn(country: string): Marketplace {
  return MARKETPLACES.find((each) => each.country === country)!;
}
