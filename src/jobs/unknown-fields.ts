import type { FailureLog } from '../kernel/failure-log.ts';
import type { Platform } from '../platforms/platform.ts';

/** Fields of platforms' answers that no list knows, whose texts are therefore not kept; each as `TikTok orders: line_items[].name`. */
export function unknownFields(platforms: readonly Pick<Platform, 'id' | 'keeping'>[]): string[] {
  return platforms.flatMap(({ id, keeping }) => keeping?.unknown().map((field) => `${id} ${field}`) ?? []);
}

/** Tells the operator once of each such field that is met from now on; never what it held. */
export function openFieldNotes({
  platforms,
  log,
}: {
  readonly platforms: Parameters<typeof unknownFields>[0];
  readonly log: Pick<FailureLog, 'noticed'>;
}): { look(): void } {
  const told = new Set(unknownFields(platforms));
  return {
    look() {
      const fresh = unknownFields(platforms).filter((field) => !told.has(field));
      if (fresh.length === 0) return;
      for (const field of fresh) told.add(field);
      log.noticed('fields of platforms', 'These fields are not known; texts in them are not kept.', { fields: fresh });
    },
  };
}
