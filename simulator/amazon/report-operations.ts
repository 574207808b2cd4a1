import { header, instantOf, listOf, shopsIn, wireTime, type Call } from './call.ts';
import { DENIALS, Refusal, invalidInput, unauthorized } from './envelope.ts';
import type { Answer } from './operations.ts';
import { documentLink } from './report-document.ts';
import type { AmazonFate } from './amazon-faults.ts';
import { REPORT_KINDS } from './report-kinds.ts';
import { documentIdOf, statusAt, type ProcessingStatus, type Report } from './reports.ts';
import { SETTLEMENT_TYPE } from './settlements.ts';

const DAY_MS = 86_400_000;
const STATUSES = new Set<string>(['IN_QUEUE', 'IN_PROGRESS', 'DONE', 'CANCELLED', 'FATAL'] satisfies ProcessingStatus[]);

/** `createReport`: 202, and an id. */
export function createReport(call: Call): Answer {
  const { reportType, marketplaceIds, dataStartTime, dataEndTime, reportOptions } = bodyOf(call);
  const kind = typeof reportType === 'string' ? REPORT_KINDS[reportType] : undefined;
  if (kind === undefined) throw invalidInput('', 'The report type is invalid or cannot be requested.');
  if (!Array.isArray(marketplaceIds) || marketplaceIds.length === 0 || marketplaceIds.length > 25) throw invalidInput();
  if (Object.values(reportOptions ?? {}).some((value) => value === '')) throw invalidInput('', 'A report option is empty.');
  const ids = marketplaceIds.map(String);
  const shops = shopsIn(call, ids);
  if (!call.roles.includes(kind.role)) throw unauthorized(DENIALS.role);
  const time = (name: string, value: unknown, standard: number): number => {
    return value === undefined ? standard : instantOf(name, String(value).replace(/\+00:00$/, 'Z'));
  };
  const endMs = time('dataEndTime', dataEndTime, call.nowMs);
  const startMs = time('dataStartTime', dataStartTime, endMs - DAY_MS);
  if (startMs > endMs || startMs > call.nowMs) throw invalidInput();
  const request = { type: String(reportType), account: call.account, marketplaceIds: ids, shops, startMs, endMs };
  return { status: 202, body: { reportId: call.reports.create(request, kind, call).id } };
}

/** `getReport`. */
export function getReport(call: Call): Answer {
  return { body: reportJson(reportOf(call), call.nowMs) };
}

/** `getReports`: by types, or on by a token and nothing else. */
export function getReports(call: Call): Answer {
  const { request, account, roles, nowMs, seal, reports, fate } = call;
  const { query } = request;
  const token = query.get('nextToken');
  if (token !== undefined && query.size > 1) throw invalidInput('', 'nextToken must be the only parameter.');
  const asked = token === undefined ? Object.fromEntries(query) : (seal.open(token) as Record<string, string> | undefined);
  if (asked === undefined) throw invalidInput();
  const types = listOf(asked['reportTypes']);
  const statuses = listOf(asked['processingStatuses']);
  const marketplaces = listOf(asked['marketplaceIds']);
  if (types.includes(SETTLEMENT_TYPE) && !roles.includes('finance')) throw unauthorized(DENIALS.role);
  const pageSize = Number(asked['pageSize'] ?? 10);
  const isWrong = types.length === 0 || types.length > 10 || marketplaces.length > 10 || statuses.some((each) => !STATUSES.has(each));
  if (isWrong || !Number.isInteger(pageSize) || pageSize < 1 || pageSize > 100) throw invalidInput();
  const since = asked['createdSince'] === undefined ? nowMs - 90 * DAY_MS : instantOf('createdSince', asked['createdSince']);
  const until = asked['createdUntil'] === undefined ? nowMs : instantOf('createdUntil', asked['createdUntil']);
  const all = reports.list(account, nowMs).filter((report) => {
    if (!types.includes(report.type) || report.createdMs < since || report.createdMs > until) return false;
    if (statuses.length > 0 && !statuses.includes(statusAt(report, nowMs))) return false;
    return marketplaces.length === 0 || report.marketplaceIds.some((id) => marketplaces.includes(id));
  });
  const listed = all.flatMap((report) => settlementsListed(report, fate));
  const from = Number(asked['from'] ?? 0);
  const next = from + pageSize < listed.length ? { nextToken: seal.close({ ...asked, from: String(from + pageSize) }) } : {};
  return { body: { reports: listed.slice(from, from + pageSize).map((report) => reportJson(report, nowMs)), ...next } };
}

