/** The dashboard's files at /app (docs/design/dashboard.md#serving). */
import { expect } from 'chai';
import express, { type NextFunction, type Request, type Response } from 'express';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { ERRORS, toHttpError } from '../../../src/http/framework/errors.ts';
import { dashboard } from '../../../src/http/framework/server/dashboard.ts';
import { securityHeaders } from '../../../src/http/framework/server/security-headers.ts';

const SCRIPT = 'console.log("a dashboard");';

describe('the files of the dashboard', () => {
  // Below a hidden folder, as an installation may be.
  const root = mkdtempSync(join(tmpdir(), '.saga-dashboard-'));
  const folder = join(root, 'dist');
  let server: Server;
  let url: string;

  before(async () => {
    const app = express();
    app.use((_req: Request, res: Response, next: NextFunction) => {
      res.locals['info'] = {};
      next();
    });
    app.use(securityHeaders);
    app.use(dashboard(folder));
    app.use((_req: Request, res: Response) => res.status(404).send('not ours'));
    app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
      res.status(ERRORS[toHttpError(error).code].status).end();
      next();
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  after(() => {
    server.close();
    rmSync(root, { recursive: true });
  });
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${url}${path}`, { redirect: 'manual', headers, method });

  it('says how to build it where there is none', async () => {
    const answer = await ask('/app');
    expect(answer.status).to.equal(404);
    expect(await answer.text()).to.include('npm run web:build');
  });

  describe('once it is built', () => {
    before(() => {
      mkdirSync(join(folder, 'assets'), { recursive: true });
      writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Saga</title>');
      writeFileSync(join(folder, 'assets/index-AbC123.js'), SCRIPT);
      writeFileSync(join(folder, 'assets/index-AbC123.js.br'), brotliCompressSync(SCRIPT));
      writeFileSync(join(folder, 'assets/index-AbC123.js.gz'), gzipSync(SCRIPT));
      writeFileSync(join(folder, 'theme.js'), SCRIPT);
      writeFileSync(join(root, 'secret.js'), 'secret');
    });

    it('leads there from the address alone', async () => {
      const answer = await ask('/');
      expect([answer.status, answer.headers.get('location')]).to.deep.equal([302, '/app']);
    });

    for (const path of ['/app', '/app/', '/app/inbox', '/app/t/019a9d1e-7c00-7000-8000-000000000101'])
      it(`shows its page at ${path}, asked for anew each time, with a policy of its own`, async () => {
        const answer = await ask(path);
        expect(answer.status).to.equal(200);
        expect(await answer.text()).to.include('<title>Saga</title>');
        expect(answer.headers.get('cache-control')).to.equal('no-cache');
        const policy = answer.headers.get('content-security-policy');
        expect(policy)
          .to.include("default-src 'none'")
          .and.include("script-src 'self'")
          .and.include("connect-src 'self'");
        expect(policy).not.to.include('unsafe');
        expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
      });

    it('keeps what has its content in its name for ever', async () => {
      const answer = await ask('/app/assets/index-AbC123.js');
      expect(answer.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
      expect((await ask('/app/theme.js')).headers.get('cache-control')).to.equal('no-cache');
    });

    it('sends the smaller copy to who reads it', async () => {
      for (const encoding of ['br', 'gzip']) {
        const answer = await ask('/app/assets/index-AbC123.js', { 'accept-encoding': encoding });
        expect(answer.headers.get('content-encoding')).to.equal(encoding);
        expect(answer.headers.get('content-type')).to.match(/javascript/);
        expect(answer.headers.get('vary')).to.match(/accept-encoding/i);
        expect(await answer.text()).to.equal(SCRIPT);
      }
      const plain = await ask('/app/assets/index-AbC123.js', { 'accept-encoding': 'identity' });
      expect(plain.headers.get('content-encoding')).to.equal(null);
    });

    it('answers 404 for a file that is not there, which nobody keeps', async () => {
      for (const path of ['/app/assets/index-gone.js', '/app/gone.js', '/app/..%2fsecret.js']) {
        const answer = await ask(path);
        expect(answer.status, path).to.be.oneOf([400, 403, 404]);
        expect(answer.headers.get('cache-control'), path).to.equal('no-cache');
        expect(await answer.text(), path).not.to.include('secret');
      }
    });

    it('is no place to write to, and no other one', async () => {
      expect(await (await ask('/app/inbox', {}, 'POST')).text()).to.equal('not ours');
      expect(await (await ask('/apple')).text()).to.equal('not ours');
    });
  });
});
