import { chanceOf } from './random.ts';

/** The three platforms the invented seller sells on. */
export type Platform = 'tiktok' | 'shein' | 'amazon';

type Season = 'any' | 'winter' | 'summer' | 'gift';

/** One thing on sale, under the seller's own SKU and under each platform's own ids. */
export interface Sku {
  readonly sellerSku: string;
  readonly style: string;
  readonly nameEs: string;
  readonly nameEn: string;
  readonly variation: string;
  readonly category: string;
  readonly cents: number;
  readonly grams: number;
  readonly season: Season;
  /** The only platform it is listed on; undefined: all three. */
  readonly only: Platform | undefined;
  readonly launched: string;
  readonly tiktokSkuId: string;
  readonly sheinSku: string;
  readonly sheinSkc: string;
  readonly asin: string;
}

// style | category | Spanish name | English name | cents | grams | season | variants | only | launched
const PRODUCTS = `
HOM-LAMP-012 | Lighting | Lámpara de mesa LED regulable | Dimmable LED table lamp | 2499 | 900 | any | BLK WHT OAK
HOM-GUIR-014 | Lighting | Guirnalda de luces 10 m | String lights 10 m | 1299 | 300 | gift | WRM
HOM-VELA-021 | Home Fragrance | Vela de soja aromática 220 g | Soy scented candle 220 g | 990 | 420 | gift | VAN LAV FIG
HOM-MANT-031 | Bedding | Manta de punto 130 x 170 cm | Knitted throw 130 x 170 cm | 2299 | 1100 | winter | BEI GRY GRN
HOM-FUND-033 | Textiles | Funda de cojín 45 x 45, pack de 2 | Cushion cover 45 x 45, 2 pack | 1499 | 350 | any | BEI TER
HOM-SABA-036 | Bedding | Juego de sábanas 4 piezas | 4-piece bed sheet set | 2999 | 1600 | any | C90 C135 C150
HOM-TOAL-038 | Bath | Set de toallas 3 piezas | 3-piece towel set | 1999 | 1200 | any | WHT GRY
HOM-CORT-041 | Textiles | Cortina opaca, 2 paneles | Blackout curtain, 2 panels | 2799 | 1800 | any | GRY BEI
HOM-ORGA-052 | Storage | Organizador de armario plegable | Foldable wardrobe organiser | 1599 | 800 | any | GRY BEI
HOM-TARR-057 | Kitchen | Tarros de cristal con tapa, 6 uds. | Glass jars with lid, set of 6 | 1899 | 2100 | any | STD
HOM-BOTE-061 | Kitchen | Botella térmica 500 ml | Insulated bottle 500 ml | 1449 | 350 | any | BLK GRN PNK
HOM-RELO-066 | Decor | Reloj de pared 12" silencioso | Silent wall clock 12" | 1699 | 700 | any | BLK OAK
HOM-DIFU-069 | Home Fragrance | Difusor de aromas 300 ml | Aroma diffuser 300 ml | 2199 | 600 | gift | OAK WHT
HOM-ESPE-073 | Decor | Espejo redondo 40 cm | Round mirror 40 cm | 2999 | 2400 | any | GLD BLK | | 2026-02-16
HOM-VENT-079 | Small Appliances | Ventilador de mesa USB | USB desk fan | 1799 | 600 | summer | WHT BLK
FAS-VEST-101 | Dresses | Vestido midi de lino | Linen midi dress | 2999 | 400 | summer | BLK-S BLK-M BLK-L
FAS-CAMI-104 | T-shirts | Camiseta básica de algodón | Basic cotton T-shirt | 1199 | 200 | any | WHT-S WHT-M WHT-L BLK-M
FAS-SUDA-108 | Hoodies | Sudadera con capucha | Hooded sweatshirt | 2499 | 600 | winter | GRY-M GRY-L BLK-M
FAS-PANT-112 | Trousers | Pantalón palazzo fluido | Flowing palazzo trousers | 2299 | 450 | summer | BEI-S BEI-M BLK-M
FAS-BUFA-116 | Accessories | Bufanda XL de cuadros | XL checked scarf | 1399 | 300 | winter | RED CAM
FAS-BOLS-121 | Bags | Bolso bandolera acolchado | Quilted crossbody bag | 1999 | 500 | any | BLK CAM
FAS-CALC-125 | Socks | Calcetines tobilleros, pack de 6 | Ankle socks, 6 pack | 899 | 200 | any | T3538 T3942
FAS-BIKI-129 | Swimwear | Bikini de talle alto | High-waisted bikini | 1899 | 200 | summer | BLK-S BLK-M
FAS-SOMB-133 | Accessories | Sombrero de paja plegable | Foldable straw hat | 1599 | 200 | summer | NAT
FAS-PIJA-137 | Nightwear | Pijama de satén | Satin pyjamas | 2399 | 400 | gift | PNK-M BLU-M | | 2026-04-13
FAS-COLL-141 | Jewellery | Collar de capas bañado en oro | Layered gold-plated necklace | 1099 | 50 | gift | GLD
FAS-GAFA-145 | Accessories | Gafas de sol polarizadas | Polarised sunglasses | 1499 | 100 | summer | BLK TOR
HOM-NEON-201 | Lighting | Letrero neón LED "Casa" | LED neon sign "Casa" | 2699 | 700 | gift | PNK | tiktok
FAS-PINZ-204 | Accessories | Pinzas para el pelo, pack de 8 | Hair claw clips, 8 pack | 799 | 150 | any | MIX | tiktok
FAS-CROP-211 | Tops | Top de canalé | Ribbed crop top | 899 | 150 | summer | BLK-S WHT-M | shein
HOM-FILT-221 | Kitchen | Filtros de agua compatibles, 6 uds. | Compatible water filters, 6 pack | 2199 | 500 | any | STD | amazon
HOM-BOMB-224 | Lighting | Bombillas LED E27 cálidas, 6 uds. | Warm LED bulbs E27, 6 pack | 1599 | 400 | any | STD | amazon
GFT-BOLS-001 | Gifts | Bolsita de algodón de regalo | Cotton pouch, free gift | 0 | 30 | any | STD`;

