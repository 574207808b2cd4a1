import { stepAt } from '../trade/life.ts';
import { returnRefunds, refundTotal } from '../trade/refunds.ts';
import { RETURN_SECONDS, type ReturnStory } from '../trade/returns.ts';
import { RETURN_STAGES, type ReturnStage } from '../trade/return-walk.ts';
import type { ReturnCause } from '../trade/causes.ts';
import type { AmazonOrder } from './amazon-world.ts';
import { asinOf, digitsOf, fnskuOf, sellerSkuOf, titleOf } from './ids.ts';
import type { ReportContent, ReportGround } from './report-kinds.ts';
import { isByAmazon, isForeign } from './statuses.ts';
import { decimalOf } from './wire-money.ts';

/** One piece on its way back. */
interface Returned {
  readonly order: AmazonOrder;
  readonly story: ReturnStory;
  /** Its place among the pieces of the order. */
  readonly place: number;
  /** The second that the file is sorted by: when Amazon has it, or when the buyer asked. */
  readonly time: number;
  readonly at: number;
}

const DAY = 86_400;
/** What each cause is called by Amazon's warehouses, and in what state the piece comes. */
const FBA_REASONS: Readonly<Record<ReturnCause, readonly [reason: string, disposition: string]>> = {
  'arrived damaged': ['DAMAGED_BY_CARRIER', 'CARRIER_DAMAGED'],
  defective: ['DEFECTIVE', 'DEFECTIVE'],
  'wrong item': ['SWITCHEROO', 'SELLABLE'],
  'not as described': ['NOT_AS_DESCRIBED', 'CUSTOMER_DAMAGED'],
  'no longer needed': ['UNWANTED_ITEM', 'SELLABLE'],
  'wrong size': ['NOT_COMPATIBLE', 'SELLABLE'],
  'part missing': ['MISSING_PARTS', 'DEFECTIVE'],
  'never arrived': ['NEVER_ARRIVED', 'SELLABLE'],
};
const SELLER_REASONS: Readonly<Record<ReturnCause, string>> = {
  'arrived damaged': 'CR-DAMAGED_BY_CARRIER',
  defective: 'CR-DEFECTIVE',
  'wrong item': 'CR-SWITCHEROO',
  'not as described': 'AMZ-PG-BAD-DESC',
  'no longer needed': 'CR-UNWANTED_ITEM',
  'wrong size': 'AMZ-PG-WJ-TOO-SMALL',
  'part missing': 'CR-MISSING_PARTS',
  'never arrived': 'CR-NEVER_ARRIVED',
};
const CENTRES: Readonly<Record<string, string>> = { ES: 'MAD4', FR: 'ORY1', IT: 'MXP5', DE: 'LEJ1', GB: 'LTN4', US: 'LEX1', MX: 'MEX1' };

const FBA_COLUMNS: readonly (readonly [name: string, cell: (returned: Returned) => string])[] = [
  ['return-date', ({ time }) => new Date(time * 1000).toISOString().replace('.000Z', '+00:00')],
  ['order-id', ({ order }) => order.id],
  ['sku', (returned) => sellerSkuOf(skuOf(returned))],
  ['asin', (returned) => asinOf(skuOf(returned))],
  ['fnsku', (returned) => fnskuOf(skuOf(returned))],
  ['product-name', (returned) => titleOf(skuOf(returned))],
  ['quantity', () => '1'],
  ['fulfillment-center-id', ({ order }) => CENTRES[order.shop.country] ?? 'LEJ1'],
  ['detailed-disposition', ({ story }) => FBA_REASONS[story.cause][1]],
  ['reason', ({ story }) => FBA_REASONS[story.cause][0]],
  ['status', ({ story }) => (FBA_REASONS[story.cause][1] === 'SELLABLE' ? 'Unit returned to inventory' : 'Reimbursed')],
  ['license-plate-number', ({ order, story, place }) => `LPN${digitsOf(order.id).slice(-8)}${story.nth}${place}`],
  ['customer-comments', () => ''],
];

const SELLER_COLUMNS: readonly (readonly [name: string, cell: (returned: Returned) => string])[] = [
  ['Order ID', ({ order }) => order.id],
  ['Order date', ({ order }) => shortDate(order.life.time)],
  ['Return request date', ({ time }) => shortDate(time)],
  ['Return request status', (returned) => requestStatus(returned)],
  ['Amazon RMA ID', ({ order, story }) => `D${digitsOf(order.id).slice(-7)}${story.nth}RRMA`],
  ['Merchant RMA ID', () => ' '],
  ['Label type', () => 'AmazonPrepaid'],
  ['Label cost', () => '0.00'],
  ['Currency code', ({ order }) => order.shop.currency],
  ['Return carrier', (returned) => (sentAt(returned) === undefined ? ' ' : 'Correos')],
  ['Tracking ID', (returned) => (sentAt(returned) === undefined ? ' ' : `RT${digitsOf(returned.order.id).slice(-9)}`)],
  ['Label to be paid by', () => 'Customer'],
  ['A-to-Z Claim', ({ story }) => (story.arbitration.some(Boolean) ? 'Y' : 'N')],
  ['Is prime', () => 'N'],
  ['ASIN', (returned) => asinOf(skuOf(returned))],
  ['Merchant SKU', (returned) => sellerSkuOf(skuOf(returned))],
  ['Item Name', (returned) => titleOf(skuOf(returned))],
  ['Return quantity', () => '1'],
  ['Return Reason', ({ story }) => SELLER_REASONS[story.cause]],
  ['In policy', () => 'Y'],
  ['Return type', () => 'C-Returns'],
  ['Resolution', ({ story }) => (story.type === 'replacement' ? 'ExchangeOrReplacement' : 'StandardRefund')],
  ['Invoice number', () => ' '],
  ['Return delivery date', (returned) => told(receivedAt(returned.story), returned.at)],
  ['Order Amount', ({ order, place }) => decimalOf(paidFor(order, place), order.shop.currency)],
  ['Order quantity', () => '1'],
  ['SafeT Action reason', () => ' '],
  ['SafeT claim id', () => ' '],
  ['SafeT claim state', () => ' '],
  ['SafeT claim creation time', () => ' '],
  ['SafeT claim reimbursement amount', () => ' '],
  ['Refunded Amount', (returned) => refunded(returned)],
];

