import { amazon } from './amazon/amazon.ts';
import { other } from './other/other.ts';
import type { Platform } from './platform.ts';
import { shein } from './shein/shein.ts';
import { tiktok } from './tiktok/tiktok.ts';

/** Every platform, in the order they are shown. */
export const platforms: readonly Platform[] = [tiktok, shein, amazon, other];
