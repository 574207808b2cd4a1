import type { DocumentSource } from '../documents.ts';
import type { Reader, Row } from '../../engines/engine.ts';
import { isOneOf, join, raw, sql, type Sql } from '../../engines/sql.ts';
import { platformsWith } from '../../model/shop.ts';

/** What is to become of a staged order beside the stored one. */
export type Way = 'same' | 'alone' | 'together';

/** What the store knows of a staged order: the order itself, or its buyer. */
export interface KnownOrder extends Row {
  readonly n: number;
  readonly oid: number | null;
  readonly buyer_id: number | null;
  /**
   * `same`: it changes nothing. `alone`: it takes the stored one's place. `together`: the order is made of both. Null of an order that is
   * new.
   */
  readonly way: Way | null;
  /** Whether it was told no earlier than the stored one. */
  readonly newer: boolean | null;
  readonly moved: boolean | null;
  /** The shop and day that the stored order leaves, where they are others now. */
  readonly left_shop: number | null;
  readonly left_day: string | null;
  /** When the stored order was placed as it was told, where that lies before the stretch that is looked at as a rule. */
  readonly was_at: string | null;
}

/** Where the stored orders of a batch are looked for. */
export interface Search {
  /** The first instant of the stretch of orders that is read as a rule. */
  readonly oldest: Temporal.Instant;
  readonly source: DocumentSource | null;
  /** The shop of all of the batch; undefined where it has several. */
  readonly shopId: number | undefined;
  /** How many orders are staged. */
  readonly orders: number;
}

/**
 * Looks up the staged orders from `first` on: what is stored of them, and whether they take its place.
 * An order that is not in the batch's stretch of the table is looked for before it where a file may have told it on another day.
 */
export async function findKnown(
  reader: Reader,
  { oldest, source, shopId, orders }: Search,
  first = 0,
): Promise<ReadonlyMap<number, KnownOrder>> {
  const files = await fileFacts(reader, source, shopId);
  const known = new Map<number, KnownOrder>();
  const take = (rows: readonly KnownOrder[]): void => {
    for (const row of rows) {
      const before = known.get(row.n);
      // Its own shop's goes before one that a file's shop has, one of the stretch before an older one.
      if (!before || before.oid === null || (before.left_shop !== null && row.left_shop === null)) known.set(row.n, row);
    }
  };
  const ofShop = files.shops.length === 0 ? sql`o.shop_id = s.shop_id` : isOneOf(sql`o.shop_id`, [shopId!, ...files.shops]);
  take(
    await reader.query<KnownOrder>(sql`
    SELECT s.n, o.oid, b.buyer_id, ${facts(source)}, NULL AS was_at
    FROM staged_keys s
    JOIN staged_states t ON t.state_n = s.state_n
    JOIN shops h ON h.shop_id = s.shop_id
    LEFT JOIN orders o ON ${ofShop} AND o.order_id = s.order_id AND o.purchased_at >= ${oldest}
    LEFT JOIN places p ON p.place_id = o.place_id
    LEFT JOIN buyers b ON b.platform = h.platform AND b.hash = s.buyer_hash
    WHERE s.n >= ${first} AND (o.oid IS NOT NULL OR b.buyer_id IS NOT NULL)`),
  );
  const found = known.values().reduce((sum, { oid }) => sum + (oid === null ? 0 : 1), 0);
  if (!files.before || found === orders - first) return known;
  const earlier = await reader.query<KnownOrder>(sql`
    SELECT s.n, o.oid, NULL AS buyer_id, ${facts(source)}, o.purchased_at AS was_at
    FROM staged_keys s
    JOIN staged_states t ON t.state_n = s.state_n
    JOIN orders o ON ${ofShop} AND o.order_id = s.order_id AND o.purchased_at < ${oldest} AND ${files.before}
    LEFT JOIN places p ON p.place_id = o.place_id
    WHERE s.n >= ${first}`);
  take(
    earlier.flatMap((row) => {
      const before = known.get(row.n);
      return before && before.oid !== null ? [] : [{ ...row, buyer_id: before?.buyer_id ?? null }];
    }),
  );
  return known;
}

interface FileFacts {
  /** Shops of files alone whose orders are this shop's, too: a platform's own record knows whose they are. */
  readonly shops: readonly number[];
  /** Which orders before the stretch may be the same; null where none can. */
  readonly before: Sql | null;
}

