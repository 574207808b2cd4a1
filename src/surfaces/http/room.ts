import type { FastifyRequest } from 'fastify';
import type { Engine } from '../../engines/engine.ts';
import type { OpenParts } from '../../records/kind.ts';
import type { Clock } from '../../kernel/clock.ts';
import { chooseLanguage, LANGUAGES, type Language } from '../../kernel/messages.ts';
import type { ReadThenWrite } from '../../kernel/turns.ts';
import type { FailureLog } from '../../kernel/failure-log.ts';
import type { KeyedHash } from '../../kernel/vault.ts';
import { PLATFORM_IDS, type PlatformId } from '../../model/shop.ts';
import type { App } from '../../platforms/connection.ts';
import type { FilePreset } from '../../platforms/file-preset.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { Answers } from '../../reports/answers.ts';
import type { Report } from '../../reports/report.ts';
import type { Authorizations } from '../../sync/authorization.ts';
import type { Sync } from '../../sync/sync.ts';
import type { Upgrade } from '../../sync/upgrade.ts';
import type { Alerts } from '../../jobs/alerts/alerts.ts';
import type { Gate } from './gate.ts';
import type { Sessions } from './sessions.ts';

/** What the HTTP surface is given. */
export interface HttpRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly hash: KeyedHash;
  readonly presets: readonly FilePreset[];
  /** Reads the documents that orders were made of before. */
  readonly parts: OpenParts;
  readonly upgrade: Upgrade;
  readonly reports: readonly Report[];
  readonly answers: Answers;
  readonly temporaryFolder: string;
  readonly importsFolder: string;
  /** Whose turn it is among uploads. */
  readonly turns: ReadThenWrite;
  /** When an upload that stands still is ended, in milliseconds; else as the limits say. */
  readonly stillMs?: number | undefined;
  /** The platforms whose shops can be connected. */
  readonly connectable: readonly PlatformId[];
  readonly apps: readonly App[];
  readonly platforms: readonly Platform[];
  readonly authorizations: Authorizations;
  readonly sync: Sync;
  readonly alerts: Alerts;
  /** Told of consents: who comes back in vain may never say so. */
  readonly log: Pick<FailureLog, 'failed' | 'went'>;
  /** A key of this run alone, for the command line. */
  readonly sessionKey: string | undefined;
  readonly config: {
    readonly host: string;
    readonly port: number;
    readonly apiKey: string | undefined;
    readonly publicUrl: string | undefined;
    readonly corsOrigins: readonly string[] | undefined;
    readonly language: Language;
    readonly version: string;
    readonly dataFolder: string;
    readonly backupFolder: string;
    readonly settingsFile?: string | undefined;
    readonly reportingCurrency: string;
    readonly ratesUrl: string | undefined;
  };
}

/** What a route is given. */
export interface RouteRoom extends HttpRoom {
  readonly gate: Gate;
  readonly sessions: Sessions;
}

/** The first segment of a path with the platforms it stands for; `Multiplatform` stands for all. */
export const SEGMENTS: readonly { readonly segment: string; readonly platforms: readonly PlatformId[] }[] = [
  ...PLATFORM_IDS.map((id) => ({ segment: id, platforms: [id] })),
  { segment: 'Multiplatform', platforms: PLATFORM_IDS },
];

/** The language of a request's answer. */
export function languageOf(request: FastifyRequest, room: HttpRoom): Language {
  return chooseLanguage(request.headers['accept-language'], room.config.language);
}

/** The language of a page: `?lang=zh` wins over the browser's. */
export function wishedLanguage(request: FastifyRequest, room: HttpRoom): Language {
  const { lang } = request.query as { lang?: string };
  return LANGUAGES.find((each) => each === lang) ?? languageOf(request, room);
}
