import { Refusal, invalidParam } from './envelope.ts';

/** The JSON object of a body; no body counts as an empty one. */
export function readBody(body: Buffer, contentType: string | undefined): Record<string, unknown> {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json')
    throw new Refusal(400, 36009023, 'Invalid content-type. Use application/json');
  if (body.length === 0) return {};
  try {
    const read: unknown = JSON.parse(body.toString());
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  } catch {
    // Answered below, like any body that is no object.
  }
  throw new Refusal(400, 36009022, 'Invalid request body format');
}

/** How many a page may hold. `standard` stands where none is asked for; without one it must be said. */
export interface PageSizes {
  readonly least: number;
  readonly most: number;
  readonly standard?: number;
}

/** @throws Refusal 36009004 */
export function readPageSize(text: string | undefined, { least, most, standard }: PageSizes): number {
  if (text === undefined || text === '') {
    if (standard === undefined) throw invalidParam('page_size is missing');
    return standard;
  }
  const size = Number(text);
  if (!Number.isInteger(size) || size < least || size > most) throw invalidParam(`page_size must be between ${least} and ${most}`);
  return size;
}

/** The filters of a body, by name; each undefined where it is absent. @throws Refusal 36009004 for another type */
export function filtersOf(body: Record<string, unknown>, mostListed = 100) {
  const texts = (name: string, most = mostListed): string[] | undefined => {
    return typed<string[]>(
      body,
      name,
      (value) => Array.isArray(value) && value.length <= most && value.every((each) => typeof each === 'string'),
    );
  };
  return {
    seconds: (name: string): number | undefined =>
      typed<number>(body, name, (value) => Number.isSafeInteger(value) && (value as number) >= 0),
    text: (name: string): string | undefined => typed<string>(body, name, (value) => typeof value === 'string'),
    truth: (name: string): boolean | undefined => typed<boolean>(body, name, (value) => typeof value === 'boolean'),
    texts,
    /** Ids; a list that is empty asks for nothing. */
    ids: (name: string): string[] | undefined => {
      const given = texts(name);
      return given?.length === 0 ? undefined : given;
    },
    /** A list that is empty asks for nothing. */
    choices: <T extends string>(name: string, allowed: readonly T[]): T[] | undefined => {
      const given = texts(name)?.map((each) => oneOf(name, each, allowed));
      return given?.length === 0 ? undefined : given;
    },
  };
}

function typed<T>(body: Record<string, unknown>, name: string, fits: (value: unknown) => boolean): T | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (!fits(value)) throw invalidParam(`param body.${name} is invalid`);
  return value as T;
}

/** @throws Refusal 36009004 for a value that is not allowed */
export function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const known = allowed.find((each) => each === value);
  if (known === undefined) throw invalidParam(`${name} must be one of ${allowed.join(', ')}`);
  return known;
}
