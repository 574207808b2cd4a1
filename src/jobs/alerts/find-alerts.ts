import { clearAlerts, keepAlertValues, raiseAlert, readOpenAlerts, type StoredAlert } from '../../records/alerts/alert-log.ts';
import type { Engine } from '../../engines/engine.ts';
import { readAlertFacts, type AlertLook } from './alert-facts.ts';
import { ALERT_KINDS } from './alert-kinds.ts';

/** Compares what is with the definitions of all kinds: raises what begins, keeps what changed of it, clears what is over. */
export async function findAlerts(engine: Engine, look: AlertLook): Promise<void> {
  const facts = await readAlertFacts(engine, look);
  const found = ALERT_KINDS.flatMap((kind) => kind.find(facts).map((condition) => ({ kind, ...condition })));
  await engine.transaction(async (tx) => {
    const open = await readOpenAlerts(tx);
    const isOf = (alert: StoredAlert, each: (typeof found)[number]): boolean =>
      alert.kind === each.kind.name && alert.subject === each.subject;
    for (const each of found) {
      const { kind, subject, shopId, values } = each;
      const known = open.find((alert) => isOf(alert, each));
      if (!known && each.firm && values)
        await raiseAlert(tx, { kind: kind.name, subject, shopId, severity: kind.severity, values }, look.now);
      if (known && values && JSON.stringify(known.values) !== JSON.stringify(values)) await keepAlertValues(tx, known, values);
    }
    const over = open.filter((alert) => !found.some((each) => isOf(alert, each)));
    await clearAlerts(
      tx,
      over.map(({ alertId }) => alertId),
      look.now,
    );
  });
}
