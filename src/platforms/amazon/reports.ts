import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import { fileReply, type Call, type Operation, type PlatformFile } from '../operation.ts';
import type { ChangeWindow, Page } from '../stream.ts';
import { ofAccount } from './rates.ts';

const created = z.object({ reportId: z.string().min(1) });
const report = z.object({
  reportId: z.string().min(1),
  processingStatus: z.string(),
  reportDocumentId: z.string().nullish(),
  dataStartTime: z.string().nullish(),
  dataEndTime: z.string().nullish(),
  marketplaceIds: z.array(z.string()).nullish(),
});
type Report = z.output<typeof report>;
const listing = z.object({ reports: z.array(report) });

/** Asks for a report; it is made while others of the seller wait. */
export const createReport: Operation<z.output<typeof created>> = {
  name: 'create report',
  method: 'POST',
  path: '/reports/2021-06-30/reports',
  host: 'api',
  rate: ofAccount(0.0167, 15),
  credentials: 'account',
  reply: created,
};

/** How far a report has come. Asked far more seldom than Amazon allows: whoever waits for one waits for his turn to ask. */
export const getReport: Operation<Report> = {
  name: 'get report',
  method: 'GET',
  path: '/reports/2021-06-30/reports/{report_id}',
  host: 'api',
  rate: ofAccount(1 / 10, 2),
  credentials: 'account',
  reply: report,
};

const getReports: Operation<z.output<typeof listing>> = {
  name: 'list reports',
  method: 'GET',
  path: '/reports/2021-06-30/reports',
  host: 'api',
  rate: ofAccount(0.0222, 10),
  credentials: 'account',
  reply: listing,
};

const getReportDocument: Operation<{ readonly url: string }> = {
  name: 'get report document',
  method: 'GET',
  path: '/reports/2021-06-30/documents/{document_id}',
  host: 'api',
  rate: ofAccount(0.0167, 15),
  credentials: 'account',
  reply: z.object({ url: z.url() }),
};

/** The document itself: its address is signed, and takes nothing of ours along. */
const downloadDocument: Operation<PlatformFile> = {
  name: 'download report',
  method: 'GET',
  path: '/',
  host: 'given',
  rate: ofAccount(1, 15),
  credentials: 'none',
  reply: fileReply,
};

/** So often it is asked how far a report is in one run: some ten minutes, in which nothing else of its stream is read. */
const MOST_QUESTIONS = 60;
const PAGE = 1000;
const LONGEST_REASON = 300;

/** A tab-separated report: its lines are its rows, whatever quotes stand in them. */
export interface ReportTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A report that is wanted, and what is made of its rows: documents as they are kept, without personal data. */
export interface WantedReport {
  readonly type: string;
  readonly window: ChangeWindow;
  /** Marketplaces by Amazon's ids. */
  readonly marketplaces: readonly string[];
  /** Pure, and in the same order each time: a run that was cut off goes on after so many. */
  readonly documentsOf: (table: ReportTable) => readonly Json[];
}

const reportMark = z.object({ report: z.string(), row: z.int().min(0) });

/**
 * A window read by a report: the first page holds nothing but the mark that the report was asked for, to be kept at once; then come its
 * documents. The mark of a page goes on in the same report, however much later.
 * @throws AppError `report_failed` where Amazon makes none, `report_waiting` where it is still not made, `report_charset_unknown`
 */
export async function* reportPages(call: Call, wanted: WantedReport, resume: string | null): AsyncGenerator<Page> {
  const mark = resume === null ? undefined : reportMark.safeParse(JSON.parse(resume)).data;
  const id = mark?.report ?? (await asked(call, wanted));
  const written = (row: number): string => JSON.stringify({ report: id, row } satisfies z.output<typeof reportMark>);
  if (!mark) yield { documents: [], next: written(0), keep: true, total: null };
  const documents = wanted.documentsOf(tableOf(await textOf(call, wanted, await documentIdOf(call, wanted, id))));
  for (let row = mark?.row ?? 0; ; row += PAGE) {
    const isLast = row + PAGE >= documents.length;
    yield { documents: documents.slice(row, row + PAGE), next: isLast ? null : written(row + PAGE), total: documents.length };
    if (isLast) return;
  }
}

