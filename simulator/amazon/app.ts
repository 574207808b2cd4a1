import { createHmac } from 'node:crypto';

/** One registration as a solution provider, good in all regions. */
export interface App {
  readonly applicationId: string;
  readonly clientId: string;
  /** Where Amazon may send sellers back to after consent; the first unless one is named. */
  readonly redirectUrls: readonly string[];
  /** Where Amazon's own entry sends a seller who begins there. */
  readonly loginUrl: string;
  /** Not published: consent needs `version=beta`. */
  readonly isDraft: boolean;
}

/** The secret behind everything the simulator seals: the same seed opens the same seals. */
export function sealSecret(seed: string): Buffer {
  return createHmac('sha256', 'S7StarERP Amazon simulator').update(seed).digest();
}

/** The registration of a simulator with this seed. */
export function appOf(seed: string, rest: Pick<App, 'redirectUrls' | 'loginUrl' | 'isDraft'>): App {
  const digest = (what: string): string => createHmac('sha256', sealSecret(seed)).update(what).digest('hex');
  const id = digest('application');
  return {
    applicationId: `amzn1.sp.solution.${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20, 32)}`,
    clientId: `amzn1.application-oa2-client.${digest('client').slice(0, 32)}`,
    ...rest,
  };
}
