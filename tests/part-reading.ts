import type { OpenParts } from '../src/records/kind.ts';
import type { KeyedHash } from '../src/kernel/vault.ts';
import { platforms } from '../src/platforms/all.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { parseMapping } from '../src/platforms/mapping.ts';
import { openParts } from '../src/sync/document-readers.ts';

/** Reads kept documents as the server does. */
export function partsOf(hash: KeyedHash): OpenParts {
  return openParts({
    hash,
    platforms,
    presets: platforms.flatMap(({ files }) => files),
    presetOf: (mapping) => presetOf(parseMapping(mapping)),
  });
}
