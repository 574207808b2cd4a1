import { describe, expect, test } from 'vitest';
import { countryName, toPlace } from './area.ts';
import regions from './regions.json' with { type: 'json' };

type RegionEntry = { name: string; aliases?: string[]; postal?: string[]; cities?: string[] };
const TABLE = Object.entries(regions as Record<string, Record<string, RegionEntry>>);

/** The region code a country and a region text lead to. */
function codeOf(country: string | null, region: string | null, postalCode?: string): string | null {
  return toPlace({ country, region, postalCode }).regionCode;
}

function codeOfPostal(country: string, postalCode: string): string | null {
  return toPlace({ country, postalCode }).regionCode;
}

describe('an address from a Spanish order', () => {
  test('is placed in its autonomous community, with the names spelt one way', () => {
    expect(toPlace({ country: 'España', region: 'MADRID', city: 'ALCALÁ DE HENARES', postalCode: '28801' })).toEqual({
      country: 'ES',
      regionCode: 'ES-MD',
      region: 'Comunidad de Madrid',
      city: 'Alcalá de Henares',
    });
  });

  test.each([
    [
      'ES-AN',
      'Andalucía',
      ['ANDALUCIA', 'Andalusia', '安达卢西亚', 'Almería', 'Cadiz', 'córdoba', 'Granada', 'Huelva', 'JAEN', 'Málaga', 'Sevilla', 'Seville'],
    ],
    ['ES-AR', 'Aragón', ['aragon', 'Aragó', '阿拉贡', 'Huesca', 'Teruel', 'Zaragoza', 'Saragossa']],
    ['ES-AS', 'Principado de Asturias', ['Asturias', 'PRINCIPADO DE ASTURIAS', 'Asturias, Principado de', 'Asturies', '阿斯图里亚斯']],
    [
      'ES-CN',
      'Canarias',
      [
        'Islas Canarias',
        'Canary Islands',
        '加那利群岛',
        'Las Palmas',
        'Provincia de Las Palmas',
        'Palmas, Las',
        'Santa Cruz de Tenerife',
        'S.C. Tenerife',
      ],
    ],
    ['ES-CB', 'Cantabria', ['CANTABRIA', 'Santander', '坎塔布里亚']],
    [
      'ES-CM',
      'Castilla-La Mancha',
      [
        'Castilla La Mancha',
        'CASTILLA-LA MANCHA',
        'Castile-La Mancha',
        '卡斯蒂利亚-拉曼恰',
        'Albacete',
        'Ciudad Real',
        'Cuenca',
        'Guadalajara',
        'Toledo',
      ],
    ],
    [
      'ES-CL',
      'Castilla y León',
      [
        'castilla y leon',
        'Castile and León',
        'Castilla & León',
        '卡斯蒂利亚-莱昂',
        'Ávila',
        'Burgos',
        'León',
        'Palencia',
        'Salamanca',
        'Segovia',
        'Soria',
        'Valladolid',
        'Zamora',
      ],
    ],
    [
      'ES-CT',
      'Cataluña',
      [
        'Catalunya',
        'CATALUNA',
        'Catalonia',
        '加泰罗尼亚',
        '加泰罗尼亚自治区',
        'Barcelona',
        'Girona',
        'Gerona',
        'Lleida',
        'Lérida',
        'Tarragona',
      ],
    ],
    ['ES-CE', 'Ceuta', ['Ceuta', 'Ciudad Autónoma de Ceuta', '休达']],
    ['ES-EX', 'Extremadura', ['EXTREMADURA', 'Badajoz', 'Cáceres', '埃斯特雷马杜拉']],
    ['ES-GA', 'Galicia', ['Galiza', '加利西亚', 'A Coruña', 'La Coruña', 'Coruña, A', 'Lugo', 'Ourense', 'Orense', 'Pontevedra']],
    ['ES-IB', 'Illes Balears', ['Islas Baleares', 'BALEARES', 'Balears, Illes', 'Balearic Islands', 'Mallorca', '巴利阿里群岛']],
    ['ES-RI', 'La Rioja', ['Rioja', 'LA RIOJA', 'Rioja, La', 'Comunidad Autónoma de La Rioja', '拉里奥哈']],
    [
      'ES-MD',
      'Comunidad de Madrid',
      [
        'Madrid',
        'Comunidad Autónoma de Madrid',
        'Community of Madrid',
        'Madrid, Comunidad de',
        'Provincia de Madrid',
        '马德里',
        '马德里自治区',
        'M',
        'MD',
        'ES-MD',
        'es-m',
      ],
    ],
    ['ES-ML', 'Melilla', ['melilla', '梅利利亚']],
    ['ES-MC', 'Región de Murcia', ['Murcia', 'REGION DE MURCIA', 'Murcia, Región de', 'Region of Murcia', '穆尔西亚']],
    ['ES-NC', 'Comunidad Foral de Navarra', ['Navarra', 'Nafarroa', 'Navarre', 'Navarra/Nafarroa', 'Comunidad Foral de Navarra', '纳瓦拉']],
    [
      'ES-PV',
      'País Vasco',
      ['Pais Vasco', 'Euskadi', 'Basque Country', '巴斯克', 'Álava', 'Araba', 'Araba/Álava', 'Bizkaia', 'Vizcaya', 'Gipuzkoa', 'GUIPUZCOA'],
    ],
    [
      'ES-VC',
      'Comunidad Valenciana',
      [
        'Comunitat Valenciana',
        'COMUNIDAD VALENCIANA',
        'Valencia',
        'València',
        'Alicante',
        'Alacant',
        'Alicante/Alacant',
        'Castellón',
        'Castelló',
        '巴伦西亚',
      ],
    ],
  ])('%s (%s) is recognised by its provinces and in Castilian, the co-official language, English and Chinese', (code, name, texts) => {
    for (const text of texts)
      expect([text, toPlace({ country: 'ES', region: text })]).toEqual([
        text,
        { country: 'ES', regionCode: code, region: name, city: null },
      ]);
  });

  test('without a region is placed by its postal code, whole, masked or mangled by a spreadsheet', () => {
    expect(codeOfPostal('ES', '28013')).toBe('ES-MD');
    expect(codeOfPostal('ES', '01001')).toBe('ES-PV');
    expect(codeOfPostal('ES', '52001')).toBe('ES-ML');
    expect(codeOfPostal('ES', '28***')).toBe('ES-MD');
    expect(codeOfPostal('ES', 'E-08001')).toBe('ES-CT');
    expect(codeOfPostal('ES', '28013.0')).toBe('ES-MD');
  });

  test('with a postal code that is no Spanish one is not placed by it', () => {
    expect(codeOfPostal('ES', '2801')).toBeNull();
    expect(codeOfPostal('ES', '280130')).toBeNull();
    expect(codeOfPostal('ES', '99001')).toBeNull();
  });

  test('without a region and a postal code is placed by its city', () => {
    expect(toPlace({ country: 'ES', city: 'VITORIA-GASTEIZ' })).toMatchObject({ regionCode: 'ES-PV', city: 'Vitoria-Gasteiz' });
    expect(toPlace({ country: 'ES', city: 'Palma' }).regionCode).toBe('ES-IB');
    expect(toPlace({ country: 'ES', city: 'Pamplona/Iruña' }).regionCode).toBe('ES-NC');
    expect(toPlace({ country: 'ES', city: 'Nowhere' }).regionCode).toBeNull();
  });
});

