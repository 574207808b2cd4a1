/** Whose a feed is: a stream is read for one shop, or in one walk for all shops of an account, which is an authorization. */
export type FeedOwner = { readonly shopId: number; readonly accountId: null } | { readonly shopId: null; readonly accountId: number };

/** A shop's own feed. */
export function ofShop(shopId: number): FeedOwner {
  return { shopId, accountId: null };
}

/** The feed of all shops of an account. */
export function ofAccount(accountId: number): FeedOwner {
  return { shopId: null, accountId };
}
