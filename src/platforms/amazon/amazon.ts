import type { Platform, PlatformApi } from '../platform.ts';
import { connection } from './auth.ts';
import { explain } from './explain.ts';
import { files } from './files.ts';
import { laterFiles } from './later-files.ts';
import { live } from './live.ts';
import { orders } from './orders.ts';
import { keeping } from './personal.ts';
import { products } from './products.ts';
import { records } from './records.ts';
import { sign } from './signature.ts';

const api: PlatformApi = { ...connection, sign, explain, orders, products, changes: {}, live };

/** Amazon. */
export const amazon: Platform = {
  id: 'Amazon',
  title: 'Amazon',
  files,
  laterFiles,
  api,
  records,
  keeping,
  olderPaths: { '/auth_url': ['/getAuthCode'], '/connect': ['/login'], '/refresh_token': ['/refreshToken'] },
};
