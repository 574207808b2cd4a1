import { Random, mix } from '../random.ts';
import type { TikTokCountry } from './shops.ts';

/** The languages in which buyers read the platform, and so its words about their orders. */
export const LANGUAGES = ['en', 'es', 'fr', 'it', 'de', 'ar', 'zh'] as const;
/** One of them. */
export type Language = (typeof LANGUAGES)[number];
/** The same in each of them. */
export type Words = Readonly<Record<Language, string>>;

/** What is read in a market: mostly its own language, the others beside it. */
const READ: Record<TikTokCountry, readonly Language[]> = {
  ES: ['es', 'es', 'es', 'es', 'es', 'es', 'en', 'fr', 'it', 'de', 'ar', 'zh'],
  GB: ['en', 'en', 'en', 'en', 'en', 'en', 'en', 'en', 'ar', 'zh', 'fr', 'es'],
  US: ['en', 'en', 'en', 'en', 'en', 'en', 'es', 'es', 'zh', 'fr'],
  MX: ['es', 'es', 'es', 'es', 'es', 'es', 'es', 'es', 'es', 'en'],
};

/** In which language a buyer, by the id the platform has for them, reads the words of a market. */
export function languageOf(buyerId: string, country: TikTokCountry): Language {
  return new Random(mix(Number(buyerId.slice(-9)), 7)).pick(READ[country]);
}
