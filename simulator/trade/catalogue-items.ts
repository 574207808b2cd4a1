/**
 * What the sellers sell, before ranges and variants: category | code | English | Spanish | price in euro cents | variants | popularity.
 * Each item exists in three ranges (see catalogue.ts), so that 46 items are 138 products.
 */
export const ITEMS = `
home|LMP|Bedside lamp|Lámpara de mesilla|2490|colour2|9
home|CSH|Velvet cushion cover|Funda de cojín de terciopelo|990|colour4|10
home|THR|Knitted throw blanket|Manta de punto|2990|colour3|8
home|CDL|Scented soy candle|Vela aromática de soja|1290|scent3|12
home|DIF|Reed diffuser|Difusor de varillas|1490|scent3|7
home|MIR|Round wall mirror|Espejo redondo de pared|4490|size2|3
home|RUG|Washable rug|Alfombra lavable|3990|size3|5
home|CRT|Blackout curtains|Cortinas opacas|3490|size3|5
home|BSK|Seagrass basket|Cesta de fibras naturales|1890|size3|4
home|ORG|Drawer organiser set|Juego de organizadores de cajón|1690|size2|8
home|LED|LED strip light|Tira de luces LED|1190|size3|13
home|PRJ|Galaxy projector|Proyector de galaxia|2790|colour2|9
kitchen|MUG|Ceramic mug set|Juego de tazas de cerámica|1890|colour3|8
kitchen|BTL|Insulated bottle|Botella térmica|1990|colour4|14
kitchen|PAN|Non-stick frying pan|Sartén antiadherente|2490|size3|7
kitchen|KNF|Chef knife|Cuchillo de chef|2290|one|4
kitchen|CTB|Bamboo cutting board|Tabla de cortar de bambú|1590|size2|5
kitchen|AFL|Air fryer liners|Papel para freidora de aire|790|pack3|15
kitchen|SPC|Spice jar set|Juego de especieros|1990|size2|5
kitchen|SCL|Digital kitchen scale|Báscula digital de cocina|1490|colour2|4
kitchen|LNC|Bento lunch box|Fiambrera bento|1690|colour3|8
kitchen|CFE|French press|Cafetera de émbolo|2190|size2|4
kitchen|CHP|Vegetable chopper|Picador de verduras|1790|one|11
kitchen|ICE|Silicone ice mould|Molde de silicona para hielo|890|pack2|6
beauty|SRM|Vitamin C serum|Sérum de vitamina C|1390|size2|13
beauty|MSK|Hydrating sheet masks|Mascarillas hidratantes|990|pack3|11
beauty|RLL|Jade face roller|Rodillo facial de jade|1190|colour2|7
beauty|BRS|Make-up brush set|Juego de brochas de maquillaje|1890|pack2|7
beauty|LIP|Lip tint|Tinte de labios|790|colour4|14
beauty|HRB|Heatless curling set|Rizador sin calor|1290|colour3|9
beauty|OIL|Rosemary hair oil|Aceite de romero para el cabello|1090|size2|10
beauty|NLS|Press-on nails|Uñas postizas|890|colour4|8
beauty|ORB|Bath and body gift box|Caja de regalo de baño|2490|scent2|4
toys|PLS|Plush axolotl|Peluche de ajolote|1590|colour3|9
toys|BLK|Magnetic building blocks|Bloques magnéticos|2990|pack2|6
toys|PZL|Wooden puzzle|Puzle de madera|1490|size2|4
toys|SLM|Slime kit|Kit de slime|1290|colour2|6
toys|CAR|Stunt car|Coche acrobático|2190|colour2|6
toys|BOX|Surprise figure|Figura sorpresa|1190|one|8
toys|DRW|LCD drawing tablet|Pizarra LCD|1390|size2|7
clothes|TEE|Oversized T-shirt|Camiseta oversize|1290|wear4|12
clothes|LEG|High-waist leggings|Mallas de talle alto|1690|wear4|10
clothes|HOD|Fleece hoodie|Sudadera con capucha|2690|wear4|9
clothes|DRS|Wrap dress|Vestido cruzado|2490|wear4|6
clothes|SCK|Cosy socks|Calcetines de casa|790|pack3|11
clothes|JAC|Quilted jacket|Chaqueta acolchada|3990|wear4|4
`;

/** The ranges an item comes in; the first two letters stand in the seller SKU. */
export const RANGES = [
  { name: 'Alba', factor: 1, popularity: 1 },
  { name: 'Brisa', factor: 1.25, popularity: 0.55 },
  { name: 'Cielo', factor: 1.6, popularity: 0.3 },
] as const;

/** The variants of an item: code, English, Spanish, price factor. */
export const VARIANTS: Record<string, readonly (readonly [string, string, string, number])[]> = {
  one: [['STD', 'Default', 'Predeterminado', 1]],
  colour2: [
    ['WHT', 'White', 'Blanco', 1],
    ['BLK', 'Black', 'Negro', 1],
  ],
  colour3: [
    ['WHT', 'White', 'Blanco', 1],
    ['SND', 'Sand', 'Arena', 1],
    ['GRN', 'Sage green', 'Verde salvia', 1],
  ],
  colour4: [
    ['WHT', 'White', 'Blanco', 1],
    ['BLK', 'Black', 'Negro', 1],
    ['PNK', 'Pink', 'Rosa', 1],
    ['BLU', 'Blue', 'Azul', 1],
  ],
  size2: [
    ['S', 'Small', 'Pequeño', 1],
    ['L', 'Large', 'Grande', 1.4],
  ],
  size3: [
    ['S', 'Small', 'Pequeño', 1],
    ['M', 'Medium', 'Mediano', 1.25],
    ['L', 'Large', 'Grande', 1.6],
  ],
  wear4: [
    ['S', 'S', 'S', 1],
    ['M', 'M', 'M', 1],
    ['L', 'L', 'L', 1],
    ['XL', 'XL', 'XL', 1],
  ],
  scent2: [
    ['LAV', 'Lavender', 'Lavanda', 1],
    ['VAN', 'Vanilla', 'Vainilla', 1],
  ],
  scent3: [
    ['LAV', 'Lavender', 'Lavanda', 1],
    ['VAN', 'Vanilla', 'Vainilla', 1],
    ['CIT', 'Citrus', 'Cítricos', 1],
  ],
  pack2: [
    ['P1', '1 pack', '1 unidad', 1],
    ['P2', '2 pack', 'Pack de 2', 1.8],
  ],
  pack3: [
    ['P1', '1 pack', '1 unidad', 1],
    ['P2', '2 pack', 'Pack de 2', 1.8],
    ['P5', '5 pack', 'Pack de 5', 3.9],
  ],
};
