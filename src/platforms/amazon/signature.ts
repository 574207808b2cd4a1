import type { PlatformRequest, Protocol, SignedRequest } from '../operation.ts';

/** Amazon refuses calls of programs that do not say what they are. */
const USER_AGENT = `S7StarERP/1 (Language=TypeScript/Node${process.versions.node.split('.')[0]}; Platform=${process.platform})`;

/**
 * A call for one shop names its marketplace. Calls for a seller carry the access token; those that get one carry the registration's id and secret in their form.
 */
export const sign: Protocol['sign'] = ({ query, body }, { app, secret, account, shop }, now): SignedRequest => {
  if (account !== null) {
    const written = now.round('second').toString().replaceAll(/[-:]/g, '');
    return {
      query: inMarketplace(query, shop?.handle),
      body,
      headers: { 'user-agent': USER_AGENT, 'x-amz-access-token': account['accessToken']!, 'x-amz-date': written },
    };
  }
  const form = new URLSearchParams(body ?? '');
  form.set('client_id', app.key);
  form.set('client_secret', secret);
  return { query, body: form.toString(), headers: { 'user-agent': USER_AGENT } };
};

function inMarketplace(query: PlatformRequest['query'], marketplaceId: string | null | undefined): PlatformRequest['query'] {
  if (!marketplaceId || 'marketplaceIds' in query) return query;
  const named = { ...query, marketplaceIds: marketplaceId };
  return query['granularityType'] === 'Marketplace' ? { ...named, granularityId: marketplaceId } : named;
}