describe('when the parts of an address disagree', () => {
  test('a known region is believed before the postal code', () => {
    expect(toPlace({ country: 'ES', region: 'Madrid', postalCode: '08001' }).regionCode).toBe('ES-MD');
  });

  test('the postal code is believed before a region nobody knows', () => {
    expect(toPlace({ country: 'ES', region: 'Costa del Sol', postalCode: '29600' })).toMatchObject({
      regionCode: 'ES-AN',
      region: 'Andalucía',
    });
  });

  test('the postal code is believed before the city', () => {
    expect(toPlace({ country: 'ES', city: 'Toledo', postalCode: '28001' }).regionCode).toBe('ES-MD');
  });

  test('a region of another country is shown, but not taken for one of this country', () => {
    expect(toPlace({ country: 'US', region: 'Maharashtra' })).toMatchObject({ country: 'US', regionCode: null, region: 'Maharashtra' });
    expect(codeOf('ES', 'US-CA')).toBeNull();
  });

  test('of several regions in one text the first that is known counts', () => {
    expect(codeOf('IN', 'Punjab/Mohali/Zirakpur')).toBe('IN-PB');
    expect(codeOf('IN', 'Mohali, Punjab')).toBe('IN-PB');
    expect(codeOf('ES', 'Comunidad Valenciana (Alicante)')).toBe('ES-VC');
  });
});

