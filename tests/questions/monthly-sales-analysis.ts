import { ES, type Questions } from '../golden-questions.ts';

/** About the days of a row. */
export const questions: Questions = {
  'one shop with days': [{ shop: ES, include: 'dates' }],
};
