/** Mexican states: state, municipality, thousands of people, postal codes, neighbourhoods. */
export const PLACES_MX = `
Estado de México|Ecatepec de Morelos|9000|55|San Cristóbal Centro,Jardines de Morelos,Ciudad Azteca
Estado de México|Naucalpan de Juárez|8000|53|Ciudad Satélite,San Mateo,Lomas Verdes
Ciudad de México|Cuauhtémoc|4700|06|Roma Norte,Condesa,Centro,Juárez
Ciudad de México|Iztapalapa|4500|09|Santa Cruz Meyehualco,Leyes de Reforma,San Lorenzo
Jalisco|Guadalajara|4400|44|Americana,Oblatos,Centro
Jalisco|Zapopan|3950|45|Chapalita,Ciudad del Sol,Las Águilas
Veracruz|Veracruz|8060|91|Centro,Boca del Río,Reforma
Puebla|Puebla|6580|72|Centro,La Paz,Angelópolis
Guanajuato|León|6170|37|Centro,Jardines del Moral,León Moderno
Nuevo León|Monterrey|5780|64|Centro,Mitras Centro,Contry
Chiapas|Tuxtla Gutiérrez|5540|29|Centro,Terán,Moctezuma
Michoacán|Morelia|4750|58|Centro,Chapultepec Sur,Las Américas
Oaxaca|Oaxaca de Juárez|4130|68|Centro,Reforma,Xochimilco
Baja California|Tijuana|3770|22|Zona Centro,Otay,Playas de Tijuana
Chihuahua|Juárez|3740|32|Partido Romero,Campestre,Zona Dorada
Guerrero|Acapulco de Juárez|3540|39|Centro,Costa Azul,Progreso
Tamaulipas|Reynosa|3530|88|Centro,Longoria,Las Fuentes
Coahuila|Saltillo|3150|25|Centro,República,Las Brisas
Hidalgo|Pachuca de Soto|3080|42|Centro,Revolución,San Javier
Sinaloa|Culiacán|3030|80|Centro,Tres Ríos,Las Quintas
Sonora|Hermosillo|2940|83|Centro,Pitic,San Benito
San Luis Potosí|San Luis Potosí|2820|78|Centro,Lomas,Tequisquiapan
Tabasco|Centro|2400|86|Centro,Atasta,Tabasco 2000
Yucatán|Mérida|2320|97|Centro,García Ginerés,Francisco de Montejo
Querétaro|Querétaro|2370|76|Centro,Juriquilla,Álamos
Morelos|Cuernavaca|1970|62|Centro,Vista Hermosa,Delicias
Durango|Durango|1830|34|Centro,Guadalupe,Jardines
Quintana Roo|Benito Juárez|1860|77|Supermanzana 22,Región 94,Alfredo V. Bonfil
Zacatecas|Zacatecas|1620|98|Centro,Lomas de la Soledad
Aguascalientes|Aguascalientes|1430|20|Centro,Bosques,Pulgas Pandas
Tlaxcala|Tlaxcala|1340|90|Centro,Acuitlapilco
Nayarit|Tepic|1240|63|Centro,San Juan
Campeche|Campeche|930|24|Centro,San Román
Baja California Sur|La Paz|800|23|Centro,El Esterito
Colima|Colima|730|28|Centro,Lomas Verdes
`;
