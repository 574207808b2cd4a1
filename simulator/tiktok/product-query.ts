import type { ListedProduct } from '../trade/products.ts';
import { Refusal } from './envelope.ts';
import { skuIdOf } from './ids.ts';
import { filtersOf, oneOf, readPageSize } from './parameters.ts';
import { PRODUCT_STATUSES } from './statuses.ts';

/** A search for products, checked. */
export interface ProductQuery {
  readonly pageSize: number;
  readonly pageToken: string | undefined;
  /** Everything a page token is bound to. */
  readonly binding: string;
  matches(found: ListedProduct): boolean;
}

const AUDITS = ['NONE', 'AUDITING', 'FAILED', 'PRE_APPROVED', 'APPROVED'] as const;
const MOST_SKUS = 10;

/** What the platform's examination of a product says, by its status. */
export function auditOf({ state: { status } }: ListedProduct): (typeof AUDITS)[number] {
  if (status === 'onSale') return 'APPROVED';
  if (status === 'examined') return 'AUDITING';
  return status === 'refused' ? 'FAILED' : 'NONE';
}

/** Here `le` includes its second. @throws Refusal 36009004 for what TikTok would not accept, 12019027 and 12019087 for too many SKUs */
export function readProductQuery(query: ReadonlyMap<string, string>, body: Record<string, unknown>): ProductQuery {
  const { seconds, text, texts, choices, ids } = filtersOf(body);
  const status = oneOf('status', text('status') ?? 'ALL', ['ALL', ...Object.values(PRODUCT_STATUSES)]);
  const [sellerSkus, skuIds] = [listed(texts('seller_skus'), 12019027, 'seller_skus'), listed(ids('sku_ids'), 12019087, 'sku_ids')];
  const audits = choices('audit_status', AUDITS);
  const bounds = ['create_time_ge', 'create_time_le', 'update_time_ge', 'update_time_le'].map(seconds);
  const [createGe = 0, createLe = Infinity, updateGe = 0, updateLe = Infinity] = bounds;
  const pageSize = readPageSize(query.get('page_size'), { least: 1, most: 100 });
  return {
    pageSize,
    pageToken: query.get('page_token') || undefined,
    binding: JSON.stringify([status, sellerSkus, skuIds, audits, bounds, pageSize, query.get('shop_cipher')]),
    matches(found) {
      const { product, state } = found;
      if (status !== 'ALL' && PRODUCT_STATUSES[state.status] !== status) return false;
      if (product.life.created < createGe || product.life.created > createLe || state.updated < updateGe || state.updated > updateLe)
        return false;
      if (sellerSkus !== undefined && !product.skus.some(({ sellerSku }) => sellerSku !== undefined && sellerSkus.includes(sellerSku)))
        return false;
      if (skuIds !== undefined && !product.skus.some((sku) => skuIds.includes(skuIdOf(sku)))) return false;
      return audits?.includes(auditOf(found)) ?? true;
    },
  };
}

function listed(given: readonly string[] | undefined, code: number, name: string): readonly string[] | undefined {
  if (given !== undefined && given.length > MOST_SKUS) throw new Refusal(200, code, `The number of ${name} must not exceed ${MOST_SKUS}`);
  return given?.length === 0 ? undefined : given;
}
