import { htmlReply, redirectReply, type Incoming, type Reply } from '../exchange.ts';
import type { Access } from './access.ts';
import type { AmazonFate } from './amazon-faults.ts';
import type { App } from './app.ts';
import type { Region } from './marketplaces.ts';
import { ACCOUNTS, type Account } from './shops.ts';

/** What the pages of Seller Central need to know. */
interface ConsentContext {
  readonly app: App;
  readonly access: Access;
  readonly now: number;
  readonly fate: AmazonFate;
  /** Whose host it is; undefined for one that stands for all. */
  readonly region: Region | undefined;
  /** Where the page itself is: all before its path. */
  readonly base: string;
}

/** The pages' paths. */
export const CONSENT_PATHS = {
  consent: '/apps/authorize/consent',
  decide: '/apps/authorize/consent/decide',
  /** Amazon's own entry, and where the app then sends the seller. */
  store: '/apps/store/authorize',
  enter: '/apps/store/authorize/enter',
  confirm: '/apps/authorize/confirm',
} as const;

/** `GET /apps/authorize/consent`: the page on which a seller lets the app in, or one that says why not. */
export function answerConsent({ query }: Incoming, context: ConsentContext): Reply {
  const wrong = wrongIn(query, context);
  if (wrong) return wrong;
  return htmlReply(200, page('Authorize S7StarERP', form(context.base + CONSENT_PATHS.decide, query, context.region)));
}

/** `…/decide`: sends the browser back to the app with a code, or to a page that says that nothing was given. */
export function answerDecision({ query }: Incoming, context: ConsentContext): Reply {
  const { app, region } = context;
  const wrong = wrongIn(query, context);
  if (wrong) return wrong;
  if (query.get('decision') === 'cancel') return htmlReply(200, page('Authorization cancelled', '<p>The app was given nothing.</p>'));
  const account = ACCOUNTS.find(({ id }) => id === query.get('account'));
  if (account === undefined || (region !== undefined && account.region !== region))
    return errorPage('SPDC8143', 'Only the primary user of a selling account can authorize an app.');
  return backToApp(account, { to: query.get('redirect_uri') ?? app.redirectUrls[0]!, state: query.get('state') ?? '' }, context);
}

/** Amazon's own entry: a page in its store, whose button opens the app's login address. */
export function answerStore({ query }: Incoming, { base, region }: ConsentContext): Reply {
  return htmlReply(200, page('S7StarERP in the Appstore', form(base + CONSENT_PATHS.enter, query, region)));
}

/** The button: the app's login address, with what the app hands back. */
export function answerEntry({ query }: Incoming, { app, access, now, base }: ConsentContext): Reply {
  const account = ACCOUNTS.find(({ id }) => id === query.get('account'));
  if (account === undefined) return errorPage('SPDC8143', 'Only the primary user of a selling account can authorize an app.');
  const login = new URL(app.loginUrl);
  login.searchParams.set('amazon_callback_uri', `${base}${CONSENT_PATHS.confirm}/${app.applicationId}`);
  login.searchParams.set('amazon_state', access.entryState(account, now));
  login.searchParams.set('selling_partner_id', account.id);
  if (app.isDraft) login.searchParams.set('version', 'beta');
  return redirectReply(login.href);
}

/** `/apps/authorize/confirm/…`: the app has answered Amazon's entry, and the seller is sent to it with a code. */
export function answerConfirm({ path, query }: Incoming, context: ConsentContext): Reply {
  const { app, access, now } = context;
  if (path !== `${CONSENT_PATHS.confirm}/${app.applicationId}`) return errorPage('MD1000', 'The application id is unknown.');
  const account = access.accountOfEntry(query.get('amazon_state') ?? '', now);
  if (account === undefined) return errorPage('MD5100', 'The amazon_state is missing, changed or too old.');
  const wrong = wrongIn(new Map([...query, ['application_id', app.applicationId]]), context);
  return wrong ?? backToApp(account, { to: query.get('redirect_uri') ?? app.redirectUrls[0]!, state: query.get('state') ?? '' }, context);
}

function backToApp(account: Account, { to, state }: { to: string; state: string }, { access, now, fate }: ConsentContext): Reply {
  const back = new URL(to);
  if (!fate.befalls('lostState')) back.searchParams.set('state', state);
  back.searchParams.set('selling_partner_id', account.id);
  back.searchParams.set('spapi_oauth_code', access.grantCode(account, now));
  return redirectReply(back.href);
}

function wrongIn(query: ReadonlyMap<string, string>, { app, fate }: ConsentContext): Reply | undefined {
  const redirect = query.get('redirect_uri');
  if (query.get('application_id') !== app.applicationId) return errorPage('MD1000', 'The application id is unknown.');
  if (app.isDraft && query.get('version') !== 'beta') return errorPage('MD1000', 'The application is a draft: version=beta is missing.');
  if (!query.get('state')) return errorPage('MD5100', 'The state is missing.');
  if (redirect?.includes('#') === true) return errorPage('MD5110', 'The redirect URI contains a fragment.');
  if (redirect !== undefined && !app.redirectUrls.includes(redirect)) return errorPage('MD5101', 'The redirect URI is not registered.');
  if (app.redirectUrls.length === 0) return errorPage('MD9100', 'The application has no redirect URI.');
  return fate.befalls('consentLimit')
    ? errorPage('CONSENT_LIMIT_REACHED', 'The application has as many sellers as it may have.')
    : undefined;
}

function errorPage(code: string, text: string): Reply {
  return { ...htmlReply(400, page(code, `<p>${text}</p>`)), code };
}

function form(action: string, query: ReadonlyMap<string, string>, region: Region | undefined): string {
  const accounts = ACCOUNTS.filter((account) => region === undefined || account.region === region);
  const kept = [...query].map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  const choices = accounts.map(({ id, name, shops }, place) => {
    const countries = shops.map(({ country }) => country).join(', ');
    const seen = `${escaped(name)} <small>${id}: ${countries}</small>`;
    return `<label><input type="radio" name="account" value="${id}"${place === 0 ? ' checked' : ''}> ${seen}</label>`;
  });
  return `<p>S7StarERP asks for access to your selling account: orders, reports, catalog, finances.</p>
    <form method="get" action="${escaped(action)}">${kept.join('')}
      <fieldset><legend>Selling account</legend>${choices.join('')}</fieldset>
      <button name="decision" value="authorize">Authorize</button>
      <button name="decision" value="cancel" class="quiet">Cancel</button>
    </form>`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">
    <title>${title} · Amazon simulator</title>
    <style>${STYLE}</style></head>
    <body><p class="mark">This is a simulator. Nothing here is Amazon's.</p><h1>${title}</h1>${body}</body></html>`;
}

const STYLE = `
  body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#0f1111}
  fieldset{border:1px solid #d5d9d9;border-radius:8px;margin:1rem 0;padding:.5rem 1rem}
  label{display:block;padding:.4rem 0} small{color:#565959}
  button{font:inherit;padding:.5rem 1.25rem;border:0;border-radius:8px;background:#ffd814;color:#0f1111;cursor:pointer}
  .quiet{background:#eaeded} .mark{color:#565959;font-size:.85rem}`;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
