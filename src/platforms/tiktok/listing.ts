import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import type { Call, CallInput, Operation } from '../operation.ts';
import type { ChangeStream, ChangeWindow, Page, Windows } from '../stream.ts';
import type { KeptStream } from './fields.ts';
import { withoutPersonalData } from './personal.ts';

/** A record as it came: what is read of it is checked when it is read, so that one bad record does not spoil its page. */
const anyRecord = z.custom<Json>((value) => typeof value === 'object' && value !== null, 'is no record');

/** What a search answers with: records under a name of their own, the next page's token, a total that drifts. */
export interface ListingReply {
  readonly records: readonly Json[];
  readonly next: string | null;
  readonly total: number | null;
}

/** The reply of a search whose records stand under `name`. */
export function listingReply(name: string): z.ZodType<ListingReply> {
  return z
    .object({ [name]: z.array(anyRecord).nullish(), next_page_token: z.string().nullish(), total_count: z.number().nullish() })
    .nullable()
    .transform((data): ListingReply => ({
      records: (data?.[name] ?? []) as readonly Json[],
      next: (data?.['next_page_token'] as string | null | undefined) || null,
      total: (data?.['total_count'] as number | null | undefined) ?? null,
    }));
}

/**
 * The windows of every search. Bounds go as whole seconds, rounded outwards: hence two seconds less than the 30 days that are taken.
 * The index that is searched is some minutes behind. Nothing says that older records are left out; the first shops opened in 2021.
 */
export const WINDOWS: Windows = {
  widest: Temporal.Duration.from({ seconds: 30 * 86_400 - 2 }),
  lag: Temporal.Duration.from({ minutes: 15 }),
  youngest: Temporal.Duration.from({ seconds: 0 }),
  reach: Temporal.Duration.from({ hours: 24 * 3650 }),
};

/** The instants that a listing is searched by. */
export type SearchedBy = 'update_time' | 'create_time';

/** Reads a listing by time, oldest first: records that change while it is read move to its end. */
export function listing(
  operation: Operation<ListingReply>,
  by: SearchedBy,
  { pageSize, stream }: { readonly pageSize: number; readonly stream: KeptStream },
): Pick<ChangeStream<never>, 'pages' | 'count'> {
  const body = ({ from, to }: ChangeWindow): Json => ({
    [`${by}_ge`]: Math.floor(from.epochMilliseconds / 1000),
    [`${by}_lt`]: Math.ceil(to.epochMilliseconds / 1000),
  });
  return {
    async *pages(call, window, { resume, hash }) {
      for await (const { records, next, total } of followed(operation, {
        call,
        resume,
        input: { query: { page_size: pageSize, sort_field: by, sort_order: 'ASC' }, body: body(window) },
      })) {
        yield { documents: records.map((record) => withoutPersonalData(record, hash, stream)), next, total } satisfies Page;
      }
    },
    async count(call, window) {
      // The smallest page that every search takes.
      return (await call(operation, { query: { page_size: 10, sort_field: by, sort_order: 'ASC' }, body: body(window) })).total;
    },
  };
}

/** The pages of a search from a token on; each next one is on its way while the one before is worked on. */
export async function* followed(
  operation: Operation<ListingReply>,
  { call, resume, input }: { call: Call; resume: string | null; input: CallInput },
): AsyncGenerator<ListingReply> {
  // Filters, order and size must stay the same while a page token is followed.
  const ask = (token: string | null): Promise<ListingReply> =>
    call(operation, { ...input, query: { ...input.query, page_token: token ?? undefined } });
  const seen = new Set(resume === null ? [] : [resume]);
  for (let asked: Promise<ListingReply> | null = ask(resume); asked;) {
    const reply: ListingReply = await asked;
    const { next } = reply;
    if (next !== null && seen.has(next)) {
      throw new AppError('platform_reply_not_understood', {
        platform: 'TikTok',
        operation: operation.name,
        field: 'next_page_token',
        problem: 'repeats',
      });
    }
    if (next !== null) seen.add(next);
    asked = next === null ? null : ask(next);
    // Who stops here never asks how the next one went.
    asked?.catch(() => undefined);
    yield reply;
  }
}

/** The text that a kept record has under a name; null where it has none. */
export function textOf(document: Json, name: string): string | null {
  const text =
    typeof document === 'object' && document !== null && name in document ? (document as { readonly [key: string]: Json })[name] : null;
  return typeof text === 'string' && text !== '' ? text : null;
}
