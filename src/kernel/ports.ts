import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

const LISTENING = '0A';

/**
 * Who listens on a TCP port of this machine, e.g. `python3 (pid 812)`; undefined where the system does not tell
 * (anything but Linux, or another user's process).
 */
export function listenerOf(port: number): string | undefined {
  try {
    const wanted = port.toString(16).toUpperCase().padStart(4, '0');
    const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
      readFileSync(table, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local, , state]) => local?.endsWith(`:${wanted}`) && state === LISTENING)
        .map((cells) => `socket:[${cells[9]}]`),
    );
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (holdsOne(pid, inodes)) {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
          .split('\0')
          .filter(Boolean)
          .slice(0, 3)
          .map((part) => basename(part));
        return `${command.join(' ')} (pid ${pid})`;
      }
    }
  } catch {
    // No such files on this system: nobody can be named.
  }
  return undefined;
}

function holdsOne(pid: string, sockets: readonly string[]): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.includes(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false;
  }
}
