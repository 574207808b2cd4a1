import { z } from 'zod';

/** The body of every error. */
export const errorAnswer = z.object({
  code: z.int().describe('Number of the error, never 0.'),
  msg: z.string().describe('What is wrong, in one sentence.'),
  error: z.string().describe('The same sentence, where the older system had it.'),
  name: z.string().describe('Name of the error, as in docs/errors.md.'),
  hint: z.string().describe('What to do.'),
  details: z.record(z.string(), z.unknown()).optional(),
  request_id: z.string().describe("Stands in the server's log, too."),
});

/** The error answers that any path may give, for its documentation. */
export const errorAnswers = {
  400: errorAnswer,
  401: errorAnswer,
  403: errorAnswer,
  404: errorAnswer,
  409: errorAnswer,
  422: errorAnswer,
  429: errorAnswer,
  500: errorAnswer,
} as const;
