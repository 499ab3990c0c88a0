/** deploy/nginx/saga.conf in front of the whole program: real requests over TLS. */
import { expect } from 'chai';
import { createHmac } from 'node:crypto';
import { ERRORS } from '../../src/http/framework/errors.ts';
import { startTestProgram, STAFF_PASSWORD, type TestProgram } from '../support/http/app.ts';
import { freePort } from '../support/processes/program.ts';
import { needsTool } from '../support/processes/tool.ts';
import { type Answer, type Nginx, startNginx } from './nginx.ts';

const MIB = 1024 * 1024;
const WEBHOOK = '/api/webhook/external-bot';
const BOT_SECRET = 'a bot secret for tests only, 32 characters';

const errorOf = ({ text }: Answer): unknown => (JSON.parse(text) as { error: unknown }).error;
const times = ({ rawHeaders }: Answer, name: string): number =>
  rawHeaders.filter((one, at) => at % 2 === 0 && one.toLowerCase() === name).length;

describe('the program behind nginx, as deploy/nginx/saga.conf has it', function () {
  this.timeout(60_000);
  let program: TestProgram;
  let nginx: Nginx;

  before(async function () {
    needsTool(this, 'nginx', 'nginx-light');
    program = await startTestProgram({ TRUST_PROXY: '127.0.0.1', LOGIN_LIMIT_PER_ADDRESS: '20' });
    // The second process is away, as while it is restarted.
    nginx = await startNginx([Number(new URL(program.url).port), await freePort()]);
  });
  after(async () => {
    await nginx?.stop();
    await program?.close();
  });

  const json = (body: object) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const bearer = (key: string) => ({ authorization: `Bearer ${program.person(key).token}` });

  it('is accepted by nginx -t without a warning', () => {
    expect(nginx.tested).to.include('test is successful').and.not.include('[warn]');
  });

  it('sends pages of plain HTTP to TLS, but for the challenge of the certificate, and refuses the API', async () => {
    const plain = (path: string) =>
      fetch(`${nginx.http}${path}`, { redirect: 'manual', headers: { host: 'api.example.com' } });
    const page = await plain('/docs?x=1');
    expect(page.status).to.equal(301);
    expect(page.headers.get('location')).to.match(/^https:\/\/[^/]+\/docs\?x=1$/);
    expect((await plain('/api/auth/me')).status).to.equal(403);
    const challenge = await fetch(`${nginx.http}/.well-known/acme-challenge/token`);
    expect(await challenge.text()).to.equal('challenge');
  });

  it('answers over TLS, each time, though one of two processes is away', async () => {
    for (let n = 0; n < 10; n += 1) {
      const { status } = await nginx.ask('/api/auth/me', { headers: bearer('sa') });
      expect(status).to.equal(200);
    }
  });

  it('has each security header once, on answers of the API and on its own', async () => {
    const own = await nginx.ask('/metrics');
    expect([own.status, errorOf(own)]).to.deep.equal([
      404,
      { code: 'NOT_FOUND', message: ERRORS.NOT_FOUND.message },
    ]);
    for (const answer of [await nginx.ask('/api/auth/me'), own]) {
      for (const name of [
        'strict-transport-security',
        'x-content-type-options',
        'x-frame-options',
        'content-security-policy',
        'cache-control',
        'content-type',
      ])
        expect(times(answer, name), name).to.equal(1);
      expect(answer.headers.server).to.equal('nginx');
    }
  });

  it('counts tries to sign in by the address the client calls from, whatever it claims', async () => {
    const attempt = (from: string, claimed: string) =>
      nginx.ask('/api/auth/login', {
        ...json({ email: `nobody-${claimed}@test.saga`, password: STAFF_PASSWORD }),
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${claimed}` },
        from,
      });
    const tries: Answer[] = [];
    for (let n = 1; n <= 21; n += 1) tries.push(await attempt('127.0.0.2', String(n)));
    expect(tries.slice(0, 20).map(({ status }) => status)).to.deep.equal(Array(20).fill(401));
    const refused = tries[20]!;
    expect([refused.status, (errorOf(refused) as { code: string }).code]).to.deep.equal([
      429,
      'LOGIN_THROTTLED',
    ]);
    expect(Number(refused.headers['retry-after'])).to.be.within(1, 60);
    expect((await attempt('127.0.0.3', '1')).status, 'another address').to.equal(401);
  });

  it('ends a flood of requests and of connections before the API hears it, in its form', async () => {
    const from = '127.0.0.5';
    const flood = await Promise.all(
      Array.from({ length: 100 }, () => nginx.ask('/api/auth/login', { ...json({}), from })),
    );
    const refused = flood.filter(({ status }) => status === 429);
    const byNginx = refused.filter((one) => (errorOf(one) as { code: string }).code === 'RATE_LIMITED');
    expect(byNginx.length).to.be.greaterThan(10);
    expect(errorOf(byNginx[0]!)).to.deep.equal({
      code: 'RATE_LIMITED',
      message: ERRORS.RATE_LIMITED.message,
    });
    expect(byNginx[0]?.headers['retry-after']).to.equal('2');
    expect((await nginx.ask('/api/auth/me', { headers: bearer('sa'), from: '127.0.0.6' })).status).to.equal(
      200,
    );
  });

  it('shows a stranger whether the API is ready, and nothing of why', async () => {
    const { status, text } = await nginx.ask('/readyz');
    expect(status).to.be.oneOf([200, 503]);
    expect(text).not.to.match(/checks|details/);
  });

  it('takes 64 KiB of a command and 3 MiB from a channel, and says 413 as the API does', async () => {
    const big = (size: number) => ({ message: 'x'.repeat(size) });
    const reply = (size: number) => ({
      ...json(big(size)),
      headers: { 'content-type': 'application/json', ...bearer('sa') },
    });
    const path = '/api/admin/ticket/019a9d1e-7c00-7000-8000-000000000101/reply';
    expect((await nginx.ask(path, reply(64 * 1024 - 100))).status).to.equal(400);
    expect((await nginx.ask(path, reply(64 * 1024))).status, 'by the API').to.equal(413);
    const over = await nginx.ask(path, reply(MIB));
    expect([over.status, errorOf(over)]).to.deep.equal([
      413,
      { code: 'PAYLOAD_TOO_LARGE', message: ERRORS.PAYLOAD_TOO_LARGE.message },
    ]);

    /** Blanks behind the JSON: as long as wanted, and still a delivery. */
    const delivery = (size: number) => {
      const said = JSON.stringify({
        event: 'message',
        sender: 'customer',
        user_id: 'wa_6280009990099',
        channel: 'whatsapp',
        division: 'sari',
        message: 'Halo',
        message_id: `nginx-${String(size)}`,
      });
      const body = said + ' '.repeat(size);
      const signature = createHmac('sha256', BOT_SECRET).update(body).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
      return { method: 'POST', headers, body };
    };
    expect((await nginx.ask(WEBHOOK, delivery(2.9 * MIB))).status).to.equal(200);
    expect((await nginx.ask(WEBHOOK, delivery(3 * MIB))).status).to.equal(413);
  });

  it('passes live events on at once', async () => {
    const [ticketId = ''] = await program.openTickets('sari', 1);
    const stream = await nginx.open('/api/stream', { headers: bearer('agent.sari') });
    expect(stream.statusCode).to.equal(200);
    expect(stream.headers['content-type']).to.include('text/event-stream');
    const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    let text = '';
    const until = async (wanted: string): Promise<void> => {
      while (!text.includes(wanted)) {
        const { value, done } = await chunks.next();
        if (done) throw new Error(`the stream ended: ${text}`);
        text += value.toString();
      }
    };
    const path = `/api/admin/ticket/${ticketId}/self-takeover`;
    const headers = { 'content-type': 'application/json', ...bearer('agent.sari') };
    const taken = await nginx.ask(path, { method: 'POST', headers, body: '{}' });
    expect(taken.status).to.equal(200);
    // Comes while the stream is open: a buffering proxy would hold so few bytes back until its end.
    await until('event: ticket');
    stream.destroy();
  });

  it('keeps searches out of its log', async () => {
    await nginx.ask('/api/admin/inbox?q=6281234567890', { headers: bearer('sa') });
    const lines = nginx.log();
    expect(lines).to.include('"path":"/api/admin/inbox"').and.not.include('6281234567890');
    for (const line of lines.trim().split('\n')) expect(JSON.parse(line)).to.have.property('status');
  });

  it("says 503 in the API's form when no process is there", async () => {
    const alone = await startNginx([await freePort(), await freePort()]);
    try {
      const away = await alone.ask('/healthz');
      expect([away.status, errorOf(away)]).to.deep.equal([
        503,
        { code: 'STORE_UNAVAILABLE', message: ERRORS.STORE_UNAVAILABLE.message },
      ]);
      expect(away.headers['retry-after']).to.equal('2');
    } finally {
      await alone.stop();
    }
  });
});
