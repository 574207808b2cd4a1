import { ES, EURO_SHOPS, type Questions } from '../golden-questions.ts';

/** About what is counted, and the day it is counted on. */
export const questions: Questions = {
  'one shop, 7 days in orders': [{ shop: ES, window: '7d', variant: 'orders' }],
  'one shop, 7 days by amount': [{ shop: ES, window: '7d', variant: 'amount' }],
  'one shop, what came back in 7 days': [{ shop: ES, window: '7d', basis: 'event' }],
  'euro shops, what came back in 7 days, in orders': [{ shop: EURO_SHOPS, window: '7d', basis: 'event', variant: 'orders' }],
};
