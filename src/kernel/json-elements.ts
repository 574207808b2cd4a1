import { LIMITS, overLimit } from './limits.ts';

/** A value of a JSON text, by itself. */
export interface JsonElement {
  readonly text: string;
  /** Where it begins, both from 1. */
  readonly line: number;
  readonly column: number;
  /** Whether it stands in a list; else it is an object's member. */
  readonly inList: boolean;
}

/** JSON that breaks off or is none: where, and what is wrong there, never what stands there. */
export class JsonBroken extends Error {
  readonly line: number;
  readonly column: number;
  readonly problem: string;

  constructor({ line, column }: { readonly line: number; readonly column: number }, problem: string) {
    super(`line ${line}, column ${column}: ${problem}`);
    this.name = 'JsonBroken';
    this.line = line;
    this.column = column;
    this.problem = problem;
  }
}

/**
 * The elements of the lists in a JSON text of any length, a piece of it at a time: those of a list at the top, and of the
 * lists and objects under the keys that `opens` names. Objects under other keys are elements too, lists there are skipped.
 * Bytes may be UTF-8, UTF-16 with a mark or GB 18030. An element is not parsed; what is around it is checked.
 * @throws JsonBroken, AppError `limit_exceeded`
 */
export async function* readJsonElements(chunks: AsyncIterable<Uint8Array>, opens: (key: string) => boolean): AsyncGenerator<JsonElement[]> {
  const scanner = new Scanner(opens);
  for await (const text of decoded(chunks)) {
    const found = scanner.feed(text);
    if (found.length > 0) yield found;
  }
  scanner.end();
}

/** Bytes below are whole signs in every encoding that is read: a text may be cut behind them. */
const CUT_BELOW = 0x30;

async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let held: Uint8Array = new Uint8Array();
  const decode = (bytes: Uint8Array): string => {
    decoder ??= new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8', { fatal: true });
    try {
      return decoder.decode(bytes, { stream: true });
    } catch {
      decoder = new TextDecoder('gb18030');
      return decoder.decode(bytes, { stream: true });
    }
  };
  for await (const chunk of chunks) {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    let cut = bytes.length;
    while (cut > 0 && bytes[cut - 1]! >= CUT_BELOW) cut -= 1;
    held = bytes.subarray(cut);
    if (cut > 0) yield decode(bytes.subarray(0, cut));
  }
  if (held.length > 0) yield decode(held);
}

const [TAB, LF, CR, SPACE, QUOTE, COMMA, COLON, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  9, 10, 13, 32, 34, 44, 58, 91, 92, 93, 123, 125,
] as const;

type Expected = 'value' | 'value or end' | 'comma or end' | 'key' | 'key or end' | 'colon' | 'nothing';

interface Capture {
  readonly place: { readonly line: number; readonly column: number };
  /** `nested`: an object or list; `string`, `key`; `word`: a number, true, false, null. */
  readonly kind: 'nested' | 'string' | 'key' | 'word';
  readonly kept: boolean;
  readonly inList: boolean;
  pieces: string[];
  length: number;
  depth: number;
  inString: boolean;
  escaped: boolean;
}

class Scanner {
  readonly #opens: (key: string) => boolean;
  /** The lists and objects that are open around what comes next. */
  readonly #open: ('list' | 'object')[] = [];
  #expected: Expected = 'value';
  #key = '';
  #capture: Capture | null = null;
  #line = 1;
  #column = 0;
  #begun = false;

  constructor(opens: (key: string) => boolean) {
    this.#opens = opens;
  }

