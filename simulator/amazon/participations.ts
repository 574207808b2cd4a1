import type { Call } from './call.ts';
import type { Answer } from './operations.ts';
import type { AmazonShop } from './shops.ts';

/** `getMarketplaceParticipations`: where the seller sells, and a place where nothing is sold that only looks like one. */
export function participations({ account, fate }: Call): Answer {
  if (fate.befalls('emptyParticipations')) return { body: { payload: [] } };
  return { body: { payload: [...account.shops.map(participation), foreign(account.shops[0]!)] } };
}

function participation({ name, marketplace }: AmazonShop): object {
  return {
    marketplace: {
      id: marketplace.id,
      name: marketplace.name,
      countryCode: marketplace.country,
      defaultCurrencyCode: marketplace.currency,
      defaultLanguageCode: marketplace.language,
      domainName: `www.${marketplace.domain}`,
    },
    participation: { isParticipating: true, hasSuspendedListings: false },
    storeName: name,
  };
}

/** What is sold elsewhere and sent by Amazon hangs on a marketplace that searchOrders knows nothing of. */
function foreign({ name, marketplace }: AmazonShop): object {
  return {
    marketplace: {
      id: 'A2ZV50J4W1RKNI',
      name: `Non-Amazon ${marketplace.country}`,
      countryCode: marketplace.country,
      defaultCurrencyCode: marketplace.currency,
      defaultLanguageCode: marketplace.language,
      domainName: 'siprod.stores.amazon',
    },
    participation: { isParticipating: true, hasSuspendedListings: false },
    storeName: name,
  };
}
