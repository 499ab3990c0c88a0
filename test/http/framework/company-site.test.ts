/** The company site at / (docs/design/company-site.md#serving). */
import { expect } from 'chai';
import express, { type NextFunction, type Request, type Response } from 'express';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { companySite } from '../../../src/http/framework/server/company-site.ts';
import { dashboard } from '../../../src/http/framework/server/dashboard.ts';
import { securityHeaders } from '../../../src/http/framework/server/security-headers.ts';

const STYLE = 'body{color:red}';
const PAGE = `<!doctype html><style>${STYLE}</style><link rel="canonical" href="https://site.invalid/faq"/><p>{"url":"https://site.invalid/"}</p>`;
const SCRIPT = 'console.log("the panel")';
const FILES = {
  'index.html': PAGE,
  'faq.html': PAGE,
  'layanan/kargo.html': PAGE,
  '404.html': '<!doctype html><style></style><h1>Halaman ini tidak ada</h1>',
  'widget/frame.html': PAGE,
  'sitemap.xml': '<urlset><url><loc>https://site.invalid/faq</loc></url></urlset>',
  'robots.txt': 'User-agent: *\n\nSitemap: https://site.invalid/sitemap.xml\n',
  'widget.js': SCRIPT,
  'assets/panel-AbC.js': SCRIPT,
};