describe('what nobody can recognise', () => {
  test('stays readable as it was written, without a code', () => {
    expect(toPlace({ country: 'ES', region: '  Costa   del Sol ' })).toEqual({
      country: 'ES',
      regionCode: null,
      region: 'Costa del Sol',
      city: null,
    });
    expect(toPlace({ country: 'Narnia', region: 'Cair Paravel', city: 'Lantern Waste' })).toEqual({
      country: null,
      regionCode: null,
      region: 'Cair Paravel',
      city: 'Lantern Waste',
    });
  });

  test('an Indian army post office stays APO', () => {
    expect(toPlace({ country: 'IN', region: 'APO', city: 'C/O 56 APO', postalCode: '900056' })).toMatchObject({
      regionCode: null,
      region: 'APO',
    });
  });

  test('an empty address is empty, not wrong', () => {
    const nowhere = { country: null, regionCode: null, region: null, city: null };
    expect(toPlace({})).toEqual(nowhere);
    expect(toPlace({ country: '', region: '--', city: 'N/A', postalCode: null })).toEqual(nowhere);
    expect(toPlace({ country: ' ', region: null, city: '-', postalCode: '***' })).toEqual(nowhere);
  });
});

describe('a country', () => {
  test.each([
    ['ES', ['es', 'ESP', 'Spain', 'España', 'ESPANA', 'Spanien', 'Espagne', 'Spagna', 'Espanha', '西班牙', 'Kingdom of Spain']],
    [
      'GB',
      [
        'UK',
        'gb',
        'GBR',
        'United Kingdom',
        'Great Britain',
        'England',
        'Reino Unido',
        'Royaume-Uni',
        'Regno Unito',
        'Vereinigtes Königreich',
        '英国',
      ],
    ],
    [
      'US',
      [
        'USA',
        'U.S.A.',
        'US',
        'United States',
        'United States of America',
        'the United States',
        'Estados Unidos',
        'EE. UU.',
        'Vereinigte Staaten',
        'États-Unis',
        '美国',
      ],
    ],
    ['DE', ['DEU', 'Germany', 'Deutschland', 'Alemania', 'Allemagne', 'Germania', 'Alemanha', '德国']],
    ['TR', ['Turkey', 'Türkiye', 'TURKIYE', 'Turquía']],
    ['VN', ['Vietnam', 'Viet Nam', 'VIỆT NAM', '越南']],
    ['IE', ['Ireland', 'EIRE', 'Irlanda']],
    ['CZ', ['Czechia', 'Czech Republic', 'República Checa']],
    ['KR', ['South Korea', 'Korea, Republic of', '韩国', '南韓']],
    ['KP', ["Korea, Democratic People's Republic of"]],
    ['HK', ['Hong Kong', '香港', 'Hong Kong SAR']],
    ['TW', ['Taiwan', '台湾', '臺灣', 'Taiwan, Province of China']],
    ['NL', ['Netherlands', 'The Netherlands', 'Holland', 'Países Bajos (Holanda)']],
    ['CI', ["Côte d'Ivoire", 'Ivory Coast']],
    ['MD', ['Moldova, Republic of']],
    ['ZA', ['RSA', 'South Africa']],
    ['IN', ['IN', 'India', 'Indien', '印度']],
  ])('%s is recognised by its codes and its names in the languages of the marketplaces', (code, texts) => {
    for (const text of texts) expect([text, toPlace({ country: text }).country]).toEqual([text, code]);
  });

  test('that is none stays unknown', () => {
    for (const text of ['Unspecified', 'European Community', 'Channel Islands', 'XX', 'Los Angeles, CA'])
      expect([text, toPlace({ country: text }).country]).toEqual([text, null]);
  });

  test('that was not written is told by a region that only one country has', () => {
    expect(toPlace({ region: 'MAHARASHTRA' })).toMatchObject({ country: 'IN', regionCode: 'IN-MH', region: 'Maharashtra' });
    expect(codeOf(null, 'California')).toBe('US-CA');
    expect(codeOf('', '加泰罗尼亚')).toBe('ES-CT');
    expect(codeOf(null, 'US-CA')).toBe('US-CA');
  });

  test('is never guessed from a short code or from a name that two countries have', () => {
    for (const text of ['CA', 'MH', 'N.Y.', 'M', 'Georgia', 'Punjab', 'Limburg', 'La Rioja', 'Mexico', 'nan']) {
      expect(toPlace({ region: text })).toMatchObject({ country: null, regionCode: null, region: text });
    }
  });

  test('has its name in the language of the reader', () => {
    expect(countryName('ES', 'zh')).toBe('西班牙');
    expect(countryName('es', 'en')).toBe('Spain');
    expect(countryName('DE', 'es')).toBe('Alemania');
  });

  test('without a name is shown by its code', () => {
    expect(countryName('XQ', 'en')).toBe('XQ');
    expect(countryName('nonsense', 'en')).toBe('nonsense');
    expect(countryName('ES', 'no language!')).toBe('ES');
  });
});

