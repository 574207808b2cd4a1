import { z } from 'zod';
import type { ErrorBody } from '../../kernel/errors.ts';
import type { Language } from '../../kernel/messages.ts';

/** Asks the HTTP API for the JSON at a path: every tool is a question to it, so that all faces give one answer. */
export type Ask = (path: string, query?: Readonly<Record<string, string>>) => Promise<Answered>;

/** What the API said, or why it did not. */
export type Answered = { readonly body: Readonly<Record<string, unknown>> } | { readonly refusal: ErrorBody };

/** Something a program may ask. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  /** What it answers; the list of tools leaves it to `definitions`. */
  readonly output: z.ZodObject;
  answer(given: Readonly<Record<string, unknown>>, ask: Ask, language: Language): Promise<Answered>;
}

/** Parameters as an address has them; what is left out, empty or null is not given. */
export function toQuery(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const there = Object.entries(given).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return Object.fromEntries(
    there.map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

/** A schema as JSON, without the bounds that every whole number has, and written out: not every program follows a reference. */
export function toJsonSchema(schema: z.ZodObject, io: 'input' | 'output'): Record<string, unknown> {
  const { $defs = {}, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const writeOut = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(writeOut);
    if (typeof part !== 'object' || part === null) return part;
    const { $ref, ...own } = part as { readonly $ref?: string };
    const referred = $ref === undefined ? {} : $defs[$ref.slice('#/$defs/'.length)];
    return Object.fromEntries(Object.entries({ ...referred, ...own }).map(([name, each]) => [name, writeOut(each)]));
  };
  return writeOut(json) as Record<string, unknown>;
}
