import { isAscii } from 'node:buffer';

/** The encodings a file may come in, by the names that `--encoding` takes. */
export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'gb18030',
  'big5',
  'shift_jis',
  'windows-1252',
  'windows-1250',
  'windows-1254',
  'windows-874',
  'macintosh',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

const SAMPLE_BYTES = 64 * 1024;
/** So many bytes beyond ASCII tell an encoding; with fewer a longer stretch of the file is looked at. */
const TELLING_BYTES = 256;
const LONGEST_SAMPLE = 2 ** 20;
/** What is scored of a sample: lines that hold more than ASCII. */
const SCORED_BYTES = 16 * 1024;

/**
 * The text of a file, piece by piece, and the encoding it turned out to have. Bytes that are wrong in it become U+FFFD.
 * As long as a file is plain ASCII nothing is decided: far down the first accent speaks for all.
 */
export async function* decodedText(source: AsyncIterable<Uint8Array>, told: { encoding?: Encoding | undefined }): AsyncGenerator<string> {
  let decoder = told.encoding && new TextDecoder(told.encoding);
  let held: Uint8Array[] = [];
  let [size, high] = [0, 0];
  const decide = (): Uint8Array => {
    const bytes = Buffer.concat(held);
    held = [];
    told.encoding = encodingOf(bytes);
    decoder = new TextDecoder(told.encoding);
    return bytes;
  };
  let beginning = true;
  for await (const chunk of source) {
    if (decoder) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    held.push(chunk);
    size += chunk.length;
    high += highBytes(chunk);
    const enough = size >= SAMPLE_BYTES && (high === 0 || high >= TELLING_BYTES || size >= LONGEST_SAMPLE);
    if (!enough) continue;
    if (high > 0 || (beginning && held.some((each) => each.includes(0)))) {
      const bytes = decide();
      yield decoder!.decode(bytes, { stream: true });
    } else {
      yield Buffer.concat(held).toString('latin1');
      held = [];
      size = 0;
    }
    beginning = false;
  }
  if (!decoder) {
    const bytes = decide();
    yield decoder!.decode(bytes, { stream: true });
  }
  yield decoder!.decode();
}

function highBytes(chunk: Uint8Array): number {
  if (isAscii(chunk)) return 0;
  let count = 0;
  for (const byte of chunk) if (byte > 0x7f) count += 1;
  return count;
}

/** The encoding in which bytes make the likeliest text: every candidate is tried, one wrong byte votes nobody down. */
export function encodingOf(bytes: Uint8Array): Encoding {
  const marked = markOf(bytes) ?? sixteenBits(bytes);
  if (marked) return marked;
  const sample = tellingLines(bytes);
  if (sample.length === 0) return 'utf-8';
  const scored = CANDIDATES.map((candidate) => ({
    candidate,
    cost: candidate.prior + costOf(new TextDecoder(candidate.encoding).decode(sample), candidate),
  }));
  return scored.reduce((a, b) => (b.cost < a.cost ? b : a)).candidate.encoding;
}

function markOf([a, b, c, d]: Uint8Array): Encoding | undefined {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  return a === 0x84 && b === 0x31 && c === 0x95 && d === 0x33 ? 'gb18030' : undefined;
}

