import { createHmac } from 'node:crypto';
import type { AppKind } from './shops.ts';

/** One registration in Partner Center, and where its servers are. */
export interface App {
  readonly kind: AppKind;
  readonly key: string;
  readonly secret: string;
  readonly serviceId: string;
  /** Where TikTok sends the seller back to after consent. */
  readonly redirectUrl: string;
}

/** The secret behind everything the simulator seals: the same seed opens the same seals. */
export function sealSecret(seed: string): Buffer {
  return createHmac('sha256', 'S7StarERP TikTok simulator').update(seed).digest();
}

/** The two registrations of a simulator with this seed. */
export function appsOf(seed: string, redirectUrls: Readonly<Record<AppKind, string>>): Readonly<Record<AppKind, App>> {
  const app = (kind: AppKind): App => {
    const digest = (what: string): Buffer => createHmac('sha256', sealSecret(seed)).update(`${kind} ${what}`).digest();
    return {
      kind,
      key: `6${digest('key').toString('hex').slice(0, 12)}`,
      secret: digest('secret').toString('hex').slice(0, 40),
      serviceId: `74${digest('service').readBigUInt64BE(0) % 10n ** 17n}`.padEnd(19, '0'),
      redirectUrl: redirectUrls[kind],
    };
  };
  return { ROW: app('ROW'), US: app('US') };
}
