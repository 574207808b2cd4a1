import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodedText, encodingOf, type Encoding } from './text-encoding.ts';

/** A text in an encoding that Node reads but does not write: every pair of bytes is tried once. */
function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding.startsWith('utf-16')) return encoding === 'utf-16le' ? Buffer.from(text, 'utf16le') : Buffer.from(text, 'utf16le').swap16();
  let bytesOf = tables.get(encoding);
  if (!bytesOf) {
    const decoder = new TextDecoder(encoding);
    bytesOf = new Map();
    for (let lead = 255; lead >= 0; lead--)
      for (let trail = 0; trail < 256; trail++) bytesOf.set(decoder.decode(Buffer.of(lead, trail)), [lead, trail]);
    for (let byte = 0; byte < 256; byte++) bytesOf.set(decoder.decode(Buffer.of(byte)), [byte]);
    tables.set(encoding, bytesOf);
  }
  return Buffer.from([...text].flatMap((letter) => bytesOf.get(letter)!));
}
const tables = new Map<Encoding, Map<string, number[]>>();

const TEXTS: readonly (readonly [Encoding, readonly string[]])[] = [
  ['utf-8', ['Málaga', 'España', '东京', 'Łódź', 'จัดส่งแล้ว', '😀', '89.000 ₫', 'İstanbul', 'Ђорђе']],
  [
    'gb18030',
    ['订单号', '连衣裙', '红色-M', '已完成', '状态', '不锈钢咖啡机 家用', 'GSP订单号,商品名称,数量', '蓝牙耳机', '深圳市', '西班牙'],
  ],
  ['big5', ['訂單編號', '連衣裙', '已完成', '狀態', '商品名稱,數量', '台北市', '桃園']],
  ['shift_jis', ['東京都', '港区', 'コーヒーカップ', '神奈川県横浜市', '注文番号', '①㈱髙島', '大阪府', '洗剤']],
  [
    'windows-1252',
    [
      'Málaga',
      'Ávila',
      'Forêt',
      'Besançon',
      'l’eau',
      'München',
      'Größe',
      'PROMOÇÃO',
      'São Paulo',
      '“Édén” 90×200 – 5 €',
      '¿Qué?',
      'NIÑO',
      'CAÑÓN',
      'Sofá «Málaga»',
    ],
  ],
  ['windows-1250', ['Łódź', 'Wrocław', 'Příliš žluťoučký kůň', 'sukienka damska długa', 'książka']],
  ['windows-1254', ['İstanbul', 'Kırmızı', 'ayakkabı', 'Şişli', 'Eskişehir']],
  ['windows-874', ['กรุงเทพ', 'จัดส่งแล้ว', 'เสร็จสมบูรณ์', 'สี แดง']],
  ['macintosh', ['Málaga', 'España', 'A Coruña', 'São Paulo', 'Lámpara de niño']],
];

test.each(TEXTS.flatMap(([encoding, texts]) => texts.map((text) => [encoding, text] as const)))(
  'a file in %s is known by one cell: %s',
  (encoding, text) => {
    expect(encodingOf(encode(`sku,name,qty\nA-1,${text},1\n`, encoding))).toBe(encoding);
  },
);

const SPANISH = 'pedido,ciudad,título\n1,Málaga,Cálido\n2,Cádiz,Sábana\n';
test.each(['utf-16le', 'utf-16be'] as const)('%s is known with its mark and without it', (encoding) => {
  expect([encodingOf(encode(SPANISH, encoding)), encodingOf(encode(`\uFEFF${SPANISH}`, encoding))]).toEqual([encoding, encoding]);
  expect(encodingOf(encode('订单号,商品名称,数量\n1,连衣裙,1\n', encoding))).toBe(encoding);
});

test('zero bytes that fill a file up make no UTF-16 of it', () => {
  expect(encodingOf(Buffer.concat([Buffer.from(SPANISH), Buffer.alloc(512)]))).toBe('utf-8');
});

test('one wrong byte outvotes no good ones, wherever it stands', () => {
  const [utf8, jis] = [
    Buffer.from('商品,título\n东京,Málaga\nnombre,niño\nCádiz,Ávila\n'),
    encode('商品名,都市\nコーヒーカップ,大阪市\n電気ケトル,港区\n', 'shift_jis'),
  ];
  fc.assert(
    fc.property(fc.nat(utf8.length - 1), fc.nat(jis.length - 1), (a, b) => {
      const cut = (bytes: Buffer, at: number): Buffer => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
      expect([encodingOf(cut(utf8, a)), encodingOf(cut(jis, b))]).toEqual(['utf-8', 'shift_jis']);
    }),
    { numRuns: 60 },
  );
});

async function decoded(bytes: Buffer, step: number, given?: Encoding): Promise<[string, Encoding | undefined]> {
  const told: { encoding?: Encoding | undefined } = { encoding: given };
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  };
  return [(await Array.fromAsync(decodedText(pieces(), told))).join(''), told.encoding];
}

test('wherever a file is cut into pieces its text is the same, and the encoding is told', async () => {
  for (const [encoding, texts] of TEXTS) {
    const text = `sku,name\n${texts.join('\n')}\n`;
    for (const step of [1, 3, 1000]) expect(await decoded(encode(text, encoding), step)).toEqual([text, encoding]);
  }
  expect(await decoded(Buffer.alloc(0), 1)).toEqual(['', 'utf-8']);
});

test('far down in plain text the first accents decide, and what the user says decides before them', async () => {
  const plain = 'id,title\n'.repeat(20_000);
  expect(await decoded(Buffer.concat([Buffer.from(plain), encode('1,Lámpara\n', 'windows-1252')]), 65_536)).toEqual([
    `${plain}1,Lámpara\n`,
    'windows-1252',
  ]);
  expect(await decoded(encode('Muğla', 'windows-1254'), 10, 'windows-1254')).toEqual(['Muğla', 'windows-1254']);
});