describe('the states of India as Amazon.in writes them', () => {
  test.each([
    ['IN-AN', ['ANDAMAN & NICOBAR ', 'Andaman and Nicobar Islands']],
    ['IN-AP', ['ANDHRA PRADESH']],
    ['IN-AR', ['ARUNACHAL PRADESH', 'Arunachal pradesh', 'AR']],
    ['IN-AS', ['ASSAM']],
    ['IN-BR', ['BIHAR', 'bihar']],
    ['IN-CG', ['CHHATTISGARH', 'Chattisgarh', 'CT', 'CG']],
    ['IN-CH', ['CHANDIGARH', 'Chandigarh']],
    ['IN-DH', ['DADRA AND NAGAR', 'Daman & Diu', 'Dadra & Nagar Haveli', 'DD', 'DN']],
    ['IN-DL', ['DELHI', 'delhi', 'New Delhi', 'NCT of Delhi']],
    ['IN-GA', ['GOA', 'goa']],
    ['IN-GJ', ['Gujarat', 'Gujrat']],
    ['IN-HP', ['HIMACHAL PRADESH']],
    ['IN-HR', ['HARYANA']],
    ['IN-JH', ['JHARKHAND']],
    ['IN-JK', ['JAMMU & KASHMIR', 'Jammu and Kashmir', 'J&K']],
    ['IN-KA', ['KARNATAKA']],
    ['IN-KL', ['KERALA']],
    ['IN-LA', ['LADAKH']],
    ['IN-LD', ['LAKSHADWEEP']],
    ['IN-MH', ['MAHARASHTRA', 'MH', 'State of Maharashtra']],
    ['IN-ML', ['MEGHALAYA', 'Meghalaya']],
    ['IN-MN', ['MANIPUR']],
    ['IN-MP', ['MADHYA PRADESH']],
    ['IN-MZ', ['MIZORAM', 'Mizoram']],
    ['IN-NL', ['NAGALAND', 'NL']],
    ['IN-OD', ['ODISHA', 'orissa', 'Orissa', 'OR']],
    ['IN-PB', ['PUNJAB', 'punjab', 'PB', 'Punjab/Mohali/Zirakpur']],
    ['IN-PY', ['PUDUCHERRY', 'Pondicherry']],
    ['IN-RJ', ['RAJASTHAN', 'rajasthan', 'Rajshthan', 'rajsthan', 'Rajsthan', 'RJ']],
    ['IN-SK', ['SIKKIM']],
    ['IN-TN', ['TAMIL NADU', 'TamilNadu']],
    ['IN-TR', ['TRIPURA']],
    ['IN-TS', ['TELANGANA', 'TG', 'IN-TG']],
    ['IN-UK', ['UTTARAKHAND', 'Uttaranchal', 'UT']],
    ['IN-UP', ['UTTAR PRADESH']],
    ['IN-WB', ['WEST BENGAL', 'WB']],
  ])('%s is recognised in every spelling', (code, texts) => {
    for (const text of texts) expect([text, codeOf('IN', text)]).toEqual([text, code]);
  });

  test('are told by the PIN code when the state is missing', () => {
    expect(codeOfPostal('IN', '400081')).toBe('IN-MH');
    expect(codeOfPostal('IN', '600 042')).toBe('IN-TN');
    expect(codeOfPostal('IN', '682555')).toBe('IN-LD');
  });
});

