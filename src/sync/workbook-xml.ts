import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { AppError } from '../kernel/errors.ts';

type Attributes = Readonly<Record<string, string>>;

/** What is done with the parts of an XML text; names come without their prefix. */
export interface XmlReader {
  readonly open: (local: string, attributes: Attributes) => void;
  readonly text?: (text: string) => void;
  readonly close?: (local: string) => void;
}

/**
 * A parser of XML that forgives control characters, which some writers let through, and nothing else.
 * @throws AppError `file_unreadable`, from whatever it is given
 */
export function xmlParser({ open, text, close }: XmlReader): SaxesParser {
  const parser = new SaxesParser({ position: false });
  parser.on('error', (error) => {
    // The parser's words may hold a cell.
    if (!/disallowed character|malformed character entity|undefined entity/.test(error.message))
      throw new AppError('file_unreadable', { reason: 'the XML of the workbook is damaged' });
  });
  parser.on('opentag', ({ name, attributes }) => open(local(name), attributes as SaxesTagPlain['attributes']));
  if (text) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  if (close) parser.on('closetag', ({ name }) => close(local(name)));
  return parser;
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** An attribute by its name, whatever prefix stands before it. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  return attributes[name] ?? attributes[Object.keys(attributes).find((each) => each.endsWith(`:${name}`)) ?? ''];
}

/** The text of a part of a workbook: UTF-8, or UTF-16 with its mark. */
export async function* xmlText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const bytes of source) {
    decoder ??= new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8');
    yield decoder.decode(bytes, { stream: true });
  }
  yield decoder?.decode() ?? '';
}

/** `_x000D_` stands for a character that XML cannot hold, and with some writers so does `&#x1;`, which the parser leaves as it is. */
export function plainText(written: string): string {
  if (!written.includes('_x') && !written.includes('&#')) return written;
  return written.replace(/_x([0-9A-Fa-f]{4})_|&#x([01]?[0-9A-Fa-f]);/g, (_, code?: string, reference?: string) =>
    String.fromCharCode(Number.parseInt((code ?? reference)!, 16)),
  );
}
