/** A Spanish province as addresses write it, its region (autonomous community) by its official name, its capital. */
export interface Province {
  readonly name: string;
  readonly region: string;
  readonly city: string;
  /** Inhabitants in 10,000. */
  readonly weight: number;
}

const REGIONS = `
Andalucía: Sevilla 196, Málaga 175, Cádiz 125, Granada 93, Córdoba 77, Almería 75, Jaén 62, Huelva 53
Aragón: Zaragoza 98, Huesca 23, Teruel 13
Principado de Asturias: Asturias/Oviedo 101
Canarias: Las Palmas/Las Palmas de Gran Canaria 113, Santa Cruz de Tenerife 105
Cantabria: Cantabria/Santander 59
Castilla-La Mancha: Toledo 73, Ciudad Real 49, Albacete 39, Guadalajara 28, Cuenca 20
Castilla y León: Valladolid 52, León 45, Burgos 36, Salamanca 33, Zamora 17, Ávila 16, Palencia 16, Segovia 15, Soria 9
Cataluña: Barcelona 580, Tarragona 84, Girona 80, Lleida 44
Ceuta: Ceuta 8
Extremadura: Badajoz 66, Cáceres 39
Galicia: A Coruña 112, Pontevedra 94, Lugo 32, Ourense 30
Illes Balears: Islas Baleares/Palma 121
La Rioja: La Rioja/Logroño 32
Comunidad de Madrid: Madrid 690
Melilla: Melilla 9
Región de Murcia: Murcia 155
Comunidad Foral de Navarra: Navarra/Pamplona 67
País Vasco: Vizcaya/Bilbao 115, Guipúzcoa/San Sebastián 73, Álava/Vitoria-Gasteiz 34
Comunidad Valenciana: Valencia 268, Alicante 195, Castellón 60`;

/** The 52 provinces (two of them cities) of Spain. */
export const PROVINCES: readonly Province[] = REGIONS.trim()
  .split('\n')
  .flatMap((line) => {
    const [region = '', provinces = ''] = line.split(': ');
    return provinces.split(', ').map((text) => {
      const [, name = '', city, weight] = /^(.+?)(?:\/(.+))? (\d+)$/.exec(text)!;
      return { name, region, city: city ?? name, weight: Number(weight) };
    });
  });
