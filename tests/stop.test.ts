import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  faults,
  isAlive,
  isTaken,
  PROJECT,
  s7,
  serverNote,
  start,
  startS7,
  startServer,
  temporaryFolder,
  untilWriting,
  withStore,
  writeOrderFile,
  type Running,
} from './process.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const BIN = join(PROJECT, 'bin/s7');
const GREETING = /S7StarERP .* http:/;

/** The Node of the system, where there is one older than the program's. */
function systemNode(): string | undefined {
  try {
    const file = '/usr/bin/node';
    return Number(execFileSync(file, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })) < 26 ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Stops a server by whatever means and checks that nothing of it is left. */
async function stopped(data: string, running: Running, stop: () => void): Promise<number | null> {
  const { pid, url } = serverNote(data)!;
  expect(isAlive(pid)).toBe(true);
  stop();
  const { code } = await running.ended;
  // A terminal that closes tells all of its processes at once; npm does not wait for the others then.
  while (isAlive(pid))
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  expect({ alive: isAlive(pid), taken: await isTaken(Number(new URL(url).port)), note: serverNote(data) }).toEqual({
    alive: false,
    taken: false,
    note: undefined,
  });
  return code;
}

describe('`npm start`', () => {
  const npmStart = async (data: string): Promise<Running> => {
    const running = start(['npm', 'start'], { data, detached: true });
    await running.said(GREETING);
    return running;
  };

  test('stopped by SIGTERM or SIGINT leaves no process behind, ends with 0, and starts again at once', async () => {
    const data = join(temporaryFolder(), 'data');
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const running = await npmStart(data);
      expect(await stopped(data, running, () => running.kill(signal))).toBe(0);
    }
  });

  test.each(['SIGINT', 'SIGHUP'] as const)(
    'in a terminal that sends %s to all of it (Ctrl-C, closing the window) leaves no process behind',
    async (signal) => {
      const data = join(temporaryFolder(), 'data');
      const running = await npmStart(data);
      await stopped(data, running, () => process.kill(-running.pid, signal));
    },
  );
});

describe.each([
  ['the Node that came along', process.execPath],
  ['the older Node of the system', systemNode()],
])('`bin/s7` under %s', (_which, node) => {
  test.skipIf(node === undefined)('stops with the signal it is sent, leaves no process behind and starts again at once', async () => {
    const data = join(temporaryFolder(), 'data');
    for (const signal of SIGNALS) {
      const running = start([node!, BIN, 'serve'], { data });
      await running.said(GREETING);
      expect(serverNote(data)!.pid).not.toBe(running.pid);
      expect(await stopped(data, running, () => running.kill(signal))).toBe(0);
    }
  });

  test.skipIf(node === undefined)('passes on how the program ended', async () => {
    const run = (...args: string[]) => start([node!, BIN, ...args], { data: join(temporaryFolder(), 'data') }).ended;
    const [version, missing, nonsense] = await Promise.all([run('--version'), run('import', 'no-such-file.csv'), run('nonsense')]);
    expect([version.code, missing.code, nonsense.code]).toEqual([0, 1, 2]);
    const data = join(temporaryFolder(), 'data');
    const running = start([node!, BIN, 'serve'], { data });
    await running.said(GREETING);
    process.kill(serverNote(data)!.pid, 'SIGKILL');
    expect((await running.ended).code).toBe(128 + 9);
  });
});

test('`s7 demo` stopped in the middle of its import leaves no process behind, ends with 0, and can be run again', async () => {
  const data = join(temporaryFolder(), 'data');
  for (const [signal, heard] of [
    ['SIGINT', /rows? read|orders? written/],
    ['SIGTERM', /http:/],
  ] as const) {
    const running = startS7(['demo'], { data });
    await running.said(heard);
    expect(await stopped(`${data}-demo`, running, () => running.kill(signal))).toBe(0);
  }
});

test('Ctrl-C in the middle of an import ends it at once', async () => {
  const folder = temporaryFolder();
  const { arguments: importing } = writeOrderFile(folder, 13_000);
  const importer = startS7(
    importing.filter((argument) => argument !== '--json'),
    { data: join(folder, 'data') },
  );
  await importer.said(/rows read/);
  importer.kill('SIGINT');
  expect(await importer.ended).toMatchObject({ signal: 'SIGINT', out: expect.not.stringContaining('orders written') });
});

test('a signal that comes twice, as npm and a terminal send it, still ends cleanly', async () => {
  const data = join(temporaryFolder(), 'data');
  const server = await startServer(data);
  expect(
    await stopped(data, server, () => {
      server.kill('SIGINT');
      server.kill('SIGTERM');
    }),
  ).toBe(0);
  expect(await server.ended).toMatchObject({ err: '' });
});

test('a server stopped amid an import ends cleanly, whoever imports is told, and the same command again completes it', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const { arguments: importing } = writeOrderFile(folder, 21_000);
  const server = await startServer(data);
  const importer = startS7(
    importing.filter((argument) => argument !== '--json'),
    { data },
  );
  await untilWriting(data);
  expect(await stopped(data, server, () => server.kill('SIGTERM'))).toBe(0);
  const told = await importer.ended;
  expect(told).toMatchObject({ code: 1, err: expect.stringContaining('Run the command again') });
  expect(told.err).not.toContain('    at ');

  const doctor = await s7(['doctor'], { data });
  expect(doctor).toMatchObject({ code: 1, out: expect.stringContaining('cut off: orders.csv') });
  const again = JSON.parse((await s7(importing, { data })).out) as Record<string, number>;
  expect(again).toMatchObject({ orders: 21_000, orders_changed: 0 });
  expect(again['orders_unchanged']).toBeGreaterThan(0);
  expect(Object.values(await withStore(data, faults)).every((count) => count === 0)).toBe(true);
});

test('a server is stopped at once amid uploads that drip, bodies and headers that never end, and streams that are read', async () => {
  const data = join(temporaryFolder(), 'data');
  const server = await startServer(data);
  const { hostname, port } = new URL(server.url);
  const speak = (...lines: string[]): Socket => {
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.write(lines.join('\r\n'));
    return socket;
  };
  const post = (path: string, type: string): string[] => [
    `POST ${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Content-Type: ${type}`,
    'Content-Length: 10000000',
    '',
    '',
  ];
  const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nOrder ID,x\n';
  const open = [
    ...['/api/import', '/api/adopt?platform=TikTok'].flatMap((path) =>
      [1, 2].map(() => speak(...post(path, 'multipart/form-data; boundary=b'), part)),
    ),
    speak(...post('/api/sync', 'application/json'), '{'),
    speak(...post('/mcp', 'application/json'), '{'),
    speak('GET / HTTP/1.1', `Host: ${hostname}`, 'X-A: '),
    speak(''),
    speak('GET /api/sync HTTP/1.1', `Host: ${hostname}`, 'Accept: text/event-stream', '', ''),
    speak('GET /mcp HTTP/1.1', `Host: ${hostname}`, 'Accept: text/event-stream', '', ''),
    speak('GET /api/TikTok/order/all/ HTTP/1.1', `Host: ${hostname}`, '', ''),
  ];
  // All of them have come in when one that came after them is answered.
  expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
  const since = performance.now();
  expect(await stopped(data, server, () => server.kill('SIGTERM'))).toBe(0);
  // Sooner than any of them is let go of by itself.
  expect(performance.now() - since).toBeLessThan(20_000);
  expect((await server.ended).err).not.toContain('cut off');
  for (const socket of open) socket.destroy();
});
