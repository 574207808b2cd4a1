import { ES, type Questions } from '../golden-questions.ts';

/** About how buyers are scored. */
export const questions: Questions = {
  'one shop by fifths': [{ shop: ES, scoring: 'quintile' }],
};
