import { AppError } from '../kernel/errors.ts';
import type { Mapping } from './mapping.ts';
import type { FileSettings, FileShop } from './file-preset.ts';

/** What a row tells of its shop: whatever is known of it, or a name alone where it is no shop we know; null where it tells nothing. */
export type ToldShop = Partial<FileShop> | null;

interface Vote {
  readonly shop: FileShop | null;
  /** The name of a shop that nobody knows. */
  readonly unknown: string | null;
  rows: number;
}

const REMEMBERED = 50_000;

/** The shops of a file's rows. Every row that tells its shop is a vote for the shop of those that do not. */
export class FileShops {
  readonly #mapping: Mapping;
  readonly #settings: FileSettings;
  readonly #votes = new Map<string, Vote>();

  constructor(mapping: Mapping, settings: FileSettings) {
    this.#mapping = mapping;
    this.#settings = settings;
  }

  /**
   * The shop of a row that names one so; rows of one `key` tell the same. Null where it does not tell; a text is the name of a shop that
   * nobody knows, which is never another's.
   */
  of(key: string, named: string | null, told: () => ToldShop): FileShop | string | null {
    const known = this.#votes.get(key);
    if (known) {
      known.rows += 1;
      return known.shop ?? known.unknown;
    }
    const found = told();
    const shop = this.#identity(found ?? {}, named);
    const unknown = shop ? null : (found?.shop ?? null);
    if ((shop || unknown !== null) && this.#votes.size < REMEMBERED) this.#votes.set(key, { shop, unknown, rows: 1 });
    return shop ?? unknown;
  }

  /** The shop of the rows that do not tell theirs. @throws AppError `import_setting_needed` */
  main(): FileShop {
    const [main] = [...this.#votes.values()].toSorted((a, b) => b.rows - a.rows);
    const shop = main ? main.shop : this.#identity({}, typeof this.#mapping.shop === 'string' ? this.#mapping.shop : null);
    if (!shop) throw new AppError('import_setting_needed', { setting: 'time zone', option: 'zone' });
    return shop;
  }

  #identity(found: Partial<FileShop>, named: string | null): FileShop | null {
    const zone = this.#settings.zone ?? this.#mapping.zone ?? found.zone;
    return zone
      ? {
          platform: this.#mapping.platform,
          shop: this.#settings.shop ?? found.shop ?? named ?? this.#mapping.name,
          zone,
          currency: this.#settings.currency ?? this.#mapping.currency ?? found.currency ?? null,
          region: found.region ?? null,
          named: this.#settings.shop !== undefined || (found.shop === undefined && named !== null),
        }
      : null;
  }
}
