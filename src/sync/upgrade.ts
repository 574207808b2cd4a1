import { kinds } from '../records/all.ts';
import { Dictionaries } from '../records/orders/dictionaries.ts';
import { countDocuments, readBlocks, readKeptUnder } from '../records/documents.ts';
import { joinDoubles } from '../records/orders/double-orders.ts';
import type { Transaction } from '../engines/engine.ts';
import { doAlone } from '../engines/lease.ts';
import { keepRules, keepUpgrade, readRules, readUpgrade } from '../records/runs/upgrade-log.ts';
import { cleanKeptDocuments, KEEPING_RULES } from './clean-documents.ts';
import { noteEarlier } from './earlier-documents.ts';
import { openKinds, rebuildBlocks, type ReplayRoom } from './replay.ts';

/**
 * By which rules documents are read and derived tables are made; raised whenever either changes what a stored document says, so that data
 * written before come out right. 1: before they were counted. 2: one order of several sources; returns, taxes and dates by the contract as
 * it was mended. 3: a tax of 0 of Amazon's API says nothing where prices have it in them.
 */
export const READING_RULES = 3;

/** How far an upgrade has come, in documents looked at. */
export interface UpgradeProgress {
  readonly documents: number;
  readonly total: number;
}

/** An upgrade to come, under way, or ended. */
export interface Upgrade {
  /** Null where nothing is left to do. */
  readonly progress: UpgradeProgress | null;
  /**
   * Does it; resolves when the data say what this program's rules say, at once where they do; rejects when that cannot be, or when it is
   * stopped.
   */
  run(): Promise<void>;
  /** Stops after the portion in hand; the next start goes on there. */
  close(): Promise<void>;
}

const PORTION = 10_000;

/** A pass over all kept documents, portion by portion, each a transaction that notes how far it has come. */
interface Pass {
  readonly step: string;
  portion(tx: Transaction, room: ReplayRoom, blocks: Awaited<ReturnType<typeof readBlocks>>): Promise<void>;
}

const PASSES: readonly Pass[] = [
  { step: 'earlier', portion: noteEarlier },
  { step: 'read', portion: async (tx, room, blocks) => rebuildBlocks(tx, await openKinds(tx, room), blocks) },
];

/**
 * Brings data that were written by older rules to those of this program: what would not be kept today is emptied, orders stored twice
 * become one, documents that orders no longer name are found again, every kept document is read anew, derived tables are made anew. Killed
 * anywhere, the next start goes on; done again, it changes nothing.
 * @param onProgress after each portion
 */
export async function openUpgrade(room: ReplayRoom, onProgress: (progress: UpgradeProgress) => void): Promise<Upgrade> {
  const { rules, kept, documents } = await room.engine.read(async (reader) => ({
    rules: await readRules(reader),
    kept: await readKeptUnder(reader),
    documents: await countDocuments(reader, 0),
  }));
  if (rules === null) {
    await room.engine.transaction((tx) => keepRules(tx, READING_RULES));
    await cleanKeptDocuments(room.engine, room);
  }
  const isClean = rules === null || (kept?.rules === KEEPING_RULES && kept.block_id === null);
  const isRead = rules === null || rules >= READING_RULES;
  if (isClean && isRead) return { progress: null, run: () => Promise.resolve(), close: () => Promise.resolve() };
  const stopping = new AbortController();
  const total = (isRead ? 1 : 1 + PASSES.length) * documents;
  const state: { progress: UpgradeProgress | null } = { progress: { documents: 0, total } };
  const tell = (done: number): void => {
    stopping.signal.throwIfAborted();
    onProgress((state.progress = { documents: done, total }));
  };
  let running: Promise<void> | undefined;
  return {
    get progress() {
      return state.progress;
    },
    run: () =>
      (running ??= doAlone(room.engine, 'reading the kept documents by new rules', async () => {
        tell(0);
        // First, so that what is read anew is what is left to read.
        await cleanKeptDocuments(room.engine, room, {
          signal: stopping.signal,
          onProgress: (cleaning) => tell(documents - cleaning.total + cleaning.documents),
        });
        if (!isRead) await readAnew(room, documents, (done) => tell(documents + done));
        state.progress = null;
      })),
    async close() {
      stopping.abort();
      await running?.catch(() => undefined);
    },
  };
}

/** @param tell how many documents the passes have looked at, all of them together */
async function readAnew(room: ReplayRoom, documents: number, tell: (done: number) => void): Promise<void> {
  const { engine } = room;
  const begun = await engine.read((reader) => readUpgrade(reader));
  if (!begun) {
    await engine.transaction(async (tx) => {
      await joinDoubles(tx);
      await keepUpgrade(tx, { step: PASSES[0]!.step, block: 0 });
    });
  }
  const first = begun ? PASSES.findIndex(({ step }) => step === begun.step) : 0;
  for (const [i, pass] of PASSES.entries()) {
    if (i < first) continue;
    for (let block = i === first ? (begun?.block ?? 0) : 0; ;) {
      const { blocks, left } = await engine.read(async (reader) => ({
        blocks: await readBlocks(reader, block, PORTION),
        left: await countDocuments(reader, block),
      }));
      tell((i + 1) * documents - left);
      if (blocks.length === 0) break;
      block = blocks.at(-1)!.block_id;
      await engine.transaction(async (tx) => {
        await pass.portion(tx, room, blocks);
        await keepUpgrade(tx, { step: pass.step, block });
      });
    }
  }
  await engine.transaction(async (tx) => {
    for (const { fill, onlyWhenNew } of kinds.flatMap(({ derived }) => derived ?? [])) if (!onlyWhenNew) await fill(tx);
    await keepRules(tx, READING_RULES);
  });
  Dictionaries.forget(engine);
}
