import { gzipSync } from 'node:zlib';
import type { Incoming, Reply } from '../exchange.ts';
import type { Seal } from '../seal.ts';
import { toCp1252 } from './charsets.ts';
import type { Region } from './marketplaces.ts';
import { documentIdOf, type Report, type Reports } from './reports.ts';

/** Where documents lie. */
export const DOCUMENT_HOSTS: Readonly<Record<Region, string>> = {
  na: 'tortuga-prod-na.s3-external-1.amazonaws.com',
  eu: 'tortuga-prod-eu.s3-eu-west-1.amazonaws.com',
  fe: 'tortuga-prod-fe.s3-us-west-2.amazonaws.com',
};

const EXPIRES_SECONDS = 300;

/** A link that holds for five minutes, and whether what lies there is compressed: of every other report it is. */
export function documentLink(
  report: Report,
  { host, nowMs, seal, isEncoded }: { host: string; nowMs: number; seal: Seal; isEncoded: boolean },
): { url: string; isGzip: boolean } {
  const id = documentIdOf(report);
  const isGzip = Number(report.id.at(-1)) % 2 === 0;
  const date = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const query = new URLSearchParams({
    ...(isEncoded && isGzip ? { 'response-content-encoding': 'gzip' } : {}),
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': date,
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Expires': String(EXPIRES_SECONDS),
    'X-Amz-Signature': signatureOf(seal, id, date),
  });
  return { url: `http://${host}/${DOCUMENT_HOSTS[report.account.region]}/${id}?${query.toString()}`, isGzip };
}

/** What lies at a link: refused in XML once it is over, and to whoever sends more along than was signed. */
export function answerDocument(request: Incoming, { reports, seal, nowMs }: { reports: Reports; seal: Seal; nowMs: number }): Reply {
  const { path, query, headers } = request;
  const id = decodeURIComponent(path.slice(1));
  const date = query.get('X-Amz-Date') ?? '';
  if (headers['authorization'] !== undefined) return xml(400, 'InvalidArgument', 'Only one auth mechanism allowed');
  if (Object.keys(headers).some((name) => name.startsWith('x-amz-')))
    return xml(403, 'AccessDenied', 'There were headers present in the request which were not signed');
  const report = reports.ofDocument(id, nowMs);
  if (report?.document === undefined || query.get('X-Amz-Signature') !== signatureOf(seal, id, date))
    return xml(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.');
  const signed = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (nowMs >= signed + EXPIRES_SECONDS * 1000) return xml(403, 'AccessDenied', 'Request has expired');
  const { text, charset } = report.document;
  const narrow = toCp1252(text);
  const said = { natural: narrow === undefined ? ';charset=UTF-8' : ';charset=Cp1252', unknown: ';charset=X-EBCDIC-7', unsaid: '' }[
    charset
  ];
  const bytes = narrow ?? Buffer.from(text);
  const isGzip = Number(report.id.at(-1)) % 2 === 0;
  const encoding: Record<string, string> = query.has('response-content-encoding') ? { 'content-encoding': 'gzip' } : {};
  return { status: 200, headers: { 'content-type': `text/plain${said}`, ...encoding }, body: isGzip ? gzipSync(bytes) : bytes };
}

function signatureOf(seal: Seal, id: string, date: string): string {
  return seal.name('document', id, date);
}

function xml(status: number, code: string, message: string): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body, code };
}