describe('the states of the USA', () => {
  test.each([
    ['US-CA', ['CA', 'ca', 'US-CA', 'California', 'CALIFORNIA', 'Calif.', 'State of California', '加利福尼亚州', '加州']],
    ['US-NY', ['NY', 'N.Y.', 'New York', 'New York State', '纽约州']],
    ['US-WA', ['WA', 'Washington', 'Washington State', '华盛顿州']],
    ['US-DC', ['DC', 'D.C.', 'Washington, D.C.', 'District of Columbia']],
    ['US-PR', ['PR', 'puerto rico', '波多黎各']],
    ['US-VI', ['VI', 'Virgin Islands, U.S.', 'US Virgin Islands']],
    ['US-WV', ['W. Va.', 'West Virginia']],
    ['US-NC', ['N. Carolina', 'Carolina del Norte', '北卡罗来纳']],
    ['US-GU', ['Guam']],
    ['US-AS', ['American Samoa']],
    ['US-MP', ['Northern Mariana Islands']],
  ])('%s is recognised by its postal code, its name and its abbreviations', (code, texts) => {
    for (const text of texts) expect([text, codeOf('US', text)]).toEqual([text, code]);
  });

  test('are told by the ZIP code when the state is missing', () => {
    expect(codeOfPostal('US', '90210')).toBe('US-CA');
    expect(codeOfPostal('US', '30041-8435')).toBe('US-GA');
    expect(codeOfPostal('US', '00501')).toBe('US-NY');
    expect(codeOfPostal('US', '00901')).toBe('US-PR');
    expect(codeOfPostal('US', '20001')).toBe('US-DC');
    expect(codeOfPostal('US', '96799')).toBe('US-AS');
    expect(codeOfPostal('US', '96910')).toBe('US-GU');
  });

  test('are not told by the ZIP code of an army post', () => {
    expect(codeOfPostal('US', '09012')).toBeNull();
    expect(toPlace({ country: 'US', region: 'AE', postalCode: '09012' })).toMatchObject({ regionCode: null, region: 'AE' });
  });
});

describe('the nations of the United Kingdom', () => {
  test('are recognised by name, county and language', () => {
    expect(codeOf('UK', 'England')).toBe('GB-ENG');
    expect(codeOf('GB', 'Escocia')).toBe('GB-SCT');
    expect(codeOf('GB', 'Cymru')).toBe('GB-WLS');
    expect(codeOf('GB', 'N. Ireland')).toBe('GB-NIR');
    expect(codeOf('GB', 'West Yorkshire')).toBe('GB-ENG');
    expect(codeOf('GB', 'Co. Durham')).toBe('GB-ENG');
    expect(codeOf('GB', 'Tyne & Wear')).toBe('GB-ENG');
  });

  test('are told by the postcode area, spaced or not', () => {
    expect(codeOfPostal('GB', 'SW1A 1AA')).toBe('GB-ENG');
    expect(codeOfPostal('GB', 'eh11yz')).toBe('GB-SCT');
    expect(codeOfPostal('GB', 'CF10 1EP')).toBe('GB-WLS');
    expect(codeOfPostal('GB', 'BT1 5GS')).toBe('GB-NIR');
    expect(codeOfPostal('GB', 'BT1')).toBe('GB-NIR');
  });

  test('on the Welsh border are told by the district, not only by the area', () => {
    expect(codeOfPostal('GB', 'CH6 5BT')).toBe('GB-WLS');
    expect(codeOfPostal('GB', 'CH60 1AA')).toBe('GB-ENG');
    expect(codeOfPostal('GB', 'TD15 1AA')).toBe('GB-ENG');
  });

  test('do not swallow Jersey', () => {
    expect(codeOfPostal('GB', 'JE2 3AB')).toBeNull();
  });
});