/** Without a mark UTF-16 shows in the zero bytes of its commas and line ends: all on one side. */
function sixteenBits(bytes: Uint8Array): Encoding | undefined {
  const padding = bytes.findLastIndex((byte) => byte !== 0) + 2;
  const zeros = [0, 0];
  for (let i = 0; i < Math.min(padding, bytes.length, SAMPLE_BYTES); i++) if (bytes[i] === 0) zeros[i % 2]! += 1;
  const [even, odd] = zeros as [number, number];
  const most = Math.max(even, odd);
  if (most < 2 || most < bytes.length / 100 || Math.min(even, odd) > most / 20) return undefined;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/** The lines that hold more than ASCII: no encoding here has a line end within a character. */
function tellingLines(bytes: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let size = 0;
  for (let from = 0; from < bytes.length && size < SCORED_BYTES;) {
    const end = bytes.indexOf(0x0a, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end + 1);
    if (highBytes(line) > 0) {
      lines.push(line.subarray(0, SCORED_BYTES));
      size += line.length;
    }
    from += line.length;
  }
  return Buffer.concat(lines);
}

interface Candidate {
  readonly encoding: Encoding;
  /** How unlikely it is before a byte is seen, in bits. */
  readonly prior: number;
  /** Letters that texts in it are full of. */
  readonly letters: ReadonlySet<string>;
  /** Its everyday Chinese characters, Kanji among them. */
  readonly ideographs: () => ReadonlySet<string>;
  readonly kana: boolean;
}

const WESTERN = 'áéíóúñüçãõâêôàèìòùäöëïîûßåøæœÁÉÍÓÚÑÜÇÃÕÂÊÔÀÈÌÒÙÄÖËÏÎÛÅØÆ';
const CENTRAL = 'áéíóúýąćęłńśźżčřšžůěďťňőűöüäßăâîşţđÁÉÍÓÚÝĄĆĘŁŃŚŹŻČŘŠŽŮĚĎŤŇŐŰÖÜÄĂÂÎŞŢĐ';
const TURKISH = 'çğıöşüâîûÇĞİÖŞÜÂÎÛ';

const nothing = (): ReadonlySet<string> => new Set();
const simplified = oneTime(() => plane('gb18030', [0xb0, 0xd7], [0xa1, 0xfe]));
const traditional = oneTime(() => plane('big5', [0xa4, 0xc6], [0x40, 0xfe]));
const japanese = oneTime(() => plane('shift_jis', [0x88, 0x98], [0x40, 0xfc]));
const any = oneTime(() => new Set([...simplified(), ...traditional(), ...japanese()]));

const CANDIDATES: readonly Candidate[] = [
  { encoding: 'utf-8', prior: 0, letters: new Set(WESTERN + CENTRAL + TURKISH), ideographs: any, kana: true },
  { encoding: 'windows-1252', prior: 1, letters: new Set(WESTERN), ideographs: nothing, kana: false },
  { encoding: 'gb18030', prior: 2, letters: new Set(), ideographs: simplified, kana: false },
  { encoding: 'shift_jis', prior: 3, letters: new Set(), ideographs: japanese, kana: true },
  { encoding: 'big5', prior: 4, letters: new Set(), ideographs: traditional, kana: false },
  { encoding: 'windows-874', prior: 3, letters: new Set(), ideographs: nothing, kana: false },
  { encoding: 'windows-1254', prior: 3, letters: new Set(TURKISH + WESTERN), ideographs: nothing, kana: false },
  { encoding: 'windows-1250', prior: 6.5, letters: new Set(CENTRAL), ideographs: nothing, kana: false },
  { encoding: 'macintosh', prior: 6, letters: new Set(WESTERN), ideographs: nothing, kana: false },
];

function oneTime(make: () => ReadonlySet<string>): () => ReadonlySet<string> {
  let made: ReadonlySet<string> | undefined;
  return () => (made ??= make());
}

/** The characters whose bytes lie in a range. */
function plane(
  encoding: string,
  [firstLead, lastLead]: readonly [number, number],
  [firstTrail, lastTrail]: readonly [number, number],
): ReadonlySet<string> {
  const bytes: number[] = [];
  for (let lead = firstLead; lead <= lastLead; lead++)
    for (let trail = firstTrail; trail <= lastTrail; trail++) bytes.push(lead, trail, 0x0a);
  return new Set(new TextDecoder(encoding).decode(Uint8Array.from(bytes)).match(/\p{Script=Han}/gu));
}

const ASCII_BITS = 5;
const WRONG_BITS = 25;
const THAI_MARK = /[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]/;
const [LATIN, UPPER, LOWER] = [/\p{Script=Latin}/u, /\p{Lu}/u, /\p{Ll}/u];

/** How unlikely a text is, in bits: the sum over its characters, each beside its neighbours. */
function costOf(text: string, candidate: Candidate): number {
  const characters = [...text];
  const ideographs = candidate.ideographs();
  let bits = 0;
  for (const [i, character] of characters.entries()) {
    const before = characters[i - 1] ?? ' ';
    const after = characters[i + 1] ?? ' ';
    bits += character <= '\u007f' ? ASCII_BITS : costOfCharacter(character, before, after, { ...candidate, known: ideographs });
  }
  return bits;
}

function costOfCharacter(
  character: string,
  before: string,
  after: string,
  { letters, known, kana }: Candidate & { readonly known: ReadonlySet<string> },
): number {
  const code = character.codePointAt(0)!;
  if (code < 0xa0 || code === 0xfffd || (code >= 0xe000 && code <= 0xf8ff)) return WRONG_BITS;
  const letterBeside = Number(/[A-Za-z]/.test(before)) + Number(/[A-Za-z]/.test(after));
  const alone = letterBeside === 2;
  if (LATIN.test(character) && code > 0xbf && code < 0x250) {
    // A capital within a word of small letters is seldom one.
    const misplaced = UPPER.test(character) && LOWER.test(before) ? 6 : 0;
    const beside = before > '\u007f' && LATIN.test(before) ? 3 : 0;
    return (letters.has(character) ? (LOWER.test(character) ? 6 : 8) : 11) + misplaced + beside;
  }
  if (code >= 0x0e01 && code <= 0x0e5b) {
    const begins = !(before >= '\u0e01' && before <= '\u0e5b');
    return 5.5 + (begins ? 6 : 0) + 6 * letterBeside + (begins && THAI_MARK.test(character) ? 12 : 0);
  }
  if (code >= 0xff61 && code <= 0xff9f)
    return ([before, after].some((each) => each >= '\uff61' && each <= '\uff9f') ? 9 : 16) + 5 * letterBeside;
  if (code >= 0x3041 && code <= 0x30fe) return kana ? 7 : 14;
  if (/\p{Script=Han}/u.test(character)) return (known.has(character) ? 11 : 18) + 5 * letterBeside;
  if ((code >= 0x3000 && code <= 0x303f) || (code >= 0xff01 && code <= 0xff5e)) return 9;
  if ('’'.includes(character)) return 8;
  if ('‘“”–—€ºª¿¡°·…™®©«»×½¼¾²³±•´§₫฿'.includes(character)) return alone ? 18 : 9;
  // Signs and letters of other scripts: likely in company alone.
  return /\p{L}/u.test(character) ? (/[\p{L}--\p{Script=Latin}]/v.test(before + after) ? 9 : 15) : alone ? 21 : 13;
}
