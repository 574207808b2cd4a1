import type { Platform } from '../platform.ts';
import { files } from './files.ts';

/** SHEIN. */
export const shein: Platform = { id: 'Shein', title: 'SHEIN', files };