async function fileFacts(reader: Reader, source: DocumentSource | null, shopId: number | undefined): Promise<FileFacts> {
  if (!source) return { shops: [], before: null };
  const [row] = await reader.query<{ first: number | null; of_file: number | null; own: number | null }>(sql`
    SELECT min(block_id) AS first, min(block_id) FILTER (WHERE import_id IS NOT NULL AND stream IS NULL) AS of_file,
      min(block_id) FILTER (WHERE import_id = ${source.importId ?? 0} AND stream IS NULL) AS own
    FROM blocks`);
  const { first, of_file: ofFile, own } = row!;
  if ('stream' in source) {
    if (ofFile === null) return { shops: [], before: null };
    const shops = await reader.query<{ shop_id: number }>(sql`
      SELECT DISTINCT f.shop_id FROM shops h JOIN shops f ON f.platform = h.platform AND f.shop_id <> h.shop_id
      AND f.authorization_id IS NULL JOIN order_days d ON d.shop_id = f.shop_id
      WHERE h.shop_id = ${shopId ?? 0} AND ${isOneOf(sql`h.platform`, platformsWith('ownOrderIds'))}`);
    return {
      shops: shops.map((each) => each.shop_id),
      before: raw('o.block_id IN (SELECT block_id FROM blocks WHERE import_id IS NOT NULL)'),
    };
  }
  // What the same import has written holds other orders: it has brought the rows of each together before.
  return { shops: [], before: own === null ? raw('true') : own === first ? null : sql`o.block_id < ${own}` };
}

/** What a stored order is beside a staged one. */
function facts(source: DocumentSource | null): Sql {
  const ofFile = source !== null && !('stream' in source);
  const told = ['paid_at', 'total_amount', 'shipping_fee', 'shipping_provider'].map(
    (name) => sql`(o.${raw(name)} IS NOT NULL AND s.${raw(name)} IS NULL)`,
  );
  // `placed` is asked here, not where the places are joined: there DuckDB would try every place for every order.
  const poorer = sql`(${join(told, ' OR ')} OR (o.buyer_id IS NOT NULL AND s.buyer_hash IS NULL)
      OR (NOT s.placed AND (p.country IS NOT NULL OR p.region IS NOT NULL OR p.city IS NOT NULL)))`;
  // What is told late is told all the same: sources of one stream know different things.
  const richer = sql`((s.placed AND p.country IS NULL AND p.region IS NULL AND p.city IS NULL)
      OR (o.total_amount IS NULL AND s.total_amount IS NOT NULL))`;
  const alike = ofFile
    ? sql`o.block_id IN (SELECT k.block_id FROM blocks k JOIN imports i ON i.import_id = k.import_id JOIN imports j ON j.preset = i.preset
      AND j.mapping = i.mapping WHERE j.import_id = ${source.importId} AND k.stream IS NULL)`
    : raw("o.block_id IN (SELECT block_id FROM blocks WHERE stream = 'orders')");
  const way =
    source === null
      ? sql`WHEN s.updated_at >= o.updated_at THEN 'alone' ELSE 'same'`
      : sql`
      WHEN o.document_no IS NULL OR o.block_id IS NULL THEN CASE WHEN s.updated_at >= o.updated_at THEN 'alone' ELSE 'same' END
      WHEN o.oid IN (SELECT oid FROM order_documents) OR NOT ${alike} THEN 'together'
      ${ofFile ? raw("WHEN s.updated_at <= o.updated_at THEN 'together'") : sql`WHEN s.updated_at < o.updated_at THEN CASE WHEN ${richer} THEN 'together' ELSE 'same' END`}
      WHEN ${poorer} THEN 'together' ELSE 'alone'`;
  return sql`
      CASE WHEN o.oid IS NULL THEN NULL WHEN s.fingerprint = o.fingerprint AND o.shop_id = s.shop_id THEN 'same' ${way} END AS way,
      s.updated_at >= o.updated_at AS newer,
      o.status <> t.status OR o.outcome <> t.outcome OR coalesce(o.platform_status, '') <> coalesce(t.platform_status, '') AS moved,
      CASE WHEN o.shop_id <> s.shop_id THEN o.shop_id END AS left_shop,
      CASE WHEN o.shop_day <> s.shop_day OR o.shop_id <> s.shop_id THEN o.shop_day END AS left_day`;
}
