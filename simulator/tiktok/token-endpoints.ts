import type { Incoming, Reply } from '../exchange.ts';
import type { Access, TokenPair } from './access.ts';
import type { App } from './apps.ts';
import { Refusal, refusalReply, successReply } from './envelope.ts';

/** `GET /api/v2/token/get` and `/refresh`: unsigned, the secret in the query, errors as HTTP 200. */
export function answerToken(
  request: Incoming,
  { apps, access, now, requestId }: { apps: readonly App[]; access: Access; now: number; requestId: string },
): Reply {
  try {
    const app = apps.find(({ key }) => key === request.query.get('app_key'));
    if (app === undefined) throw new Refusal(200, 36009004, 'Invalid app_key');
    if (request.query.get('app_secret') !== app.secret) throw new Refusal(200, 36009004, 'Invalid app_secret');
    return successReply(JSON.stringify(tokenData(app, access, pairFor(request, app, access, now))), requestId);
  } catch (error) {
    if (error instanceof Refusal) return refusalReply(error, requestId);
    throw error;
  }
}

function pairFor({ path, query }: Incoming, app: App, access: Access, now: number): TokenPair {
  const isRefresh = path.endsWith('/refresh');
  const grantType = isRefresh ? 'refresh_token' : 'authorized_code';
  if (query.get('grant_type') !== grantType) throw new Refusal(200, 36009004, `invalid param: grant_type must be ${grantType}`);
  return isRefresh ? access.refresh(app, query.get('refresh_token') ?? '', now) : access.exchange(app, query.get('auth_code') ?? '', now);
}

function tokenData(app: App, access: Access, pair: TokenPair): Record<string, unknown> {
  return {
    access_token: pair.accessToken,
    // Absolute seconds, despite the names.
    access_token_expire_in: pair.accessExpires,
    refresh_token: pair.refreshToken,
    refresh_token_expire_in: pair.refreshExpires,
    open_id: access.openIdOf(app, pair.account),
    seller_name: pair.account.name,
    seller_base_region: pair.account.home,
    user_type: 0,
    granted_scopes: access.options.scopes,
  };
}