/** The id of a mark, where a window was begun by a report. */
export function isReportMark(resume: string | null): boolean {
  return resume !== null && reportMark.safeParse(JSON.parse(resume)).success;
}

/** Reports know whole seconds; their end is not in them. */
function boundsOf({ window: { from, to } }: WantedReport): { dataStartTime: string; dataEndTime: string } {
  const written = (instant: Temporal.Instant, roundingMode: 'floor' | 'ceil'): string =>
    instant.round({ smallestUnit: 'second', roundingMode }).toString();
  return { dataStartTime: written(from, 'floor'), dataEndTime: written(to, 'ceil') };
}

async function asked(call: Call, wanted: WantedReport): Promise<string> {
  const body = { reportType: wanted.type, marketplaceIds: wanted.marketplaces.toSorted(), ...boundsOf(wanted) };
  return (await call(createReport, { body })).reportId;
}

/** The document of a report once it is made, or of one that another program of the seller's asked for in the same words. */
async function documentIdOf(call: Call, wanted: WantedReport, id: string): Promise<string> {
  for (let questions = 0; questions < MOST_QUESTIONS; questions += 1) {
    const { processingStatus: state, reportDocumentId } = await call(getReport, { path: { report_id: id } });
    if (state === 'DONE' && reportDocumentId) return reportDocumentId;
    if (state === 'IN_QUEUE' || state === 'IN_PROGRESS') continue;
    const another = await madeByAnother(call, wanted);
    if (another !== null) return another;
    // Of one that was cancelled it is not said whether there was nothing to tell: nobody may take it for empty.
    throw new AppError('report_failed', {
      report: wanted.type,
      reason: reportDocumentId ? await reasonIn(call, wanted, reportDocumentId) : state,
    });
  }
  throw new AppError('report_waiting', { report: wanted.type });
}

async function madeByAnother(call: Call, wanted: WantedReport): Promise<string | null> {
  const bounds = boundsOf(wanted);
  const query = { reportTypes: wanted.type, processingStatuses: 'DONE', pageSize: 100 };
  const { reports } = await call(getReports, { query });
  const isSame = (told: string | null | undefined, asked: string): boolean =>
    typeof told === 'string' && Date.parse(told) === Date.parse(asked);
  const fitting = reports.find(
    ({ dataStartTime, dataEndTime, marketplaceIds }) =>
      isSame(dataStartTime, bounds.dataStartTime) &&
      isSame(dataEndTime, bounds.dataEndTime) &&
      (marketplaceIds ?? []).toSorted().join() === wanted.marketplaces.toSorted().join(),
  );
  return fitting?.reportDocumentId ?? null;
}

/** What Amazon says in the document of a report that it could not make. */
async function reasonIn(call: Call, wanted: WantedReport, documentId: string): Promise<string> {
  const text = await textOf(call, wanted, documentId);
  const said = /"errorDetails"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? 'FATAL';
  return said.slice(0, LONGEST_REASON);
}

/** What Amazon calls encodings that go by other names. */
const CHARSETS: Readonly<Record<string, string>> = { cp1252: 'windows-1252', cp932: 'shift_jis', ms932: 'shift_jis', utf8: 'utf-8' };

/** The text of a document, whose address is good for some minutes. @throws AppError `report_charset_unknown` */
async function textOf(call: Call, { type }: WantedReport, documentId: string): Promise<string> {
  const { url } = await call(getReportDocument, { path: { document_id: documentId } });
  const { charset, bytes } = await call(downloadDocument, { address: url });
  const decoders = decodersOf(charset);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  if (decoders.length === 0) throw new AppError('report_charset_unknown', { report: type, charset: charset ?? '' });
  const whole = Buffer.concat(chunks);
  for (const decoder of decoders) {
    try {
      return decoder.decode(whole);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  throw new AppError('report_charset_unknown', { report: type, charset: charset ?? 'UTF-8' });
}

/** Where it is not said, it is UTF-8 if it can be. None for an encoding that nobody knows. */
function decodersOf(charset: string | null): readonly TextDecoder[] {
  if (charset === null) return [new TextDecoder('utf-8', { fatal: true }), new TextDecoder('windows-1252')];
  try {
    return [new TextDecoder(CHARSETS[charset] ?? charset)];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function tableOf(text: string): ReportTable {
  const [header = [], ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('\t'));
  return { header, rows };
}