describe('the company site', () => {
  const root = mkdtempSync(join(tmpdir(), 'saga-site-'));
  const servers: Server[] = [];
  let here = '';
  let named = '';

  async function serve(publicUrl: string | null): Promise<string> {
    const site = companySite(join(root, 'dist'), {
      publicUrl,
      framedBy: (key) => (key === 'sari' ? ['https://www.example.com'] : null),
    });
    const app = express();
    app.use((_req: Request, res: Response, next: NextFunction) => {
      res.locals['info'] = {};
      next();
    });
    app.use(securityHeaders, site.files, dashboard(join(root, 'none')));
    app.get('/api/healthy', (_req: Request, res: Response) => res.json({ success: true }));
    app.use(site.notFound);
    app.use((_req: Request, res: Response) => res.status(404).json({ success: false }));
    const server = createServer(app).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }
  before(async () => {
    here = await serve(null);
    named = await serve('https://www.saga.example/');
  });
  after(() => {
    for (const server of servers) server.close();
    rmSync(root, { recursive: true });
  });
  const ask = (url: string, headers: Record<string, string> = {}) =>
    fetch(url, { redirect: 'manual', headers: { 'accept-encoding': 'identity', ...headers } });

  it('leaves / to the dashboard until it is built', async () => {
    const answer = await ask(`${here}/`);
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([302, '/app']);
  });

  describe('once it is built', () => {
    before(() => {
      for (const [name, text] of Object.entries(FILES)) {
        const path = join(root, 'dist', name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      writeFileSync(join(root, 'dist/assets/panel-AbC.js.br'), brotliCompressSync(SCRIPT));
      writeFileSync(join(root, 'secret.js'), 'secret');
    });

    for (const path of ['/', '/faq', '/layanan/kargo'])
      it(`shows its page at ${path}, for five minutes, with a policy that knows its style and no other`, async () => {
        const answer = await ask(named + path);
        expect(answer.status).to.equal(200);
        expect(answer.headers.get('cache-control')).to.match(/^public, max-age=300,/);
        const policy = answer.headers.get('content-security-policy') ?? '';
        const hash = createHash('sha256').update(STYLE).digest('base64');
        expect(policy).to.include(`style-src 'sha256-${hash}'`).and.include("frame-ancestors 'none'");
        expect(policy).not.to.include('unsafe');
      });

    it('knows its own address where PUBLIC_URL says it, and is silent about it where not', async () => {
      expect(await (await ask(`${named}/faq`)).text())
        .to.include('href="https://www.saga.example/faq"')
        .and.not.include('site.invalid');
      const text = await (await ask(`${here}/faq`)).text();
      expect(text).not.to.include('canonical').and.not.include('site.invalid');
      expect(await (await ask(`${named}/sitemap.xml`)).text()).to.include('https://www.saga.example/faq');
      expect((await ask(`${here}/sitemap.xml`)).status).to.equal(404);
      expect(await (await ask(`${named}/robots.txt`)).text()).to.include(
        'https://www.saga.example/sitemap.xml',
      );
      expect(await (await ask(`${here}/robots.txt`)).text()).not.to.include('Sitemap');
    });

    it('is smaller for who reads that, and not sent again to who has it', async () => {
      const small = await ask(`${here}/faq`, { 'accept-encoding': 'br' });
      expect(small.headers.get('content-encoding')).to.equal('br');
      expect(await small.text()).to.include('<!doctype html>');
      const etag = small.headers.get('etag') ?? '';
      const again = await ask(`${here}/faq`, {
        ...{ 'accept-encoding': 'br', 'if-none-match': etag },
        // Else the client asks for a fresh copy.
        'cache-control': 'max-age=0',
      });
      expect(again.status).to.equal(304);
      const panel = await ask(`${here}/assets/panel-AbC.js`, { 'accept-encoding': 'br' });
      expect(panel.headers.get('content-encoding')).to.equal('br');
      expect(panel.headers.get('cache-control')).to.include('immutable');
      expect(await panel.text()).to.equal(SCRIPT);
    });

    it('has one address for each page', async () => {
      const answer = await ask(`${here}/layanan/kargo/`);
      expect([answer.status, answer.headers.get('location')]).to.deep.equal([301, '/layanan/kargo']);
    });

    it('gives the widget to pages of other sites, and its other files to none', async () => {
      const widget = await ask(`${here}/widget.js`);
      expect(widget.headers.get('cross-origin-resource-policy')).to.equal('cross-origin');
      const panel = await ask(`${here}/assets/panel-AbC.js`);
      expect(panel.headers.get('cross-origin-resource-policy')).to.equal('same-origin');
    });

    it('lets the pages of a site key, and no others, show the chat in a frame', async () => {
      const frame = await ask(`${here}/widget/frame?site_key=sari`);
      expect(frame.status).to.equal(200);
      expect(frame.headers.get('content-security-policy')).to.include(
        "frame-ancestors 'self' https://www.example.com",
      );
      expect(frame.headers.get('x-frame-options')).to.equal(null);
      expect((await ask(`${here}/widget/frame?site_key=other`)).status).to.equal(404);
      expect((await ask(`${here}/widget/frame`)).status).to.equal(404);
      expect((await ask(`${here}/faq`)).headers.get('x-frame-options')).to.equal('DENY');
    });

    it('tells a person that a page is not there, and a program its envelope', async () => {
      const page = await ask(`${here}/nothing`, { accept: 'text/html,*/*' });
      expect([page.status, await page.text()]).to.deep.equal([404, FILES['404.html']]);
      expect(page.headers.get('cache-control')).to.equal('no-store');
      const program = await ask(`${here}/nothing`);
      expect([program.status, await program.json()]).to.deep.equal([404, { success: false }]);
      const api = await ask(`${here}/api/nothing`, { accept: 'text/html' });
      expect(await api.json()).to.deep.equal({ success: false });
    });

    it('leaves the API and the dashboard alone', async () => {
      expect(await (await ask(`${here}/api/healthy`)).json()).to.deep.equal({ success: true });
      expect(await (await ask(`${here}/app`)).text()).to.include('npm run web:build');
    });

    for (const path of ['/../secret.js', '/%2e%2e/secret.js', '/assets/..%2f..%2fsecret.js', '/.made-from'])
      it(`gives no file from outside of it: ${path}`, async () => {
        const answer = await ask(here + path);
        expect(answer.status).to.equal(404);
        expect(await answer.text()).not.to.include('secret');
      });
  });
});
