import { crc32, deflateRawSync } from 'node:zlib';
import type { Incoming, Reply } from '../exchange.ts';
import { FIRST_DAY, isPublished, ratesOn } from './series.ts';

/** Where the bank's files lie, as on its own host. */
export const BANK_PATH = '/stats/eurofxref';

const FRANKFURT = 'Europe/Berlin';
/** The rates of a day are out by then. */
const PUBLISHED_HOUR = 16;
const SHORT_DAYS = 90;

type Form = 'xml' | 'csv' | 'zip';
/** The files of euro reference rates: which days, in which form. */
const FILES: Readonly<Record<string, { readonly span: 'history' | '90 days' | 'one day'; readonly form: Form }>> = {
  'eurofxref-hist.zip': { span: 'history', form: 'zip' },
  'eurofxref-hist.csv': { span: 'history', form: 'csv' },
  'eurofxref-hist.xml': { span: 'history', form: 'xml' },
  'eurofxref-hist-90d.xml': { span: '90 days', form: 'xml' },
  'eurofxref-daily.xml': { span: 'one day', form: 'xml' },
};
const TYPES: Readonly<Record<Form, string>> = { xml: 'text/xml', csv: 'text/csv', zip: 'application/zip' };

/** The European Central Bank as far as anybody fetches from it; undefined for a path that is none of its. */
export function answerBank({ method, path }: Pick<Incoming, 'method' | 'path'>, now: Temporal.Instant): Reply | undefined {
  if (!path.startsWith(`${BANK_PATH}/`)) return undefined;
  const file = FILES[path.slice(BANK_PATH.length + 1)];
  if (method !== 'GET' || !file) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' };
  const days = daysOf(file.span, now);
  const body = file.form === 'xml' ? xml(days) : file.form === 'csv' ? csv(days) : zip('eurofxref-hist.csv', Buffer.from(csv(days)));
  return { status: 200, headers: { 'content-type': TYPES[file.form] }, body };
}

/** The days that are published by now, newest first. */
function daysOf(span: 'history' | '90 days' | 'one day', now: Temporal.Instant): string[] {
  const clock = now.toZonedDateTimeISO(FRANKFURT);
  const today = clock.toPlainDate();
  let day = clock.hour >= PUBLISHED_HOUR ? today : today.subtract({ days: 1 });
  const first = span === 'history' ? FIRST_DAY : span === '90 days' ? today.subtract({ days: SHORT_DAYS }).toString() : '0000-01-01';
  const days: string[] = [];
  for (; day.toString() >= first; day = day.subtract({ days: 1 })) {
    if (!isPublished(day.toString())) continue;
    days.push(day.toString());
    if (span === 'one day') break;
  }
  return days;
}

function xml(days: readonly string[]): string {
  const cubes = days.map(
    (day) =>
      `<Cube time="${day}">${ratesOn(day)
        .map(([currency, rate]) => `<Cube currency="${currency}" rate="${rate}"/>`)
        .join('')}</Cube>`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" ' +
    'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">' +
    '<gesmes:subject>Reference rates</gesmes:subject><gesmes:Sender><gesmes:name>European Central ' +
    `Bank</gesmes:name></gesmes:Sender><Cube>${cubes.join('\n')}</Cube></gesmes:Envelope>`
  );
}

/** Each line ends with a comma, as the bank writes them. */
function csv(days: readonly string[]): string {
  const [newest] = days;
  const heads = newest === undefined ? [] : ratesOn(newest).map(([currency]) => currency);
  return [['Date', ...heads], ...days.map((day) => [day, ...ratesOn(day).map(([, rate]) => rate)])]
    .map((cells) => `${cells.join(',')},\n`)
    .join('');
}

/** A ZIP archive of one deflated file. */
function zip(name: string, content: Buffer): Buffer {
  const [packed, title] = [deflateRawSync(content), Buffer.from(name)];
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(content), 0);
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(content.length, 8);
  const [version, method] = [20, 8];
  const about = Buffer.alloc(10);
  about.writeUInt16LE(version, 0);
  about.writeUInt16LE(method, 4);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(title.length, 0);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), about, sizes, lengths, title, packed]);
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([version, 0]), about, sizes, lengths, Buffer.alloc(14), title]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\u0005\u0006'), end]);
}