describe('the regions of the other marketplaces', () => {
  test.each([
    [
      'DE',
      [
        ['NRW', 'DE-NW'],
        ['Bavaria', 'DE-BY'],
        ['BAYERN', 'DE-BY'],
        ['Baviera', 'DE-BY'],
        ['Freistaat Sachsen', 'DE-SN'],
        ['Baden-Wuerttemberg', 'DE-BW'],
        ['Thuringia', 'DE-TH'],
        ['Land Berlin', 'DE-BE'],
      ],
    ],
    [
      'FR',
      [
        ['Île-de-France', 'FR-IDF'],
        ["Région d'Ile de France", 'FR-IDF'],
        ['PACA', 'FR-PAC'],
        ['Bouches-du-Rhône', 'FR-PAC'],
        ['Alsace', 'FR-GES'],
        ['Corsica', 'FR-20R'],
        ['La Réunion', 'FR-974'],
      ],
    ],
    [
      'IT',
      [
        ['MI', 'IT-25'],
        ['Milano', 'IT-25'],
        ['Città metropolitana di Roma', 'IT-62'],
        ['NA', 'IT-72'],
        ['Sicily', 'IT-82'],
        ['Reggio Emilia', 'IT-45'],
        ['Alto Adige/Südtirol', 'IT-32'],
      ],
    ],
    [
      'PT',
      [
        ['Lisbon', 'PT-11'],
        ['Distrito do Porto', 'PT-13'],
        ['Região Autónoma da Madeira', 'PT-30'],
      ],
    ],
    [
      'MX',
      [
        ['CDMX', 'MX-CMX'],
        ['Ciudad de México', 'MX-CMX'],
        ['Distrito Federal', 'MX-CMX'],
        ['Estado de México', 'MX-MEX'],
        ['Nuevo Leon', 'MX-NLE'],
        ['NL', 'MX-NLE'],
      ],
    ],
    [
      'BR',
      [
        ['SP', 'BR-SP'],
        ['São Paulo', 'BR-SP'],
        ['SAO PAULO', 'BR-SP'],
        ['Estado do Rio de Janeiro', 'BR-RJ'],
        ['Distrito Federal', 'BR-DF'],
      ],
    ],
    [
      'PL',
      [
        ['Województwo mazowieckie', 'PL-14'],
        ['Łódzkie', 'PL-10'],
      ],
    ],
    [
      'MY',
      [
        ['W.P. Kuala Lumpur', 'MY-14'],
        ['Penang', 'MY-07'],
      ],
    ],
    [
      'VN',
      [
        ['Thành phố Hồ Chí Minh', 'VN-SG'],
        ['Ha Noi', 'VN-HN'],
        ['Tỉnh Đồng Nai', 'VN-39'],
      ],
    ],
    [
      'TH',
      [
        ['กรุงเทพมหานคร', 'TH-10'],
        ['Bangkok', 'TH-10'],
      ],
    ],
    [
      'ID',
      [
        ['DKI Jakarta', 'ID-JK'],
        ['Jakarta', 'ID-JK'],
        ['West Java', 'ID-JB'],
      ],
    ],
    [
      'CN',
      [
        ['广东省', 'CN-GD'],
        ['Guangdong Province', 'CN-GD'],
        ['北京市', 'CN-BJ'],
      ],
    ],
    [
      'CH',
      [
        ['Canton de Genève', 'CH-GE'],
        ['Zurich', 'CH-ZH'],
      ],
    ],
    ['AT', [['Vienna', 'AT-9']]],
  ])('of %s are recognised as buyers write them', (country, pairs) => {
    for (const [text, code] of pairs) expect([text, codeOf(country, text!)]).toEqual([text, code]);
  });

  test.each([
    ['DE', '10115', 'DE-BE'],
    ['DE', '80331', 'DE-BY'],
    ['DE', '50667', 'DE-NW'],
    ['DE', '89312', 'DE-BY'],
    ['FR', '75008', 'FR-IDF'],
    ['FR', '20000', 'FR-20R'],
    ['FR', '97400', 'FR-974'],
    ['IT', '00184', 'IT-62'],
    ['IT', '45100', 'IT-34'],
    ['PT', '1000-001', 'PT-11'],
    ['MX', '06600', 'MX-CMX'],
    ['BR', '01310-100', 'BR-SP'],
    ['BR', '72800-000', 'BR-GO'],
    ['BE', '1000', 'BE-BRU'],
  ])('of %s are told by the postal code %s', (country, postalCode, code) => {
    expect(codeOfPostal(country, postalCode)).toBe(code);
  });

  test('are left open where one postal prefix covers two German states', () => {
    expect(codeOfPostal('DE', '12529')).toBeNull();
  });

  test('are told by a large German city, since Amazon.de writes no state', () => {
    expect(toPlace({ country: 'DE', city: 'Hamburg' }).regionCode).toBe('DE-HH');
    expect(toPlace({ country: 'DE', city: 'MÜNCHEN' })).toMatchObject({ regionCode: 'DE-BY', city: 'München' });
  });
});

