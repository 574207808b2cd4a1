import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { CASES_FOLDER, judged, type Case, type Outcome } from './case.ts';
import { start, withProcess } from './servers.ts';

const KEY = 'correct-horse-battery-staple';
const script = (name: string): string => join(CASES_FOLDER, 'hostile', name);

/** Raw bytes to a port of this machine, and the status of the answer. */
function raw(port: number, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setTimeout(8000, () => socket.destroy());
    socket
      .on('data', (chunk) => {
        said += String(chunk);
      })
      .on('error', reject)
      .on('close', () => resolve(Number(/^HTTP\/1\.[01] (\d+)/.exec(said)?.[1] ?? 0)));
  });
}

/** As nginx's plainest `proxy_pass` sends what reaches it from anywhere. */
const throughNginx = (port: number, path: string): Promise<number> =>
  raw(port, `GET ${path} HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);

const LOOPBACK = /^Host: "(?:127\.0\.0\.1:18430|localhost|LOCALHOST:80|\[::1\](?::18430)?)"$/;
/** Names of this machine in less usual ways: either answer does no harm. */
const EITHER =
  /^Host: "(?:::1|\[::ffff:127\.0\.0\.1\]|\[0:0:0:0:0:0:0:1\]:1|127\.0\.0\.1\.|localhost\.|127\.1|127\.999\.999\.999|foo\.localhost|ip6-localhost|localhost:evil|localhost:80:80|\[localhost\]|\[127\.0\.0\.1\])"$/;
const LOOPBACK_ORIGIN = /^Origin: (?:http:\/\/localhost:3000|http:\/\/\[::1\]:5|https:\/\/127\.0\.0\.1|)$/;
/** A header that no proxy sends to tell of itself. */
const NO_PROXY = /^(?:X-Original-Host|X-Original-URL|X-Host|X-HTTP-Method-Override|X_Forwarded_For|Fly-Client-IP|X-Envoy|Tailscale|Ngrok)/;
const OPEN =
  /^foreign Host \/(?:api\/)?(?:[\w]+\/)?(?:callback|webhook|swagger|redoc|openapi\.json|signin|session|web|static|favicon\.ico)|^foreign Host \/API\/OpenApi\.JSON|^foreign Host \/api\/(?:swagger|redoc|openapi)/;

/** Whether a line of `gate.mjs` is as it has to be; null where both answers do. */
function holds(status: string, label: string): boolean | null {
  const open = /^[23]/.test(status);
  if (label.startsWith('Host: ')) return EITHER.test(label) ? null : open === LOOPBACK.test(label);
  if (label === 'HTTP/1.0 Host localhost' || label === 'HTTP/1.0 no Host' || label === 'HTTP/1.1 no Host' || label.startsWith('two Hosts'))
    return !open;
  if (
    label === 'absolute form localhost, Host evil' ||
    label === 'CL+TE' ||
    label === 'two CL' ||
    label === 'TE xchunked' ||
    label === 'obs-fold header' ||
    label === 'space before colon'
  )
    return !open;
  if (/^Origin: (?:javascript|vscode-webview|ftp|chrome-extension):/.test(label)) return null;
  if (label.startsWith('Origin: ')) return open === LOOPBACK_ORIGIN.test(label);
  if (/^Sec-Fetch (?:CROSS-SITE|same-site)/.test(label)) return null;
  if (label.startsWith('Sec-Fetch ')) return open === label.startsWith('Sec-Fetch none');
  if (label.startsWith('foreign Host /'))
    return open ? OPEN.test(label) && !/shops|package\.json|passwd|secret/.test(label.replace('/swagger/../shops', '')) : true;
  if (/^[\w-]+: |^forwarded:/i.test(label)) return NO_PROXY.test(label) ? null : !open;
  return null;
}

async function gate(port: number): Promise<Outcome> {
  const { out } = await start([script('gate.mjs'), String(port)]).ended;
  const lines = out.split('\n').flatMap((line) => {
    const [, status, label] = /^(\S+)\s+(?:[a-z_]+\s+)?\s*(.*)$/.exec(line) ?? [];
    return status !== undefined && label !== undefined && (/^\d{3}$/.test(status) || status === '(closed)')
      ? [{ status, label: label.trim() }]
      : [];
  });
  const judgements = lines.map(({ status, label }) => ({ status, label, fine: holds(status, label) }));
  const wrong = judgements.filter(({ fine }) => fine === false);
  const looked = judgements.filter(({ fine }) => fine !== null).length;
  return {
    got:
      `${looked} of ${lines.length} requests ` +
      `judged${wrong.length === 0 ? ', all as they have to be' : `, wrong: ${wrong.map(({ status, label }) => `${status} ${label}`).join('; ')}`}`,
    passed: looked > 100 && wrong.length === 0,
  };
}

async function limits(port: number): Promise<Outcome> {
  const { out } = await start([script('limits.mjs'), String(port), KEY]).ended;
  const status = (what: string): string => new RegExp(`${what} (\\S+)`).exec(out)?.[1] ?? '?';
  const got = ['right key then', 'the owner with the key then', 'the consent callback then'].map((what) => `${what} ${status(what)}`);
  return {
    got: got.join(', '),
    passed:
      status('right key then') === '200' &&
      status('the owner with the key then') === '200' &&
      status('the consent callback then') !== '429',
  };
}

/** Who gets in, and who is let go of. */
export const gateCases: readonly Case[] = [
  judged('hostile/gate.mjs', 'loopback names get in, nobody else, through no proxy; only what is open to all answers a foreign name', () =>
    withProcess(({ port }) => gate(port)),
  ),
  judged('hostile/nginx-default.conf', "behind nginx's plainest proxy_pass nobody gets in without a key", () =>
    withProcess(async ({ port }) => {
      const got = await Promise.all(
        ['/api/shops', '/api/Multiplatform/order/all', '/metrics', '/api/TikTok/callback?state=x'].map((path) => throughNginx(port, path)),
      );
      return {
        got: got.join(' '),
        passed: got.slice(0, 3).every((status) => status === 401 || status === 403) && got[3] !== 401 && got[3] !== 403,
      };
    }),
  ),
  judged('hostile/nginx-default.conf with S7_PUBLIC_URL', 'without a key the server does not start, and says how to make one', async () => {
    const server = start(['src/main.ts', 'serve'], {
      S7_PUBLIC_URL: 'https://erp.example.com',
      S7_DATA_DIR: `/tmp/s7-case-public-${process.pid}`,
    });
    const stop = setTimeout(() => server.child.kill('SIGKILL'), 15_000);
    const { code, out, err } = await server.ended;
    clearTimeout(stop);
    return { got: `code ${code}: ${(err || out).slice(0, 200)}`, passed: code === 1 && /S7_API_KEY/.test(err) };
  }),
  judged('hostile/limits.mjs', "wrong keys and strangers use up nobody's share but their own", () =>
    withProcess(({ port }) => limits(port), { S7_API_KEY: KEY }),
  ),
  judged('hostile/loris.mjs', 'every kind of connection that stands still or drips is let go of within 150 s', () =>
    withProcess(async ({ port }) => {
      const { out } = await start([script('loris.mjs'), String(port)]).ended;
      const kinds = [
        'header never ends: 300/300',
        'header drips: 50/50',
        'nothing sent: 50/50',
        'JSON body drips: 50/50',
        'JSON body drips, foreign host: 50/50',
        'upload drips: 1/1',
      ];
      const left = kinds.filter((kind) => !out.includes(kind));
      return { got: left.length === 0 ? 'all let go of' : `still held: ${left.join(', ')}`, passed: left.length === 0 };
    }),
  ),
  judged('hostile/loris.mjs and SIGTERM', 'a dripping body does not keep the server from ending', () =>
    withProcess(async ({ port, child, ended, url }) => {
      const slow = request(`${url}/api/sync`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': '100000' },
      });
      slow.on('error', () => undefined).write('{');
      await fetch(`http://127.0.0.1:${port}/api/health`);
      const begun = performance.now();
      child.kill('SIGTERM');
      const seconds = await Promise.race([
        ended.then(() => (performance.now() - begun) / 1000),
        new Promise<number>((resolve) => setTimeout(resolve, 30_000, Infinity)),
      ]);
      slow.destroy();
      return { got: Number.isFinite(seconds) ? `ended after ${seconds.toFixed(1)} s` : 'still running after 30 s', passed: seconds < 20 };
    }),
  ),
];
