/**
 * Signs that are no text: they move the cursor, colour and rename a terminal (control characters), or turn the letters around them
 * (the marks of direction), so that a name from outside could look like something that we said.
 */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u{FFF9}-\u{FFFB}]/gu;
const ANY_UNSEEN = new RegExp(UNSEEN.source, 'u');
const UNSEEN_BUT_LINES = new RegExp(`(?!\\r?\\n)${UNSEEN.source}`, 'gu');

/** A text from outside as one line that a terminal may show: signs that are no text are spelt, e.g. `\u001b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, spelt);
}

/** The same of a text of several lines; JSON still says the same to a program. */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN_BUT_LINES, spelt);
}

/** Whether all of a text is one. */
export function isVisible(text: string): boolean {
  return visible(text) === text;
}

/** A text of a document without signs that are no text; hardly one has any, so that one look is all it costs. */
export function plainText(text: string): string {
  return hasUnseen(text) ? cleanName(text) : text;
}

/** Whether a text holds signs that are no text. */
export function hasUnseen(text: string): boolean {
  return ANY_UNSEEN.test(text);
}

/** A name that somebody outside chose, as it is kept: without signs that are no text, and without the spaces that leaves. */
export function cleanName(name: string): string {
  return name.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
}

function spelt(sign: string): string {
  return `\\u${sign.codePointAt(0)!.toString(16).padStart(4, '0')}`;
}
