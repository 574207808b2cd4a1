import { z } from 'zod';
import type { Json } from '../kernel/json.ts';
import type { App, GrantedShop, Hosts, Secrets } from './connection.ts';

/** How fast calls may go: a bucket of those that may go at once, and how soon it fills again. */
export interface Rate {
  /** Calls a second that the platform bears. */
  readonly perSecond: number;
  /** Calls that may go at once after a pause. */
  readonly burst: number;
  /** Whose bucket it is: the registration's, the seller's account with it, the shop's. */
  readonly by: 'app' | 'account' | 'shop';
  /** Operations that name the same one draw on one bucket, each at its own rate; else an operation has one of its own. */
  readonly shared?: string;
  /** Whether the platform says so, and no call may ever go faster; else it is a guess, and what is borne is found out. */
  readonly published: boolean;
}

/** One kind of call to a platform. */
export interface Operation<Reply> {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the host's root; `{name}` stands for a path parameter. */
  readonly path: string;
  /** One of the registration's, for the seller's market; `given`: each call brings its whole address. */
  readonly host: Exclude<keyof Hosts, 'consent'> | 'given';
  readonly rate: Rate;
  /** On whose behalf it is sent: nobody's, so that nothing is signed; the registration's; the seller's; one shop's. */
  readonly credentials: 'none' | 'app' | 'account' | 'shop';
  /** How its body is written; JSON unless told. */
  readonly encoding?: 'json' | 'form';
  /** What the platform's envelope holds when all went well, unknown fields pass; {@link fileReply} where a file comes. */
  readonly reply: z.ZodType<Reply>;
}

/** A file that a platform gives, unpacked where it came packed. */
export interface PlatformFile {
  /** Its encoding as the platform names it, in small letters; null where it does not say. */
  readonly charset: string | null;
  /**
   * Its bytes as they come, to be read once; whoever stops reading closes it.
   * @throws AppError `platform_unreachable` when they stop coming
   */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The reply of an operation that gives a file in place of JSON. */
export const fileReply: z.ZodType<PlatformFile> = z.custom<PlatformFile>();

/** What a call is given. Lists in `query` are sent as one value, with commas. */
export interface CallInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  /** Of a form an object of texts. */
  readonly body?: Json;
  /** What only this call says, e.g. a language. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole address, where the operation's host is `given`. */
  readonly address?: string;
}

/**
 * Calls a platform for one authorization and shop: signed, within its rate, tried again where that helps.
 * @throws AppError `platform_refused`, `platform_unreachable`, `platform_busy`,
 *   `platform_reply_not_understood`, `authorization_lost`, `scope_missing`
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

/** What of a request signing decides. */
export interface SignedRequest extends Pick<PlatformRequest, 'query' | 'body'> {
  readonly headers: Readonly<Record<string, string>>;
}

/** Who calls, as far as the operation wants it: the registration with one of its secrets, the account, the shop. */
export interface Credentials {
  readonly app: App;
  readonly secret: string;
  readonly account: Secrets | null;
  readonly shop: Pick<GrantedShop, 'platformShopId' | 'handle'> | null;
}

/** A reply as it came. */
export interface PlatformReply {
  readonly operation: Operation<unknown>;
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where it is no JSON. */
  readonly body: Json | undefined;
}

/** What a reply means, whatever its status: the payload, or what went wrong and what to do about it. */
export type Explanation = (
  | { readonly data: Json }
  | {
      /**
       * `secret_refused`: the registration's, so that another of its secrets may do. `token_secret_refused`: the registration's that
       * the account's were got with, so that others got with another may do. `token_expired`: the account's, so that renewing may help.
       * `token_refused`: the same, but one that is new and refused as well says nothing of the consent. `wrong_market`: the account has
       * nothing where the call was sent.
       */
      readonly problem:
        | 'secret_refused'
        | 'token_secret_refused'
        | 'token_expired'
        | 'token_refused'
        | 'authorization_lost'
        | 'scope_missing'
        | 'wrong_market'
        | 'throttled'
        | 'transient'
        | 'refused';
      readonly platformCode: string;
      /** The platform's words; the client masks tokens in them. */
      readonly message: string;
    }
) & {
  /** What the platform's support asks for. */
  readonly requestId?: string | undefined;
  /** Calls a second of this kind that the platform says it bears now. */
  readonly perSecond?: number | undefined;
};

/** How a platform is spoken to. */
export interface Protocol {
  /** What goes on the wire of a call that has credentials. */
  sign(request: PlatformRequest, credentials: Credentials, now: Temporal.Instant): SignedRequest;
  explain(reply: PlatformReply): Explanation;
}
