import type { Platform } from '../platform.ts';
import { files } from './files.ts';

/** TikTok Shop. */
export const tiktok: Platform = { id: 'TikTok', title: 'TikTok Shop', files };
