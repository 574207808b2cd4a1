import type { Language } from '../../kernel/messages.ts';
import { visible } from '../../kernel/visible.ts';
import { STYLE } from './page-style.ts';

/** What a plain page may load: its own inline styles, and pictures of this server. */
export const PAGE_POLICY = "default-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:";

const LANGUAGE_NAMES = [
  ['zh', '中文'],
  ['en', 'English'],
  ['es', 'Español'],
] as const;

/** A whole page around its sections, which are HTML already; it offers the languages where it has an address of its own. */
export function htmlPage(
  {
    language,
    title,
    lead,
    version,
    languagesAt,
  }: { language: Language; title: string; lead: string; version: string; languagesAt?: string },
  main: string,
): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><link rel="icon" href="/favicon.ico" type="image/svg+xml"><style>${STYLE}</style></head><body>
<header><div><h1>S7<span>★</span>ERP</h1><p>${escape(lead)}</p></div>
${
  languagesAt
    ? `<nav aria-label="language">${LANGUAGE_NAMES.map(
        ([code, name]) =>
          '<a ' +
          `href="${escape(languagesAt)}${languagesAt.includes('?') ? '&#38;' : '?'}lang=${code}"${code === language ? ' aria-current="true"' : ''} ` +
          `lang="${code}">${name}</a>`,
      ).join('')}</nav>`
    : ''
}</header>
${main}<footer>S7StarERP ${version}</footer></body></html>`;
}

/** Text as it may stand in HTML. */
export function escape(text: string): string {
  return visible(text).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
