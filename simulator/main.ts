import { parseArgs } from 'node:util';
import type { AmazonHandle, AmazonOptions } from './amazon/amazon.ts';
import { NO_AMAZON_FAULTS } from './amazon/amazon-faults.ts';
import { openSimulator, type SimulatorOptions } from './simulator.ts';
import { NO_FAULTS } from './tiktok/tiktok-faults.ts';
import type { TikTokHandle, TikTokOptions } from './tiktok/tiktok.ts';

const OPTIONS = {
  host: { type: 'string' },
  port: { type: 'string' },
  'amazon-port': { type: 'string' },
  seed: { type: 'string' },
  scale: { type: 'string' },
  limits: { type: 'string' },
  'redirect-row': { type: 'string' },
  'redirect-us': { type: 'string' },
  'redirect-amazon': { type: 'string' },
  'state-file': { type: 'string' },
  'rush-every': { type: 'string' },
  'rush-from': { type: 'string' },
  products: { type: 'string' },
  fault: { type: 'string', multiple: true },
  'access-token-seconds': { type: 'string' },
  'refresh-token-days': { type: 'string' },
  rotation: { type: 'string' },
} as const;
/** What the command line names is not there. */
export class NothingCalled extends Error {
  readonly thing: 'option' | 'fault';
  /** As it was given. */
  readonly given: string;
  /** What is there. */
  readonly known: readonly string[];

  constructor(thing: 'option' | 'fault', given: string, known: readonly string[]) {
    super(`no ${thing} ${given}: ${known.join(', ')}`);
    this.name = 'NothingCalled';
    this.thing = thing;
    this.given = given;
    this.known = known;
  }
}

/** A rush that is asked for by the command line ends after a week. */
const RUSH_HOURS = 7 * 24;

/** What both platforms of a run are opened with. */
interface Run extends SimulatorOptions {
  readonly platforms: { readonly TikTok: TikTokOptions; readonly Amazon: AmazonOptions };
}

/**
 * Runs a simulator of TikTok and Amazon until the process is told to stop, and prints what a client needs as lines of an env file.
 * Options of both: --host --seed --scale --limits on|off|sandbox --state-file FILE (Amazon's is FILE.amazon) --rush-every SECONDS
 * --rush-from INSTANT --products N --fault NAME=NUMBER (several times; tiktok-faults.ts and amazon-faults.ts name them: it befalls
 * whichever platform knows it). TikTok's: --port --redirect-row URL --redirect-us URL --access-token-seconds N --refresh-token-days N
 * --rotation lenient|strict. Amazon's: --amazon-port --redirect-amazon URL.
 * @returns when the simulator has closed
 * @throws NothingCalled for an option, a value of one or a fault that there is none of
 */
export async function simulate(argv: readonly string[], print: (line: string) => void = console.log): Promise<void> {
  const simulator = await openSimulator(readOptions(argv));
  // Before it says that it is there: whoever has read that may stop it at once.
  const told = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  for (const line of envLines(simulator.platforms, simulator.ratesUrl)) print(line);
  await told;
  await simulator.close();
}

/** The env file a client is configured with. */
function envLines(
  { TikTok, Amazon }: { TikTok: Pick<TikTokHandle, 'url' | 'apps'>; Amazon: Pick<AmazonHandle, 'url' | 'app'> },
  ratesUrl: string,
): string[] {
  const { apps, url } = TikTok;
  return [
    `# Amazon simulator at ${Amazon.url}`,
    `S7_AMAZON_APPLICATION_ID=${Amazon.app.applicationId}`,
    `S7_AMAZON_CLIENT_ID=${Amazon.app.clientId}`,
    `S7_AMAZON_CLIENT_SECRET=${Amazon.app.clientSecret}`,
    `S7_AMAZON_HOST=${Amazon.url}`,
    `# TikTok Shop simulator at ${url}`,
    ...(['ROW', 'US'] as const).flatMap((kind) => [
      `S7_TIKTOK_${kind}_APP_KEY=${apps[kind].key}`,
      `S7_TIKTOK_${kind}_APP_SECRET=${apps[kind].secret}`,
      `S7_TIKTOK_${kind}_SERVICE_ID=${apps[kind].serviceId}`,
      `S7_TIKTOK_${kind}_HOST=${url}`,
    ]),
    `S7_RATES_URL=${ratesUrl}`,
  ];
}

function readOptions(argv: readonly string[]): Run {
  refuseOthers(argv);
  const { values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true });
  const row = values['redirect-row'];
  const everySeconds = number('rush-every', values['rush-every']);
  const rushFrom = values['rush-from'] === undefined ? Temporal.Now.instant() : Temporal.Instant.from(values['rush-from']);
  const limits = oneOf('limits', values.limits, ['on', 'off', 'sandbox']);
  const stateFile = values['state-file'];
  const amazonBack = values['redirect-amazon'];
  const faults = faultsOf(values.fault ?? []);
  return {
    host: values.host,
    seed: values.seed,
    scale: number('scale', values.scale),
    products: number('products', values.products),
    rushes: everySeconds === undefined ? undefined : [{ from: rushFrom, to: rushFrom.add({ hours: RUSH_HOURS }), everySeconds }],
    platforms: {
      TikTok: {
        port: number('port', values.port),
        stateFile,
        limits,
        rotation: oneOf('rotation', values.rotation, ['lenient', 'strict']),
        accessTokenSeconds: number('access-token-seconds', values['access-token-seconds']),
        refreshTokenDays: number('refresh-token-days', values['refresh-token-days']),
        redirectUrls: row === undefined ? undefined : { ROW: row, US: values['redirect-us'] ?? row },
        faults: knownTo(NO_FAULTS, faults),
      },
      Amazon: {
        port: number('amazon-port', values['amazon-port']),
        stateFile: stateFile === undefined ? undefined : `${stateFile}.amazon`,
        limits: limits === 'off' ? 'off' : 'on',
        redirectUrls: amazonBack === undefined ? undefined : [amazonBack],
        faults: knownTo(NO_AMAZON_FAULTS, faults),
      },
    },
  };
}

/** The faults among the given ones that a platform has. */
function knownTo(ofPlatform: object, given: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name in ofPlatform));
}

function refuseOthers(argv: readonly string[]): void {
  const { tokens } = parseArgs({ args: [...argv], options: OPTIONS, strict: false, tokens: true });
  const known = Object.keys(OPTIONS).map((name) => `--${name}`);
  for (const token of tokens)
    if (token.kind === 'option' && !known.includes(token.rawName)) throw new NothingCalled('option', token.rawName, known);
}

/** `tooManyRequests=0.1` and the like: the faults that are a number, of either platform. */
function faultsOf(given: readonly string[]): Record<string, number> {
  const known = Object.entries({ ...NO_AMAZON_FAULTS, ...NO_FAULTS }).flatMap(([name, value]) => (typeof value === 'number' ? [name] : []));
  return Object.fromEntries(
    given.map((text) => {
      const [name = '', value = ''] = text.split('=');
      if (!known.includes(name)) throw new NothingCalled('fault', name, known);
      return [name, number(`fault ${name}`, value)!];
    }),
  );
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new NothingCalled('option', `--${name}=${text}`, [`--${name}=NUMBER`]);
  return value;
}

function oneOf<T extends string>(name: string, text: string | undefined, allowed: readonly T[]): T | undefined {
  const known = allowed.find((each) => each === text);
  if (text !== undefined && known === undefined)
    throw new NothingCalled(
      'option',
      `--${name}=${text}`,
      allowed.map((each) => `--${name}=${each}`),
    );
  return known;
}

if (import.meta.main) await simulate(process.argv.slice(2));
