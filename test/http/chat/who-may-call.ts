/** Part of the test of the web chat, on the same program. */
import { expect } from 'chai';
import type { TestProgram } from '../../support/http/app.ts';
import { nextAddress, visit } from '../../support/http/chat.ts';
import { posting } from '../../support/http/http.ts';

/** @param elsewhere origin of the pages of the site `sari` */
export function whoMayCall(app: () => TestProgram, elsewhere: string): void {
  describe('who may call it', () => {
    const begin = (headers: Record<string, string>, site_key = 'sari') =>
      app().call(
        '/api/chat/session',
        posting({ site_key }, undefined, { 'x-forwarded-for': nextAddress(), ...headers }),
      );

    it('is a page of a site, and a page of the product itself on any port', async () => {
      expect((await begin({ origin: elsewhere })).status).to.equal(201);
      expect((await begin({ origin: app().url })).status).to.equal(201);
      expect((await begin({ origin: 'http://127.0.0.1:5173' })).status).to.equal(201);
    });

    it('is no other page, no file, nobody who names none, and nobody without a key of ours', async () => {
      for (const origin of ['https://evil.example', 'null', 'file://'])
        expect((await begin({ origin })).json.error.code, origin).to.equal('SITE_UNKNOWN');
      expect((await begin({})).json.error.code).to.equal('SITE_UNKNOWN');
      expect((await begin({ origin: app().url }, 'other')).json.error.code).to.equal('SITE_UNKNOWN');
      // The site of another key.
      expect((await begin({ origin: elsewhere }, 'savi')).json.error.code).to.equal('SITE_UNKNOWN');
    });

    it('browsers hear it for these routes only, and without cookies', async () => {
      const preflight = (path: string, origin = elsewhere) =>
        app().call(path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
      const allowed = await preflight('/api/chat');
      expect(allowed.status).to.equal(204);
      expect(allowed.headers.get('access-control-allow-origin')).to.equal(elsewhere);
      expect(allowed.headers.get('access-control-allow-credentials')).to.equal(null);
      for (const path of ['/api/chat/claim', '/api/chat/send', '/api/admin/inbox', '/api/auth/login'])
        expect((await preflight(path)).headers.get('access-control-allow-origin'), path).to.equal(null);
      expect(
        (await preflight('/api/chat', 'https://evil.example')).headers.get('access-control-allow-origin'),
      ).to.equal(null);
    });

    it('is a visitor with the token, of that visitor, from a page of that site', async () => {
      const a = await visit(app().url);
      const b = await visit(app().url);
      await a.say('halo dari visitor a');
      expect(await b.messages()).to.deep.equal([]);
      const as = (authorization: string, origin?: string) =>
        app().call('/api/chat/messages', {
          headers: { authorization, ...(origin !== undefined && { origin }) },
        });
      const token = a.headers['authorization'] ?? '';
      expect((await as(token)).status).to.equal(200);
      expect((await as(token, 'https://evil.example')).json.error.code).to.equal('SITE_UNKNOWN');
      const [body = '', signature = ''] = token.slice(5).split('.');
      const other = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
      const forged = Buffer.from(JSON.stringify({ ...other, s: b.sessionId })).toString('base64url');
      for (const bad of [
        `Chat ${forged}.${signature}`,
        `Chat ${body}.${'0'.repeat(64)}`,
        'Chat x',
        `Bearer ${body}.${signature}`,
      ])
        expect((await as(bad)).json.error.code, bad).to.equal('CHAT_SESSION_INVALID');
      // A token of staff opens nothing here, and one of a visitor nothing there.
      expect((await as(`Bearer ${app().person('sa').token}`)).status).to.equal(401);
      expect((await app().call('/api/admin/inbox', { headers: { authorization: token } })).status).to.equal(
        401,
      );
      const wrong = await a.say('apa ini', { session_id: b.sessionId });
      expect(wrong.json.error.code).to.equal('CHAT_SESSION_INVALID');
    });
  });
}
