/** Swagger UI at `/api/docs`, from the package's own files: nothing is fetched from elsewhere. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { Router } from 'express';
import { relaxForDocs } from '../server/security-headers.ts';

const ASSETS = '/api/docs/assets';
const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const page = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>saga-backend API</title>
  <link rel="stylesheet" href="${ASSETS}/swagger-ui.css">
  <link rel="icon" type="image/png" href="${ASSETS}/favicon-32x32.png">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="${ASSETS}/swagger-ui-bundle.js"></script>
  <script src="/api/docs/start.js"></script>
</body>
</html>
`;

// A file of its own, because the content security policy allows no inline script.
const start = `window.ui = SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
});
`;

/** Signs in with an account of the demo and gives the token to Swagger UI; the password is what the demo printed. */
const signIn = `const form = document.getElementById('sign-in');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = document.getElementById('said');
  const answer = await fetch('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: form.elements.email.value, password: form.elements.password.value }),
  });
  const { data, error } = await answer.json();
  if (error) {
    said.textContent = error.message;
    return;
  }
  window.ui.preauthorizeApiKey('bearer', data.token);
  said.textContent = 'Signed in as ' + data.user.name + ' (' + data.user.role + ', ' + data.user.division + ')';
});
`;

const signInForm = (accounts: readonly string[]): string => `<form id="sign-in" style="padding: 12px 20px">
    <label>Demo account <select name="email">${accounts.map((email) => `<option>${email}</option>`).join('')}</select></label>
    <label>Password <input name="password" type="password" required autocomplete="off"></label>
    <button>Sign in</button> <output id="said"></output>
  </form>
  <script src="/api/docs/sign-in.js" defer></script>
  `;

/**
 * Routes of the documentation pages: public, static, and in no list of routes.
 * @param demoAccounts e-mail addresses to sign in with; only the demo has them
 */
export function docs(demoAccounts: readonly string[] = []): Router {
  const router = Router();
  router.use('/api/docs', relaxForDocs);
  router.get('/api/docs', (_req, res) => {
    const form = demoAccounts.length === 0 ? '' : signInForm(demoAccounts);
    res.type('html').send(page.replace('<div id="swagger-ui">', `${form}<div id="swagger-ui">`));
  });
  router.get('/api/docs/start.js', (_req, res) => {
    res.type('text/javascript').send(start);
  });
  if (demoAccounts.length > 0)
    router.get('/api/docs/sign-in.js', (_req, res) => {
      res.type('text/javascript').send(signIn);
    });
  router.use(ASSETS, express.static(folder, { index: false, etag: false, maxAge: '1h' }));
  return router;
}
