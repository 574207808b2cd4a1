/** One request as the simulator saw it, for assertions: never a token, a secret or a signature. */
export interface JournalEntry {
  /** When it came, on the simulator's clock. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  /** The platform's code in the answer; undefined where the answer was no envelope. */
  readonly code: number | undefined;
}

const HIDDEN = new Set(['access_token', 'app_secret', 'auth_code', 'refresh_token', 'sign', 'code']);

/** The query without what must not be written down. */
export function tellable(query: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => !HIDDEN.has(name)));
}
