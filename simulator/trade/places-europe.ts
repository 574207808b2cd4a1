/** French regions: region, department, thousands of people, starts of postal codes, towns. */
export const PLACES_FR = `
Île-de-France|Paris|2100|750|Paris
Île-de-France|Hauts-de-Seine|1630|92|Nanterre,Boulogne-Billancourt
Auvergne-Rhône-Alpes|Rhône|1880|690|Lyon,Villeurbanne
Provence-Alpes-Côte d'Azur|Bouches-du-Rhône|2050|130|Marseille,Aix-en-Provence
Occitanie|Haute-Garonne|1430|310|Toulouse,Colomiers
Nouvelle-Aquitaine|Gironde|1650|330|Bordeaux,Mérignac
Hauts-de-France|Nord|2610|590|Lille,Roubaix,Dunkerque
Bretagne|Ille-et-Vilaine|1090|350|Rennes,Saint-Malo
`;

/** Italian regions: region, province, thousands of people, starts of postal codes, towns. */
export const PLACES_IT = `
Lombardia|MI|3220|201|Milano,Sesto San Giovanni
Lazio|RM|4220|001|Roma,Tivoli
Campania|NA|2980|801|Napoli,Pozzuoli
Piemonte|TO|2210|101|Torino,Moncalieri
Sicilia|PA|1210|901|Palermo,Bagheria
Veneto|VE|840|301|Venezia,Mestre
Emilia-Romagna|BO|1010|401|Bologna,Imola
Puglia|BA|1230|701|Bari,Altamura
`;

/** German states: state, district, thousands of people, starts of postal codes, towns. */
export const PLACES_DE = `
Bayern|Oberbayern|4700|80,81,85|München,Ingolstadt
Nordrhein-Westfalen|Köln|4460|50,51,53|Köln,Bonn,Leverkusen
Nordrhein-Westfalen|Düsseldorf|5190|40,45,47|Düsseldorf,Essen,Mönchengladbach
Berlin|Berlin|3750|10,12,13|Berlin
Hamburg|Hamburg|1890|20,21,22|Hamburg
Hessen|Darmstadt|4020|60,63,65|Frankfurt am Main,Wiesbaden
Baden-Württemberg|Stuttgart|4150|70,71,73|Stuttgart,Göppingen
Sachsen|Leipzig|1050|04|Leipzig,Grimma
`;

/** Dutch provinces: province, region, thousands of people, starts of postal codes, towns. */
export const PLACES_NL = `
Noord-Holland|Amsterdam|2950|10,15|Amsterdam,Zaandam
Zuid-Holland|Rotterdam|3800|25,30|Den Haag,Rotterdam
Utrecht|Utrecht|1390|35|Utrecht,Zeist
Noord-Brabant|Eindhoven|2630|56|Eindhoven,Tilburg
`;

/** Belgian regions: region, province, thousands of people, starts of postal codes, towns. */
export const PLACES_BE = `
Brussels|Brussels|1240|10|Bruxelles,Ixelles
Flanders|Antwerpen|1900|20|Antwerpen,Mechelen
Flanders|Oost-Vlaanderen|1570|90|Gent,Aalst
Wallonia|Liège|1110|40|Liège,Verviers
`;

/** Polish provinces: province, district, thousands of people, starts of postal codes, towns. */
export const PLACES_PL = `
Mazowieckie|Warszawa|5500|00,02,03|Warszawa,Radom
Małopolskie|Kraków|3430|30,31|Kraków,Tarnów
Śląskie|Katowice|4370|40,41|Katowice,Częstochowa
Łódzkie|Łódź|2380|90,93|Łódź,Zgierz
`;

/** Swedish counties: county, municipality, thousands of people, starts of postal codes, towns. */
export const PLACES_SE = `
Stockholms län|Stockholm|2450|11,12|Stockholm,Solna
Västra Götalands län|Göteborg|1760|41|Göteborg,Borås
Skåne län|Malmö|1420|21|Malmö,Lund
Uppsala län|Uppsala|400|75|Uppsala,Enköping
`;
