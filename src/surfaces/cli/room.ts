import type { FastifyInstance } from 'fastify';
import type { Language } from '../../kernel/messages.ts';
import type { Report } from '../../reports/report.ts';

/** The settings the command line looks at; the application is given all of them. */
export interface CliConfig {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly apiKey: string | undefined;
  readonly publicUrl: string | undefined;
  readonly corsOrigins: readonly string[] | undefined;
  readonly language: Language;
  readonly version: string;
}

/** What the command line is given. */
export interface CliRoom {
  readonly config: CliConfig;
  readonly reports: readonly Report[];
  /** Where the example files lie. */
  readonly examplesFolder: string;
  openApp(config: CliConfig, options: { sessionKey: string }): Promise<{ readonly http: FastifyInstance; close(): Promise<void> }>;
}
