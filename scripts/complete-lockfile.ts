/**
 * Completes package-lock.json with the optional platform packages that npm leaves out (npm/cli#9846): `npm ci` then refuses
 * the lockfile on every other platform. Each entry gets the hash that its download is checked against, as the registry has it.
 * Run after every `npm install`; `npm test` fails while something is missing.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  packages: Record<string, LockedPackage>;
}

const SYSTEMS: Readonly<Record<string, string>> = {
  android: 'android',
  darwin: 'darwin',
  macos: 'darwin',
  linux: 'linux',
  linuxmusl: 'linux',
  win: 'win32',
  win32: 'win32',
  windows: 'win32',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  aix: 'aix',
};
const PROCESSORS: Readonly<Record<string, string>> = {
  x64: 'x64',
  arm64: 'arm64',
  ia32: 'ia32',
  arm: 'arm',
  armv7: 'arm',
  riscv64: 'riscv64',
  ppc64: 'ppc64',
  s390x: 's390x',
  loong64: 'loong64',
  mips64el: 'mips64el',
  wasm32: 'wasm32',
};
const C_LIBRARIES: Readonly<Record<string, string>> = {
  gnu: 'glibc',
  gnueabihf: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
  linuxmusl: 'musl',
};

/** The optional packages that a lockfile's packages name and that it does not hold. */
export function missingPackages({ packages }: Lockfile): Map<string, LockedPackage> {
  const missing = new Map<string, LockedPackage>();
  for (const [where, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (isHeld(packages, where, name)) continue;
      const version = /\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?/.exec(range)?.[0];
      if (version)
        missing.set(`node_modules/${name}`, { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) } as LockedPackage);
    }
  }
  return missing;
}

/**
 * The packages of a lockfile whose download nothing would be held against, as `name@version` by their place; the project itself is none.
 */
export function unhashedPackages({ packages }: Lockfile): Map<string, string> {
  return new Map(
    Object.entries(packages)
      .filter(([where, { integrity }]) => where !== '' && !integrity)
      .map(([where, { version }]) => [where, `${where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`]),
  );
}

/** Whether Node's walk up from a package finds one of that name. */
function isHeld(packages: Lockfile['packages'], from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.includes('/node_modules/') ? folder.slice(0, folder.lastIndexOf('/node_modules/')) : '') {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const words = name.split(/[/@_-]/);
  const find = (table: Readonly<Record<string, string>>): string | undefined => words.map((word) => table[word]).find(Boolean);
  const [os, cpu, libc] = [find(SYSTEMS), find(PROCESSORS), find(C_LIBRARIES)];
  return { ...(os ? { os: [os] } : {}), ...(cpu ? { cpu: [cpu] } : {}), ...(os === 'linux' && libc ? { libc: [libc] } : {}) };
}

if (import.meta.main) {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const lockfile = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
  const missing = missingPackages(lockfile);
  const all = { ...lockfile.packages, ...Object.fromEntries(missing) };
  lockfile.packages = Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => a.localeCompare(b, 'en')));
  const unhashed = unhashedPackages(lockfile);
  for (const [where, name] of unhashed) {
    const integrity = execFileSync('npm', ['view', name, 'dist.integrity'], { encoding: 'utf8' }).trim();
    if (!integrity) throw new Error(`the registry has no hash of ${name}`);
    const { version, ...rest } = lockfile.packages[where]!;
    lockfile.packages[where] = { ...(version ? { version } : {}), integrity, ...rest };
  }
  writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
  console.log(`${missing.size} packages added to the lockfile, ${unhashed.size} hashes`);
}
