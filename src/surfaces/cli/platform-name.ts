import { unknownName } from '../../kernel/errors.ts';
import { PLATFORM_IDS, type PlatformId } from '../../model/shop.ts';

/** The names people type stand for the segments. */
const NAMES: ReadonlyMap<string, PlatformId> = new Map(PLATFORM_IDS.map((id) => [id.toLowerCase(), id]));

/** The names of platforms as people type them. */
export const PLATFORM_NAMES: readonly string[] = [...NAMES.keys()];

/** One of them, for examples. */
export const EXAMPLE_PLATFORM = PLATFORM_NAMES[0]!;

/** The platform that a name means, whatever the case of its letters. @throws AppError `unknown_name` */
export function platformOf(name: string): PlatformId {
  const known = NAMES.get(name.toLowerCase());
  if (!known) throw unknownName('platform', name, PLATFORM_NAMES);
  return known;
}