/** A settlement as the faults list it: not at all, or once for each of its marketplaces. */
function settlementsListed(report: Report, fate: AmazonFate): Report[] {
  if (report.type !== SETTLEMENT_TYPE) return [report];
  if (fate.faults.settlementMissing > 0 && fate.fallsOn(`000${report.id}`, 'settlementMissing', 61)) return [];
  const times = report.marketplaceIds.length > 1 && fate.befalls('settlementListedEverywhere') ? report.marketplaceIds.length : 1;
  return Array.from({ length: times }, () => report);
}

/** `cancelReport`: only what waits can be cancelled. */
export function cancelReport(call: Call): Answer {
  const report = reportOf(call);
  if (statusAt(report, call.nowMs) !== 'IN_QUEUE') throw invalidInput('', 'Only a report that is IN_QUEUE can be cancelled.');
  report.cancelledMs = call.nowMs;
  return { body: {} };
}

/** `getReportDocument`: where it lies for five minutes. */
export function getReportDocument(call: Call): Answer {
  const id = call.pathParts[0]!;
  const report = call.reports.ofDocument(id, call.nowMs);
  const isThere =
    report?.document !== undefined && report.account === call.account && ['DONE', 'FATAL'].includes(statusAt(report, call.nowMs));
  if (!id.startsWith('amzn1.spdoc.')) throw invalidInput();
  if (!isThere) throw new Refusal(404, 'NotFound', 'The requested resource does not exist.');
  const host = header(call.request, 'host') ?? '';
  const isEncoded = call.request.query.get('enableContentEncodingUrlHeader') === 'true';
  const { url, isGzip } = documentLink(report, { host, nowMs: call.nowMs, seal: call.seal, isEncoded });
  return { body: { reportDocumentId: id, url, ...(isGzip ? { compressionAlgorithm: 'GZIP' } : {}) } };
}

function reportOf({ pathParts, account, reports, nowMs }: Call): Report {
  const id = pathParts[0]!;
  if (!/^\d+$/.test(id)) throw invalidInput();
  const report = reports.find(account, id, nowMs);
  if (report === undefined) throw new Refusal(404, 'NotFound', 'The requested resource does not exist.');
  return report;
}

function bodyOf({ request }: Call): Record<string, unknown> {
  if (header(request, 'content-type')?.includes('application/json') !== true)
    throw new Refusal(415, 'UnsupportedMediaType', 'The request body is in an unsupported format.');
  try {
    const body: unknown = JSON.parse(request.body.toString());
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Answered below, like any body that is no object.
  }
  throw invalidInput();
}

/** Times come back with the offset of UTC, and without parts of a second. */
function reportJson(report: Report, nowMs: number): object {
  const status = statusAt(report, nowMs);
  const time = (ms: number): string => wireTime(ms).replace(/\.\d+Z$/, '+00:00');
  const hasDocument = report.document !== undefined && (status === 'DONE' || status === 'FATAL');
  const isOver = nowMs >= report.endsMs || report.cancelledMs !== undefined;
  return {
    reportId: report.id,
    reportType: report.type,
    marketplaceIds: report.marketplaceIds,
    dataStartTime: time(report.startMs),
    dataEndTime: time(report.endMs),
    createdTime: time(report.createdMs),
    processingStatus: status,
    ...(status === 'IN_QUEUE' ? {} : { processingStartTime: time(Math.min(report.startsMs, report.cancelledMs ?? Infinity)) }),
    ...(isOver ? { processingEndTime: time(Math.min(report.endsMs, report.cancelledMs ?? Infinity)) } : {}),
    ...(hasDocument ? { reportDocumentId: documentIdOf(report) } : {}),
  };
}
