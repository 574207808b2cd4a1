import { STAGES, type Life, type Stage } from '../trade/life.ts';

/** What Amazon says of an order, in the words of 2026-01-01; their places in this list stand for them in tables. */
export const STATUSES = [
  'PENDING_AVAILABILITY',
  'PENDING',
  'UNSHIPPED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'CANCELLED',
  'UNFULFILLABLE',
] as const;
/** One of them. */
export type Status = (typeof STATUSES)[number];

/** An order's statuses with the seconds at which something of it changed, strictly later one after the other. */
export interface Course {
  /** Places in `STATUSES`; the same may come several times in a row. */
  readonly stages: readonly number[];
  readonly times: readonly number[];
}

/** Nothing is said of delivery and of what comes after it. */
const OF_STAGE: Readonly<Record<Exclude<Stage, 'cancelled' | 'closed'>, Status>> = {
  placed: 'PENDING',
  paid: 'PENDING',
  toPack: 'UNSHIPPED',
  partlyPacked: 'PARTIALLY_SHIPPED',
  packed: 'UNSHIPPED',
  handedOver: 'SHIPPED',
  delivered: 'SHIPPED',
};

/** Whether the order came from another channel, for Amazon to send: the trade's samples. */
export function isForeign({ kind }: Pick<Life, 'kind'>): boolean {
  return kind === 'sample';
}

/** Who packs and sends it. */
export function isByAmazon(life: Pick<Life, 'kind' | 'fulfilledByPlatform'>): boolean {
  return life.fulfilledByPlatform || isForeign(life);
}

/** The order's course on Amazon: what was sent stays so, whatever becomes of it; wishes to cancel and cancelled lines are changes, too. */
export function courseOf(life: Life): Course {
  const changes: { time: number; status: Status | undefined }[] = [];
  let last: Status = 'PENDING';
  life.stages.forEach((place, step) => {
    const stage = STAGES[place]!;
    if (stage === 'closed') return;
    if (stage !== 'cancelled') last = last === 'PARTIALLY_SHIPPED' && stage === 'packed' ? last : OF_STAGE[stage];
    else if (last !== 'SHIPPED') last = isForeign(life) ? 'UNFULFILLABLE' : 'CANCELLED';
    changes.push({ time: life.times[step]!, status: last });
  });
  for (const time of [life.lineCancelled, life.cancellation?.asked, life.deniedCancel?.asked, life.deniedCancel?.ended])
    if (time !== undefined) changes.push({ time, status: undefined });
  changes.sort((one, other) => one.time - other.time);
  const stages: number[] = [];
  const times: number[] = [];
  for (const { time, status } of changes) {
    const place = status === undefined ? stages.at(-1)! : STATUSES.indexOf(status);
    if (times.at(-1) === time) stages.splice(-1, 1, place);
    else {
      stages.push(place);
      times.push(time);
    }
  }
  return { stages, times };
}

/** Since when an order is in a status or beyond it, as far as it ever was; a cancelled one was never sent. */
export function sinceOf({ stages, times }: Course, status: Status): number | undefined {
  const step = stages.findIndex((place) => place === STATUSES.indexOf(status));
  return step < 0 ? undefined : times[step];
}
