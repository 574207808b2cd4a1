import type { Text } from '../../kernel/messages.ts';
import { NEW_KEY_COMMAND } from '../guarded-settings.ts';
import { escape, htmlPage, PAGE_POLICY } from './layout.ts';
import { wishedLanguage } from './room.ts';
import { route } from './route.ts';

const TEXTS = {
  lead: { en: 'Sign in', zh: '登录', es: 'Iniciar sesión' },
  key: { en: 'API key', zh: 'API 密钥', es: 'Clave de API' },
  where: {
    en: 'It is S7_API_KEY in the settings of the server.',
    zh: '即服务器设置中的 S7_API_KEY。',
    es: 'Es S7_API_KEY en los ajustes del servidor.',
  },
  enter: { en: 'Sign in', zh: '登录', es: 'Entrar' },
  none: {
    en:
      'This server has no API key: only its own machine gets in. Make one with this command, put it into .env and start the server ' +
      'again.',
    zh: '此服务器没有 API 密钥：仅本机可访问。请用以下命令生成，写入 .env 后重启服务器。',
    es:
      'Este servidor no tiene clave de API: solo entra su propio ordenador. Haga una con esta orden, póngala en .env y reinicie el ' +
      'servidor.',
  },
  script: { en: 'This page needs JavaScript.', zh: '此页面需要 JavaScript。', es: 'Esta página necesita JavaScript.' },
} as const satisfies Record<string, Text>;

/** What the browser does on the pages: sign in and out. The field of the key has no name, so that without this nothing is sent. */
const SCRIPT = `const form = document.querySelector('form[data-signin]');
const told = document.querySelector('[role=alert]');
const ask = (method, body) => fetch('/api/session', { method, ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'accept-language': document.documentElement.lang } } : {}) });
if (new URLSearchParams(location.search).has('try')) location.replace('/');
if (form) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await ask('POST', { key: form.querySelector('input').value });
    if (answer.ok) location.replace('/');
    else { const { msg, hint } = await answer.json(); told.textContent = msg + ' ' + hint; }
  });
}
document.querySelector('[data-signout]')?.addEventListener('click', async () => { await ask('DELETE'); location.replace('/signin'); });
`;

const page = route({
  method: 'GET',
  path: '/signin',
  needs: 'read',
  open: true,
  type: 'text/html',
  handle({ request, reply }, room) {
    const language = wishedLanguage(request, room);
    const say = (text: keyof typeof TEXTS): string => escape(TEXTS[text][language]);
    const main =
      room.config.apiKey === undefined
        ? `<p>${say('none')}</p><pre>${escape(NEW_KEY_COMMAND)}</pre>`
        : `<form data-signin method="post"><label>${say('key')}<input type="password" autocomplete="current-password" required autofocus></label>
<button>${say('enter')}</button><p role="alert"></p></form><p class="quiet">${say('where')}</p><noscript><p>${say('script')}</p></noscript><script type="module" src="/signin.js"></script>`;
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', PAGE_POLICY)
      .header('cache-control', 'no-store')
      .send(
        htmlPage(
          { language, title: 'S7StarERP', lead: TEXTS.lead[language], version: room.config.version, languagesAt: '/signin' },
          `<main><section class="wide">${main}</section></main>`,
        ),
      );
  },
});

const script = route({
  method: 'GET',
  path: '/signin.js',
  needs: 'read',
  open: true,
  type: 'text/javascript',
  handle: ({ reply }) => reply.type('text/javascript; charset=utf-8').send(SCRIPT),
});

/** The page on which a browser gives the key, where one is needed. */
export const signinRoutes = [page, script] as const;
