import { z } from 'zod';
import { plainText } from '../kernel/visible.ts';

/** A name that somebody outside chose: of a product, a SKU, a place, a carrier. It holds no sign that is no text. */
export const optionalName = z
  .string()
  .nullish()
  .transform((name) => (name ? plainText(name) : name));
