/** What Windows-1252 has in 0x80 to 0x9F, where Latin-1 has nothing to be read. */
const UPPER = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009dž';
const BYTES = new Map([...UPPER, 'Ÿ'].map((sign, place) => [sign, 0x80 + place]));

/** A text in Windows-1252; undefined where it has a sign that is not in it. */
export function toCp1252(text: string): Buffer | undefined {
  const bytes = Buffer.alloc(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const byte = code < 0x80 || (code >= 0xa0 && code <= 0xff) ? code : BYTES.get(text[at]!);
    if (byte === undefined) return undefined;
    bytes[at] = byte;
  }
  return bytes;
}
