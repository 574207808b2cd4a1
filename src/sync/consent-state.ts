import { randomUUID } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Vault } from '../kernel/vault.ts';
import type { PlatformId } from '../model/shop.ts';

/** What a consent carries to the platform and back, signed: how it was begun, and until when it is good. */
export interface ConsentState {
  readonly platform: PlatformId;
  /** The kind of registration. */
  readonly app: string;
  /** The market that was asked for; absent in what a program of before signed, like the address. */
  readonly region?: string | null;
  /** Where the platform was told to send the seller back to. */
  readonly redirectUrl?: string;
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The text of a new state that is good for so many minutes. */
export function signState(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  begun: Omit<ConsentState, 'nonce' | 'expiresAt'>,
  minutes: number,
): string {
  const expiresAt = clock.now().add({ minutes }).epochMilliseconds;
  return vault.sign(JSON.stringify({ ...begun, nonce: randomUUID(), expiresAt } satisfies ConsentState));
}

/**
 * The state that came back.
 * @throws AppError `consent_state_invalid` when it is not ours or another platform's, `consent_state_expired`
 */
export function readState(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  given: unknown,
  { platform, minutes, start }: { readonly platform: PlatformId; readonly minutes: number; readonly start: string },
): ConsentState {
  const text = typeof given === 'string' ? vault.verify(given) : undefined;
  const state = text ? (JSON.parse(text) as ConsentState) : undefined;
  if (!state || state.platform !== platform) throw new AppError('consent_state_invalid', { start });
  if (state.expiresAt < clock.now().epochMilliseconds) throw new AppError('consent_state_expired', { minutes, start });
  return state;
}
