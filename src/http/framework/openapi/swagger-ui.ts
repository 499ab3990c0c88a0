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

/** Routes of the documentation pages: public, static, and in no list of routes. */
export function docs(): Router {
  const router = Router();
  router.use('/api/docs', relaxForDocs);
  router.get('/api/docs', (_req, res) => {
    res.type('html').send(page);
  });
  router.get('/api/docs/start.js', (_req, res) => {
    res.type('text/javascript').send(start);
  });
  router.use(ASSETS, express.static(folder, { index: false, etag: false, maxAge: '1h' }));
  return router;
}
