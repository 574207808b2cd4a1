/** A request as it came over the wire: query values decoded, the body byte for byte. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** An answer, before it is sent. `destroy` breaks the connection off instead. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly destroy?: boolean;
  /** How long the answer waits after the request was carried out. */
  readonly delayMs?: number;
  /** The platform's own code in the body; for the journal. */
  readonly code?: number | string;
}

/** An HTML page. */
export function htmlReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** A redirection of the browser. */
export function redirectReply(location: string): Reply {
  return { status: 302, headers: { location }, body: '' };
}
