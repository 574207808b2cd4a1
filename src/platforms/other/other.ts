import type { Platform } from '../platform.ts';

/** Files of no platform: a web shop's export, a cash register's, read by a mapping of the user's. */
export const other: Platform = { id: 'Other', title: 'Other', files: [] };
