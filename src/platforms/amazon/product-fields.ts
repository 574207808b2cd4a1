import type { Fields } from '../kept-fields.ts';

/** So many links a chain of categories may have below its root. */
const DEEPEST = 8;

function category(depth = 0): Fields {
  const names: Fields = { kept: 'displayName classificationId' };
  return depth === DEEPEST ? names : { ...names, within: { parent: category(depth + 1) } };
}

/** A SKU of `getInventorySummaries`, with what `getCatalogItem` says of its ASIN. */
export const productFields: Fields = {
  kept: 'asin fnSku sellerSku condition productName totalQuantity lastUpdatedTime stores',
  within: {
    inventoryDetails: {
      kept: 'fulfillableQuantity inboundWorkingQuantity inboundShippedQuantity inboundReceivingQuantity',
      within: {
        reservedQuantity: {
          kept: 'totalReservedQuantity pendingCustomerOrderQuantity pendingTransshipmentQuantity fcProcessingQuantity',
        },
        researchingQuantity: {
          kept: 'totalResearchingQuantity',
          within: { 'researchingQuantityBreakdown[]': { kept: 'name quantity' } },
        },
        unfulfillableQuantity: {
          kept:
            'totalUnfulfillableQuantity customerDamagedQuantity warehouseDamagedQuantity distributorDamagedQuantity ' +
            'carrierDamagedQuantity defectiveQuantity expiredQuantity',
        },
      },
    },
    catalogItem: {
      kept: 'asin',
      within: {
        'summaries[]': {
          kept:
            'marketplaceId adultProduct autographed brand color itemClassification itemName manufacturer memorabilia modelNumber ' +
            'packageQuantity partNumber releaseDate size style tradeInEligible websiteDisplayGroup websiteDisplayGroupName',
          // Who wrote a book.
          personal: 'contributors',
          within: { browseClassification: category() },
        },
        'images[]': { kept: 'marketplaceId', within: { 'images[]': { kept: 'variant link height width' } } },
        'classifications[]': { kept: 'marketplaceId', within: { 'classifications[]': category() } },
      },
    },
  },
};
