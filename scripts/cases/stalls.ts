import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CASES_FOLDER, input, judged, type Case, type Outcome } from './case.ts';
import { start, withProcess } from './servers.ts';

const FIRST_LOOK_MS = 100;
/** Less than this may be the machine's. */
const WAITED_MS = 1000;
/** Longer than this nobody waits for the expensive request; that others were answered is what counts. */
const WHOLE_MS = 120_000;

/** The expensive inputs: made once, into a folder that the last of them removes. */
let made: string | undefined;
async function madeInputs(): Promise<string> {
  if (made) return made;
  const folder = mkdtempSync(join(tmpdir(), 's7-case-dos-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { code, err } = await start([join(CASES_FOLDER, 'hostile', 'mkdos.mjs'), folder]).ended;
  if (code !== 0) throw new Error(err);
  made = folder;
  return folder;
}

interface Expensive {
  readonly file: string;
  readonly path: string;
  readonly mapping?: string;
}

/** Sends what is expensive and asks for health and a report all the while: each has to be answered before the other ends. */
async function answersMeanwhile(
  bytes: Buffer,
  { file, path, mapping }: { file: string; path: string; mapping: string | undefined },
): Promise<Outcome> {
  return withProcess(async ({ url, child }) => {
    const form = new FormData();
    if (mapping !== undefined) form.append('mapping', mapping);
    form.append('file', new Blob([new Uint8Array(bytes)]), file);
    const begun = performance.now();
    const answer = async (): Promise<string> => {
      const reply = await fetch(`${url}${path}`, { method: 'POST', body: form, signal: AbortSignal.timeout(WHOLE_MS) });
      return `${reply.status} ${((await reply.json()) as { name?: string }).name ?? 'taken'}`;
    };
    const state: { end: string | null } = { end: null };
    const expensive = (async () => {
      const what = await answer().catch((error: unknown) => `no answer (${(error as Error).name})`);
      state.end = `${what} after ${((performance.now() - begun) / 1000).toFixed(1)} s`;
    })();
    await Promise.race([expensive, pause(FIRST_LOOK_MS)]);
    let [asked, late, worst] = [0, 0, 0];
    while (state.end === null) {
      const at = performance.now();
      const fine = await Promise.all(
        ['/api/health', '/api/Multiplatform/DataScience/SalesRank'].map((look) =>
          fetch(`${url}${look}`)
            .then((each) => each.text())
            .then(
              () => true,
              () => false,
            ),
        ),
      );
      worst = Math.max(worst, performance.now() - at);
      asked += 1;
      const took = performance.now() - at;
      await Promise.race([expensive, pause(FIRST_LOOK_MS)]);
      // It was under way when they were asked and is over as soon as they answer: they have waited for it.
      if (!fine.every(Boolean) || (state.end !== null && took > WAITED_MS)) late += 1;
    }
    const lost = child.exitCode !== null || child.signalCode !== null;
    const alive =
      !lost &&
      (await fetch(`${url}/api/health`).then(
        ({ status }) => status < 500,
        () => false,
      ));
    return {
      got:
        `${state.end}; health and a report asked ${asked} times meanwhile, ${late} waited for it, worst ${(worst / 1000).toFixed(1)} ` +
        `s${alive ? '' : '; the server is gone'}`,
      passed: alive && late === 0,
    };
  });
}

const MAPPED = (file: string, mapping = 'map.json'): Expensive => ({ file, path: '/api/import', mapping });
const EXPENSIVE: readonly Expensive[] = [
  { file: 'cube.xml', path: '/api/fx/import' },
  { file: 'cube1m.xml', path: '/api/fx/import' },
  { file: 'rates-1g.zip', path: '/api/fx/import' },
  ...[
    'nested3000.csv.gz',
    'xlsx-row-1g.xlsx',
    'xlsx-sst-500m.xlsx',
    'xlsx-laughs.xlsx',
    'xlsx-xxe.xlsx',
    'xlsx-farcell.xlsx',
    'xlsx-traversal.xlsx',
    'cols1e6.csv',
    'longcell.csv',
    'unquote.csv',
    'quotes.csv',
  ].map((file) => ({ file, path: '/api/import' })),
  ...['bigamount.csv', 'bigdate.csv', 'spaces.csv'].map((file) => MAPPED(file)),
  MAPPED('manyshops.csv', 'map-shops.json'),
];

/** Inputs that cost more than they look: whatever becomes of them, others are answered meanwhile. */
export const stallCases: readonly Case[] = [
  ...EXPENSIVE.map(({ file, path, mapping }) =>
    judged(`hostile/mkdos.mjs ${file}`, 'health and a report answer before the expensive request ends', async () => {
      const folder = await madeInputs();
      if (!readdirSync(folder).includes(file)) throw new Error(`mkdos.mjs makes no ${file}`);
      return answersMeanwhile(readFileSync(join(folder, file)), {
        file,
        path,
        mapping: mapping === undefined ? undefined : readFileSync(join(folder, mapping), 'utf8'),
      });
    }),
  ),
  judged('hostile/date-form-redos', 'health and a report answer before the expensive request ends', () =>
    answersMeanwhile(input('hostile', 'date-form-redos.csv'), {
      file: 'date-form-redos.csv',
      path: '/api/import',
      mapping: input('hostile', 'date-form-redos.json').toString(),
    }),
  ),
];
