import type { FastifyInstance } from 'fastify';
import type { Language } from '../../kernel/messages.ts';
import type { PlatformId } from '../../model/shop.ts';
import type { App } from '../../platforms/connection.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { Report } from '../../reports/report.ts';

/** The settings the command line looks at; the application is given all of them. */
export interface CliConfig {
  readonly dataFolder: string;
  readonly backupFolder: string;
  readonly host: string;
  readonly port: number;
  readonly apiKey: string | undefined;
  readonly publicUrl: string | undefined;
  readonly corsOrigins: readonly string[] | undefined;
  readonly language: Language;
  readonly version: string;
  readonly historyDays: number;
  readonly apps: readonly AppValues[];
  readonly ratesUrl: string | undefined;
  /** Where alerts are said; nothing names no channel. */
  readonly alerts: object;
}

/** A registration with a platform, as settings give it; a host stands in for all of the platform's. */
export type AppValues = Omit<App, 'hosts'> & { readonly host: string | undefined };

/** Hours in which the simulated shops sell a lot, instants as ISO text. */
export interface Rush {
  readonly from: string;
  readonly to: string;
  readonly everySeconds: number;
}

/** The platforms, faked, on a thread of their own. */
export interface SimulatedPlatforms {
  readonly apps: readonly AppValues[];
  /** Where the simulated central bank has its exchange rates. */
  readonly ratesUrl: string;
  close(): Promise<void>;
}

/** What a program that shares no code with ours refuses: an option or a fault that it does not have. */
export interface NothingCalled extends Error {
  readonly thing: 'option' | 'fault';
  readonly given: string;
  readonly known: readonly string[];
}

/** What the command line is given. */
export interface CliRoom {
  readonly config: CliConfig;
  readonly reports: readonly Report[];
  /** Order files of the platforms that are not simulated, exported now; by the platform. */
  exampleFiles(): Promise<Readonly<Record<string, { readonly name: string; readonly bytes: Uint8Array }>>>;
  /** The settings file, whether it is there or not. */
  readonly envFile: string;
  readonly platforms: readonly Platform[];
  openSimulator(options: {
    /** Where the server that it is for wants sellers of a platform back. */
    readonly redirectUrl: (platform: PlatformId) => string;
    readonly rushes: readonly Rush[];
    readonly stateFile: string;
  }): Promise<SimulatedPlatforms>;
  /** Runs the simulator alone until it is stopped. @throws {@link NothingCalled} */
  simulate(argv: readonly string[]): Promise<void>;
  openApp(
    config: CliConfig,
    options: { sessionKey: string; upgradeBeside?: boolean },
  ): Promise<{ readonly http: FastifyInstance; start(): void; close(): Promise<void> }>;
}
