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
