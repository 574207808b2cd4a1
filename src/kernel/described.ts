import type { z } from 'zod';
import type { Language, Text } from './messages.ts';

const TEXTS = new WeakMap<z.ZodType, Text>();

/** A parameter that says in every language what it is: help and documentation choose one, the schema alone says it in English. */
export function described<S extends z.ZodType>(schema: S, text: Text): S {
  const told = schema.describe(text.en);
  TEXTS.set(told, text);
  return told;
}

/** What a parameter is, in a language; what was never told in others is told in English, and what was not told at all is empty. */
export function descriptionOf(schema: z.ZodType, language: Language): string {
  return TEXTS.get(schema)?.[language] ?? schema.description ?? '';
}
