import type { Incoming, Reply } from '../exchange.ts';
import type { Access } from './access.ts';
import type { App } from './app.ts';
import { LwaRefusal } from './lwa-refusal.ts';
import type { Secrets } from './secrets.ts';

/** What the token host needs to know. */
interface LwaContext {
  readonly app: App;
  readonly access: Access;
  readonly secrets: Secrets;
  readonly now: number;
  readonly requestId: string;
}

const HEADERS = { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store', pragma: 'no-cache' };

/** `POST /auth/o2/token`: a form or JSON, and errors in an envelope of its own. */
export function answerToken(request: Incoming, context: LwaContext): Reply {
  try {
    return { status: 200, headers: HEADERS, body: JSON.stringify(tokensFor(parametersOf(request), context)) };
  } catch (error) {
    if (!(error instanceof LwaRefusal)) throw error;
    const { status, error: code, message } = error;
    const body = JSON.stringify({ error_description: message, error: code, request_id: context.requestId });
    return { status, headers: HEADERS, body, code };
  }
}

function parametersOf({ method, headers, body }: Incoming): ReadonlyMap<string, string> {
  if (method !== 'POST') throw new LwaRefusal(400, 'invalid_request', 'The request method must be POST');
  const type = headers['content-type'];
  const text = body.toString();
  if (type?.includes('application/json') !== true) return new Map(new URLSearchParams(text));
  try {
    return new Map(Object.entries(JSON.parse(text) as object).map(([name, value]) => [name, String(value)]));
  } catch {
    throw new LwaRefusal(400, 'invalid_request', 'The request body is not valid');
  }
}

function tokensFor(given: ReadonlyMap<string, string>, { app, access, secrets, now }: LwaContext): Record<string, unknown> {
  const required = (name: string): string => {
    const value = given.get(name);
    if (!value) throw new LwaRefusal(400, 'invalid_request', `The request is missing a required parameter : ${name}`);
    return value;
  };
  const grantType = required('grant_type');
  const secret = given.get('client_id') === app.clientId ? secrets.numberOf(given.get('client_secret') ?? '') : undefined;
  if (secret === undefined) throw new LwaRefusal(401, 'invalid_client', 'Client authentication failed');
  switch (grantType) {
    case 'authorization_code': {
      const code = required('code');
      const redirect = given.get('redirect_uri');
      if (redirect !== undefined && !app.redirectUrls.includes(redirect))
        throw new LwaRefusal(400, 'invalid_request', 'The redirect_uri does not match one that is registered');
      return access.exchange(code, secret, now);
    }
    case 'refresh_token':
      return access.refresh(required('refresh_token'), secret, now);
    case 'client_credentials':
      return access.grantless(required('scope'), secret, now);
    default:
      throw new LwaRefusal(400, 'unsupported_grant_type', 'The authorization grant type is not supported by the authorization server');
  }
}
