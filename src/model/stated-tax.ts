import type { Money } from './money.ts';

/** Where prices are told without tax, and 0 is what a free state asks. Everywhere else they have it in them. */
const TAX_ON_TOP = 'USD';

/**
 * The tax that a platform states: in markets whose prices have tax in them, a 0 is what it writes where it reckons none, and says nothing.
 */
export function statedTax(tax: Money | null, currency: string | null): Money | null {
  return tax === 0n && currency !== TAX_ON_TOP ? null : tax;
}
