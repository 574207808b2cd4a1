import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signature covers. */
export interface Signed {
  readonly path: string;
  /** Decoded values; `sign` and `access_token` are left out whether they are here or not. */
  readonly query: Iterable<readonly [string, string]>;
  /** As transmitted, byte for byte. */
  readonly body?: Uint8Array | undefined;
  readonly contentType?: string | undefined;
}

/** TikTok's request signature: lower-case hex of HMAC-SHA256 over secret, path, sorted query, body, secret. */
export function signatureOf(secret: string, { path, query, body, contentType }: Signed): string {
  const parts = [...query].filter(([name]) => name !== 'sign' && name !== 'access_token');
  parts.sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const mac = createHmac('sha256', secret).update(secret).update(path);
  for (const [name, value] of parts) mac.update(name).update(value);
  const isMultipart = contentType?.split(';')[0]?.trim().toLowerCase() === 'multipart/form-data';
  if (body !== undefined && !isMultipart) mac.update(body);
  return mac.update(secret).digest('hex');
}

/** Whether two signatures are equal, letter case included. */
export function sameSignature(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}
