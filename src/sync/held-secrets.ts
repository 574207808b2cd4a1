import { isDeepStrictEqual } from 'node:util';
import { keepSecrets, noteRefreshFailure, readAuthorization, readSecrets, type Authorization } from '../records/shops/authorizations.ts';
import type { Engine } from '../engines/engine.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError, toAppError } from '../kernel/errors.ts';
import type { Vault } from '../kernel/vault.ts';
import type { Access, Client } from '../platforms/client.ts';
import type { App, Secrets } from '../platforms/connection.ts';
import type { PlatformApi } from '../platforms/platform.ts';

/** What the secrets of authorizations need of their surroundings. */
export interface SecretsRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly client: Client;
  /** The platform and registration of an authorization. */
  readonly of: (row: Authorization) => { readonly api: PlatformApi; readonly app: App };
}

/** The secrets of authorizations that are stored, kept good. */
export interface HeldSecrets {
  accessOf(authorization: Pick<Authorization, 'authorizationId' | 'account'>): Access;
  /**
   * Gets new ones now; several at once are one. Where the platform renews none they stay as they are.
   * @throws AppError `authorization_lost` and the platform's errors
   */
  renew(authorizationId: number): Promise<Authorization>;
}

/** Secrets that end sooner are renewed before they are used. */
const FRESH_FOR = { minutes: 10 } as const;

/** Opens the room's secrets. */
export function openSecrets(room: SecretsRoom): HeldSecrets {
  const { engine, clock, vault } = room;
  const renewing = new Map<number, Promise<Authorization>>();

  const rowOf = (id: number): Promise<Authorization | undefined> => engine.read((reader) => readAuthorization(reader, id));

  const secretsNow = async (id: number): Promise<Secrets> => {
    const { row, secrets } = await engine.read(async (reader) => ({
      row: await readAuthorization(reader, id),
      secrets: await opened(() => readSecrets(reader, id, vault)),
    }));
    if (!secrets) throw new AppError('authorization_lost', { platform: row?.platform ?? '' });
    return secrets;
  };

  const renewNow = async (id: number): Promise<Authorization> => {
    const row = await rowOf(id);
    const secrets = await secretsNow(id);
    if (!row) throw new AppError('authorization_lost', { platform: '' });
    const { api, app } = room.of(row);
    if (!api.renew) return row;
    try {
      const { account, region, scopes } = row;
      const granted = await api.renew({
        app,
        call: room.client.callFor(api, { app, region }),
        now: clock.now(),
        account,
        region,
        scopes,
        secrets,
        consentEndsAt: row.consentEndsAt === null ? null : Temporal.Instant.from(row.consentEndsAt),
      });
      await engine.transaction((tx) => keepSecrets(tx, id, { granted, vault, at: clock.now() }));
    } catch (error) {
      const known = toAppError(error);
      // They may have been replaced by a consent meanwhile: then the failure says nothing of the new ones.
      const now = await engine.read((reader) => readSecrets(reader, id, vault));
      if (now && !isDeepStrictEqual(now, secrets)) return (await rowOf(id))!;
      await engine.transaction((tx) => noteRefreshFailure(tx, id, { error: known.code, lost: known.code === 'authorization_lost' }));
      throw known;
    }
    return (await rowOf(id))!;
  };

  const renew = (id: number): Promise<Authorization> => {
    const running = renewing.get(id);
    if (running) return running;
    const run = renewNow(id).finally(() => renewing.delete(id));
    renewing.set(id, run);
    return run;
  };

  return {
    renew,
    accessOf({ authorizationId: id, account }) {
      // Asked for every call: reading and opening the row each time would cost more than the call itself.
      let known: { readonly secrets: Secrets; readonly until: Temporal.Instant | null } | undefined;
      const remember = async ({ expiresAt }: Authorization): Promise<Secrets> => {
        const until = expiresAt === null ? null : Temporal.Instant.from(expiresAt).subtract(FRESH_FOR);
        known = { secrets: await secretsNow(id), until };
        return known.secrets;
      };
      const ended = (until: Temporal.Instant | null): boolean => until !== null && Temporal.Instant.compare(clock.now(), until) >= 0;
      return {
        account,
        async secrets() {
          if (known && !ended(known.until)) return known.secrets;
          const row = await rowOf(id);
          if (!row || row.state !== 'active') throw new AppError('authorization_lost', { platform: row?.platform ?? '' });
          return remember(
            row.expiresAt !== null && ended(Temporal.Instant.from(row.expiresAt).subtract(FRESH_FOR)) ? await renew(id) : row,
          );
        },
        async renew(stale) {
          // Another caller may have renewed them meanwhile.
          if (isDeepStrictEqual(await secretsNow(id), stale)) await renew(id);
          return remember((await rowOf(id))!);
        },
        async lost() {
          const row = await rowOf(id);
          // Where they are renewed the next renewal tells whether the consent has ended.
          if (!row || room.of(row).api.renew) return;
          known = undefined;
          await engine.transaction((tx) => noteRefreshFailure(tx, id, { error: 'authorization_lost', lost: true }));
        },
      };
    },
  };
}

/** @throws AppError `secret_key_lost` */
async function opened<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError || !/authenticate|sealed/i.test(String(error))) throw error;
    throw new AppError('secret_key_lost', { file: 'secret.key' }, { cause: error });
  }
}
