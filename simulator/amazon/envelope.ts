import { mix } from '../random.ts';
import type { Reply } from '../exchange.ts';

/** A refusal of the Selling Partner API: what an operation throws or the gateway answers. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: string;

  constructor(status: number, code: string, message: string, details = '') {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** 403; which of its meanings it has is told by `details` alone, and not even there where a role or a path is missing. */
export function unauthorized(details = ''): Refusal {
  return new Refusal(403, 'Unauthorized', 'Access to requested resource is denied.', details);
}

/** 400 in the usual words. */
export function invalidInput(
  details = '',
  message = 'The input you have submitted is not valid. Please check your input and try again.',
): Refusal {
  return new Refusal(400, 'InvalidInput', message, details);
}

/** What a 403 of each meaning says. */
export const DENIALS = {
  role: '',
  missing: 'Access token is missing in the request header.',
  expired: 'The access token you provided has expired.',
  invalid: 'The access token you provided is revoked, malformed or invalid.',
  region: 'The marketplaces you provided are not valid for region.',
  secret: 'The LWA secret token you provided has expired.',
} as const;

const JSON_HEADERS = { 'content-type': 'application/json' };

/** A success, whose body is JSON text already. */
export function successReply(status: number, body: string, requestId: string): Reply {
  return { status, headers: { ...JSON_HEADERS, 'x-amzn-requestid': requestId }, body };
}

/** The envelope of a refusal. */
export function refusalReply({ status, code, message, details }: Refusal, requestId: string): Reply {
  const type: Record<string, string> = status === 403 ? { 'x-amzn-errortype': 'AccessDeniedException' } : {};
  return {
    status,
    headers: { ...JSON_HEADERS, ...type, 'x-amzn-requestid': requestId },
    body: JSON.stringify({ errors: [{ code, message, details }] }),
    code,
  };
}

/** Names a request, as a UUID. */
export function requestIdOf(seed: number, count: number): string {
  const part = (kind: number): string => mix(seed, 990, count, kind).toString(16).padStart(8, '0');
  const [one, two, three, four] = [part(1), part(2), part(3), part(4)] as const;
  return `${one}-${two.slice(0, 4)}-4${two.slice(5)}-a${three.slice(1, 4)}-${three.slice(4)}${four}`;
}
