import type { Platform } from '../platform.ts';
import { files } from './files.ts';

/** Amazon. */
export const amazon: Platform = { id: 'Amazon', title: 'Amazon', files };
