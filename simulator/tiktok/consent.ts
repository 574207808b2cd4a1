import { htmlReply, redirectReply, type Incoming, type Reply } from '../exchange.ts';
import { ACCOUNTS, type Account } from './shops.ts';
import type { Access } from './access.ts';
import type { App } from './apps.ts';
import type { TikTokFate } from './tiktok-faults.ts';

/** What the consent pages need to know. */
interface ConsentContext {
  readonly apps: readonly App[];
  readonly access: Access;
  readonly now: number;
  readonly fate: TikTokFate;
}

/** `GET /open/authorize`: the page on which a seller lets the app in. */
export function answerConsent({ query }: Incoming, { apps }: ConsentContext): Reply {
  const app = apps.find(({ serviceId }) => serviceId === query.get('service_id'));
  if (app === undefined) return htmlReply(404, page('Unknown service', '<p>No app has this <code>service_id</code>.</p>'));
  const accounts = ACCOUNTS.filter((account) => account.app === app.kind);
  const state = query.get('state');
  return htmlReply(
    200,
    page(
      'Authorize S7StarERP',
      `
    <p>S7StarERP asks for access to your shops: orders, products, finance, returns.</p>
    <form method="get" action="/open/authorize/decide">
      <input type="hidden" name="service_id" value="${escaped(app.serviceId)}">
      ${state === undefined ? '' : `<input type="hidden" name="state" value="${escaped(state)}">`}
      <fieldset><legend>Seller account</legend>${accounts.map(choice).join('')}</fieldset>
      <button name="decision" value="authorize">Authorize</button>
      <button name="decision" value="cancel" class="quiet">Cancel</button>
    </form>`,
    ),
  );
}

/** `GET /open/authorize/decide`: sends the browser back to the app, with a code or with the refusal. */
export function answerDecision({ query }: Incoming, { apps, access, now, fate }: ConsentContext): Reply {
  const app = apps.find(({ serviceId }) => serviceId === query.get('service_id'));
  const account = ACCOUNTS.find(({ id }) => id === query.get('account'));
  if (app === undefined) return htmlReply(404, page('Unknown service', '<p>No app has this <code>service_id</code>.</p>'));
  const back = new URL(app.redirectUrl);
  if (query.get('decision') === 'cancel') {
    back.searchParams.set('code', 'null');
    back.searchParams.set('error', 'auth_denied');
  } else {
    if (account?.app !== app.kind) return htmlReply(400, page('Unknown account', '<p>Choose one of your seller accounts.</p>'));
    back.searchParams.set('app_key', app.key);
    back.searchParams.set('code', access.grantCode(app, account, now));
    back.searchParams.set('locale', 'en');
    back.searchParams.set('shop_region', account.home);
  }
  const state = query.get('state');
  if (state !== undefined && !fate.befalls('lostState')) back.searchParams.set('state', state);
  return redirectReply(back.href);
}

function choice({ id, name, sellerType, shops }: Account, place: number): string {
  const regions = shops.map(({ country }) => country).join(', ');
  return `<label><input type="radio" name="account" value="${id}"${place === 0 ? ' checked' : ''}> ${escaped(name)}
    <small>${sellerType === 'LOCAL' ? 'local seller' : 'cross-border seller'}, ${regions}</small></label>`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${title} · TikTok Shop simulator</title><style>
    body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:4rem auto;padding:0 1rem;color:#161823}
    fieldset{border:1px solid #d8d8dc;border-radius:8px;margin:1rem 0;padding:.5rem 1rem}label{display:block;padding:.4rem 0}small{color:#6b6b70}
    button{font:inherit;padding:.5rem 1.25rem;border:0;border-radius:8px;background:#fe2c55;color:#fff;cursor:pointer}.quiet{background:#ececef;color:#161823}
    .mark{color:#6b6b70;font-size:.85rem}</style></head>
    <body><p class="mark">This is a simulator. Nothing here is TikTok's.</p><h1>${title}</h1>${body}</body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
