import type { Platform } from '../platform.ts';
import { files } from './files.ts';
import { keeping } from './personal.ts';
import { records } from './records.ts';

/** SHEIN. */
export const shein: Platform = {
  id: 'Shein',
  title: 'SHEIN',
  files,
  records,
  keeping,
  olderPaths: { '/auth_url': ['/authorizateTemp'], '/order/list': ['/orders/getOrderlists'] },
};
