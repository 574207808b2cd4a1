import type { z } from 'zod';
import type { Json } from '../kernel/json.ts';
import type { App, Hosts } from './connection.ts';

/** One kind of call to a platform. */
export interface Operation<Reply> {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the host's root; `{name}` stands for a path parameter. */
  readonly path: string;
  readonly host: keyof Hosts;
  /** Calls a second that the platform bears, for one app and shop. */
  readonly perSecond: number;
  /** Whether a call says which shop it means. */
  readonly forShop: boolean;
  /** Whether it carries no token and no signature: the token calls themselves. */
  readonly open?: boolean;
  /** What the platform's envelope holds when all went well; unknown fields pass. */
  readonly reply: z.ZodType<Reply>;
}

/** What a call is given. Lists in `query` are sent as one value, with commas. */
export interface CallInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly body?: Json;
}

/**
 * Calls a platform for one authorization and shop: signed, within its rate, tried again where that helps.
 * @throws AppError `platform_refused`, `platform_unreachable`, `platform_busy`, `platform_reply_not_understood`, `authorization_lost`, `scope_missing`
 */
export type Call = <Reply>(operation: Operation<Reply>, input?: CallInput) => Promise<Reply>;

/** A request as it will be sent, without what signing adds. */
export interface PlatformRequest {
  readonly method: string;
  readonly path: string;
  /** Decoded values. */
  readonly query: Readonly<Record<string, string>>;
  /** The exact text that is sent; null: none. */
  readonly body: string | null;
}

/** Who calls: the registration, its token where the call needs one, the shop where it means one. */
export interface Credentials {
  readonly app: App;
  readonly accessToken: string | null;
  readonly cipher: string | null;
}

/** What a reply means, whatever its status: the payload, or what went wrong and what to do about it. */
export type Explanation = (
  | { readonly data: Json }
  | {
      readonly problem: 'token_expired' | 'authorization_lost' | 'scope_missing' | 'throttled' | 'transient' | 'refused';
      readonly platformCode: string;
      /** The platform's words; the client masks tokens in them. */
      readonly message: string;
    }
) & {
  /** What the platform's support asks for. */
  readonly requestId?: string | undefined;
};
