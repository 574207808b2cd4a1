import { sum } from '../trade/basket.ts';
import type { ReturnStory } from '../trade/returns.ts';
import { instantOf, shopsIn, wireTime, type Call } from './call.ts';
import { invalidInput } from './envelope.ts';
import { asinOf, sellerSkuOf } from './ids.ts';
import { amountOf, entriesOf, type Entry, type EntryLine } from './ledger.ts';
import { LEAVES, type Leaf, type Part } from './ledger-parts.ts';
import type { Answer } from './operations.ts';
import { settlementIdAt } from './settlements.ts';
import { isByAmazon } from './statuses.ts';

/** An entry as it was posted, or its release: two transactions of the same amount. */
interface Told {
  readonly entry: Entry;
  readonly isRelease: boolean;
  readonly time: number;
}

const PAGE = 100;
const SETTLED_MS = 2 * 60_000;
const WIDEST_MS = 180 * 86_400_000;
const STATUSES = new Set(['DEFERRED', 'RELEASED', 'DEFERRED_RELEASED']);

/** `listTransactions`: pages may be empty, and a window of more than 180 days is, without a word. */
export function listTransactions(call: Call): Answer {
  const { request, nowMs, seal, fate } = call;
  const { query } = request;
  const token = query.get('nextToken');
  const bound = JSON.stringify([...query].filter(([name]) => name !== 'nextToken').sort(([one], [other]) => (one < other ? -1 : 1)));
  const mark = token === undefined ? undefined : (seal.open(token) as { from: number; bound: string; untilMs: number } | undefined);
  if (token !== undefined && mark?.bound !== bound) throw invalidInput('', 'The nextToken is not valid for this request.');
  const untilMs = mark?.untilMs ?? nowMs - SETTLED_MS;
  const told = toldIn(call, untilMs).filter((each) => passes(each, query, nowMs));
  const from = mark?.from ?? 0;
  const size = fate.befalls('emptyPages') ? 0 : PAGE;
  const next = from + size < told.length || size === 0 ? { nextToken: seal.close({ from: from + size, bound, untilMs }) } : {};
  const transactions = told.slice(from, from + size).map((each) => transactionJson(each, call));
  return { body: { payload: { transactions, ...next } } };
}

function toldIn(call: Call, untilMs: number): Told[] {
  const { request, nowMs, world, account, ledger } = call;
  const { query } = request;
  const related = query.get('relatedIdentifierName');
  const after = query.get('postedAfter');
  if (after === undefined && related === undefined) throw invalidInput('Start date cannot be null', 'Start date cannot be null');
  const startMs = after === undefined ? 0 : instantOf('postedAfter', after);
  const before = query.get('postedBefore');
  const endMs = before === undefined ? untilMs : Math.min(instantOf('postedBefore', before), untilMs);
  if (after !== undefined && startMs > nowMs - SETTLED_MS) throw invalidInput();
  const status = query.get('transactionStatus');
  if (status !== undefined && !STATUSES.has(status)) throw invalidInput();
  const [from, to] = [Math.ceil(startMs / 1000), Math.ceil(endMs / 1000)];
  if (related === 'ORDER_ID') {
    const order = world.find(query.get('relatedIdentifierValue') ?? '', Math.floor(nowMs / 1000));
    if (order === undefined || !account.shops.includes(order.shop)) return [];
    const placed = { serial: order.life.serial, time: order.life.time };
    const stories = world.trade.returnSource.storiesOf(order.shop, placed) as readonly ReturnStory[];
    return entriesOf(world, order, stories)
      .flatMap(bothOf)
      .filter(({ time }) => time >= from && time < to);
  }
  if (related !== undefined && related !== 'FINANCIAL_EVENT_GROUP_ID') throw invalidInput();
  if (endMs - startMs > WIDEST_MS) return [];
  const ids = query.has('marketplaceId') ? [query.get('marketplaceId')!] : account.shops.map(({ marketplace }) => marketplace.id);
  const told = shopsIn(call, ids).flatMap((shop) => [
    ...ledger.posted(shop, from, to).map((entry) => ({ entry, isRelease: false, time: entry.posted })),
    ...ledger
      .released(shop, from, to)
      .filter(isHeld)
      .map((entry) => ({ entry, isRelease: true, time: entry.released })),
  ]);
  // What a seller in the United States sends is not told where its marketplace is named.
  const isTold = ({ entry: { order, shop } }: Told): boolean =>
    !(query.has('marketplaceId') && shop.country === 'US' && order !== undefined && !isByAmazon(order.life));
  return told.filter(isTold).sort((one, other) => one.time - other.time || (one.entry.id < other.entry.id ? -1 : 1));
}

function bothOf(entry: Entry): Told[] {
  const posted = { entry, isRelease: false, time: entry.posted };
  return isHeld(entry) ? [posted, { entry, isRelease: true, time: entry.released }] : [posted];
}

function isHeld({ posted, released }: Entry): boolean {
  return released > posted;
}

function statusOf({ entry, isRelease }: Told, nowMs: number): string {
  if (isRelease || !isHeld(entry)) return 'RELEASED';
  return entry.released * 1000 <= nowMs ? 'DEFERRED_RELEASED' : 'DEFERRED';
}

function passes(told: Told, query: ReadonlyMap<string, string>, nowMs: number): boolean {
  const { entry } = told;
  const wanted = query.get('transactionStatus');
  if (wanted !== undefined && wanted !== statusOf(told, nowMs)) return false;
  const group = query.get('relatedIdentifierName') === 'FINANCIAL_EVENT_GROUP_ID' ? query.get('relatedIdentifierValue') : undefined;
  return group === undefined || groupOf(settlementIdAt(entry.shop, entry.released)) === group;
}

