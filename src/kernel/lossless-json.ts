import { parseJson, type Json } from './json.ts';

/** A whole number of 16 digits or more outside of a text, or inside of one that looks so. */
const LONG_NUMBER = /[:[,]\s*-?\d{16}/;
const LONG_INTEGER = /^-?\d{16,}$/;

/** Parses JSON text as {@link parseJson} does, but keeps whole numbers of 16 digits or more as text: they would lose digits. */
export function parseLosslessJson(text: string): Json | undefined {
  // Looking at the source of every value costs seven times the parsing.
  if (!LONG_NUMBER.test(text)) return parseJson(text);
  try {
    return JSON.parse(text, keepLongIntegers as Parameters<typeof JSON.parse>[1]) as Json;
  } catch {
    return undefined;
  }
}

/** The third argument is younger than TypeScript's library. */
function keepLongIntegers(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  return typeof value === 'number' && LONG_INTEGER.test(context.source ?? '') ? context.source : value;
}
