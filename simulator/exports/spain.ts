import type { Chance } from './random.ts';

/** Where an order goes; `spelling` is the region as this buyer wrote it, which is not always the province. */
export interface Place {
  readonly country: string;
  readonly region: string;
  readonly community: string;
  readonly spelling: string;
  readonly city: string;
  readonly zip: string;
}

// province | community | zip prefix | inhabitants in 10,000 | capital*zip districts | other towns | other spellings
const PROVINCES = `
Madrid | Comunidad de Madrid | 28 | 690 | Madrid*55 | Móstoles 28931, Alcalá de Henares 28801, Fuenlabrada 28941, Leganés 28911, Getafe 28901, Pozuelo de Alarcón 28223 | MADRID
Barcelona | Cataluña | 08 | 580 | Barcelona*42 | L'Hospitalet de Llobregat 08901, Badalona 08911, Terrassa 08221, Sabadell 08201, Mataró 08301 | BARCELONA, Catalunya
Valencia | Comunidad Valenciana | 46 | 268 | Valencia*26 | Torrent 46900, Gandia 46701, Paterna 46980, Sagunto 46500 | València, Valencia/València
Sevilla | Andalucía | 41 | 196 | Sevilla*20 | Dos Hermanas 41701, Alcalá de Guadaíra 41500, Utrera 41710 | SEVILLA
Alicante | Comunidad Valenciana | 03 | 195 | Alicante*16 | Elche 03201, Torrevieja 03181, Benidorm 03501, Orihuela 03300 | Alacant, Alicante/Alacant
Málaga | Andalucía | 29 | 175 | Málaga*18 | Marbella 29601, Fuengirola 29640, Mijas 29650, Vélez-Málaga 29700 | Malaga
Murcia | Región de Murcia | 30 | 155 | Murcia*12 | Cartagena 30201, Lorca 30800, Molina de Segura 30500 | MURCIA
Cádiz | Andalucía | 11 | 125 | Cádiz*12 | Jerez de la Frontera 11401, Algeciras 11201, San Fernando 11100 | Cadiz
Islas Baleares | Islas Baleares | 07 | 121 | Palma*15 | Calvià 07180, Ibiza 07800, Manacor 07500 | Illes Balears, Baleares
Vizcaya | País Vasco | 48 | 115 | Bilbao*15 | Barakaldo 48901, Getxo 48930 | Bizkaia
Las Palmas | Canarias | 35 | 113 | Las Palmas de Gran Canaria*20 | Telde 35200, Arrecife 35500 | LAS PALMAS
A Coruña | Galicia | 15 | 112 | A Coruña*11 | Santiago de Compostela 15701, Ferrol 15401 | La Coruña, Coruña
Santa Cruz de Tenerife | Canarias | 38 | 105 | Santa Cruz de Tenerife*10 | San Cristóbal de La Laguna 38201, Arona 38640 | Tenerife
Asturias | Principado de Asturias | 33 | 101 | Oviedo*13 | Gijón 33201, Avilés 33401 | ASTURIAS
Zaragoza | Aragón | 50 | 98 | Zaragoza*18 | Calatayud 50300 | ZARAGOZA
Pontevedra | Galicia | 36 | 94 | Pontevedra*5 | Vigo 36201, Vilagarcía de Arousa 36600 | PONTEVEDRA
Granada | Andalucía | 18 | 93 | Granada*16 | Motril 18600, Armilla 18100 | GRANADA
Tarragona | Cataluña | 43 | 84 | Tarragona*8 | Reus 43201, Tortosa 43500 | Catalunya
Girona | Cataluña | 17 | 80 | Girona*7 | Figueres 17600, Blanes 17300 | Gerona
Córdoba | Andalucía | 14 | 77 | Córdoba*14 | Lucena 14900 | Cordoba
Almería | Andalucía | 04 | 75 | Almería*9 | Roquetas de Mar 04740, El Ejido 04700 | Almeria
Guipúzcoa | País Vasco | 20 | 73 | San Sebastián*18 | Irun 20301, Eibar 20600 | Gipuzkoa
Toledo | Castilla-La Mancha | 45 | 73 | Toledo*8 | Talavera de la Reina 45600, Illescas 45200 | TOLEDO
Navarra | Comunidad Foral de Navarra | 31 | 67 | Pamplona*16 | Tudela 31500 | Nafarroa
Badajoz | Extremadura | 06 | 66 | Badajoz*12 | Mérida 06800, Don Benito 06400 | BADAJOZ
Jaén | Andalucía | 23 | 62 | Jaén*9 | Linares 23700, Úbeda 23400 | Jaen
Castellón | Comunidad Valenciana | 12 | 60 | Castelló de la Plana*6 | Vila-real 12540 | Castelló
Cantabria | Cantabria | 39 | 59 | Santander*12 | Torrelavega 39300 | CANTABRIA
Huelva | Andalucía | 21 | 53 | Huelva*7 | Lepe 21440 | HUELVA
Valladolid | Castilla y León | 47 | 52 | Valladolid*17 | Medina del Campo 47400 | VALLADOLID
Ciudad Real | Castilla-La Mancha | 13 | 49 | Ciudad Real*5 | Puertollano 13500 | CIUDAD REAL
León | Castilla y León | 24 | 45 | León*10 | Ponferrada 24401 | Leon
Lleida | Cataluña | 25 | 44 | Lleida*8 | Balaguer 25600 | Lérida
Cáceres | Extremadura | 10 | 39 | Cáceres*5 | Plasencia 10600 | Caceres
Albacete | Castilla-La Mancha | 02 | 39 | Albacete*8 | Hellín 02400 | ALBACETE
Burgos | Castilla y León | 09 | 36 | Burgos*7 | Aranda de Duero 09400 | BURGOS
Álava | País Vasco | 01 | 34 | Vitoria-Gasteiz*15 | Llodio 01400 | Araba
Salamanca | Castilla y León | 37 | 33 | Salamanca*8 | Béjar 37700 | SALAMANCA
Lugo | Galicia | 27 | 33 | Lugo*4 | Monforte de Lemos 27400 | LUGO
La Rioja | La Rioja | 26 | 32 | Logroño*9 | Calahorra 26500 | Rioja
Ourense | Galicia | 32 | 30 | Ourense*5 | Verín 32600 | Orense
Guadalajara | Castilla-La Mancha | 19 | 27 | Guadalajara*5 | Azuqueca de Henares 19200 | GUADALAJARA
Huesca | Aragón | 22 | 22 | Huesca*6 | Monzón 22400 | HUESCA
Cuenca | Castilla-La Mancha | 16 | 20 | Cuenca*4 | Tarancón 16400 | CUENCA
Zamora | Castilla y León | 49 | 17 | Zamora*4 | Benavente 49600 | ZAMORA
Palencia | Castilla y León | 34 | 16 | Palencia*6 | Aguilar de Campoo 34800 | PALENCIA
Ávila | Castilla y León | 05 | 16 | Ávila*6 | Arévalo 05200 | Avila
Segovia | Castilla y León | 40 | 16 | Segovia*6 | Cuéllar 40200 | SEGOVIA
Teruel | Aragón | 44 | 13 | Teruel*3 | Alcañiz 44600 | TERUEL
Melilla | Melilla | 52 | 9 | Melilla*6 | | MELILLA
Soria | Castilla y León | 42 | 9 | Soria*5 | Almazán 42200 | SORIA
Ceuta | Ceuta | 51 | 8 | Ceuta*5 | | CEUTA`;

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

