import type { Country } from './shops.ts';

const list = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

const SPANISH_FIRST = list(
  'Lucía,María,Carmen,Sofía,Paula,Daniela,Laura,Marta,Ana,Elena,Cristina,Isabel,Raquel,Silvia,Patricia,Rocío,Nuria,Beatriz,Alba,Irene,Claudia,Andrea,' +
    'Inés,Noelia,Sara,Antonio,Manuel,José,David,Javier,Daniel,Carlos,Alejandro,Pablo,Sergio,Álvaro,Diego,Adrián,Raúl,Rubén,Iván,Hugo,Marcos,Jorge',
);
const SPANISH_LAST = list(
  'García,Rodríguez,González,Fernández,López,Martínez,Sánchez,Pérez,Gómez,Martín,Jiménez,Ruiz,Hernández,Díaz,Moreno,Muñoz,Álvarez,Romero,Alonso,' +
    'Gutiérrez,Navarro,Torres,Domínguez,Vázquez,Ramos,Gil,Ramírez,Serrano,Blanco,Molina,Morales,Suárez,Ortega,Delgado,Castro,Ortiz,Rubio,Marín,Sanz,Iglesias',
);
const MEXICAN_FIRST = list(
  'Guadalupe,Fernanda,Ximena,Valeria,Regina,Camila,Renata,Mariana,Alejandra,Gabriela,Verónica,Leticia,Adriana,Daniela,Karla,Brenda,Yolanda,Juana,' +
    'Juan,José Luis,Miguel Ángel,Francisco,Jesús,Luis,Jorge,Roberto,Eduardo,Ricardo,Fernando,Arturo,Héctor,Santiago,Mateo,Emiliano,Leonardo,Rodrigo',
);
const MEXICAN_LAST = list(
  'Hernández,García,Martínez,López,González,Pérez,Rodríguez,Sánchez,Ramírez,Cruz,Flores,Gómez,Morales,Vázquez,Reyes,Jiménez,Torres,Díaz,Gutiérrez,Ruiz,' +
    'Mendoza,Aguilar,Ortiz,Moreno,Castillo,Romero,Álvarez,Méndez,Chávez,Rivera,Juárez,Ramos,Domínguez,Herrera,Medina,Castro,Vargas,Guzmán,Salazar,Contreras',
);
const BRITISH_FIRST = list(
  'Olivia,Amelia,Isla,Ava,Mia,Ivy,Lily,Freya,Florence,Grace,Emily,Sophie,Charlotte,Jessica,Lucy,Hannah,Chloe,Megan,Bethany,Rebecca,Zoe,Priya,Aisha,' +
    'Noah,George,Oliver,Arthur,Harry,Jack,Charlie,Thomas,James,William,Joshua,Callum,Liam,Ryan,Connor,Mohammed,Rhys,Ewan,Aarav',
);
const BRITISH_LAST = list(
  'Smith,Jones,Taylor,Brown,Williams,Wilson,Johnson,Davies,Patel,Wright,Walker,Thompson,White,Edwards,Green,Hall,Khan,Lewis,Harris,Clarke,Jackson,Turner,' +
    'Hill,Cooper,Ward,Morris,Moore,Clark,King,Baker,Harrison,Morgan,Allen,Begum,Campbell,Stewart,MacDonald,Hughes,Evans,Bennett',
);
const AMERICAN_FIRST = list(
  'Emma,Olivia,Ava,Isabella,Madison,Abigail,Ashley,Brittany,Jasmine,Kayla,Nicole,Samantha,Alexis,Destiny,Brianna,Kimberly,Tiffany,Heather,Crystal,Maria,' +
    'Liam,Mason,Ethan,Jayden,Logan,Michael,Christopher,Matthew,Joshua,Tyler,Brandon,Austin,Justin,Kevin,Marcus,Jose,Andre,Wei,Raj,Caleb',
);
const AMERICAN_LAST = list(
  'Smith,Johnson,Williams,Brown,Jones,Garcia,Miller,Davis,Rodriguez,Martinez,Hernandez,Lopez,Gonzalez,Wilson,Anderson,Thomas,Taylor,Moore,Jackson,Lee,' +
    'Perez,Thompson,White,Harris,Sanchez,Clark,Ramirez,Lewis,Robinson,Walker,Young,Allen,King,Wright,Scott,Nguyen,Patel,Kim,Foster,Coleman',
);

const FRENCH_FIRST = list(
  'Léa,Manon,Chloé,Camille,Zoé,Inès,Anaïs,Élodie,Juliette,Océane,Lucas,Hugo,Théo,Maël,Noé,Antoine,Jérôme,François,Rémi,Yanis',
);
const FRENCH_LAST = list(
  'Martin,Bernard,Dubois,Thomas,Robert,Lefèvre,Moreau,Girard,Bonnet,Mercier,Fournier,Gauthier,Lambert,Rousseau,Hébert,Benoît',
);
const ITALIAN_FIRST = list(
  'Giulia,Chiara,Francesca,Martina,Sara,Elisa,Beatrice,Aurora,Niccolò,Luca,Matteo,Lorenzo,Davide,Andrea,Marco,Alessandro',
);
const ITALIAN_LAST = list(
  'Rossi,Russo,Ferrari,Esposito,Bianchi,Romano,Colombo,Ricci,Marino,Greco,Conti,De Luca,Costa,Giordano,Mancini,D’Angelo',
);
const GERMAN_FIRST = list(
  'Anna,Lena,Lea,Jana,Käthe,Sabine,Ursula,Katrin,Jürgen,Jörg,Lukas,Leon,Finn,Stefan,Andreas,Matthias,Günther,Björn',
);
const GERMAN_LAST = list(
  'Müller,Schmidt,Schneider,Fischer,Weber,Meyer,Wagner,Becker,Schäfer,Koch,Richter,Klein,Wolf,Schröder,Neumann,Krüger',
);
const DUTCH_FIRST = list('Emma,Sanne,Lotte,Femke,Anouk,Marieke,Daan,Sem,Bram,Jeroen,Sander,Thijs,Wouter,Maarten');
const DUTCH_LAST = list('de Jong,Jansen,de Vries,van den Berg,Bakker,Visser,Smit,Meijer,Mulder,Bos,Peters,Hendriks,Dekker');
const POLISH_FIRST = list('Anna,Katarzyna,Małgorzata,Agnieszka,Zuzanna,Łucja,Jan,Piotr,Paweł,Michał,Tomasz,Krzysztof,Łukasz,Wojciech');
const POLISH_LAST = list('Nowak,Kowalski,Wiśniewski,Wójcik,Kamiński,Lewandowski,Zieliński,Szymański,Woźniak,Dąbrowski,Kozłowski,Mazur');
const SWEDISH_FIRST = list('Elsa,Alice,Maja,Linnéa,Åsa,Kerstin,Erik,Lars,Karl,Anders,Björn,Göran,Nils,Oskar');
const SWEDISH_LAST = list('Andersson,Johansson,Karlsson,Nilsson,Eriksson,Larsson,Olsson,Persson,Svensson,Lindström,Åberg,Sjöberg');

