import { mix } from '../random.ts';
import type { Role } from './access.ts';
import type { AmazonFate } from './amazon-faults.ts';
import type { AmazonOrder, AmazonWorld } from './amazon-world.ts';
import type { Dataset } from './search-query.ts';

/** Where and for whom an order is shown. */
export interface Shown {
  readonly world: AmazonWorld;
  readonly included: ReadonlySet<Dataset>;
  readonly roles: readonly Role[];
  readonly fate: AmazonFate;
  /** Seconds. */
  readonly at: number;
}

/** Without the members that are undefined. */
export function withoutNothing<T extends object>(json: T): Partial<T> {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Whether it was bought by a business: three in a hundred are. */
export function isBusiness({ life }: AmazonOrder): boolean {
  return mix(life.serial, 61) % 100 < 3;
}
