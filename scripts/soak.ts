/**
 * Two years in one go: a server that is never restarted, its clock moved on a day at a time. Writes the curves as a table and a picture.
 * `npm run soak [days] [hours between looks] [scale]`
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grouped, markdownTable, megabytes } from '../bench/table.ts';
import { soak, type SoakSample } from '../tests/soak.ts';

const FOLDER = join(import.meta.dirname, '../bench/results');
const [days = 730, everyHours = 24, scale = 0.3] = process.argv.slice(2).map(Number);
/** A server looks every half minute: its memory has found its size long before a month is over. */
const FIRST_MONTH_EVERY_HOURS = 2;
/** What "flat" means after the first month. */
const TOLERANCE = 0.05;
const MONTH = 30;

/** The curves, each with how a sample is read off it. */
const CURVES: readonly (readonly [string, (sample: SoakSample) => number])[] = [
  ['heap', ({ heapBytes }) => heapBytes],
  ['process', ({ rssBytes }) => rssBytes],
  ['process but for the database', ({ rssBytes, databaseBytes }) => rssBytes - databaseBytes],
  ['file', ({ fileBytes }) => fileBytes],
  ['file an order', ({ fileBytes, orders }) => fileBytes / orders],
  ['CPU of a look', ({ lookCpuMs }) => lookCpuMs],
  ['CPU of three reports', ({ reportCpuMs }) => reportCpuMs],
];

// Memory is handed out as the launcher has it, which only a process that has yet to start can be told.
if (process.env['MALLOC_ARENA_MAX'] === undefined) {
  const { status } = spawnSync(process.execPath, ['--heap-growing-percent=30', ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  });
  process.exit(status ?? 1);
}

const samples = await soak({
  days,
  everyHours,
  firstMonthEveryHours: Math.min(everyHours, FIRST_MONTH_EVERY_HOURS),
  scale,
  onSample: ({ day, orders, heapBytes, rssBytes, fileBytes, lookCpuMs }) =>
    console.log(
      `day ${day}: ${orders} orders, heap ${megabytes(heapBytes)}, process ${megabytes(rssBytes)}, file ${megabytes(fileBytes)}, ` +
        `${lookCpuMs.toFixed(0)} ms CPU a look`,
    ),
});
const settled = samples.filter(({ day }) => day > MONTH);
const rows = samples
  .filter((_, i) => i % 4 === 3 || i === samples.length - 1)
  .map((sample) => [
    String(sample.day),
    grouped(sample.orders),
    megabytes(sample.heapBytes),
    megabytes(sample.rssBytes),
    megabytes(sample.databaseBytes),
    megabytes(sample.fileBytes),
    megabytes(sample.logBytes),
    megabytes(sample.compactBytes),
    Math.round(sample.fileBytes / sample.orders).toString(),
    sample.lookCpuMs.toFixed(0),
    sample.reportCpuMs.toFixed(0),
    String(sample.problems),
  ]);
const quarter = Math.max(1, Math.floor(settled.length / 4));
const drift = CURVES.map(([name, of]) => {
  const mean = (part: readonly SoakSample[]): number => part.reduce((sum, sample) => sum + of(sample), 0) / part.length;
  const [first, last] = [mean(settled.slice(0, quarter)), mean(settled.slice(-quarter))];
  return [name, `${((last / first - 1) * 100).toFixed(1)} %`];
});
const text = [
  `# ${days} days in one go`,
  `One process, its clock moved on by ${everyHours} h at a time, by ${FIRST_MONTH_EVERY_HOURS} h in the first month: two shops of ` +
    `the simulated TikTok Shop at ${scale} times their orders (the simulator in a process of its own), tokens, price details, ` +
    'products, nightly comparisons, three reports a day.',
  markdownTable(
    [
      'day',
      'orders',
      'heap',
      'process',
      'of it the database',
      'file and log',
      'log',
      'compact copy',
      'bytes an order',
      'CPU ms a look',
      'CPU ms three reports',
      'problems',
    ],
    rows,
  ),
  'The last quarter against the first after the first month:',
  markdownTable(['', 'change'], drift),
  '![The curves](soak.svg)',
  '',
].join('\n\n');
writeFileSync(join(FOLDER, 'soak.md'), text);
writeFileSync(join(FOLDER, 'soak.svg'), picture(samples));
console.log(text);
const idle = samples.find(({ orders }, i) => orders === samples[i - 1]?.orders);
if (idle) {
  console.log(`Nothing came home in the week before day ${idle.day}.`);
  process.exitCode = 1;
}
const heap = drift[0]![1]!;
if (Math.abs(Number.parseFloat(heap)) > TOLERANCE * 100) {
  console.log(`The heap is not flat: ${heap}`);
  process.exitCode = 1;
}

/** The curves beside each other, each from 0 to its own highest. */
function picture(all: readonly SoakSample[]): string {
  const [width, height, gap] = [640, 90, 34];
  const curves = CURVES.map(([name, of], i) => {
    const values = all.map(of);
    const most = Math.max(...values);
    const top = i * (height + gap) + gap;
    const points = values
      .map(
        (value, x) => `${((x / Math.max(values.length - 1, 1)) * width).toFixed(1)},${(top + height - (value / most) * height).toFixed(1)}`,
      )
      .join(' ');
    return (
      `<text x="0" y="${top - 8}">${name} · highest ${most > 1e6 ? megabytes(most) : grouped(most)}</text><line x1="0" x2="${width}" ` +
      `y1="${top + height}" y2="${top + height}" stroke="#ccc"/><polyline points="${points}" fill="none" stroke="#2563eb" ` +
      'stroke-width="1.5"/>'
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 0 ${width + 20} ${CURVES.length * (height + gap) + gap}" ` +
    `font-family="sans-serif" font-size="13">${curves.join('')}</svg>\n`
  );
}
