import { visible } from './visible.ts';

/** The languages every sentence of the product exists in. */
export const LANGUAGES = ['en', 'zh', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * One sentence in every language; `{name}` marks a value that is filled in, `{name|order|orders}` a count with the form that goes with it.
 */
export type Text = Readonly<Record<Language, string>>;

/** Values that may stand in a sentence; one that is a sentence itself speaks the same language. */
export type TextValues = Readonly<Record<string, string | number | readonly string[] | Text | undefined>>;

/** The locale whose numbers, days and lists go with a language: Spain's Spanish, whose decimals have a comma. */
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN', es: 'es-ES' };

/**
 * The sentence in one language with its marks replaced; a mark without a value stays visible, and so do signs in a value that are no text.
 * A number is written as the language does; one that is a name (a port, a code) is given as text.
 */
export function fill(text: Text, language: Language, values: TextValues = {}): string {
  return text[language].replace(/\{(\w+)(?:\|([^|}]+)\|([^}]+))?\}/g, (mark, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined && many === undefined) return mark;
    const written = value === undefined ? `{${name}}` : visible(spoken(value, language));
    return many === undefined ? written : `${written} ${String(value) === '1' ? one! : many}`;
  });
}

function spoken(value: NonNullable<TextValues[string]>, language: Language): string {
  if (typeof value === 'number') return shownNumber(value, language);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(language === 'zh' ? '、' : ', ');
  return (value as Text)[language];
}

/** A number as a language writes it: with all its digits, or so many after the point. */
export function shownNumber(value: number, language: Language, digits?: number): string {
  const key = `${language} ${digits}`;
  const format =
    NUMBERS.get(key) ??
    new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 20 });
  NUMBERS.set(key, format);
  return format.format(value);
}

/** How far something has come, 0 to 1, in whole percent that are never ahead of it. */
export function shownShare(share: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language], { style: 'percent', roundingMode: 'floor' }).format(share);
}

/** Bytes as megabytes, e.g. 28.1 MB. */
export function shownSize(bytes: number, language: Language): string {
  const megabytes = { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1, minimumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(LOCALES[language], megabytes).format(bytes / 1e6);
}

/** An instant (ISO 8601) to the minute, as clocks of this machine show it. */
export function shownInstant(instant: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));
}

/** Parts of a sentence one after the other, as the language separates them. */
export function shownList(parts: readonly string[], language: Language): string {
  return language === 'zh' ? parts.join('，') : parts.join(', ');
}

/** To make one takes longer than to use it a hundred times. */
const NUMBERS = new Map<string, Intl.NumberFormat>();

/**
 * The best language for an Accept-Language header, else the fallback.
 * @param header as RFC 9110 writes it, e.g. `zh-CN,zh;q=0.9,en;q=0.8`
 */
export function chooseLanguage(header: string | undefined, fallback: Language): Language {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((p) => /^\s*q=([\d.]+)/.exec(p)?.[1]).find(Boolean);
      return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { language } of wanted) {
    const known = LANGUAGES.find((each) => each === language);
    if (known) return known;
  }
  return fallback;
}
