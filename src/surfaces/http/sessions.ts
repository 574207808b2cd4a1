import { createHmac, randomBytes } from 'node:crypto';
import { endBrowserSessions, keepBrowserSession, readBrowserSessions } from '../../records/sessions/browser-sessions.ts';
import type { Engine } from '../../engines/engine.ts';
import type { Clock } from '../../kernel/clock.ts';

/** The browsers that signed in with the key. The store has hashes of their tokens, made with the key: another key ends them all. */
export interface Sessions {
  /** Signs a browser in: the token that its cookie is to hold. */
  begin(): Promise<string>;
  /** The session of a token, by a name that gives nothing away; undefined when there is none. Its idle time begins anew. */
  find(token: string): string | undefined;
  end(token: string): Promise<void>;
}

const IDLE = { hours: 30 * 24 } as const;
/** Noting each use would change the data with each request, and no answer could be kept. */
const NOTED_EVERY = { hours: 1 } as const;
const TOKEN_BYTES = 32;

/** Reads who is signed in; without a key nobody can be. */
export async function openSessions({ engine, clock }: { engine: Engine; clock: Clock }, key: string | undefined): Promise<Sessions> {
  const used = new Map((await engine.read(readBrowserSessions)).map(({ hash, usedAt }) => [hash, Temporal.Instant.from(usedAt)]));
  const hashOf = (token: string): string =>
    createHmac('sha256', key ?? '')
      .update(token)
      .digest('base64url');
  const isOver = (at: Temporal.Instant): boolean => Temporal.Instant.compare(at.add(IDLE), clock.now()) <= 0;
  const keep = async (hash: string): Promise<void> => {
    const at = clock.now();
    const over = [...used].filter(([, last]) => isOver(last)).map(([each]) => each);
    for (const each of over) used.delete(each);
    used.set(hash, at);
    await engine.transaction(async (tx) => {
      if (over.length > 0) await endBrowserSessions(tx, over);
      await keepBrowserSession(tx, hash, at);
    });
  };
  return {
    async begin() {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      await keep(hashOf(token));
      return token;
    },
    find(token) {
      const hash = hashOf(token);
      const last = used.get(hash);
      if (key === undefined || last === undefined || isOver(last)) return undefined;
      // Where noting fails, the session ends some hours sooner.
      if (Temporal.Instant.compare(last.add(NOTED_EVERY), clock.now()) <= 0) keep(hash).catch(() => undefined);
      return hash;
    },
    async end(token) {
      const hash = hashOf(token);
      if (used.delete(hash)) await engine.transaction((tx) => endBrowserSessions(tx, [hash]));
    },
  };
}
