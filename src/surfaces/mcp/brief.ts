import { z } from 'zod';
import { toJsonSchema } from './tool.ts';

/**
 * Parameters that many tools share, in few words: programs read the list of tools before every question, and `definitions` tells the rest.
 */
const SHARED: Readonly<Record<string, string>> = {
  platform: 'One platform, or all.',
  shop: 'One shop by its name, or several with commas.',
  window: 'The last 7 or 30 shop days, or all time.',
  from: 'First shop day, YYYY-MM-DD.',
  to: 'Last shop day.',
  basis: 'By the day of the order, or of its payment.',
  asOf: 'What today is: a day or an instant.',
  measure: 'Amounts after seller discounts, before them, or as paid.',
  currency: 'ISO 4217, or `native`.',
  model: 'Retail, or supplied to the platform.',
  group: 'The rows of each platform by themselves.',
  limit: 'Most rows altogether.',
  offset: 'First row of each table: `page.next`.',
  page_size: 'Most rows of each table.',
};

interface JsonProperty {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
}

/** A tool's parameters with what a program needs to ask: names, types, choices, defaults, and a few words on each. */
export function briefInput(schema: z.ZodObject): Record<string, unknown> {
  const properties = toJsonSchema(schema, 'input')['properties'] as Readonly<Record<string, JsonProperty>>;
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, { type = 'string', description = '', default: otherwise, enum: choices }]) => [
        name,
        { type, description: SHARED[name] ?? firstSentence(description), default: otherwise, enum: choices },
      ]),
    ),
  };
}

function firstSentence(text: string): string {
  return text.replace(/(?<=[.!?])\s.*/s, '');
}
