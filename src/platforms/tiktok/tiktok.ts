import type { Platform, PlatformApi } from '../platform.ts';
import { connection } from './auth.ts';
import { explain } from './explain.ts';
import { files } from './files.ts';
import { laterFiles } from './later-files.ts';
import { live } from './live.ts';
import { orders } from './orders.ts';
import { priceDetails } from './price-details.ts';
import { keeping } from './personal.ts';
import { products } from './products.ts';
import { cancellations, returns } from './returns.ts';
import { records } from './records.ts';
import { sign } from './signature.ts';

const api: PlatformApi = {
  ...connection,
  sign,
  explain,
  orders,
  changes: { returns, cancellations },
  priceDetails,
  products,
  live,
};

/** TikTok Shop. */
export const tiktok: Platform = { id: 'TikTok', title: 'TikTok Shop', files, laterFiles, api, records, keeping };