const provinces = PROVINCES.trim()
  .split('\n')
  .map((row) => {
    const [name = '', community = '', prefix = '', people = '', seat = '', towns = '', spellings = ''] = row
      .split('|')
      .map((cell) => cell.trim());
    const [capital = '', districts = ''] = seat.split('*');
    return {
      name,
      community,
      prefix,
      people: Number(people),
      capital,
      districts: Number(districts),
      towns: list(towns),
      spellings: list(spellings),
    };
  });

/** A Spanish address down to the postcode, as likely as people live there; no street, no name. */
export function placeInSpain(chance: Chance): Place {
  const province = chance.weighted(provinces, (one) => one.people);
  const inCapital = province.towns.length === 0 || chance.happens(0.55);
  const town = inCapital ? '' : chance.pick(province.towns);
  return {
    country: 'ES',
    region: province.name,
    community: province.community,
    spelling: chance.happens(0.12) ? chance.pick(province.spellings) : province.name,
    city: inCapital ? province.capital : town.slice(0, -6),
    zip: inCapital ? `${province.prefix}0${String(chance.between(1, province.districts)).padStart(2, '0')}` : town.slice(-5),
  };
}

// sales channel: city, region as sellers see it there, postcode
const ABROAD: Readonly<Record<string, readonly string[]>> = {
  FR: [
    'Paris||75011',
    'Lyon||69003',
    'Marseille||13006',
    'Toulouse||31000',
    'Bordeaux||33000',
    'Nantes||44000',
    'LILLE||59000',
    'Perpignan||66000',
  ],
  IT: [
    'Milano|MI|20121',
    'Roma|RM|00184',
    'Torino|TO|10121',
    'Napoli|NA|80134',
    'Bologna|BO|40121',
    'FIRENZE|FI|50122',
    'Bari|BA|70121',
    'Palermo|PA|90133',
  ],
  DE: [
    'Berlin|Berlin|10115',
    'München|Bayern|80331',
    'Hamburg||20095',
    'Köln|Nordrhein-Westfalen|50667',
    'Frankfurt am Main|Hessen|60311',
    'Leipzig|Sachsen|04109',
  ],
  PT: ['Lisboa||1100-148', 'Porto|Porto|4000-322', 'Braga||4700-036', 'Faro|Faro|8000-164'],
};

/** An address in another country of the same Amazon account: FR, IT, DE or PT. */
export function placeAbroad(chance: Chance, country: string): Place {
  const [city = '', region = '', zip = ''] = chance.pick(ABROAD[country] ?? []).split('|');
  return { country, region, community: '', spelling: region, city, zip };
}
