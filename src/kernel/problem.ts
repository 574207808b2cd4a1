import type { Text } from './messages.ts';

const TEXTS = new Map<string, Text>();

/** What a schema of ours says of a value that is wrong: the schema says it in English, {@link problemOf} finds the other languages. */
export function problem(text: Text): string {
  TEXTS.set(text.en, text);
  return text.en;
}

/** What a schema said, in every language where it is ours; the library's own words stay as they are. */
export function problemOf(message: string): Text | string {
  return TEXTS.get(message) ?? message;
}

/** What is said of values in several places. */
export const NO_TEXT = problem({ en: 'holds signs that are no text', zh: '含有非文本字符', es: 'contiene signos que no son texto' });
export const NO_ZONE = problem({
  en: 'is no IANA time zone such as Europe/Madrid',
  zh: '不是 IANA 时区（如 Europe/Madrid）',
  es: 'no es una zona horaria IANA como Europe/Madrid',
});
export const NO_CURRENCY = problem({
  en: 'is no ISO 4217 code such as EUR',
  zh: '不是 ISO 4217 币种代码（如 EUR）',
  es: 'no es un código ISO 4217 como EUR',
});
export const NO_JSON: Text = { en: 'is no JSON', zh: '不是 JSON', es: 'no es JSON' };
