/** Spain's provinces: community, province, thousands of people, postal codes, towns. */
export const PLACES_ES = `
Comunidad de Madrid|Madrid|7009|28|Madrid,Madrid,Móstoles,Alcalá de Henares,Fuenlabrada,Leganés,Getafe,Alcorcón
Cataluña|Barcelona|5877|08|Barcelona,Barcelona,L'Hospitalet de Llobregat,Badalona,Terrassa,Sabadell,Mataró
Comunidad Valenciana|Valencia|2710|46|Valencia,Torrent,Gandia,Paterna,Sagunto
Andalucía|Sevilla|1968|41|Sevilla,Dos Hermanas,Alcalá de Guadaíra,Utrera
Comunidad Valenciana|Alicante|1993|03|Alicante,Elche,Torrevieja,Orihuela,Benidorm
Andalucía|Málaga|1774|29|Málaga,Marbella,Mijas,Fuengirola,Estepona
Región de Murcia|Murcia|1568|30|Murcia,Cartagena,Lorca,Molina de Segura
Andalucía|Cádiz|1258|11|Cádiz,Jerez de la Frontera,Algeciras,San Fernando
Illes Balears|Illes Balears|1231|07|Palma,Calvià,Manacor,Eivissa
País Vasco|Bizkaia|1157|48|Bilbao,Barakaldo,Getxo,Portugalete
Canarias|Las Palmas|1153|35|Las Palmas de Gran Canaria,Telde,Arrecife
Galicia|A Coruña|1128|15|A Coruña,Santiago de Compostela,Ferrol
Canarias|Santa Cruz de Tenerife|1072|38|Santa Cruz de Tenerife,San Cristóbal de La Laguna,Arona
Principado de Asturias|Asturias|1009|33|Oviedo,Gijón,Avilés
Aragón|Zaragoza|981|50|Zaragoza,Calatayud,Utebo
Galicia|Pontevedra|947|36|Vigo,Pontevedra,Vilagarcía de Arousa
Andalucía|Granada|938|18|Granada,Motril,Almuñécar
Cataluña|Tarragona|855|43|Tarragona,Reus,Tortosa
Cataluña|Girona|825|17|Girona,Figueres,Blanes
Andalucía|Córdoba|772|14|Córdoba,Lucena,Puente Genil
Andalucía|Almería|760|04|Almería,Roquetas de Mar,El Ejido
Castilla-La Mancha|Toledo|746|45|Toledo,Talavera de la Reina,Illescas
País Vasco|Gipuzkoa|727|20|San Sebastián,Irun,Eibar
Comunidad Foral de Navarra|Navarra|678|31|Pamplona,Tudela,Barañáin
Extremadura|Badajoz|665|06|Badajoz,Mérida,Don Benito
Andalucía|Jaén|619|23|Jaén,Linares,Úbeda
Comunidad Valenciana|Castellón|615|12|Castellón de la Plana,Vila-real,Burriana
Cantabria|Cantabria|590|39|Santander,Torrelavega
Andalucía|Huelva|533|21|Huelva,Lepe,Almonte
Castilla y León|Valladolid|521|47|Valladolid,Laguna de Duero
Castilla-La Mancha|Ciudad Real|491|13|Ciudad Real,Puertollano
Castilla y León|León|447|24|León,Ponferrada
Cataluña|Lleida|446|25|Lleida,Balaguer
Castilla-La Mancha|Albacete|386|02|Albacete,Hellín
Extremadura|Cáceres|387|10|Cáceres,Plasencia
Castilla y León|Burgos|357|09|Burgos,Miranda de Ebro
País Vasco|Álava|336|01|Vitoria-Gasteiz,Llodio
Castilla y León|Salamanca|326|37|Salamanca,Béjar
Galicia|Lugo|325|27|Lugo,Monforte de Lemos
La Rioja|La Rioja|324|26|Logroño,Calahorra
Galicia|Ourense|304|32|Ourense,Verín
Castilla-La Mancha|Guadalajara|280|19|Guadalajara,Azuqueca de Henares
Aragón|Huesca|228|22|Huesca,Monzón
Castilla-La Mancha|Cuenca|199|16|Cuenca,Tarancón
Castilla y León|Zamora|165|49|Zamora,Benavente
Castilla y León|Palencia|157|34|Palencia
Castilla y León|Ávila|159|05|Ávila,Arévalo
Castilla y León|Segovia|156|40|Segovia,Cuéllar
Aragón|Teruel|135|44|Teruel,Alcañiz
Castilla y León|Soria|90|42|Soria
Melilla|Melilla|86|52|Melilla
Ceuta|Ceuta|83|51|Ceuta
`;
