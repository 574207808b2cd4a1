import { openSimulator, type SimulatorOptions } from '../simulator.ts';
import type { TikTokHandle, TikTokOptions } from './tiktok.ts';

/** What a simulator with no platform but TikTok is opened with. */
export type TikTokAloneOptions = SimulatorOptions & TikTokOptions;

/** TikTok, and the rates of the world that it is alone in; closing it closes both. */
export interface TikTokAlone extends TikTokHandle {
  readonly ratesUrl: string;
}

/** Opens a simulator with no platform but TikTok. */
export async function openTikTokAlone({
  clock,
  seed,
  host,
  scale,
  rushes,
  products,
  ...tiktok
}: TikTokAloneOptions = {}): Promise<TikTokAlone> {
  const simulator = await openSimulator({ clock, seed, host, scale, rushes, products, platforms: { TikTok: tiktok } });
  return { ...simulator.platforms.TikTok, ratesUrl: simulator.ratesUrl, close: () => simulator.close() };
}
