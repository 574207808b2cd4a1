import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';

/** How long a body may stand still; bytes that come give patience back, so much that a thousand a second are enough. */
const PATIENCE_SECONDS = 30;
const BYTES_A_SECOND = 1024;
/**
 * What comes after the answer is read off the wire, for cut off at once many callers would not see it: a stranger's for so long, another's
 * until it stands still for so long.
 */
const LINGER_SECONDS = 5;
const NOT_LET_IN = new Set([401, 403, 429]);
const LOOK_EVERY_MS = 1000;

interface Watched {
  bytes: number;
  patience: number;
  /** More than this it never becomes. */
  most: number;
  /** How long it is still read after its answer. */
  left: number;
}

/**
 * Ends requests whose body drips: one that sends next to nothing holds a connection, and whoever waits for it, for as long as it likes.
 * Only the time in which somebody waits for bytes counts, never that in which they wait for us, nor how long a whole upload takes.
 */
export function guardBodies(app: FastifyInstance): void {
  const watched = new Map<IncomingMessage, Watched>();
  let looked = performance.now();
  const timer = setInterval(() => {
    const seconds = (performance.now() - looked) / 1000;
    looked += seconds * 1000;
    for (const [raw, state] of watched) {
      if (raw.complete || raw.readableEnded || raw.destroyed) {
        watched.delete(raw);
        continue;
      }
      const { bytesRead } = raw.socket;
      // Full, or held up by whoever reads it: then bytes wait for us.
      const waits = raw.readableLength === 0 && !raw.isPaused();
      state.patience = Math.min(state.most, state.patience + (bytesRead - state.bytes) / BYTES_A_SECOND) - (waits ? seconds : 0);
      state.bytes = bytesRead;
      state.left -= seconds;
      if (state.patience < 0 || state.left < 0) raw.destroy();
    }
  }, LOOK_EVERY_MS).unref();
  app.addHook('onRequest', ({ raw, headers }, _reply, done) => {
    if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0') {
      watched.set(raw, { bytes: raw.socket.bytesRead, patience: PATIENCE_SECONDS, most: PATIENCE_SECONDS, left: Infinity });
    }
    done();
  });
  app.addHook('onResponse', ({ raw }, reply, done) => {
    const state = watched.get(raw);
    // Nobody reads the rest of it any more, and the connection would stand still.
    if (state && !raw.complete) {
      state.most = LINGER_SECONDS;
      if (NOT_LET_IN.has(reply.statusCode)) state.left = LINGER_SECONDS;
      raw.unpipe();
      raw.resume();
    }
    done();
  });
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    done();
  });
}
