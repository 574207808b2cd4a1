import { ES, EURO_SHOPS, type Questions } from '../golden-questions.ts';

/** About what it means to buy again. */
export const questions: Questions = {
  'one shop, 7 days by orders': [{ shop: ES, window: '7d', distinct: 'orders' }],
  'one shop, returning in a span': [{ shop: ES, from: '2026-10-25', to: '2026-10-26', variant: 'returning' }],
  'one shop, within 30 days of the first order': [{ shop: ES, variant: 'cohort', within: '30' }],
  'euro shops, within 180 days of the first order, by orders': [{ shop: EURO_SHOPS, variant: 'cohort', within: '180', distinct: 'orders' }],
};
