import type { Vault } from '../../kernel/vault.ts';
import type { PlatformId } from '../../model/shop.ts';
import type { Reader, Transaction } from '../../engines/engine.ts';
import { sql, type Sql } from '../../engines/sql.ts';
import { insertRow } from '../insertion.ts';

/** How an authorization stands; `lost`: the seller has to consent again. `disconnected`: let go by the user, secrets erased. */
export const AUTHORIZATION_STATES = ['active', 'lost', 'disconnected'] as const;

/** A seller's consent as it is remembered; its secrets are sealed and come out with {@link readSecrets} alone. */
export interface Authorization {
  readonly authorizationId: number;
  readonly platform: PlatformId;
  /** The kind of registration it was given to. */
  readonly app: string;
  readonly account: string;
  readonly seller: string;
  readonly region: string | null;
  readonly scopes: readonly string[];
  /** When the secrets have to be renewed, ISO text like all instants here; null where they last as long as the consent. */
  readonly expiresAt: string | null;
  /** When the consent ends; null where the platform does not say. */
  readonly consentEndsAt: string | null;
  readonly refreshedAt: string;
  readonly state: (typeof AUTHORIZATION_STATES)[number];
  /** The name of the error that stopped the last refresh; null when it went well. */
  readonly error: string | null;
}

/** What a grant or its renewal changes; the secrets are written whole. */
export interface Granted {
  readonly secrets: Readonly<Record<string, string>>;
  readonly expiresAt: Temporal.Instant | null;
  readonly consentEndsAt: Temporal.Instant | null;
  readonly scopes: readonly string[];
}

const placeOf = (authorizationId: number): string => `authorizations:${authorizationId}:tokens`;

/** The authorizations, oldest first; those of one platform where named. */
export async function readAuthorizations(reader: Reader, where: Sql = sql`true`): Promise<Authorization[]> {
  const rows = await reader.query<Record<string, string | number | null>>(sql`
    SELECT authorization_id AS "authorizationId", platform, app, account, seller, region, scopes, access_expires_at AS "expiresAt",
      refresh_expires_at AS "consentEndsAt", refreshed_at AS "refreshedAt", state, error
    FROM authorizations WHERE ${where} ORDER BY authorization_id`);
  return rows.map((row) => ({ ...(row as unknown as Authorization), scopes: String(row['scopes']).split(' ').filter(Boolean) }));
}

/** One authorization, or undefined. */
export async function readAuthorization(reader: Reader, id: number): Promise<Authorization | undefined> {
  const [found] = await readAuthorizations(reader, sql`authorization_id = ${id}`);
  return found;
}

/**
 * The secrets of an authorization; undefined when there are none.
 * @throws Error when they were sealed with another key
 */
export async function readSecrets(reader: Reader, id: number, vault: Vault): Promise<Granted['secrets'] | undefined> {
  const [row] = await reader.query<{ tokens: string | null }>(sql`SELECT tokens FROM authorizations WHERE authorization_id = ${id}`);
  return row?.tokens ? (JSON.parse(vault.open(row.tokens, placeOf(id))) as Granted['secrets']) : undefined;
}

/** Remembers a consent: the same account with the same registration keeps its number. */
export async function keepAuthorization(
  tx: Transaction,
  consent: Pick<Authorization, 'platform' | 'app' | 'account' | 'seller' | 'region'>,
  { granted, vault, at }: { granted: Granted; vault: Vault; at: Temporal.Instant },
): Promise<number> {
  const { platform, app, account, seller, region } = consent;
  const [known] = await readAuthorizations(tx, sql`platform = ${platform} AND app = ${app} AND account = ${account}`);
  const id = known?.authorizationId ?? (await tx.numbers('authorizations', 1));
  if (!known)
    await tx.run(
      sql`INSERT INTO authorizations (authorization_id, platform, app, account) VALUES (${id}::integer, ${platform}, ${app}, ${account})`,
    );
  await tx.run(sql`UPDATE authorizations SET seller = ${seller}, region = ${region} WHERE authorization_id = ${id}`);
  await keepSecrets(tx, id, { granted, vault, at });
  return id;
}

/** Writes renewed secrets with their expiries, and that all is well. */
export async function keepSecrets(
  tx: Transaction,
  id: number,
  { granted, vault, at }: { granted: Granted; vault: Vault; at: Temporal.Instant },
): Promise<void> {
  const sealed = vault.seal(JSON.stringify(granted.secrets), placeOf(id));
  await tx.run(sql`
    UPDATE authorizations SET tokens = ${sealed}, access_expires_at = ${granted.expiresAt}::timestamptz,
    refresh_expires_at = ${granted.consentEndsAt}::timestamptz,
      refreshed_at = ${at}, scopes = ${granted.scopes.join(' ')}, state = 'active', error = NULL
    WHERE authorization_id = ${id}`);
}

/** Notes that a refresh failed; `lost` when only the seller can mend it. */
export async function noteRefreshFailure(tx: Transaction, id: number, { error, lost }: { error: string; lost: boolean }): Promise<void> {
  await tx.run(sql`
    UPDATE authorizations SET error = ${error}, state = CASE WHEN ${lost}::boolean THEN 'lost' ELSE state END
    WHERE authorization_id = ${id}`);
}

/** Erases the secrets of an authorization if it opens no shop any more. */
export async function forgetSecretsWithoutShop(tx: Transaction, id: number): Promise<void> {
  await tx.run(sql`
    UPDATE authorizations SET tokens = NULL, state = 'disconnected'
    WHERE authorization_id = ${id} AND authorization_id NOT IN (SELECT authorization_id FROM shops WHERE authorization_id IS NOT NULL)`);
}

/**
 * Uses up a consent's state.
 * @returns false when it has been used before
 */
export async function useState(
  tx: Transaction,
  { nonce, expiresAt, now }: { nonce: string; expiresAt: Temporal.Instant; now: Temporal.Instant },
): Promise<boolean> {
  await tx.run(sql`DELETE FROM used_states WHERE expires_at < ${now}`);
  const used = await tx.query(sql`SELECT nonce FROM used_states WHERE nonce = ${nonce}`);
  if (used.length > 0) return false;
  await tx.run(insertRow('used_states', { nonce, expires_at: expiresAt }));
  return true;
}
