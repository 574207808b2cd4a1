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

/** Given names by market. */
export const FIRST_NAMES: Record<Country, readonly string[]> = {
  ES: SPANISH_FIRST,
  GB: BRITISH_FIRST,
  US: AMERICAN_FIRST,
  MX: MEXICAN_FIRST,
};

/** Family names by market. */
export const LAST_NAMES: Record<Country, readonly string[]> = { ES: SPANISH_LAST, GB: BRITISH_LAST, US: AMERICAN_LAST, MX: MEXICAN_LAST };

/** Street names by market. */
export const STREETS: Record<Country, readonly string[]> = {
  ES: list(
    'Calle Mayor,Calle Real,Avenida de la Constitución,Calle San José,Calle del Sol,Plaza de España,Calle Cervantes,Calle de la Luna,Avenida de Europa,' +
      'Calle Nueva,Paseo de la Estación,Calle del Carmen,Camino Viejo,Ronda Norte,Calle Goya,Avenida del Mar,Calle Los Olivos,Calle Santa Ana',
  ),
  GB: list(
    'High Street,Station Road,Church Lane,Victoria Road,Park Avenue,Green Lane,Mill Road,The Crescent,Queens Road,Kings Road,Manor Way,Orchard Close,' +
      'School Lane,Springfield Road,Albert Street,Chestnut Grove,Meadow View,Windsor Terrace',
  ),
  US: list(
    'Main St,Oak Ave,Maple Dr,Cedar Ln,Pine St,Elm St,Washington Blvd,Lake View Rd,Hillcrest Dr,Sunset Blvd,Park Ave,2nd St,River Rd,Magnolia Ct,' +
      'Highland Ave,Willow Creek Dr,Jefferson St,Peachtree Ln',
  ),
  MX: list(
    'Calle Benito Juárez,Avenida Hidalgo,Calle Morelos,Avenida Insurgentes,Calle 5 de Mayo,Calle Allende,Avenida Revolución,Calle Zaragoza,' +
      'Privada Las Flores,Calle Emiliano Zapata,Calle Niños Héroes,Avenida Reforma,Calle Aldama,Cerrada del Bosque,Calle Guerrero',
  ),
};
