import { shownNumber, type Language } from '../kernel/messages.ts';

/**
 * A list or an object of an answer as people read it: `TikTok 51; Amazon 35`, `lost 1; damaged 3`, figures as the language writes
 * them. What is not known is a dash.
 */
export function listText(value: unknown, language: Language): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return shownNumber(value, language);
  if (Array.isArray(value)) return value.map((each) => inOne(each, language)).join(BETWEEN[language]);
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${name} ${inOne(each, language)}`)
      .join(BETWEEN[language]);
  }
  return String(value);
}

const BETWEEN: Readonly<Record<Language, string>> = { en: '; ', zh: '；', es: '; ' };

/** A thing of a list: its parts in their order, without those that are not known. */
function inOne(each: unknown, language: Language): string {
  if (typeof each !== 'object' || each === null) return listText(each, language);
  const parts = Object.values(each).filter((part) => part !== null && part !== undefined);
  return parts.length > 0 ? parts.map((part) => listText(part, language)).join(' ') : '–';
}