describe('a city', () => {
  test.each([
    ['  NAVI   MUMBAI ', 'Navi Mumbai'],
    ['bengaluru', 'Bengaluru'],
    ['LAS PALMAS DE GRAN CANARIA', 'Las Palmas de Gran Canaria'],
    ['CASTELLÓN DE LA PLANA', 'Castellón de la Plana'],
    ["L'AQUILA", "L'Aquila"],
    ["king's lynn", "King's Lynn"],
    ['STOKE-ON-TRENT', 'Stoke-on-Trent'],
    ['McAllen', 'McAllen'],
    ['Villanueva de la Cañada', 'Villanueva de la Cañada'],
    ['北京', '北京'],
  ])('written "%s" is shown as "%s"', (written, shown) => {
    expect(toPlace({ country: 'ES', region: 'Madrid', city: written }).city).toBe(shown);
  });
});

describe('the table of regions', () => {
  test('knows every region by its own code and name', () => {
    for (const [country, entries] of TABLE) {
      for (const [code, { name }] of Object.entries(entries)) {
        expect(toPlace({ country, region: `${country}-${code}` })).toMatchObject({ regionCode: `${country}-${code}`, region: name });
        expect([name, codeOf(country, name)]).toEqual([name, `${country}-${code}`]);
      }
    }
  });

  test('gives no spelling and no city to two regions of a country', () => {
    for (const [country, entries] of TABLE) {
      for (const [code, { aliases = [], cities = [] }] of Object.entries(entries)) {
        for (const alias of aliases) expect([country, alias, codeOf(country, alias)]).toEqual([country, alias, `${country}-${code}`]);
        for (const city of cities)
          expect([country, city, toPlace({ country, city }).regionCode]).toEqual([country, city, `${country}-${code}`]);
      }
    }
  });

  test('gives no postal prefix to two regions of a country', () => {
    for (const [country, entries] of TABLE) {
      const prefixes = Object.values(entries).flatMap(({ postal = [] }) => postal.flatMap(everyPrefix));
      expect([country, prefixes.length]).toEqual([country, new Set(prefixes).size]);
    }
  });

  test('has the 28 states and 8 territories of India, the 19 parts of Spain and the 56 of the USA', () => {
    const sizes = Object.fromEntries(TABLE.map(([country, entries]) => [country, Object.keys(entries).length]));
    expect(sizes).toMatchObject({ ES: 19, IN: 36, US: 56, GB: 4, DE: 16, FR: 18, IT: 20, PT: 20, MX: 32, BR: 27 });
  });
});

test('a hundred thousand orders are placed in seconds', () => {
  const before = performance.now();
  for (let order = 0; order < 100_000; order++)
    toPlace({ country: 'IN', region: 'MAHARASHTRA', city: `CITY ${order % 5000}`, postalCode: '400081' });
  expect(performance.now() - before).toBeLessThan(5000);
});

/** '350-352' as 350, 351, 352. */
function everyPrefix(range: string): string[] {
  const [from, to = from] = range.split('-');
  return Array.from({ length: Number(to) - Number(from) + 1 || 1 }, (_, step) =>
    /^\d+$/.test(range[0]!) ? String(Number(from) + step).padStart(from!.length, '0') : range,
  );
}
