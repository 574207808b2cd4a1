import type { AmazonFate } from './amazon-faults.ts';
import type { AmazonOrder } from './amazon-world.ts';
import { wireTime } from './call.ts';
import { unauthorized } from './envelope.ts';
import { digitsOf } from './ids.ts';
import { withOddities } from './oddities.ts';
import { itemsOf, type Item } from './order-items.ts';
import type { Dataset } from './search-query.ts';
import { isBusiness, withoutNothing, type Shown } from './shown.ts';
import { isByAmazon, isForeign, sinceOf, type Status } from './statuses.ts';
import { itemJson } from './wire-item.ts';
import { orderProceeds } from './wire-money.ts';
import { packagesJson } from './wire-packages.ts';

const DAY = 86_400;
const SPEEDS = ['EXPEDITED', 'SECOND_DAY', 'NEXT_DAY'] as const;

/**
 * An order as the wire shows it at a second; what does not apply is absent, and so is every dataset that was not asked for.
 * @throws Refusal 403 where a fault refuses addresses without their role
 */
export function orderJson(order: AmazonOrder, shown: Shown): object {
  const { world, included, at } = shown;
  const { id, shop, life } = order;
  const fate = shown.fate.within(shop);
  const { status, updatedMs } = world.stateOf(order, at);
  const items = itemsOf(world, order, at);
  const shownWith = (dataset: Dataset, json: () => object | undefined): object | undefined => (included.has(dataset) ? json() : undefined);
  const proceeds = shownWith('PROCEEDS', () => orderProceeds(order, items, fate));
  const json = {
    orderId: id,
    createdTime: wireTime(world.createdMs(order)),
    lastUpdatedTime: wireTime(updatedMs),
    programs: programsOf(order),
    associatedOrders: associatedWith(order),
    salesChannel: isForeign(life)
      ? { channelName: 'NON_AMAZON' }
      : { channelName: 'AMAZON', marketplaceId: shop.marketplace.id, marketplaceName: shop.marketplace.name },
    ...withoutNothing({
      buyer: shownWith('BUYER', () => buyerJson(order, status, { ...shown, fate })),
      recipient: shownWith('RECIPIENT', () => recipientJson(order, { ...shown, fate })),
      proceeds,
      fulfillment: shownWith('FULFILLMENT', () => fulfillmentJson(order, status)),
      packages: shownWith('PACKAGES', () => packagesJson(order, { items, status, at })),
    }),
    orderItems: items.map((item: Item) => itemJson(order, item, { ...shown, fate, status })),
  };
  return withOddities(json, { id, currency: shop.currency }, fate);
}

function programsOf(order: AmazonOrder): string[] {
  return [...(order.life.fulfilledByPlatform ? ['PRIME'] : []), ...(isBusiness(order) ? ['AMAZON_BUSINESS'] : [])];
}

function associatedWith({ life, sourceId }: AmazonOrder): object[] {
  if (sourceId === undefined) return [];
  return [{ orderId: sourceId, associationType: life.kind === 'exchange' ? 'EXCHANGE_ORIGINAL_ID' : 'REPLACEMENT_ORIGINAL_ID' }];
}

function fulfillmentJson(order: AmazonOrder, fulfillmentStatus: Status): object {
  const { life, course } = order;
  const byAmazon = isByAmazon(life);
  const released = sinceOf(course, 'UNSHIPPED');
  const window = (from: number, to: number): object => ({ earliestDateTime: wireTime(from * 1000), latestDateTime: wireTime(to * 1000) });
  return {
    fulfillmentStatus,
    fulfilledBy: byAmazon ? 'AMAZON' : 'MERCHANT',
    fulfillmentServiceLevel: serviceOf(order),
    ...(released === undefined
      ? {}
      : { shipByWindow: window(released, released + 2 * DAY), deliverByWindow: window(released + 2 * DAY, released + 6 * DAY) }),
  };
}

/** How fast it is to be. */
export function serviceOf({ life }: AmazonOrder): (typeof SPEEDS)[number] | 'STANDARD' {
  return isByAmazon(life) ? SPEEDS[life.serial % SPEEDS.length]! : 'STANDARD';
}

function buyerJson(order: AmazonOrder, status: Status, { roles, fate }: Shown): object | undefined {
  if (!roles.includes('shipping') || isFlickering(order, fate)) return undefined;
  const { person } = order.buyer;
  const canWrite = !isByAmazon(order.life) && !['PENDING', 'CANCELLED'].includes(status);
  return {
    buyerName: `${person.firstName} ${person.lastName}`,
    ...(canWrite ? { buyerEmail: `${person.mailbox}@marketplace.${order.shop.marketplace.domain}` } : {}),
    ...(isBusiness(order) ? { buyerCompanyName: `${person.lastName} SL` } : {}),
  };
}

function recipientJson(order: AmazonOrder, { roles, fate }: Shown): object | undefined {
  const hasRole = roles.includes('shipping');
  const { recipientWithoutRole } = fate.faults;
  if (!hasRole) {
    fate.note('recipientWithoutRole', recipientWithoutRole !== 'places');
    if (recipientWithoutRole === 'refused') throw unauthorized();
    if (recipientWithoutRole === 'absent') return undefined;
  }
  if (isFlickering(order, fate)) return undefined;
  const { home, person } = order.buyer;
  const places = { city: home.city, stateOrRegion: stateOf(order), postalCode: home.postalCode, countryCode: order.shop.country };
  if (!hasRole) return { deliveryAddress: places };
  return {
    deliveryAddress: {
      name: `${person.firstName} ${person.lastName}`,
      addressLine1: home.street,
      addressLine2: home.unit,
      ...places,
      phone: home.phone,
      addressType: isBusiness(order) ? 'COMMERCIAL' : 'RESIDENTIAL',
    },
  };
}

/** The province where addresses have one, else what is next above it. */
export function stateOf({ shop, buyer: { home } }: AmazonOrder): string {
  return ['ES', 'IT', 'GB'].includes(shop.country) ? home.place.second : home.place.first;
}

function isFlickering({ id }: AmazonOrder, fate: AmazonFate): boolean {
  return fate.faults.piiFlicker > 0 && fate.fallsOn(digitsOf(id), 'piiFlicker', 14);
}
