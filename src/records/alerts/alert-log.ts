import type { Reader, Transaction } from '../../engines/engine.ts';
import { isOneOf, sql, type Sql } from '../../engines/sql.ts';
import { insertRow } from '../insertion.ts';

export const SEVERITIES = ['critical', 'warning'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What stands in the sentences of an alert. */
export type AlertValues = Readonly<Record<string, string | number | readonly string[]>>;

/** What a channel has been told of an alert: instants as ISO text, or why it could not be told. */
export interface Said {
  readonly raised?: string;
  readonly cleared?: string;
  readonly error?: string;
}

/** An alert as it is remembered: one from its rise to its end; the same trouble again is another. */
export interface StoredAlert {
  readonly alertId: number;
  readonly kind: string;
  /** What it is about, unique among the open ones of its kind. */
  readonly subject: string;
  readonly shopId: number | null;
  readonly severity: Severity;
  /** Instants as ISO text. */
  readonly raisedAt: string;
  readonly clearedAt: string | null;
  /** When the last channel heard of its present state; null while one has yet to hear. */
  readonly saidAt: string | null;
  readonly values: AlertValues;
  /** By channel. */
  readonly said: Readonly<Record<string, Said>>;
}

const KEPT_DAYS = 90;

async function readWhere(reader: Reader, where: Sql, limit = 1000): Promise<StoredAlert[]> {
  const rows = await reader.query<{ values: string; [name: string]: string | number | null }>(sql`
    SELECT alert_id AS "alertId", kind, subject, shop_id AS "shopId", severity, raised_at AS "raisedAt", cleared_at AS "clearedAt",
    said_at AS "saidAt", "values"
    FROM alerts WHERE ${where} ORDER BY severity, raised_at DESC, alert_id DESC LIMIT ${limit}`);
  return rows.map(({ values, ...row }) => ({
    ...(row as unknown as Omit<StoredAlert, 'values' | 'said'>),
    ...(JSON.parse(values) as Pick<StoredAlert, 'values' | 'said'>),
  }));
}

/** The alerts that are not mended, the critical ones first, then the newest. */
export function readOpenAlerts(reader: Reader): Promise<StoredAlert[]> {
  return readWhere(reader, sql`cleared_at IS NULL`);
}

/** The last ones that are mended. */
export async function readClearedAlerts(reader: Reader, limit: number): Promise<StoredAlert[]> {
  const all = await readWhere(reader, sql`cleared_at IS NOT NULL`);
  return all.toSorted((a, b) => b.clearedAt!.localeCompare(a.clearedAt!)).slice(0, limit);
}

/** The alerts of which a channel may have something to hear: open ones, and those mended since an instant and not said to all. */
export function readUnsaidAlerts(reader: Reader, since: Temporal.Instant): Promise<StoredAlert[]> {
  return readWhere(reader, sql`cleared_at IS NULL OR (cleared_at >= ${since} AND said_at IS NULL)`);
}

/** Remembers a new alert; those mended long ago are let go. */
export async function raiseAlert(
  tx: Transaction,
  { kind, subject, shopId, severity, values }: Pick<StoredAlert, 'kind' | 'subject' | 'shopId' | 'severity' | 'values'>,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run(sql`DELETE FROM alerts WHERE cleared_at < ${at.subtract({ hours: 24 * KEPT_DAYS })}`);
  await tx.run(
    insertRow('alerts', {
      alert_id: await tx.numbers('alerts', 1),
      kind,
      subject,
      shop_id: shopId,
      severity,
      raised_at: at,
      cleared_at: null,
      said_at: null,
      values: JSON.stringify({ values, said: {} }),
    }),
  );
}

/** Notes that alerts are mended; what was said of them says nothing of that. */
export async function clearAlerts(tx: Transaction, ids: readonly number[], at: Temporal.Instant): Promise<void> {
  if (ids.length > 0) await tx.run(sql`UPDATE alerts SET cleared_at = ${at}, said_at = NULL WHERE ${isOneOf(sql`alert_id`, ids)}`);
}

/** Keeps an alert's values as they are now. */
export async function keepAlertValues(tx: Transaction, { alertId, said }: StoredAlert, values: AlertValues): Promise<void> {
  await tx.run(sql`UPDATE alerts SET "values" = ${JSON.stringify({ values, said })} WHERE alert_id = ${alertId}`);
}

/** Notes what a channel was told, or why not, beside what others were told meanwhile. */
export async function keepSaid(
  tx: Transaction,
  ids: readonly number[],
  { channel, change }: { channel: string; change: (alert: StoredAlert) => Said },
): Promise<void> {
  for (const alert of await readWhere(tx, isOneOf(sql`alert_id`, ids))) {
    const said = { ...alert.said, [channel]: { ...alert.said[channel], ...change(alert) } };
    await tx.run(sql`UPDATE alerts SET "values" = ${JSON.stringify({ values: alert.values, said })} WHERE alert_id = ${alert.alertId}`);
  }
}

/** Notes that every channel has heard of the present state of these alerts. */
export async function markSaid(tx: Transaction, ids: readonly number[], at: Temporal.Instant): Promise<void> {
  if (ids.length > 0) await tx.run(sql`UPDATE alerts SET said_at = ${at} WHERE said_at IS NULL AND ${isOneOf(sql`alert_id`, ids)}`);
}
