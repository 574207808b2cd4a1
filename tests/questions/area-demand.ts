import { ES, EURO_SHOPS, type Questions } from '../golden-questions.ts';

/** About its level. */
export const questions: Questions = {
  'one shop by country': [{ shop: ES, level: 'country' }],
  'euro shops by city, 7 days': [{ shop: EURO_SHOPS, window: '7d', level: 'city', limit: 2 }],
  'all by country, side by side': [{ level: 'country', currency: 'native' }],
};
