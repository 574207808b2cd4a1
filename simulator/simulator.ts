import { openAmazon } from './amazon/amazon.ts';
import { AMAZON_SHOPS } from './amazon/shops.ts';
import { systemClock, type Clock } from '../src/kernel/clock.ts';
import { answerBank, BANK_PATH } from './bank/bank.ts';
import type { Reply } from './exchange.ts';
import type { PlatformRoom } from './front.ts';
import { openServer } from './server.ts';
import { TIKTOK_SHOPS } from './tiktok/shops.ts';
import { openTikTok } from './tiktok/tiktok.ts';
import type { Rush } from './trade/rushes.ts';
import type { Shop } from './trade/shops.ts';
import { World } from './trade/world.ts';

/** Every platform that can be simulated: its shops, and what opens it. */
const PLATFORMS = { TikTok: { shops: TIKTOK_SHOPS, open: openTikTok }, Amazon: { shops: AMAZON_SHOPS, open: openAmazon } } as const;
type Platforms = typeof PLATFORMS;
/** One of them. */
export type PlatformName = keyof Platforms;

/** The platforms of a simulator, each with what it is opened with. */
export type PlatformChoice = { readonly [Name in PlatformName]?: Parameters<Platforms[Name]['open']>[1] };
/** A handle for each platform that was chosen. */
export type Handles<Choice> = { readonly [Name in keyof Choice & PlatformName]: Awaited<ReturnType<Platforms[Name]['open']>> };

/** What the world of a simulator is made from; everything may be left out. */
export interface SimulatorOptions {
  readonly clock?: Clock | undefined;
  /** The same seed has the same orders, keys and tokens. */
  readonly seed?: string | undefined;
  readonly host?: string | undefined;
  /** A factor on the orders of a day. */
  readonly scale?: number | undefined;
  readonly rushes?: readonly Rush[] | undefined;
  /** How many products the first shop lists at least; above 10,000 a search of TikTok has to be cut into slices. */
  readonly products?: number | undefined;
}

/** A running simulator: platforms over one world. */
export interface Simulator<Choice> {
  readonly world: World;
  readonly platforms: Handles<Choice>;
  /** The folder of the central bank's files of exchange rates. */
  readonly ratesUrl: string;
  close(): Promise<void>;
}

/**
 * Opens the simulated platforms that are chosen, and the central bank with its exchange rates; all listen on this machine, each on a port
 * of its own.
 */
export async function openSimulator<Choice extends PlatformChoice>({
  platforms,
  clock = systemClock,
  seed = 's7',
  host = '127.0.0.1',
  scale = 1,
  rushes = [],
  products,
}: SimulatorOptions & { readonly platforms: Choice }): Promise<Simulator<Choice>> {
  const names = (Object.keys(PLATFORMS) as PlatformName[]).filter((name) => platforms[name] !== undefined);
  const world = new World({ seed, scale, rushes, products, shops: names.flatMap((name): readonly Shop[] => PLATFORMS[name].shops) });
  const room = { world, seed, clock, host };
  const opened = await Promise.all(names.map(async (name) => [name, await openerOf(name)(room, platforms[name]!)] as const));
  const bank = await openServer({ host, port: 0 }, (request) => answerBank(request, clock.now()) ?? NOT_FOUND);
  return {
    world,
    platforms: Object.fromEntries(opened) as unknown as Handles<Choice>,
    ratesUrl: `${bank.url}${BANK_PATH}`,
    async close() {
      await Promise.all([bank, ...opened.map(([, handle]) => handle)].map((each) => each.close()));
    },
  };
}

/** What opens a platform; each takes the options that stand under its own name. */
function openerOf(name: PlatformName): (room: PlatformRoom, options: object) => Promise<{ close(): Promise<void> }> {
  return PLATFORMS[name].open;
}

const NOT_FOUND: Reply = { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found' };
