import type { Platform } from '../platform.ts';
import { files } from './files.ts';
import { laterFiles } from './later-files.ts';
import { keeping } from './personal.ts';
import { records } from './records.ts';

/** Amazon. */
export const amazon: Platform = {
  id: 'Amazon',
  title: 'Amazon',
  files,
  laterFiles,
  records,
  keeping,
  olderPaths: ['/auth_url', '/getAuthCode', '/login', '/callback', '/refresh_token', '/refreshToken'],
};
