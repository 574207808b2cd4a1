import { fill, type Language, type TextValues } from '../kernel/messages.ts';
import { NOTICES, type NoticeName } from './notices.ts';

/** Collects what an answer says beside its figures, in one language, each thing once. */
export class Notes {
  readonly nulls: Record<string, string> = {};
  readonly #warnings = new Map<string, string>();
  readonly #language: Language;
  #apart: string | undefined;

  constructor(language: Language) {
    this.#language = language;
  }

  get warnings(): string[] {
    return [...this.#warnings.values()];
  }

  readonly say = (notice: NoticeName, values: TextValues = {}): string => fill(NOTICES[notice], this.#language, values);

  readonly because = (column: string, notice: NoticeName, values: TextValues = {}): void => {
    this.nulls[column] ??= notice === 'native_currencies' && this.#apart !== undefined ? this.#apart : this.say(notice, values);
  };

  readonly warn = (notice: NoticeName, values: TextValues = {}): void => {
    this.#warnings.set(notice, this.say(notice, values));
  };

  /** Why currencies stand side by side where nobody asked for it: said wherever that is the reason. */
  apart(notice: NoticeName, values: TextValues): void {
    this.#apart = this.say(notice, values);
  }
}