const VARIANT_WORDS: Readonly<Record<string, string>> = {
  BLK: 'Negro',
  WHT: 'Blanco',
  OAK: 'Roble',
  WRM: 'Luz cálida',
  VAN: 'Vainilla',
  LAV: 'Lavanda',
  FIG: 'Higo',
  BEI: 'Beige',
  GRY: 'Gris',
  GRN: 'Verde',
  TER: 'Terracota',
  BLU: 'Azul',
  C90: 'Cama 90',
  C135: 'Cama 135',
  C150: 'Cama 150',
  PNK: 'Rosa',
  GLD: 'Dorado',
  RED: 'Rojo',
  CAM: 'Camel',
  NAT: 'Natural',
  TOR: 'Carey',
  MIX: 'Surtido',
  STD: 'Único',
  T3538: '35-38',
  T3942: '39-42',
};

function toSkus(row: string): Sku[] {
  const cells = row.split('|').map((cell) => cell.trim());
  const [style = '', category = '', nameEs = '', nameEn = '', cents = '', grams = '', season = '', variants = ''] = cells;
  const ofStyle = chanceOf(`style ${style}`);
  const skcTail = ofStyle.digits(9);
  return variants.split(' ').map((variant, index) => {
    const sellerSku = variant === 'STD' ? style : `${style}-${variant}`;
    const ids = chanceOf(`sku ${sellerSku}`);
    const letters = (alphabet: string, count: number): string => Array.from({ length: count }, () => ids.pick([...alphabet])).join('');
    return {
      sellerSku,
      style,
      nameEs,
      nameEn,
      category,
      variation: variant
        .split('-')
        .map((word) => VARIANT_WORDS[word] ?? word)
        .join(', '),
      cents: Number(cents),
      grams: Number(grams),
      season: season as Season,
      only: (cells[8] || undefined) as Platform | undefined,
      launched: cells[9] ?? '2025-01-01',
      tiktokSkuId: `17294${ids.digits(14)}`,
      sheinSku: `I${letters('abcdefghijkmnopqrstuvwxyz0123456789', 11)}`,
      sheinSkc: `sh2509${skcTail}${index}`,
      asin: `B0S7${letters('BCDFGHJKLMNPQRSTVWXYZ23456789', 6)}`,
    };
  });
}

/** Everything on sale; the give-away is `GIFT`, not in here. */
export const SKUS: readonly Sku[] = PRODUCTS.trim()
  .split('\n')
  .flatMap(toSkus)
  .filter((sku) => sku.cents > 0);

/** The pouch that goes along for nothing. */
export const GIFT: Sku = PRODUCTS.trim().split('\n').slice(-1).flatMap(toSkus)[0]!;

const MONTH_APPETITE: Readonly<Record<Season, readonly number[]>> = {
  any: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  winter: [1.5, 1.2, 0.8, 0.5, 0.3, 0.2, 0.2, 0.3, 0.6, 1.1, 1.7, 2],
  summer: [0.2, 0.3, 0.6, 1, 1.6, 2.3, 2.4, 1.8, 0.8, 0.4, 0.2, 0.2],
  gift: [1, 1.2, 0.8, 0.9, 1.2, 0.8, 0.8, 0.7, 0.8, 0.9, 1.5, 2.2],
};

const rankChance = chanceOf('popularity-2');
const popularity = new Map(
  SKUS.map((sku) => ({ sku, order: rankChance.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ sku }, rank) => [sku, 1 / (rank + 2)] as const),
);

/** How much a platform's buyers want a SKU on a day: Zipf-like rank × taste × season × one viral video. */
export function appetite(sku: Sku, platform: Platform, day: string): number {
  if ((sku.only && sku.only !== platform) || day < sku.launched) return 0;
  const taste = 0.4 + 1.6 * chanceOf(`taste ${platform} ${sku.sellerSku}`).next();
  const wentViral = platform === 'tiktok' && sku.sellerSku === 'HOM-LAMP-012-OAK' && day >= '2026-05-08' && day <= '2026-05-21';
  return (popularity.get(sku) ?? 0) * taste * (MONTH_APPETITE[sku.season][Number(day.slice(5, 7)) - 1] ?? 1) * (wentViral ? 8 : 1);
}

const PRICE_LEVEL_PERCENT: Readonly<Record<Platform, number>> = { tiktok: 100, shein: 90, amazon: 110 };

/** What one unit costs on a platform on a day, in cents: ends in 9, and home goods went up by 1.00 on 2 March 2026. */
export function listPrice(sku: Sku, platform: Platform, day: string): number {
  if (sku.cents === 0) return 0;
  const raised = sku.cents + (sku.sellerSku.startsWith('HOM') && day >= '2026-03-02' ? 100 : 0);
  return platform === 'tiktok' ? raised : Math.round((raised * PRICE_LEVEL_PERCENT[platform]) / 1000) * 10 - 1;
}