/** The pieces that came back to Amazon's warehouses in a window; undefined where none did. */
export function fbaReturnsFile(ground: ReportGround): ReportContent | undefined {
  return fileOf(FBA_COLUMNS, piecesOf(ground, { byAmazon: true, timeOf: receivedAt }));
}

/** The pieces of orders sent by the seller for which a buyer asked to send them back in a window; undefined where nobody did. */
export function sellerReturnsFile(ground: ReportGround): ReportContent | undefined {
  return fileOf(SELLER_COLUMNS, piecesOf(ground, { byAmazon: false, timeOf: ({ times }) => times[0] }));
}

function fileOf(columns: typeof FBA_COLUMNS, pieces: readonly Returned[]): ReportContent | undefined {
  if (pieces.length === 0) return undefined;
  const lines = [columns.map(([name]) => name), ...pieces.map((piece) => columns.map(([, cell]) => cell(piece)))];
  return { text: lines.map((cells) => `${cells.join('\t')}\n`).join(''), rows: pieces.length };
}

function piecesOf(
  { world, shops, fate: whole, startMs, endMs, at }: ReportGround,
  { byAmazon, timeOf }: { byAmazon: boolean; timeOf: (story: ReturnStory) => number | undefined },
): Returned[] {
  const pieces: Returned[] = [];
  for (const shop of shops) {
    const fate = whole.within(shop);
    const calendar = world.trade.calendar(shop);
    for (const placed of calendar.placed(Math.floor(startMs / 1000) - RETURN_SECONDS, Math.ceil(endMs / 1000))) {
      const stories = world.trade.returnSource.storiesOf(shop, placed) as readonly ReturnStory[];
      if (stories.length === 0) continue;
      const order = world.order(shop, placed.serial);
      if (isByAmazon(order.life) !== byAmazon || isForeign(order.life)) continue;
      const isRedated = byAmazon && fate.faults.returnRedated > 0 && fate.fallsOn(digitsOf(order.id), 'returnRedated', 31);
      for (const story of stories.filter(({ type }) => type !== 'money')) {
        const known = timeOf(story);
        const time = known === undefined ? undefined : known + (isRedated ? DAY : 0);
        if (time === undefined || time * 1000 < startMs || time * 1000 >= endMs || time > at) continue;
        for (const place of story.pieces) pieces.push({ order, story, place, time, at });
      }
    }
  }
  return pieces.sort((one, other) => one.time - other.time);
}

function skuOf({ order, place }: Returned): AmazonOrder['basket']['pieces'][number]['sku'] {
  return order.basket.pieces[place]!.sku;
}

/** When it was back: whatever comes after it was sent. */
function receivedAt({ stages, times }: ReturnStory): number | undefined {
  const sent = stages.indexOf(placeOf('sentBack'));
  return sent < 0 ? undefined : times[sent + 1];
}

function sentAt({ story: { stages, times }, at }: Returned): number | undefined {
  const time = times[stages.indexOf(placeOf('sentBack'))];
  return time !== undefined && time <= at ? time : undefined;
}

function placeOf(stage: ReturnStage): number {
  return RETURN_STAGES.indexOf(stage);
}

function requestStatus({ story, at }: Returned): string {
  const stage = RETURN_STAGES[story.stages[stepAt(story, at)]!]!;
  if (stage === 'asked' || stage === 'offered') return 'Pending Approval';
  if (stage === 'refused' || stage === 'withdrawn') return 'Closed';
  return stage === 'refunded' || stage === 'replaced' ? 'Completed' : 'Approved';
}

function paidFor({ basket }: AmazonOrder, place: number): number {
  const { listPrice, sellerDiscount, platformDiscount, tax } = basket.pieces[place]!;
  return listPrice - sellerDiscount - platformDiscount + tax;
}

function refunded({ order, story, place, at }: Returned): string {
  const last = story.stages.length - 1;
  if (story.stages[last] !== placeOf('refunded') || story.times[last]! > at) return ' ';
  const { places, lines } = returnRefunds(order, story);
  return decimalOf(refundTotal(lines[places.indexOf(place)]!), order.shop.currency);
}

function told(time: number | undefined, at: number): string {
  return time === undefined || time > at ? ' ' : shortDate(time);
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `10-Jul-2025`, by UTC. */
function shortDate(time: number): string {
  const [year, month, day] = new Date(time * 1000).toISOString().slice(0, 10).split('-');
  return `${day}-${MONTHS[Number(month) - 1]}-${year}`;
}
