import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../src/kernel/json.ts';
import { publishedFields } from './published-fields.ts';

/** What is planted where nothing may be kept; found anywhere, something was. */
export const MARK = 'PIIMARK';

type Fields = Record<string, unknown>;
type Stream = 'orders' | 'returns' | 'cancellations' | 'price_details' | 'products';

/** Fields about a person, as their names tell; the address is a person's but for the place. */
const PERSONAL =
  /^(?:user_id|buyer_(?:email|nickname|avatar|message)|seller_note|tracking_number|return_tracking_number|cpf|cpf_name|consultation_id|payment_auth_code|name|first_name|last_name|first_name_local_script|last_name_local_script|phone_number|full_address|address_detail|address_line\d|drop_off_location|postal_code)$/;
/** Names that are a person's within an address alone. */
const IN_ADDRESS = new Set(['name', 'first_name', 'last_name', 'full_address', 'postal_code']);
/** What a bundle is made of is read: told at all, it is told whole. */
const BUNDLE = /combined_listing_skus/;
const FIGURE = /fee|amount|price|total|payment|discount|deduction|tax|subtotal|currency/;

const published = publishedFields('tiktok');
let count = 0;
const mark = (): string => `${MARK}-${(count += 1)}`;
const shown = (stream: Stream, path: string): string => `shown ${stream} ${path}`;

/** All texts that records of these streams carry and that have to be kept. */
export const shownTexts = new Map<string, Set<string>>();

/**
 * The record with marks in everything personal and in unknown fields at every level, and a text in every other documented field that it
 * lacks.
 */
export function planted(record: Fields, stream: Stream): Fields {
  const whole = structuredClone(record);
  for (const [path, type] of Object.entries(published[stream]!))
    if (type === 'string' || BUNDLE.test(path)) fill(whole, path.split('.'), { stream, path, type });
  return plantUnknown(whole) as Fields;
}

function fill(record: Fields, [name, ...rest]: readonly string[], of: { stream: Stream; path: string; type: string }): void {
  const key = name!.replace('[]', '');
  const isList = name!.endsWith('[]');
  if (rest.length === 0) {
    const inAddress = /address/.test(of.path);
    const isPersonal = PERSONAL.test(key) && (!IN_ADDRESS.has(key) || inAddress);
    // What is read keeps what the platform said; a person's is marked whatever it was.
    if (isPersonal && key !== 'postal_code') record[key] = mark();
    else if (key === 'postal_code') record[key] = `280${mark()}`;
    else if (of.type === 'integer') record[key] ??= 1;
    else if (record[key] === undefined && !FIGURE.test(of.path) && (BUNDLE.test(of.path) || !/district_info|id$/.test(of.path))) {
      const text = shown(of.stream, of.path);
      shownTexts.set(of.stream, (shownTexts.get(of.stream) ?? new Set()).add(text));
      record[key] = isList ? [text] : text;
    }
    return;
  }
  record[key] ??= isList ? [{}] : {};
  for (const below of isList ? (record[key] as Fields[]) : [record[key] as Fields]) fill(below, rest, of);
}

/** A quarter's name, and texts that nobody knows, in every record at every level. */
function plantUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plantUnknown);
  if (typeof value !== 'object' || value === null) return value;
  const record = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plantUnknown(part)]));
  if (record['address_level'] === 'L4') record['address_name'] = mark();
  return {
    ...record,
    new_words: mark(),
    new_record: { said: mark(), list: [mark(), { deep: mark() }] },
    new_phone: 600111222,
    [`${MARK} López`]: 1,
    new_amount: '12.50',
  };
}

/** A platform that says what another says, with marks planted in it. */
export interface PlantingPlatform {
  readonly url: string;
  close(): void;
}

/** What listings hold; of products they tell less than is kept. */
const LISTS: readonly (readonly [string, Stream | null])[] = [
  ['orders', 'orders'],
  ['return_orders', 'returns'],
  ['cancellations', 'cancellations'],
  ['products', null],
];

/**
 * Stands before a simulated platform; the first record of each listing, and one product, lack their time of change, so that they are
 * refused.
 */
export async function openPlantingPlatform(behind: string): Promise<PlantingPlatform> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        void (async () => {
          const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
          const answer = await fetch(new URL(request.url!, behind), {
            method: request.method!,
            headers: headers as Record<string, string>,
            redirect: 'manual',
            ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
          });
          const text = await answer.text();
          const type = answer.headers.get('content-type') ?? 'text/plain';
          const location = answer.headers.get('location');
          response
            .writeHead(answer.status, { 'content-type': type, ...(location ? { location } : {}) })
            .end(type.includes('json') ? JSON.stringify(plantReply(request.url!, JSON.parse(text) as Json)) : text);
        })();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The product whose answers lack their time of change. */
let refusedProduct: unknown;

function plantReply(path: string, reply: Json): unknown {
  const { data, ...envelope } = reply as { readonly data?: Fields | null };
  if (!data || path.startsWith('/api/v2/token') || path.startsWith('/authorization')) return reply;
  if (path.includes('/price_detail')) return { ...envelope, data: planted(data, 'price_details') };
  if (/\/products\/\d+/.test(path)) {
    const { update_time: changed, ...rest } = planted(data, 'products');
    refusedProduct ??= rest['id'];
    return { ...envelope, data: rest['id'] === refusedProduct ? rest : { ...rest, update_time: changed } };
  }
  const planting = { ...data };
  for (const [name, stream] of LISTS) {
    if (!Array.isArray(data[name])) continue;
    planting[name] = (data[name] as Fields[]).map((record, i) => {
      const { update_time: changed, ...rest } = stream === null ? (plantUnknown(record) as Fields) : planted(record, stream);
      return i === 0 && path.includes('search') ? rest : { ...rest, update_time: changed };
    });
  }
  return { ...envelope, data: { ...planting, new_words: mark() } };
}
