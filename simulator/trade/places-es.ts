/**
 * Spain's provinces: community (in English, the kind of region left out: "Valencian"), province, thousands of people, postal codes, towns.
 */
export const PLACES_ES = `
Madrid|Madrid|7009|28|Madrid,Madrid,Móstoles,Alcalá de Henares,Fuenlabrada,Leganés,Getafe,Alcorcón
Catalonia|Barcelona|5877|08|Barcelona,Barcelona,L'Hospitalet de Llobregat,Badalona,Terrassa,Sabadell,Mataró
Valencian|Valencia|2710|46|Valencia,Torrent,Gandia,Paterna,Sagunto
Andalusia|Sevilla|1968|41|Sevilla,Dos Hermanas,Alcalá de Guadaíra,Utrera
Valencian|Alicante|1993|03|Alicante,Elche,Torrevieja,Orihuela,Benidorm
Andalusia|Málaga|1774|29|Málaga,Marbella,Mijas,Fuengirola,Estepona
Murcia|Murcia|1568|30|Murcia,Cartagena,Lorca,Molina de Segura
Andalusia|Cádiz|1258|11|Cádiz,Jerez de la Frontera,Algeciras,San Fernando
Balearic Islands|Illes Balears|1231|07|Palma,Calvià,Manacor,Eivissa
Basque Country|Bizkaia|1157|48|Bilbao,Barakaldo,Getxo,Portugalete
Canary Islands|Las Palmas|1153|35|Las Palmas de Gran Canaria,Telde,Arrecife
Galicia|A Coruña|1128|15|A Coruña,Santiago de Compostela,Ferrol
Canary Islands|Santa Cruz de Tenerife|1072|38|Santa Cruz de Tenerife,San Cristóbal de La Laguna,Arona
Asturias|Asturias|1009|33|Oviedo,Gijón,Avilés
Aragon|Zaragoza|981|50|Zaragoza,Calatayud,Utebo
Galicia|Pontevedra|947|36|Vigo,Pontevedra,Vilagarcía de Arousa
Andalusia|Granada|938|18|Granada,Motril,Almuñécar
Catalonia|Tarragona|855|43|Tarragona,Reus,Tortosa
Catalonia|Girona|825|17|Girona,Figueres,Blanes
Andalusia|Córdoba|772|14|Córdoba,Lucena,Puente Genil
Andalusia|Almería|760|04|Almería,Roquetas de Mar,El Ejido
Castilla-La Mancha|Toledo|746|45|Toledo,Talavera de la Reina,Illescas
Basque Country|Gipuzkoa|727|20|San Sebastián,Irun,Eibar
Navarre|Navarra|678|31|Pamplona,Tudela,Barañáin
Extremadura|Badajoz|665|06|Badajoz,Mérida,Don Benito
Andalusia|Jaén|619|23|Jaén,Linares,Úbeda
Valencian|Castellón|615|12|Castellón de la Plana,Vila-real,Burriana
Cantabria|Cantabria|590|39|Santander,Torrelavega
Andalusia|Huelva|533|21|Huelva,Lepe,Almonte
Castile and León|Valladolid|521|47|Valladolid,Laguna de Duero
Castilla-La Mancha|Ciudad Real|491|13|Ciudad Real,Puertollano
Castile and León|León|447|24|León,Ponferrada
Catalonia|Lleida|446|25|Lleida,Balaguer
Castilla-La Mancha|Albacete|386|02|Albacete,Hellín
Extremadura|Cáceres|387|10|Cáceres,Plasencia
Castile and León|Burgos|357|09|Burgos,Miranda de Ebro
Basque Country|Álava|336|01|Vitoria-Gasteiz,Llodio
Castile and León|Salamanca|326|37|Salamanca,Béjar
Galicia|Lugo|325|27|Lugo,Monforte de Lemos
La Rioja|La Rioja|324|26|Logroño,Calahorra
Galicia|Ourense|304|32|Ourense,Verín
Castilla-La Mancha|Guadalajara|280|19|Guadalajara,Azuqueca de Henares
Aragon|Huesca|228|22|Huesca,Monzón
Castilla-La Mancha|Cuenca|199|16|Cuenca,Tarancón
Castile and León|Zamora|165|49|Zamora,Benavente
Castile and León|Palencia|157|34|Palencia
Castile and León|Ávila|159|05|Ávila,Arévalo
Castile and León|Segovia|156|40|Segovia,Cuéllar
Aragon|Teruel|135|44|Teruel,Alcañiz
Castile and León|Soria|90|42|Soria
Melilla|Melilla|86|52|Melilla
Ceuta|Ceuta|83|51|Ceuta
`;