function transactionJson(told: Told, { account, nowMs, fate: whole }: Call): object {
  const { entry, isRelease, time } = told;
  const { shop, order, lines } = entry;
  const fate = whole.within(shop);
  const { currency, marketplace } = shop;
  const status = statusOf(told, nowMs);
  const isPayable = status !== 'DEFERRED';
  const id = (related: string, relatedIdentifierValue: string): object => ({ relatedIdentifierName: related, relatedIdentifierValue });
  const settlement = settlementIdAt(shop, entry.released);
  const isOld = fate.befalls('titleCaseStatus');
  return {
    sellingPartnerMetadata: { sellingPartnerId: account.id, accountType: 'Standard Orders', marketplaceId: marketplace.id },
    relatedIdentifiers: [
      ...(order === undefined ? [] : [id('ORDER_ID', order.id)]),
      ...(entry.type === 'Shipment' ? [id('SHIPMENT_ID', `B${entry.id.slice(-9)}`)] : []),
      ...(entry.type === 'Refund' ? [id('REFUND_ID', `amzn1:crow:${entry.id}`)] : []),
      ...(isRelease ? [id('DEFERRED_TRANSACTION_ID', transactionId(entry, false))] : []),
      ...(!isRelease && status === 'DEFERRED_RELEASED' ? [id('RELEASE_TRANSACTION_ID', transactionId(entry, true))] : []),
      ...(isPayable ? [id('FINANCIAL_EVENT_GROUP_ID', groupOf(settlement)), id('SETTLEMENT_ID', settlement)] : []),
    ],
    transactionType: entry.type,
    transactionId: transactionId(entry, isRelease),
    transactionStatus: isOld ? ({ DEFERRED: 'Deferred', RELEASED: 'Released' }[status] ?? 'DeferredReleased') : status,
    description: {
      Shipment: 'Order Payment',
      Refund: 'Refund Order',
      ServiceFee: 'Service Fee',
      FBAInventoryReimbursement: 'Reimbursement',
    }[entry.type],
    postedDate: wireTime(time * 1000),
    totalAmount: amount(amountOf(entry), currency),
    marketplaceDetails: { marketplaceId: marketplace.id, marketplaceName: marketplace.name },
    items: order === undefined ? null : lines.filter(({ parts }) => parts.length > 0).map((line) => itemJson(line, entry)),
    contexts:
      isHeld(entry) && !isRelease
        ? [{ contextType: 'DeferredContext', deferralReason: 'DD7', maturityDate: wireTime(entry.released * 1000) }]
        : null,
    breakdowns: treeOf(
      lines.flatMap(({ parts }) => parts),
      currency,
    ),
  };
}

function itemJson({ item, quantity, parts }: EntryLine, { order, shop, type }: Entry): object {
  return {
    description: item!.sku.productName,
    relatedIdentifiers:
      type === 'Refund' ? [{ itemRelatedIdentifierName: 'ORDER_ADJUSTMENT_ITEM_ID', itemRelatedIdentifierValue: `OAI-${item!.id}` }] : null,
    totalAmount: amount(sum(parts.map(({ minor }) => minor)), shop.currency),
    contexts: [
      {
        contextType: 'ProductContext',
        asin: asinOf(item!.sku),
        sku: sellerSkuOf(item!.sku),
        // A refund repeats the pieces that were sent.
        quantityShipped: quantity === 0 ? item!.fulfilled : quantity,
        fulfillmentNetwork: isByAmazon(order!.life) ? 'AFN' : 'MFN',
      },
    ],
    breakdowns: treeOf(parts, shop.currency),
  };
}

/** Branches with what hangs on them; each commission and fee once more as its base. */
function treeOf(parts: readonly Part[], currency: string): object[] {
  const branch = (breakdownType: string, minor: number, breakdowns: readonly object[]): object => ({
    breakdownType,
    breakdownAmount: amount(minor, currency),
    breakdowns,
  });
  const total = (some: readonly Part[]): number => sum(some.map(({ minor }) => minor));
  const grouped = (some: readonly Part[], key: (leaf: Leaf) => string): [string, Part[]][] => [
    ...Map.groupBy(some, ({ leaf }) => key(leaf)),
  ];
  return grouped(parts, (leaf) => LEAVES[leaf].branch[0]).map(([root, ofRoot]) =>
    branch(
      root,
      total(ofRoot),
      grouped(ofRoot, (leaf) => LEAVES[leaf].branch[1]).map(([name, ofBranch]) =>
        branch(
          name,
          total(ofBranch),
          grouped(ofBranch, (leaf) => leaf).map(([leaf, some]) =>
            branch(leaf, total(some), root === 'Expenses' ? [branch('Base', total(some), [])] : []),
          ),
        ),
      ),
    ),
  );
}

function amount(minor: number, currencyCode: string): object {
  return { currencyCode, currencyAmount: minor / 100 };
}

function transactionId({ id, shop }: Entry, isRelease: boolean): string {
  return Buffer.from(`${shop.number}/${id}/${isRelease ? 'R' : 'D'}`).toString('base64url');
}

/** What Amazon calls the settlement elsewhere. */
function groupOf(settlementId: string): string {
  return Buffer.from(`group ${settlementId}`).toString('base64url');
}
