/** Regions as TikTok writes them, by market, with their codes of ISO 3166-2. */
const NAMES: Readonly<Record<string, string>> = {
  ES: `Andalusia AN|Aragon AR|Asturias AS|Balearic Islands IB|Basque Country PV|Canary Islands CN|Cantabria CB|Castile and León CL|Castilla-La Mancha CM|Catalonia CT|Ceuta CE|Extremadura EX|Galicia GA
    |La Rioja RI|Madrid MD|Melilla ML|Murcia MC|Navarre NC|Valencian VC`,
  GB: 'England ENG|Northern Ireland NIR|Scotland SCT|Wales WLS',
  US: `Alabama AL|Alaska AK|Arizona AZ|Arkansas AR|California CA|Colorado CO|Connecticut CT|Delaware DE|District of Columbia DC|Florida FL|Georgia GA|Hawaii HI|Idaho ID|Illinois IL|Indiana IN|Iowa IA
    |Kansas KS|Kentucky KY|Louisiana LA|Maine ME|Maryland MD|Massachusetts MA|Michigan MI|Minnesota MN|Mississippi MS|Missouri MO|Montana MT|Nebraska NE|Nevada NV|New Hampshire NH|New Jersey NJ
    |New Mexico NM|New York NY|North Carolina NC|North Dakota ND|Ohio OH|Oklahoma OK|Oregon OR|Pennsylvania PA|Rhode Island RI|South Carolina SC|South Dakota SD|Tennessee TN|Texas TX|Utah UT|Vermont VT
    |Virginia VA|Washington WA|West Virginia WV|Wisconsin WI|Wyoming WY`,
};

/** The code of a region by its name; null where there is none of that name. */
export function regionCode(country: string, name: string | null): string | null {
  const row = (NAMES[country] ?? '')
    .split('|')
    .map((each) => each.trim())
    .find((each) => each.slice(0, each.lastIndexOf(' ')) === name);
  return row === undefined ? null : `${country}-${row.slice(row.lastIndexOf(' ') + 1)}`;
}
