import { enteredAt } from '../trade/life.ts';
import type { AmazonOrder } from './amazon-world.ts';
import { wireTime } from './call.ts';
import { digitsOf } from './ids.ts';
import type { Item } from './order-items.ts';
import { isByAmazon, type Status } from './statuses.ts';

const CARRIERS = ['Correos Express', 'DHL', 'DPD', 'UPS'] as const;

/** The parcels that the seller sends: none before they are handed over, none at all of what Amazon sends. */
export function packagesJson(
  { id, life }: AmazonOrder,
  { items, status, at }: { items: readonly Item[]; status: Status; at: number },
): object[] | undefined {
  if (isByAmazon(life)) return undefined;
  if (status !== 'SHIPPED' && status !== 'PARTIALLY_SHIPPED') return [];
  const first = enteredAt(life, 'partlyPacked', at) ?? enteredAt(life, 'packed', at);
  const second = enteredAt(life, 'handedOver', at);
  const delivered = enteredAt(life, 'delivered', at) !== undefined;
  const isTogether = !life.split;
  const sent = items.filter(({ fulfilled }) => fulfilled > 0);
  return [isTogether ? second : first, isTogether ? undefined : second].flatMap((time, place) =>
    time === undefined
      ? []
      : [
          {
            packageReferenceId: String(place + 1),
            createdTime: wireTime(time * 1000),
            packageStatus: delivered ? { status: 'DELIVERED', detailedStatus: 'DELIVERED' } : { status: 'IN_TRANSIT' },
            carrier: CARRIERS[life.serial % CARRIERS.length]!,
            shipTime: wireTime(time * 1000),
            trackingNumber: `AZ${digitsOf(id)}${place}`,
            packageItems: sent.map((item) => ({ orderItemId: item.id, quantity: item.fulfilled })),
          },
        ],
  );
}
