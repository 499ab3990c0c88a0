/** What a browser, a proxy or a raw socket could make of our answers (docs/security.md). */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { routes } from '../../src/http/routes.ts';
import { startTestProgram, type TestProgram } from '../support/http/app.ts';
import { bearer, posting, type Reply } from '../support/http/http.ts';

describe('attack: browsers, proxies and raw sockets', function () {
  this.timeout(60_000);
  let app: TestProgram;
  before(async () => {
    app = await startTestProgram();
  });
  after(() => app.close());

  const origin = { origin: 'https://jahat.example' };
  /** An answer of every kind: data, errors of each layer, documents, the webhook, a stream, a sign-in. */
  async function answers(): Promise<readonly (readonly [string, Reply])[]> {
    const { token, email } = app.person('agent.sari');
    const calls: readonly (readonly [string, RequestInit])[] = [
      ['/healthz', {}],
      ['/readyz', {}],
      ['/metrics', {}],
      ['/api/openapi.json', {}],
      ['/api/docs/', {}],
      ['/api/docs/swagger-ui.css', {}],
      ['/nowhere', {}],
      ['/%', {}],
      ['/api/webhook/external-bot', { method: 'POST', body: 'x' }],
      ['/api/auth/me', {}],
      ['/api/auth/me', { headers: bearer(token) }],
      ['/api/stream', { headers: bearer(token) }],
      ['/api/auth/login', posting({ email, password: 'salah' })],
      ['/api/auth/login', posting('{')],
      ['/api/auth/login/totp', posting({ challenge: 'x', code: '000000' })],
      ['/api/auth/sessions', { headers: bearer(token), method: 'OPTIONS' }],
    ];
    return Promise.all(
      calls.map(
        async ([path, init]) =>
          [
            `${init.method ?? 'GET'} ${path}`,
            await app.call(path, { ...init, headers: { ...origin, ...(init.headers as object) } }),
          ] as const,
      ),
    );
  }

  it('every answer carries the headers that keep it data: HSTS, nosniff, policy, no frame, no referrer, no cache', async () => {
    for (const [what, { headers, text }] of await answers()) {
      expect(headers.get('strict-transport-security'), what).to.equal('max-age=31536000; includeSubDomains');
      expect(headers.get('x-content-type-options'), what).to.equal('nosniff');
      expect(headers.get('content-security-policy'), what)
        .to.include("default-src 'none'")
        .and.to.include("frame-ancestors 'none'");
      expect(headers.get('x-frame-options'), what).to.equal('DENY');
      expect(headers.get('referrer-policy'), what).to.equal('no-referrer');
      expect(headers.get('cross-origin-resource-policy'), what).to.equal('same-origin');
      if (!what.includes('/api/docs/')) expect(headers.get('cache-control'), what).to.include('no-store');
      if (text !== '') expect(headers.get('content-type'), what).to.match(/charset=utf-8$/i);
    }
  });

  it('no answer sets a cookie, says which program it is, or lets another origin read it', async () => {
    for (const [what, { headers }] of await answers())
      for (const name of [
        'set-cookie',
        'access-control-allow-origin',
        'access-control-allow-credentials',
        'x-powered-by',
        'server',
      ])
        expect(headers.get(name), `${what}: ${name}`).to.equal(null);
  });

  it('what changes something is no GET, and answers to no GET', async () => {
    const { token } = app.person('sa');
    const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`);
    const reads = routes.filter(({ method }) => method === 'get').map(({ path }) => patternOf(path));
    const concrete = (path: string): string =>
      path.replaceAll(/:\w+/g, '019a9d1e-7c00-7000-8000-000000000001');
    // `/api/export/excel` is taken for the id of an export: what answers there is a read.
    const writes = routes
      .filter(({ method }) => method !== 'get')
      .filter(({ path }) => !reads.some((pattern) => pattern.test(concrete(path))));
    expect(writes.length).to.be.greaterThan(25);
    for (const { path, name } of writes) {
      const reply = await app.call(concrete(path), { headers: bearer(token) });
      expect([reply.status, reply.json.error.code], name).to.deep.equal([404, 'NOT_FOUND']);
    }
  });

  /** What comes back for bytes that a client library would not send; the connection is closed then. */
  async function raw(text: string): Promise<string> {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString()));
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
    socket.write(text);
    await once(socket, 'close');
    return answer;
  }
  const statusLines = (answer: string): string[] => answer.match(/^HTTP\/1\.1 \d+/gm) ?? [];

  it('a request whose end two servers could see differently is refused, and nothing behind it is read', async () => {
    const hidden = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const head = 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    for (const lengths of [
      `Content-Length: ${String(hidden.length + 5)}\r\nTransfer-Encoding: chunked\r\n`,
      'Content-Length: 5\r\nContent-Length: 6\r\n',
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
      'Transfer-Encoding : chunked\r\n',
      'Content-Length: +5\r\n',
      'Content-Length: 5\r\n X: folded\r\n',
    ])
      expect(statusLines(await raw(`${head}${lengths}\r\n0\r\n\r\n${hidden}`)), lengths).to.deep.equal([
        'HTTP/1.1 400',
      ]);
    expect(await raw('nonsense\r\n\r\n'), 'with the headers of all others').to.include('nosniff');
    expect(statusLines(await raw(hidden)), 'the test itself').to.deep.equal(['HTTP/1.1 200']);
  });

  it('TRACE and CONNECT show nothing of what was sent', async () => {
    const traced = await raw(
      'TRACE /healthz HTTP/1.1\r\nHost: x\r\nX-Secret: rahasia\r\nConnection: close\r\n\r\n',
    );
    expect(statusLines(traced)).to.deep.equal(['HTTP/1.1 404']);
    expect(traced).not.to.include('rahasia');
    expect(statusLines(await raw('CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n'))).to.deep.equal([]);
  });
});
