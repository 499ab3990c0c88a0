/** What pages of other origins may do, seen from a real browser (docs/design/api.md#browsers). */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../support/http/app.ts';
import { startChromium } from '../support/processes/chromium.ts';

/** An origin of its own: a server that serves one empty page. */
async function site(): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer((_req, res) =>
    res.setHeader('Content-Type', 'text/html').end('<!doctype html>'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

interface Call {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
interface Seen {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

describe('a page of another origin', function () {
  this.timeout(60_000);
  let listed: Awaited<ReturnType<typeof site>>;
  let unlisted: Awaited<ReturnType<typeof site>>;
  let app: TestProgram;
  let browser: Browser;
  before(async function () {
    browser = await startChromium(this);
    listed = await site();
    unlisted = await site();
    app = await startTestProgram({ CORS_ORIGINS: `https://dashboard.example,${listed.origin}` });
  });
  after(async () => {
    await browser.close();
    await app.close();
    for (const { server } of [listed, unlisted]) {
      server.close();
      server.closeAllConnections();
    }
  });

  /** @param among the tabs of one person share their cookies */
  const open = async (origin: string, among: Browser | BrowserContext = browser): Promise<Page> => {
    const page = await among.newPage();
    await page.goto(origin);
    return page;
  };
  /** `fetch` of the page. @returns what its script may read; the browser's word when it may read nothing */
  const fetched = (page: Page, { path, ...init }: Call): Promise<Seen | string> =>
    page.evaluate(
      async ([url, options]) => {
        try {
          const answer = await fetch(url, { ...options, credentials: 'include' });
          return {
            status: answer.status,
            text: await answer.text(),
            headers: Object.fromEntries(answer.headers.entries()),
          };
        } catch (error) {
          return String(error);
        }
      },
      [app.url + path, init] as const,
    );
  const login = (): Call => ({
    path: '/api/auth/login',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: app.person('agent.sari').email, password: STAFF_PASSWORD }),
  });

  it('that is listed signs in, reads, writes once per key, and reads the headers that a client needs', async () => {
    const page = await open(listed.origin);
    const signedIn = (await fetched(page, login())) as Seen;
    expect(signedIn.status, signedIn.text).to.equal(200);
    expect(signedIn.headers).to.have.property('x-request-id');
    const { token } = (JSON.parse(signedIn.text) as { data: { token: string } }).data;
    const authorization = `Bearer ${token}`;
    const online = {
      path: '/api/agent/status',
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'dari-browser' },
      body: JSON.stringify({ status: 'online' }),
    };
    const first = (await fetched(page, online)) as Seen;
    expect(first.status, first.text).to.equal(200);
    expect(await fetched(page, online)).to.have.property('text', first.text);
    const inbox = (await fetched(page, { path: '/api/admin/inbox', headers: { authorization } })) as Seen;
    expect(inbox.status).to.equal(200);
    // An error is read too: else a page could not say what is wrong.
    const refused = (await fetched(page, {
      path: '/api/admin/users',
      headers: { authorization, 'x-saga-client': 'dashboard/1' },
    })) as Seen;
    expect(refused.status).to.equal(403);
    await page.close();
  });

  it('that is listed keeps its session in a cookie that its scripts cannot read, in two tabs at once', async () => {
    const person = await browser.newContext();
    const page = await open(listed.origin, person);
    const other = await open(listed.origin, person);
    const wanted = login();
    const body = JSON.stringify({ ...(JSON.parse(wanted.body ?? '') as object), transport: 'cookie' });
    const signedIn = (await fetched(page, { ...wanted, body })) as Seen;
    expect(signedIn.status, signedIn.text).to.equal(200);
    expect(signedIn.text).to.not.include('refresh_token');
    expect(await page.evaluate(() => document.cookie)).to.equal('');
    const refresh = (of: Page, headers: Record<string, string> = { 'x-saga-client': 'dashboard' }) =>
      fetched(of, {
        path: '/api/auth/refresh',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      }) as Promise<Seen>;
    const both = await Promise.all([refresh(page), refresh(other)]);
    expect(both.map(({ status }) => status)).to.deep.equal([200, 200]);
    expect((await refresh(page, {})).status).to.equal(403);
    const { token } = (JSON.parse(both[0].text) as { data: { token: string } }).data;
    const out = (await fetched(page, {
      path: '/api/auth/logout',
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    })) as Seen;
    expect(out.status, out.text).to.equal(204);
    expect((await refresh(other)).status).to.equal(401);
    await person.close();
  });

  it('that is listed follows the live stream from where it was', async () => {
    const page = await open(listed.origin);
    const { token } = app.person('agent.sari');
    const begun = await page.evaluate(
      async ([url, headers]) => {
        const answer = await fetch(url, { headers });
        const reader = answer.body!.getReader();
        const { value } = await reader.read();
        await reader.cancel();
        return [answer.status, value!.length > 0] as const;
      },
      [`${app.url}/api/stream`, { authorization: `Bearer ${token}`, 'last-event-id': '0' }] as const,
    );
    expect(begun).to.deep.equal([200, true]);
    await page.close();
  });

  it('that is listed follows the stream by EventSource, with a ticket', async () => {
    const page = await open(listed.origin);
    const { token } = app.person('agent.sari');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const given = (await fetched(page, {
      path: '/api/stream/ticket',
      method: 'POST',
      headers,
      body: '{}',
    })) as Seen;
    const { ticket } = (JSON.parse(given.text) as { data: { ticket: string } }).data;
    const told = page.evaluate(
      (url) =>
        new Promise<string>((resolve, reject) => {
          const source = new EventSource(url);
          source.addEventListener('ticket', (event) => {
            source.close();
            resolve(String(event.data));
          });
          source.onopen = () => (document.title = 'open');
          source.onerror = () => {
            reject(new Error('the stream broke'));
          };
        }),
      `${app.url}/api/stream?ticket=${ticket}`,
    );
    await page.waitForFunction(() => document.title === 'open');
    const [id = ''] = await app.openTickets('sari', 1);
    expect(await told).to.include(id);
    await page.close();
  });

  it('that is not listed reads nothing, signs nobody in, and its commands do not leave the browser', async () => {
    const page = await open(unlisted.origin);
    const { token } = app.person('agent.savi');
    const reads = { path: '/api/admin/inbox', headers: { authorization: `Bearer ${token}` } };
    const writes = {
      path: '/api/agent/status',
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'online' }),
    };
    for (const call of [login(), reads, writes, { path: '/healthz' }])
      expect(await fetched(page, call), call.path).to.equal('TypeError: Failed to fetch');
    const me = await app.get('/api/auth/me', 'agent.savi');
    expect(me.json.data).to.have.nested.property('user.status', 'offline');
    await page.close();
  });

  it('gets each header or none', async () => {
    const preflight = (origin: string) =>
      app.call('/api/admin/inbox', {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'authorization',
        },
      });
    const { status, headers } = await preflight(listed.origin);
    expect(status).to.equal(204);
    expect(headers.get('access-control-allow-origin')).to.equal(listed.origin);
    expect(headers.get('access-control-allow-credentials')).to.equal('true');
    expect(headers.get('access-control-max-age')).to.equal('600');
    expect(headers.get('access-control-allow-headers')).to.equal(
      'Authorization,Content-Type,Idempotency-Key,If-Match,Last-Event-ID,X-Saga-Client',
    );
    expect(headers.get('cross-origin-resource-policy')).to.equal('cross-origin');
    expect(headers.get('vary')).to.include('Origin');
    for (const origin of [
      unlisted.origin,
      'null',
      `${listed.origin}.jahat.example`,
      'http://dashboard.example',
    ]) {
      const other = await preflight(origin);
      expect(other.headers.get('vary'), origin).to.include('Origin');
      expect(other.headers.get('cross-origin-resource-policy'), origin).to.equal('same-origin');
      const named = [...other.headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect(named, origin).to.deep.equal([]);
    }
    const answer = await app.call('/healthz', { headers: { origin: listed.origin } });
    expect(answer.headers.get('access-control-expose-headers')).to.equal(
      'ETag,Retry-After,X-Request-Id,Content-Disposition',
    );
  });
});
