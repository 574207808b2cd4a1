import type { Reply } from '../exchange.ts';

/** A refusal of TikTok's: what a handler throws or the gateway answers. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** A parameter that cannot be used. */
export function invalidParam(what: string): Refusal {
  return new Refusal(400, 36009004, `invalid param: ${what}`);
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** The envelope of a success, around data that is JSON text already. */
export function successReply(dataText: string, requestId: string): Reply {
  return {
    status: 200,
    headers: JSON_HEADERS,
    body: `{"code":0,"message":"Success","request_id":"${requestId}","data":${dataText}}`,
    code: 0,
  };
}

/** The envelope of a refusal; `data` is null. */
export function refusalReply({ status, code, message, headers }: Refusal, requestId: string): Reply {
  return {
    status,
    headers: { ...JSON_HEADERS, ...headers },
    body: JSON.stringify({ code, message, request_id: requestId, data: null }),
    code,
  };
}

/** `20261123210605` and a running number: begins with the second of the request. */
export function requestIdOf(now: Temporal.Instant, count: number): string {
  return now.toString({ smallestUnit: 'second' }).replace(/\D/g, '') + count.toString(16).toUpperCase().padStart(18, '0');
}
