import type { z } from 'zod';
import type { Language } from '../kernel/messages.ts';
import { SPANISH_MEANINGS } from './column-meanings-es.ts';
import { CHINESE_MEANINGS } from './column-meanings-zh.ts';

/** The sentences of the schemas in the other languages; a test holds that none is missing and none left over. */
export const MEANINGS = { zh: CHINESE_MEANINGS, es: SPANISH_MEANINGS } as const;

/** What a column of a report means, in a language; its schema says it in English. */
export function columnMeaning({ description = '' }: z.ZodType, language: Language): string {
  return language === 'en' ? description : (MEANINGS[language][description] ?? description);
}
