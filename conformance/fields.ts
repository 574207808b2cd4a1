/** Holds the committed list of TikTok's documented fields against its OpenAPI files; `--write` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { publishedReplyFields } from './openapi.ts';

const LIST = new URL('../src/platforms/tiktok/fixtures/published-fields.json', import.meta.url);
/** Where each kind of record stands in which answers, all versions that are asked for together. */
const KINDS: Readonly<Record<string, readonly (readonly [operation: string, at: string])[]>> = {
  orders: [
    ['POST /order/202309/orders/search', 'orders[].'],
    ['GET /order/202309/orders', 'orders[].'],
    ['GET /order/202507/orders', 'orders[].'],
  ],
  returns: [['POST /return_refund/202309/returns/search', 'return_orders[].']],
  cancellations: [['POST /return_refund/202309/cancellations/search', 'cancellations[].']],
  price_details: [['GET /order/202407/orders/{order_id}/price_detail', '']],
  products: [
    ['POST /product/202502/products/search', 'products[].'],
    ['GET /product/202309/products/{product_id}', ''],
  ],
};

const published = Object.fromEntries(
  Object.entries(KINDS).map(([kind, places]) => {
    const fields = places.flatMap(([operation, at]) =>
      publishedReplyFields(operation).flatMap(([path, type]): [string, string][] =>
        path.startsWith(at) ? [[path.slice(at.length), type]] : [],
      ),
    );
    return [kind, Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)))];
  }),
);
const text = `${JSON.stringify(published, null, 1)}\n`;
if (process.argv.includes('--write')) writeFileSync(LIST, text);
const committed = JSON.parse(readFileSync(LIST, 'utf8')) as typeof published;
let differences = 0;
for (const kind of new Set([...Object.keys(published), ...Object.keys(committed)])) {
  const [then, now] = [committed[kind] ?? {}, published[kind] ?? {}];
  for (const path of new Set([...Object.keys(then), ...Object.keys(now)])) {
    if (then[path] === now[path]) continue;
    differences += 1;
    process.stdout.write(`${kind}: ${path} is ${now[path] ?? 'not published'}, listed as ${then[path] ?? 'nothing'}\n`);
  }
}
process.stdout.write(
  `${Object.values(published).reduce((sum, fields) => sum + Object.keys(fields).length, 0)} published fields, ${differences} differences\n`,
);
if (differences > 0) process.exitCode = 1;