/** Given names by market. */
export const FIRST_NAMES: Record<Country, readonly string[]> = {
  ES: SPANISH_FIRST,
  GB: BRITISH_FIRST,
  US: AMERICAN_FIRST,
  MX: MEXICAN_FIRST,
  FR: FRENCH_FIRST,
  IT: ITALIAN_FIRST,
  DE: GERMAN_FIRST,
  NL: DUTCH_FIRST,
  BE: [...FRENCH_FIRST, ...DUTCH_FIRST],
  PL: POLISH_FIRST,
  SE: SWEDISH_FIRST,
  CA: [...AMERICAN_FIRST, ...FRENCH_FIRST],
};

/** Family names by market. */
export const LAST_NAMES: Record<Country, readonly string[]> = {
  ES: SPANISH_LAST,
  GB: BRITISH_LAST,
  US: AMERICAN_LAST,
  MX: MEXICAN_LAST,
  FR: FRENCH_LAST,
  IT: ITALIAN_LAST,
  DE: GERMAN_LAST,
  NL: DUTCH_LAST,
  BE: [...FRENCH_LAST, ...DUTCH_LAST],
  PL: POLISH_LAST,
  SE: SWEDISH_LAST,
  CA: [...AMERICAN_LAST, ...FRENCH_LAST],
};

/** Street names by market. */
export const STREETS: Record<Country, readonly string[]> = {
  ES: list(
    'Calle Mayor,Calle Real,Avenida de la Constitución,Calle San José,Calle del Sol,Plaza de España,Calle Cervantes,Calle de la ' +
      'Luna,Avenida de Europa,' +
      'Calle Nueva,Paseo de la Estación,Calle del Carmen,Camino Viejo,Ronda Norte,Calle Goya,Avenida del Mar,Calle Los Olivos,Calle ' +
      'Santa Ana',
  ),
  GB: list(
    'High Street,Station Road,Church Lane,Victoria Road,Park Avenue,Green Lane,Mill Road,The Crescent,Queens Road,Kings Road,Manor ' +
      'Way,Orchard Close,' +
      'School Lane,Springfield Road,Albert Street,Chestnut Grove,Meadow View,Windsor Terrace',
  ),
  US: list(
    'Main St,Oak Ave,Maple Dr,Cedar Ln,Pine St,Elm St,Washington Blvd,Lake View Rd,Hillcrest Dr,Sunset Blvd,Park Ave,2nd St,River ' +
      'Rd,Magnolia Ct,' +
      'Highland Ave,Willow Creek Dr,Jefferson St,Peachtree Ln',
  ),
  MX: list(
    'Calle Benito Juárez,Avenida Hidalgo,Calle Morelos,Avenida Insurgentes,Calle 5 de Mayo,Calle Allende,Avenida Revolución,Calle ' +
      'Zaragoza,' +
      'Privada Las Flores,Calle Emiliano Zapata,Calle Niños Héroes,Avenida Reforma,Calle Aldama,Cerrada del Bosque,Calle Guerrero',
  ),
  FR: list('Rue de la République,Rue Victor Hugo,Avenue Jean Jaurès,Rue de l’Église,Boulevard Gambetta,Place du Marché,Rue des Écoles'),
  IT: list('Via Roma,Via Garibaldi,Corso Italia,Via Dante,Via Mazzini,Piazza della Libertà,Viale Europa,Via XX Settembre'),
  DE: list('Hauptstraße,Bahnhofstraße,Schulstraße,Gartenstraße,Dorfstraße,Lindenweg,Goethestraße,Am Mühlbach'),
  NL: list('Kerkstraat,Dorpsstraat,Hoofdstraat,Molenweg,Julianastraat,Wilhelminalaan,Nieuwstraat'),
  BE: list('Rue de l’Église,Kerkstraat,Stationsstraat,Rue Haute,Molenstraat,Avenue Louise,Nieuwstraat'),
  PL: list('ul. Polna,ul. Leśna,ul. Słoneczna,ul. Krótka,ul. Szkolna,ul. Ogrodowa,al. Jana Pawła II'),
  SE: list('Storgatan,Kyrkogatan,Skolgatan,Björkvägen,Ringvägen,Drottninggatan,Ängsvägen'),
  CA: list('Yonge St,King St W,Maple Ave,Rue Sainte-Catherine,Granville St,Elgin St,Lakeshore Rd,Rue Saint-Denis'),
};