  /** The elements that end in the next piece of the text. */
  feed(text: string): JsonElement[] {
    const found: JsonElement[] = [];
    let start = 0;
    for (let i = 0; i < text.length; i += 1) {
      const sign = text.charCodeAt(i);
      this.#column += 1;
      if (this.#capture) {
        const end = this.#within(this.#capture, sign);
        if (end !== 'outside') {
          if (end === 'last') this.#finish(text.slice(start, i + 1), found);
          if (sign === LF) this.#newLine();
          continue;
        }
        this.#finish(text.slice(start, i), found);
      }
      if (sign === LF) this.#newLine();
      if (sign === SPACE || sign === LF || sign === CR || sign === TAB) continue;
      this.#step(sign);
      start = i;
    }
    if (this.#capture) this.#gather(this.#capture, text.slice(start));
    return found;
  }

  /** @throws JsonBroken when something is still open */
  end(): void {
    if (this.#begun && (this.#capture !== null || this.#expected !== 'nothing'))
      throw new JsonBroken(
        this.#capture?.place ?? this.#place(),
        this.#capture ? 'what begins here never ends' : 'the file ends in the middle',
      );
  }

  #place(): { line: number; column: number } {
    return { line: this.#line, column: this.#column };
  }

  #newLine(): void {
    this.#line += 1;
    this.#column = 0;
  }

  #step(sign: number): void {
    this.#begun = true;
    switch (this.#expected) {
      case 'nothing':
        throw this.#broken('the file goes on after its end');
      case 'colon':
        if (sign !== COLON) throw this.#broken('a colon is missing');
        this.#expected = 'value';
        return;
      case 'comma or end':
        if (sign === COMMA) this.#expected = this.#open.at(-1) === 'list' ? 'value' : 'key';
        else this.#close(sign, 'a comma is missing');
        return;
      case 'key':
      case 'key or end':
        if (sign === QUOTE) this.#begin('key', true);
        else if (this.#expected === 'key or end') this.#close(sign, 'a key is missing');
        else throw this.#broken('a key is missing');
        return;
      default:
        if (sign === CLOSE_LIST && this.#expected === 'value or end') this.#close(sign, '');
        else this.#value(sign);
    }
  }

  #value(sign: number): void {
    const around = this.#open.at(-1);
    const enters = around === undefined || (around === 'object' && this.#opens(this.#key));
    if (this.#open.length > LIMITS.record_depth.most) throw overLimit('record_depth');
    if (sign === OPEN_LIST && (enters || around === 'list')) {
      this.#open.push('list');
      this.#expected = 'value or end';
    } else if (sign === OPEN_OBJECT && enters) {
      this.#open.push('object');
      this.#expected = 'key or end';
    } else if (around === undefined) {
      throw this.#broken('neither a list nor an object begins here');
    } else if (sign === OPEN_LIST || sign === OPEN_OBJECT) {
      this.#begin('nested', around === 'list' || sign === OPEN_OBJECT);
    } else if (sign === QUOTE) {
      this.#begin('string', around === 'list');
    } else if (sign === COMMA || sign === COLON || sign === CLOSE_LIST || sign === CLOSE_OBJECT) {
      throw this.#broken('a value is missing');
    } else {
      this.#begin('word', around === 'list');
    }
  }

  #begin(kind: Capture['kind'], kept: boolean): void {
    this.#capture = {
      place: this.#place(),
      kind,
      kept,
      inList: this.#open.at(-1) === 'list',
      pieces: [],
      length: 0,
      depth: kind === 'nested' ? 1 : 0,
      inString: kind === 'string' || kind === 'key',
      escaped: false,
    };
  }

  #close(sign: number, missing: string): void {
    const wanted = this.#open.at(-1) === 'list' ? CLOSE_LIST : CLOSE_OBJECT;
    if (sign !== wanted) throw this.#broken(missing);
    this.#open.pop();
    this.#expected = this.#open.length === 0 ? 'nothing' : 'comma or end';
  }

  /** What a sign is to the value that is being gathered. */
  #within(capture: Capture, sign: number): 'inside' | 'last' | 'outside' {
    if (capture.inString) {
      if (capture.escaped) capture.escaped = false;
      else if (sign === BACKSLASH) capture.escaped = true;
      else if (sign === QUOTE) {
        capture.inString = false;
        if (capture.depth === 0) return 'last';
      }
      return 'inside';
    }
    if (capture.kind === 'word')
      return sign === COMMA || sign === CLOSE_LIST || sign === CLOSE_OBJECT || sign <= SPACE ? 'outside' : 'inside';
    if (sign === QUOTE) capture.inString = true;
    else if (sign === OPEN_OBJECT || sign === OPEN_LIST) {
      capture.depth += 1;
      if (capture.depth > LIMITS.record_depth.most) throw overLimit('record_depth');
    } else if (sign === CLOSE_OBJECT || sign === CLOSE_LIST) {
      capture.depth -= 1;
      if (capture.depth === 0) return 'last';
    }
    return 'inside';
  }

  #gather(capture: Capture, piece: string): void {
    if (!capture.kept) return;
    capture.length += piece.length;
    if (capture.length > LIMITS.record_characters.most) throw overLimit('record_characters');
    capture.pieces.push(piece);
  }

  #finish(last: string, found: JsonElement[]): void {
    const capture = this.#capture!;
    this.#gather(capture, last);
    this.#capture = null;
    const text = capture.pieces.join('');
    if (capture.kind === 'key') {
      // A key with escapes in it is none of those that are looked for.
      this.#key = text.slice(1, -1);
      this.#expected = 'colon';
      return;
    }
    this.#expected = this.#open.length === 0 ? 'nothing' : 'comma or end';
    if (capture.kept) found.push({ text, ...capture.place, inList: capture.inList });
  }

  #broken(problem: string): JsonBroken {
    return new JsonBroken(this.#place(), problem);
  }
}
