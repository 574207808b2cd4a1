import { shownShare, type Language } from '../../kernel/messages.ts';

const WIDTH = 24;

/** How far something has come, 0 to 1, as a bar with words after it. */
export function bar(share: number, what: string, language: Language): string {
  const full = Math.round(share * WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${shownShare(share, language)}  ${what}`;
}
